"""What kept authorities and revocation lists speak of, remembered: a file is found by its digest and never changes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from hocba.city.schools import queries as schools
from hocba.platform.files import store
from hocba.signing.evidence import relevance

if TYPE_CHECKING:
    from hocba.signing.evidence.relevance import Names


@lru_cache(maxsize=4096)
def names_of_file(digest: str) -> Names:
    """Names in a file of the store."""
    return relevance.names_in(store.get(digest))


def names_in_trust_list() -> list[Names]:
    """Authorities that stand in the trust list and need no file."""
    listed = schools.current_trust_list()
    of_list = () if listed is None else listed.authorities
    return [relevance.names_of(each.certificates) for each in of_list]
