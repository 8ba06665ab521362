"""The four levels of TT 22/2021 (rèn luyện, học tập) as numbers that compare, with their names."""

from __future__ import annotations

from typing import Final

CHUA_DAT: Final = 0
DAT: Final = 1
KHA: Final = 2
TOT: Final = 3

NAMES: Final = ("CHUA_DAT", "DAT", "KHA", "TOT")
SHOWN: Final = ("Chưa đạt", "Đạt", "Khá", "Tốt")
BY_NAME: Final[dict[str, int]] = {name: level for level, name in enumerate(NAMES)}


def name(level: int | None) -> str | None:
    """The name in the JSON, None for a level that is not known yet."""
    return None if level is None else NAMES[level]


def shown(level: int | None) -> str:
    """The level as people read it; "chưa có" for a level that is not known yet."""
    return "chưa có" if level is None else SHOWN[level]
