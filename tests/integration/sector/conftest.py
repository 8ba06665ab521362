"""The sector side as other sides see it."""

from __future__ import annotations

from tests.fakes.sides import sides

__all__ = ["sides"]
