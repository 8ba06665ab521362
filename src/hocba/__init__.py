"""Hocba: following and assessing pupils, and digital school transcripts (học bạ số)."""

__version__ = "0.1.0"
