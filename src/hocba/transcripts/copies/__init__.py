"""Copies of archived transcripts for people: certified ones on paper, and several years in one file."""
