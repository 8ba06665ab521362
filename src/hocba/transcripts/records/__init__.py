"""Versions of transcripts and their life."""
