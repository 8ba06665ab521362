"""Reading what programs send: anything that is not what was asked for is one error, never a crash."""

from __future__ import annotations

import binascii
import json
from base64 import b64decode
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpRequest

LARGEST_KEY_DIGITS = 18
"""A row id is a 64-bit number; what is longer names nothing."""


class MalformedRequestError(Exception):
    """The body is not what the address takes."""


def read_object(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of the body. Raises MalformedRequestError."""
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise MalformedRequestError("the body is no JSON") from error
    if not isinstance(found, dict):
        raise MalformedRequestError("the body is no JSON object")
    return found


def text_of(members: dict[str, Any], name: str) -> str:
    """A text member that the database can hold. Raises MalformedRequestError."""
    value = members.get(name)
    if not isinstance(value, str) or "\0" in value:
        raise MalformedRequestError(f"{name} is no text")
    return value


def octets_of(value: object) -> bytes:
    """What base64 text says. Raises MalformedRequestError."""
    if not isinstance(value, str):
        raise MalformedRequestError("base64 text is expected")
    try:
        return b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedRequestError("not base64") from error


def octets_by_name(members: dict[str, Any], name: str) -> dict[str, bytes]:
    """An object of base64 texts. Raises MalformedRequestError."""
    values = members.get(name)
    if not isinstance(values, dict):
        raise MalformedRequestError(f"{name} is no object")
    return {key: octets_of(value) for key, value in values.items()}


def row_id(text: str) -> int | None:
    """The row id a text names, or None: no number, or one that no row can have."""
    if len(text) > LARGEST_KEY_DIGITS or not (text.isascii() and text.isdecimal()):
        return None
    return int(text)
