"""The city's tests use the same school, keys and network as those of the transcripts side."""

from __future__ import annotations

from tests.integration.city.preserving import clock, registered, signed
from tests.integration.transcripts.conftest import _fresh_trust, _log_key, network

__all__ = ["_fresh_trust", "_log_key", "clock", "network", "registered", "signed"]
