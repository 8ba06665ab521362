"""HTTP to other sides: bytes out, bytes back, signed both ways."""
