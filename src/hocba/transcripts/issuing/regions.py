"""A subject's row out of the record: cut out of the canonical octets, so that nothing is written anew."""

from __future__ import annotations

from hocba.documents import transcript_xml

_START = b'<MonHoc Id="%s">'
_END = b"</MonHoc>"


def subject_region(record: bytes, region_id: str) -> bytes:
    """The exclusive-canonical octets of the row; the same as `transcript_xml.subject_region` writes.

    Standing alone the row declares its namespace, inside the record it inherits it; nothing else differs.
    Raises ValueError when the record has no such row.
    """
    start = record.index(_START % region_id.encode())
    end = record.index(_END, start) + len(_END)
    standalone = f'<MonHoc xmlns="{transcript_xml.namespace_of(record)}"'.encode()
    return standalone + record[start + len(b"<MonHoc") : end]
