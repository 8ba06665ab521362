"""Which files of a command line are looked at together: the XML and the PDF of one transcript.

What a file claims to be is read with a pattern and believed no further than to put two files before the same judge,
who then compares what their signatures cover.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hocba.cli.verify_inputs import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_TOGETHER = 8
"""Files of one group, so that a thousand copies of one transcript are still many groups."""
_HEAD = 8 * 1024
_START = b"%PDF-"
_UUID = rb"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_XML = re.compile(rb'<HocBa\s[^>]{0,500}\bId="hb-%b-v' % _UUID)
_PDF = re.compile(rb"<pdf:Keywords>[^<]{0,200}?%b" % _UUID)


class Numbered(NamedTuple):
    """A file with its place on the command line."""

    number: int
    file: str


def groups_of(files: Sequence[str]) -> Iterator[tuple[Numbered, ...]]:
    """The files in groups, in the order of each group's first; alone unless XML and PDF claim the same name."""
    claims = [_claim(Path(file)) for file in files] if len(files) > 1 else [None] * len(files)
    together: dict[str, list[Numbered]] = {}
    for number, (file, claim) in enumerate(zip(files, claims, strict=True)):
        if claim is not None:
            together.setdefault(claim, []).append(Numbered(number, file))
    for number, (file, claim) in enumerate(zip(files, claims, strict=True)):
        if claim is None:
            yield (Numbered(number, file),)
        elif together[claim] and together[claim][0].number == number:
            yield tuple(together[claim][:MOST_TOGETHER])
            del together[claim][:MOST_TOGETHER]


def are_pair(files: Sequence[str]) -> bool:
    """Whether the files claim to be the XML and the PDF of one transcript."""
    if len(files) != len({"xml", "pdf"}) or len(list(groups_of(files))) > 1:
        return False
    return {_is_pdf(Path(file)) for file in files} == {True, False}


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_START)) == _START


def _claim(path: Path) -> str | None:
    """The transcript a file claims to be, or None; of an XML no more than its beginning is read."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except (OSError, ValueError):
        return None
    if not head.startswith(_START):
        return claim_of(head)
    data = read_document(path)
    return None if isinstance(data, str) else claim_of(data)


def claim_of(data: bytes) -> str | None:
    """The transcript that a file's bytes claim to be, or None; whether it is that one is for the judge to say."""
    found = _PDF.search(data) if data.startswith(_START) else _XML.search(data[:_HEAD])
    return None if found is None else found[1].decode()
