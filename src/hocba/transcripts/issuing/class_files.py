"""All files of a class in one archive: sealed XML and PDF, and the city's receipt, octet by octet."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from hocba.platform.files import store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from hocba.transcripts.records.models import TranscriptVersion


def archive(versions: Iterable[TranscriptVersion], *, at: datetime) -> bytes:
    """A ZIP with folders xml, pdf and receipts; versions without files are left out.

    Nothing is compressed: PDFs are already, and receivers compare digests of what they unpack. A class is a few
    megabytes, so it is made in memory.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive_file:
        for version in versions:
            for name, digest in _files(version):
                entry = zipfile.ZipInfo(name, at.timetuple()[:6])
                entry.external_attr = 0o444 << 16
                archive_file.writestr(entry, store.get(digest))
    return out.getvalue()


def stem(version: TranscriptVersion) -> str:
    """The name of a version's files; a code may hold a slash, which must not choose the folder."""
    name = f"{version.pupil_code}_{version.school_year}"
    suffix = "" if version.version == 1 else f"_v{version.version}"
    return (name + suffix).replace("/", "_").replace("\\", "_")


def _files(version: TranscriptVersion) -> Iterator[tuple[str, str]]:
    if hasattr(version, "issued"):
        yield f"xml/{stem(version)}.xml", version.issued.xml_digest
        yield f"pdf/{stem(version)}.pdf", version.issued.pdf_digest
    if hasattr(version, "receipt"):
        yield f"receipts/{stem(version)}.json", version.receipt.digest
