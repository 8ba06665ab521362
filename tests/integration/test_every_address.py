"""Default deny: every address of every side carries a guard, and knows what it asks for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from hocba.platform.accounts import roles


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Walk all addresses below a resolver."""
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, path)
        elif isinstance(entry, URLPattern):
            yield path, entry.callback


ADDRESSES = list(addresses(get_resolver()))


@pytest.mark.parametrize(("path", "view"), ADDRESSES, ids=[path for path, _ in ADDRESSES])
def test_address_carries_a_guard(path: str, view: object) -> None:
    guard = getattr(view, "guard", None)

    assert guard, f"{path} has no guard: use @requires, @signed_in, @machine or @public"


def test_every_permission_asked_for_is_held_by_some_role() -> None:
    held = frozenset().union(*(role.permissions for role in roles.table().values()))
    asked = {
        guard
        for _, view in ADDRESSES
        if (guard := str(getattr(view, "guard", ""))) not in {"public", "signed_in"}
        and not guard.startswith("machine:")
    }

    assert asked <= held


def test_the_administrator_holds_no_permission_on_values() -> None:
    administrator = roles.table().get("administrator")
    if administrator is None:
        pytest.fail("there is no administrator role")

    words = ("mark", "result", "remark", "value", "transcript", "sign", "download")
    assert not [
        p for p in administrator.permissions if any(w in str(p) for w in words) and "state" not in str(p)
    ]
