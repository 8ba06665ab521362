from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509

from hocba.signing import revocation_sources
from hocba.signing.revocation_sources import RevocationListError
from hocba.signing.trust_list import Authority, TrustList
from tests.factories import authorities
from tests.factories.authorities import VIETNAM, Holder
from tests.unit.signing.test_trust_list import Pki

NOW = datetime(2026, 11, 21, 9, tzinfo=VIETNAM)


def pointing_to(*addresses: str) -> tuple[tuple[x509.ExtensionType, bool], ...]:
    names = [x509.UniformResourceIdentifier(address) for address in addresses or ("http://crl.vn/none",)]
    return ((x509.CRLDistributionPoints([x509.DistributionPoint(names, None, None, None)]), False),)


class TestListSources:
    def sources(self, *entries: Authority, of: TrustList) -> list[tuple[str, str]]:
        found = revocation_sources.list_sources(replace(of, authorities=entries))
        return [(source.issuer.subject.rfc4514_string(), source.address) for source in found]

    def make(self, *addresses: str, crls: tuple[str, ...] = ()) -> tuple[Pki, list[Authority]]:
        """A root whose entry names `crls`, and an authority below whose certificate names `addresses`."""
        pki = Pki()
        pki.issuing = pki.root.authority("Cấp phát thử nghiệm", extensions=pointing_to(*addresses))
        root = replace(pki.national(), crls=crls)
        return pki, [root, pki.entry(crls=("http://crl.vn/issuing.crl",))]

    def test_are_what_the_entries_name(self) -> None:
        pki, entries = self.make("http://elsewhere.vn/root.crl", crls=("http://crl.vn/root.crl",))

        addresses = [address for _, address in self.sources(*entries, of=pki.trust_list())]
        assert addresses == ["http://crl.vn/root.crl", "http://crl.vn/issuing.crl"]

    def test_are_else_what_listed_authorities_below_say(self) -> None:
        pki, entries = self.make("http://crl.vn/r.crl", "ldap://crl.vn/r", "http://crl.demo.example/r.crl")

        root = pki.root.certificate.subject.rfc4514_string()
        assert self.sources(*entries, of=pki.trust_list())[0] == (root, "http://crl.vn/r.crl")
        assert len(self.sources(*entries, of=pki.trust_list())) == 2

    def test_are_never_what_another_authority_of_the_same_name_says(self) -> None:
        pki, entries = self.make()
        other_key = x509.AuthorityKeyIdentifier(b"x", None, None)
        forged = authorities.root("Gốc thử nghiệm").authority(
            "Giả", extensions=(*pointing_to("http://evil.vn/r.crl"), (other_key, False))
        )
        known = x509.SubjectKeyIdentifier(b"y")
        root = authorities.root("Gốc thử nghiệm", extensions=((known, False),))
        entries[0] = replace(entries[0], certificates=(root.certificate,))
        entries.append(pki.entry(name="Giả", certificates=(forged.certificate,), crls=()))

        assert "http://evil.vn/r.crl" not in str(self.sources(*entries, of=pki.trust_list()))

    def test_together_with_responders_are_all_that_may_be_asked(self) -> None:
        pki, entries = self.make(crls=("http://crl.vn/root.crl",))
        entries[1] = replace(entries[1], ocsp=("http://ocsp.vn/",))
        listed = replace(pki.trust_list(), authorities=tuple(entries))

        assert revocation_sources.addresses_of(listed) == {
            "http://crl.vn/root.crl",
            "http://crl.vn/issuing.crl",
            "http://ocsp.vn/",
        }
        assert revocation_sources.responders_for(listed, pki.issuing.certificate) == ("http://ocsp.vn/",)
        assert revocation_sources.responders_for(listed, pki.person.certificate) == ()


class TestJudgeList:
    @pytest.fixture(scope="class")
    def issuer(self) -> Holder:
        return authorities.root()

    def judge(self, data: bytes, issuer: Holder, newest: datetime | None = None) -> Any:
        return revocation_sources.judge_list(data, issuer.certificate, now=NOW, newest=newest)

    def test_takes_the_issuers_own_of_now(self, issuer: Holder) -> None:
        made = issuer.crl(this_update=NOW - timedelta(hours=1), next_update=NOW + timedelta(hours=1))

        assert self.judge(made, issuer, NOW - timedelta(hours=1)).last_update_utc == NOW - timedelta(hours=1)

    @pytest.mark.parametrize(
        ("begin", "end", "newest", "words"),
        [
            (-2, -1, None, "another time"),
            (1, 2, None, "another time"),
            (-3, 1, -2, "older than the one at hand"),
        ],
    )
    def test_refuses_one_of_another_time(
        self, issuer: Holder, begin: int, end: int, newest: int | None, words: str
    ) -> None:
        hour = timedelta(hours=1)
        made = issuer.crl(this_update=NOW + begin * hour, next_update=NOW + end * hour)

        with pytest.raises(RevocationListError, match=words):
            self.judge(made, issuer, None if newest is None else NOW + newest * hour)

    @pytest.mark.parametrize(
        "data", [b"", b"nonsense", b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----"]
    )
    def test_refuses_what_is_no_list(self, issuer: Holder, data: bytes) -> None:
        with pytest.raises(RevocationListError):
            self.judge(data, issuer)

    def test_refuses_one_that_somebody_else_signed(self, issuer: Holder) -> None:
        for forged in (issuer.crl(key=authorities.root().key), authorities.root("Khác").crl()):
            with pytest.raises(RevocationListError, match="not signed by"):
                self.judge(forged, issuer)
