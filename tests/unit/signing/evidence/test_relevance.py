from __future__ import annotations

import pytest

from hocba.signing import digests
from hocba.signing.evidence import relevance
from hocba.signing.evidence.errors import EvidenceError
from hocba.signing.evidence.relevance import Names
from tests.factories.evidence import unit, year

ONE = unit("một", start=year(2025), end=year(2030))
OTHER = unit("hai", start=year(2025), end=year(2030))


def named() -> dict[str, Names]:
    files = {**ONE.trust_files(year(2026)), **OTHER.trust_files(year(2026))}
    return {name: relevance.names_in(data) for name, data in files.items()}


class TestRelevant:
    def test_takes_authority_and_lists_of_the_issuer_alone(self) -> None:
        token = ONE.stamp(digests.digest("sha256", b""), at=year(2026))
        found = relevance.relevant(relevance.issuers_in(token), named())

        assert set(found) == set(ONE.trust_files(year(2026)))

    def test_goes_up_to_the_anchor(self) -> None:
        files = {
            "leaf": Names(frozenset({b"issuing"}), frozenset({b"root"})),
            "root": Names(frozenset({b"root"}), frozenset({b"root"})),
            "list": Names(lists=frozenset({b"root"})),
            "other": Names(frozenset({b"other"}), frozenset({b"other"}), frozenset({b"other"})),
        }
        assert relevance.relevant([b"issuing"], files) == ["leaf", "list", "root"]

    def test_goes_up_through_authorities_without_a_file(self) -> None:
        files = {"list": Names(lists=frozenset({b"root"})), "other": Names(lists=frozenset({b"other"}))}
        listed = [
            Names(frozenset({b"issuing"}), frozenset({b"root"})),
            Names(frozenset({b"root"}), frozenset({b"root"})),
        ]
        assert relevance.relevant([b"issuing"], files, listed) == ["list"]

    def test_takes_everything_when_nobody_knows_what_is_above(self) -> None:
        files = named()
        assert relevance.relevant([b"unknown"], files) == sorted(files)


class TestNamesIn:
    @pytest.mark.parametrize("data", [b"", b"-----BEGIN X509 CRL-----\nxx", b"\x30\x00"])
    def test_of_what_is_neither_are_none(self, data: bytes) -> None:
        assert relevance.names_in(data) == Names()


def test_a_token_that_is_none_is_refused() -> None:
    with pytest.raises(EvidenceError):
        relevance.issuers_in(b"x")
