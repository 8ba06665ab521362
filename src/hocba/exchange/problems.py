"""Problems as one side tells them to another: RFC 9457, with all errors at once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hocba.exchange.errors import MalformedProblemError

MEDIA_TYPE = "application/problem+json"
UNNAMED_TYPE = "about:blank"
"""The type of a problem that says no more than its status does (RFC 9457 4.2.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemItem:
    """One of several errors: `detail` is Vietnamese, `pointer` a JSON pointer (RFC 6901) to the culprit."""

    code: str
    detail: str
    pointer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemDetails:
    """A problem document; `title` and `detail` are Vietnamese sentences, `type` and `instance` URIs."""

    status: int
    title: str
    type: str = UNNAMED_TYPE
    detail: str = ""
    instance: str = ""
    errors: tuple[ProblemItem, ...] = ()

    def to_json(self) -> str:
        """Write it, without members that say nothing."""
        members: dict[str, Any] = {"type": self.type, "title": self.title, "status": self.status}
        members.update({name: value for name in ("detail", "instance") if (value := getattr(self, name))})
        if self.errors:
            members["errors"] = [
                {"code": each.code, "detail": each.detail}
                | ({"pointer": each.pointer} if each.pointer else {})
                for each in self.errors
            ]
        return json.dumps(members, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes, *, status: int) -> ProblemDetails:
        """Read one that came with an answer of that HTTP status.

        Unknown members are passed over, and members of the wrong type too, as RFC 9457 3.1 asks.

        Raises:
            MalformedProblemError: it is no JSON object at all.
        """
        try:
            members = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise MalformedProblemError("the body is no JSON") from error
        if not isinstance(members, dict):
            raise MalformedProblemError("the body is no JSON object")
        told = members.get("status")
        errors = members.get("errors")
        return cls(
            type=_text(members, "type") or UNNAMED_TYPE,
            title=_text(members, "title"),
            status=told if isinstance(told, int) and not isinstance(told, bool) else status,
            detail=_text(members, "detail"),
            instance=_text(members, "instance"),
            errors=tuple(map(_item, errors)) if isinstance(errors, list) else (),
        )


def sentences_of(body: bytes, *, status: int) -> list[str]:
    """What a refusal says, for people: title, detail, every error; the bare status where it says nothing."""
    try:
        told = ProblemDetails.from_json(body, status=status)
    except MalformedProblemError:
        return [f"HTTP {status}"]
    said = [told.title, told.detail, *(item.detail for item in told.errors)]
    return [text for text in said if text] or [f"HTTP {status}"]


def _item(members: object) -> ProblemItem:
    if not isinstance(members, dict):
        return ProblemItem(code="", detail=str(members))
    return ProblemItem(
        code=_text(members, "code"), detail=_text(members, "detail"), pointer=_text(members, "pointer")
    )


def _text(members: dict[str, Any], name: str) -> str:
    value = members.get(name)
    return value if isinstance(value, str) else ""
