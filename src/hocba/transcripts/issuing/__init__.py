"""Signatures in their order, the seal last, then register and send."""
