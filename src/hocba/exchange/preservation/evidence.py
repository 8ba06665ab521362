"""The evidence of one document as a file: where it stands in the log, the stamped checkpoint over it, its material.

The same file is a data object of the archive time stamps that come later, so its octets are kept as first written.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from hocba.exchange import transparency
from hocba.signing import digests
from hocba.signing.evidence.errors import EvidenceError

FORMAT = "hocba-evidence-1"
MATERIAL_FORMAT = "hocba-material-1"
MATERIAL_EVENT = "evidence"
LONGEST_PATH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeEvidence:
    """One leaf of the log under a checkpoint whose signed note has an evidence record."""

    leaf: bytes
    index: int
    path: tuple[bytes, ...]
    note: str
    record: bytes

    def checkpoint(self) -> transparency.Checkpoint:
        """The tree head in the note, once the leaf is proven to be below it.

        Whether the log's key signed the note is another question: what proves the time is the stamp over it.
        Raises EvidenceError.
        """
        try:
            text, separator, _ = self.note.rpartition("\n\n")
            found = transparency.Checkpoint.read(f"{text}\n" if separator else "")
            hashed = transparency.leaf_hash(self.leaf)
            transparency.verify_inclusion(hashed, self.index, found.size, self.path, found.root)
        except (transparency.NoteError, transparency.ProofError, ValueError) as error:
            raise EvidenceError(
                str(error), sentence="Tài liệu không nằm trong mốc nhật ký đã đóng dấu thời gian."
            ) from error
        return found

    def event(self) -> dict[str, Any]:
        """What the leaf says. Raises EvidenceError when it is no event."""
        try:
            found = json.loads(self.leaf)
        except (ValueError, RecursionError) as error:
            raise EvidenceError("the leaf is no JSON") from error
        if not isinstance(found, dict):
            raise EvidenceError("the leaf is no event")
        return found

    def to_json(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {
            "leaf": _encoded(self.leaf),
            "index": self.index,
            "path": [_encoded(step) for step in self.path],
            "note": self.note,
            "record": _encoded(self.record),
        }

    @classmethod
    def from_json(cls, value: Any) -> TimeEvidence:
        """Raises KeyError, TypeError or ValueError."""
        path = tuple(_decoded(step) for step in value["path"])
        if len(path) > LONGEST_PATH:
            raise ValueError("the path is too long")
        return cls(
            leaf=_decoded(value["leaf"]),
            index=_whole_number(value["index"]),
            path=path,
            note=_text(value["note"]),
            record=_decoded(value["record"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Of which document, in which log, since when; `material` proves the time of the list of kept files."""

    transcript: str
    version: int
    school: str
    log_key: str
    time: TimeEvidence
    material: TimeEvidence | None

    def to_bytes(self) -> bytes:
        """The file's octets; the same evidence gives the same octets."""
        return _json(
            {
                "format": FORMAT,
                "transcript": self.transcript,
                "version": self.version,
                "school": self.school,
                "log_key": self.log_key,
                "time": self.time.to_json(),
                "material": None if self.material is None else self.material.to_json(),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Evidence:
        """Read the file. Raises EvidenceError."""
        try:
            value = json.loads(data)
            if value["format"] != FORMAT:
                raise EvidenceError("not evidence of this format")
            material = value["material"]
            return cls(
                transcript=_text(value["transcript"]),
                version=_whole_number(value["version"]),
                school=_text(value["school"]),
                log_key=_text(value["log_key"]),
                time=TimeEvidence.from_json(value["time"]),
                material=None if material is None else TimeEvidence.from_json(material),
            )
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise EvidenceError("the evidence file is malformed") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """The list of files a validation rested on: name to SHA-256. Names end in .pem, .crl, .ors or .json."""

    school: str
    files: tuple[tuple[str, str], ...]

    def to_bytes(self) -> bytes:
        """The list's octets, sorted by name."""
        return _json(
            {
                "format": MATERIAL_FORMAT,
                "school": self.school,
                "files": [{"name": name, "sha256": digest} for name, digest in sorted(self.files)],
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Material:
        """Read the list. Raises EvidenceError."""
        try:
            value = json.loads(data)
            if value["format"] != MATERIAL_FORMAT:
                raise EvidenceError("not a list of material of this format")
            files = tuple((_text(each["name"]), _text(each["sha256"])) for each in value["files"])
            return cls(school=_text(value["school"]), files=files)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise EvidenceError("the list of material is malformed") from error


def material_leaf(*, school: str, material: bytes) -> bytes:
    """The leaf of the log that fixes a list of material; without personal data."""
    digest = digests.digest("sha256", material).hex()
    return transparency.encode_leaf(
        {"v": 1, "event": MATERIAL_EVENT, "school": school, "material": f"sha256:{digest}"}
    )


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _decoded(value: object) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("expected text")
    return value


def _whole_number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError("expected a whole number")
    return value
