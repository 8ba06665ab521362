"""The table of roles."""

from __future__ import annotations

from hocba.sector.roles import ROLES, Permission


class TestRoles:
    def test_hold_every_permission_somewhere(self) -> None:
        held = frozenset().union(*(role.permissions for role in ROLES.values()))

        assert held == set(Permission)

    def test_give_nobody_a_right_to_results(self) -> None:
        assert not [each for each in Permission if "result" in each or "mark" in each]
