"""The shape of a role table, and access to the side's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A named bundle of permissions with a description that a head teacher can read.

    `whole_site` roles belong to the organisation that runs the side (the Sở), not to a school.
    """

    name: str
    display_name: str
    description: str
    permissions: frozenset[str]
    whole_site: bool = False


@cache
def table() -> Mapping[str, Role]:
    """The role table of the side that runs, by role name."""
    roles: Mapping[str, Role] = import_string(settings.HOCBA_ROLES)
    return roles
