"""Keeping the evidence of registered documents good for decades."""
