"""Verification of a file by anybody: the check list of Điều 10, item by item."""
