"""All files of a class in one archive: sealed XML and PDF, and the city's receipt, octet by octet."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from typing import TYPE_CHECKING

from hocba.platform.files import store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from hocba.transcripts.records.models import TranscriptVersion


def archive(versions: Iterable[TranscriptVersion], *, at: datetime) -> bytes:
    """A ZIP with folders xml, pdf and receipts; versions without files are left out.

    Nothing is compressed: PDFs are already, and receivers compare digests of what they unpack. A class is a few
    megabytes, so it is made in memory.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive_file:
        rows = list(versions)
        for version, stem in zip(rows, stems(rows), strict=True):
            for name, digest in _files(version, stem):
                entry = zipfile.ZipInfo(name, at.timetuple()[:6])
                entry.external_attr = 0o444 << 16
                archive_file.writestr(entry, store.get(digest))
    return out.getvalue()


def stems(versions: Sequence[TranscriptVersion]) -> list[str]:
    """The names of the versions' files, each once, also where letter case does not count.

    A code may hold a slash, which must not choose the folder; codes that look the same then, and pupils without a
    code, are told apart by the id of the transcript.
    """
    short = [_stem(version, version.pupil_code) for version in versions]
    count = Counter(name.casefold() for name in short)
    return [
        name
        if version.pupil_code and count[name.casefold()] == 1
        else _stem(version, "_".join(filter(None, [version.pupil_code, str(version.transcript_id)])))
        for version, name in zip(versions, short, strict=True)
    ]


def _stem(version: TranscriptVersion, code: str) -> str:
    suffix = "" if version.version == 1 else f"_v{version.version}"
    return f"{code}_{version.school_year}{suffix}".replace("/", "_").replace("\\", "_")


def _files(version: TranscriptVersion, stem: str) -> Iterator[tuple[str, str]]:
    if hasattr(version, "issued"):
        yield f"xml/{stem}.xml", version.issued.xml_digest
        yield f"pdf/{stem}.pdf", version.issued.pdf_digest
    if hasattr(version, "receipt"):
        yield f"receipts/{stem}.json", version.receipt.digest
