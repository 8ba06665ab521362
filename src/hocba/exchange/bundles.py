"""Several files as one message body: one directly after the other, their lengths in the media type.

`Content-Type: application/vnd.hocba.files; octets="8123 60411"`. The media type is covered by the signature of the
message, so nobody can move the border between two files. Both ends keep the files, each once, and can put the body
together again to prove what was sent.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from hocba.exchange.errors import MalformedBundleError

if TYPE_CHECKING:
    from collections.abc import Sequence

MEDIA_TYPE = "application/vnd.hocba.files"
LARGEST_COUNT = 200
"""A class record has two files a subject and three more."""

_WRITTEN = re.compile(re.escape(MEDIA_TYPE) + r';[ ]?octets="([1-9][0-9]{0,9}(?: [1-9][0-9]{0,9})*)"')


def media_type(files: Sequence[bytes]) -> str:
    """Give the `Content-Type` of a body made of these files, in this order; none may be empty."""
    if not files or not all(files) or len(files) > LARGEST_COUNT:
        raise ValueError(f"between 1 and {LARGEST_COUNT} files, none of them empty")
    return f'{MEDIA_TYPE}; octets="{" ".join(str(len(file)) for file in files)}"'


def is_bundle(content_type: str) -> bool:
    """Whether a body of this type holds several files."""
    return content_type.partition(";")[0].strip().lower() == MEDIA_TYPE


def split(content_type: str, body: bytes) -> tuple[bytes, ...]:
    """Give the files of a body, in order. Raises MalformedBundleError unless the lengths fit it exactly."""
    found = _WRITTEN.fullmatch(content_type)
    if found is None:
        raise MalformedBundleError("the media type does not say the lengths of the files")
    ends = [0]
    for length in found[1].split(" "):
        ends.append(ends[-1] + int(length))
    if len(ends) > LARGEST_COUNT + 1 or ends[-1] != len(body):
        raise MalformedBundleError("the lengths of the files do not add up to the body")
    return tuple(body[start:end] for start, end in pairwise(ends))
