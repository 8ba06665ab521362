"""What can go wrong with declared certificates and trust files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class SchoolsError(Exception):
    """Base of the errors of this app."""


class DeclarationError(SchoolsError):
    """A declaration that cannot be taken over; `problems` are Vietnamese sentences, all of them."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class OutdatedDeclarationError(SchoolsError):
    """A newer declaration of the school is already here, or the same version says something else."""


class EmptyTrustFolderError(SchoolsError):
    """The folder holds neither authorities nor revocation lists."""


class RevokedByAuthorityError(SchoolsError):
    """A certificate that its authority took back cannot be approved; the text names whose."""


class NothingToEndError(SchoolsError):
    """Somebody's last day is told, and no approval ends earlier by it; the text is a Vietnamese sentence."""


class TrustListRefusedError(SchoolsError):
    """A trust list that is not taken over; the text is a Vietnamese sentence."""
