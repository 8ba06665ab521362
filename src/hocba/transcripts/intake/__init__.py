"""Accepts sealed class records only, and has transcripts compiled from them."""
