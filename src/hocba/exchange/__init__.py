"""What the systems say to each other: messages, their signatures over HTTP, and problems."""
