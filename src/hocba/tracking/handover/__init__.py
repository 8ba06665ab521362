"""Sealed class records go to the transcripts and to the city."""
