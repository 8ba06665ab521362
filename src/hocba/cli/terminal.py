"""Text from files on its way to a terminal: whoever wrote the file must not drive the terminal that shows it."""

from __future__ import annotations

import re
from typing import Final

# C0 and C1 control characters, line and paragraph separators, and what turns the direction of writing.
_DRIVING: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INSTEAD: Final = "\N{REPLACEMENT CHARACTER}"


def plain(text: str) -> str:
    """The text as one line that is only shown: control characters, line breaks and turns become U+FFFD."""
    return _DRIVING.sub(_INSTEAD, text)
