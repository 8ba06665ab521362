"""Scripts of developers."""
