"""Every JSON message between the sides: its class, and JSON from and to it.

`to_json` and `from_json` are exact inverses. The classes are in `message_types`, what they must obey beyond
their annotations in `message_rules`.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar

from hocba.exchange.json_codec import MessageError, MessageProblem, Reader, parse, to_plain
from hocba.exchange.message_rules import MAY_BE_EMPTY, RULES, SHAPES
from hocba.exchange.message_types import (
    ApprovedCertificate,
    ApprovedCertificates,
    Assignment,
    CertificateChanges,
    CertificateDeclaration,
    ClassRecordFile,
    ClassRecordNotice,
    DeclaredCertificate,
    DeclaredCertificates,
    DeclaredStanding,
    DeclaredStep,
    DutyEnding,
    Homeroom,
    LogInclusion,
    Receipt,
    RegisterEntry,
    RegisterStatus,
    RegisterVersion,
    ReportedPrimaryResults,
    ReportedResults,
    ReturnedResults,
    ReturnedSheet,
    Roster,
    RosterClass,
    RosterPupil,
    RosterStaff,
    TrustBundle,
)

__all__ = [
    "ApprovedCertificate",
    "ApprovedCertificates",
    "Assignment",
    "CertificateChanges",
    "CertificateDeclaration",
    "ClassRecordFile",
    "ClassRecordNotice",
    "DeclaredCertificate",
    "DeclaredCertificates",
    "DeclaredStanding",
    "DeclaredStep",
    "DutyEnding",
    "Homeroom",
    "LogInclusion",
    "MessageError",
    "MessageProblem",
    "Receipt",
    "RegisterEntry",
    "RegisterStatus",
    "RegisterVersion",
    "ReportedPrimaryResults",
    "ReportedResults",
    "ReturnedResults",
    "ReturnedSheet",
    "Roster",
    "RosterClass",
    "RosterPupil",
    "RosterStaff",
    "TrustBundle",
    "claimed_type",
    "from_bytes",
    "from_json",
    "to_bytes",
    "to_json",
    "type_of",
]

M = TypeVar("M")

_TYPES: dict[type[Any], str] = {
    Roster: "roster",
    ReportedResults: "reported-results",
    ReportedPrimaryResults: "reported-primary-results",
    ReturnedResults: "returned-results",
    CertificateDeclaration: "certificate-declaration",
    ApprovedCertificates: "approved-certificates",
    CertificateChanges: "certificate-changes",
    DeclaredCertificates: "declared-certificates",
    DutyEnding: "duty-ending",
    TrustBundle: "trust-bundle",
    ClassRecordNotice: "class-record-notice",
    Receipt: "receipt",
    RegisterEntry: "register-entry",
}


def type_of(kind: type[Any]) -> str:
    """Return the `"type"` of a message class; raises KeyError for a class that is only part of one."""
    return _TYPES[kind]


def to_json(message: Any) -> dict[str, Any]:
    """Return a message as a JSON object."""
    return {"type": _TYPES[type(message)], **to_plain(message)}


def from_json(kind: type[M], data: Any) -> M:
    """Return the `kind` that `data` says. Raises MessageError with all problems at once."""
    reader = Reader(SHAPES, MAY_BE_EMPTY)
    if not isinstance(data, dict):
        raise MessageError([MessageProblem("", "phải là một đối tượng JSON")])
    body = {name: value for name, value in data.items() if name != "type"}
    if data.get("type") != _TYPES[kind]:
        reader.problem("/type", f"phải là “{_TYPES[kind]}”")
    message = reader.record(kind, body, "")
    if not reader.problems and kind in RULES:
        reader.problems.extend(RULES[kind](message))
    if reader.problems:
        raise MessageError(reader.problems)
    return message  # type: ignore[no-any-return]


def claimed_type(text: bytes) -> str | None:
    """Return the `"type"` that UTF-8 JSON says it is, for choosing the class to read. Raises MessageError."""
    data = parse(text)
    claimed = data.get("type") if isinstance(data, dict) else None
    return claimed if isinstance(claimed, str) else None


def to_bytes(message: Any) -> bytes:
    """Return a message as UTF-8 JSON, the same octets every time."""
    return json.dumps(to_json(message), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def from_bytes(kind: type[M], text: bytes) -> M:
    """Return the `kind` written in UTF-8 JSON. Raises MessageError."""
    return from_json(kind, parse(text))
