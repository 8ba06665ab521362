"""Whose certificates end when, and telling the Sở that somebody leaves."""
