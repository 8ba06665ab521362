"""The public side: verification."""
