"""The table of roles."""

from __future__ import annotations

from hocba.tracking.roles import ROLES, Permission


class TestRoles:
    def test_hold_every_permission_somewhere(self) -> None:
        held = frozenset().union(*(role.permissions for role in ROLES.values()))

        assert held == set(Permission)

    def test_are_listed_in_order_of_their_permissions(self) -> None:
        assert list(Permission) == sorted(Permission, key=lambda each: each.name)

    def test_give_every_signature_to_who_may_sign_at_all(self) -> None:
        for role in ROLES.values():
            signs = {each for each in role.permissions if each.name.startswith("SIGN_")}
            assert bool(signs) == (Permission.SIGN in role.permissions), role.name

    def test_let_nobody_sign_in_two_places_that_check_each_other(self) -> None:
        checks = {Permission.SIGN_HOMEROOM, Permission.SIGN_LEADERSHIP, Permission.SIGN_SEAL}

        assert all(len(checks & role.permissions) <= 1 for role in ROLES.values())
