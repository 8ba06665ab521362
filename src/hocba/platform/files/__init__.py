"""Files by their content: stored once, named by their SHA-256, never changed."""
