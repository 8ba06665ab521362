"""Audit tags of copies; a copy has no states: it is made once."""

from __future__ import annotations

TAG_MADE = "copies:certified:made"
TAG_READ = "copies:certified:read"
TAG_REGISTER_READ = "copies:register:read"
