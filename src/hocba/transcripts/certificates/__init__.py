"""Declaring certificates and seeing what became of them, whose end when, and telling the Sở that somebody leaves."""
