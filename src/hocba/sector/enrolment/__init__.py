"""Pupils, class groups and who is in which (học sinh, lớp, năm học)."""
