"""Messages between the sides: MessageError with every problem, or a message that writes back as it reads."""

from __future__ import annotations

import contextlib
from functools import cache
from pathlib import Path
from typing import Any

from hocba.exchange import known_trust, messages, problems
from hocba.exchange.errors import MalformedProblemError
from hocba.signing import trust
from tests.fuzz import mutators
from tests.fuzz.harness import Target, fuzz

FOLDER = Path(__file__).resolve().parents[1] / "vectors" / "messages"


@cache
def _kinds() -> dict[str, type[Any]]:
    return {name: kind for kind, name in messages._TYPES.items()}


def examine(data: bytes) -> None:
    """As the message it claims to be, and as the problem of a refused request."""
    try:
        kind = _kinds().get(messages.claimed_type(data) or "", messages.Roster)
        found = messages.from_bytes(kind, data)
    except messages.MessageError as error:
        if not error.problems:
            raise AssertionError("refused without a reason") from error
    else:
        assert messages.from_bytes(kind, messages.to_bytes(found)) == found
    try:
        told = problems.ProblemDetails.from_json(data, status=400)
        assert isinstance(told.to_json(), str)
    except MalformedProblemError:
        pass
    problems.sentences_of(data, status=400)
    with contextlib.suppress(messages.MessageError, trust.TrustError, ValueError):
        known_trust.load_bundle(data)


TARGET = Target(
    name="json_messages",
    examine=examine,
    seeds=lambda: [path.read_bytes() for path in sorted(FOLDER.glob("*.json"))],
    mutator=mutators.of_json,
)

if __name__ == "__main__":
    fuzz(TARGET)
