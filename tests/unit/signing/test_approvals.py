"""Whether somebody has any approved certificate, whichever it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hocba.signing.approvals import Approval, may_sign

NOW = datetime(2025, 5, 30, tzinfo=UTC)
APPROVAL = Approval(
    school="79764501",
    sha256="0" * 64,
    holder="GV0006",
    name="Nguyễn Thị Thu Tuyết",
    kind="person",
    positions=frozenset({"teacher"}),
    valid_from=NOW - timedelta(days=1),
    valid_until=NOW + timedelta(days=1),
    revoked_at=None,
)


def ask(**changes: Any) -> bool:
    return may_sign([replace(APPROVAL, **changes)], holder="GV0006", position="teacher", at=NOW)


class TestMaySign:
    def test_is_true_with_an_approval_in_force(self) -> None:
        assert ask()
        assert ask(valid_until=None)
        assert ask(revoked_at=NOW + timedelta(hours=1))

    @pytest.mark.parametrize(
        "changes",
        [
            {"holder": "GV0007"},
            {"positions": frozenset({"leader"})},
            {"valid_from": NOW + timedelta(hours=1)},
            {"valid_until": NOW - timedelta(hours=1)},
            {"revoked_at": NOW},
        ],
    )
    def test_is_false_with_one_of_another_person_position_or_time(self, changes: dict[str, Any]) -> None:
        assert not ask(**changes)

    def test_is_false_without_any(self) -> None:
        assert not may_sign([], holder="GV0006", position="teacher", at=NOW)
