from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from hocba.signing import demo_trust, ocsp, trust, trust_list_files
from hocba.signing.demo_ca import DemoAuthority
from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.signing.trust_list import RULES

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(scope="module")
def authority() -> DemoAuthority:
    return DemoAuthority.create(NOW, "CA thử", services="http://127.0.0.1:1")


@pytest.fixture(scope="module")
def person(authority: DemoAuthority) -> SoftwareKey:
    return authority.issue_person(name="Trần Văn Bình", personal_id="079085000001", organisation="Trường")


def ask(authority: DemoAuthority, person: SoftwareKey, known: frozenset[int] | None = None) -> bytes:
    request = ocsp.build_request(person.certificate, authority.issuing.certificate, nonce=b"n" * 16)
    responder = authority.issue_ocsp_responder()
    return demo_trust.answer(request, authority, known=known, responder=responder, now=NOW, next_update=LATER)


class TestAnswer:
    def test_is_one_that_the_verifier_takes(self, authority: DemoAuthority, person: SoftwareKey) -> None:
        found = ocsp.check_answer(
            ask(authority, person),
            person.certificate,
            authority.issuing.certificate,
            now=NOW,
            nonce=b"n" * 16,
        )

        assert (found.revoked_at, found.next_update) == (None, LATER)

    def test_to_another_request_is_refused(self, authority: DemoAuthority, person: SoftwareKey) -> None:
        with pytest.raises(ocsp.OcspError, match="another request"):
            ocsp.check_answer(
                ask(authority, person),
                person.certificate,
                authority.issuing.certificate,
                now=NOW,
                nonce=b"m" * 16,
            )

    def test_tells_what_was_revoked_and_what_is_unknown(self, person: SoftwareKey) -> None:
        other = DemoAuthority.create(NOW, "CA khác")
        own = other.issue_person(name="An", personal_id="079085000002", organisation="Trường")
        with pytest.raises(ocsp.OcspError, match="does not know"):
            ocsp.check_answer(
                ask(other, own, frozenset()), own.certificate, other.issuing.certificate, now=NOW
            )

        other.revoke(own.certificate.serial_number, at=NOW - timedelta(days=1))
        found = ocsp.check_answer(ask(other, own), own.certificate, other.issuing.certificate, now=NOW)
        assert found.revoked_at == NOW - timedelta(days=1)

    def test_is_refused_to_questions_about_others(
        self, authority: DemoAuthority, person: SoftwareKey
    ) -> None:
        about = ocsp.build_request(person.certificate, authority.issuing.certificate)
        other = DemoAuthority.create(NOW, "CA khác")
        for request in (about, b"nonsense", b"0" * 9999):
            with pytest.raises(ocsp.OcspError):
                demo_trust.answer(request, other, known=None, responder=person, now=NOW, next_update=LATER)


class TestTrustList:
    def test_names_the_demo_as_what_it_is(self, authority: DemoAuthority, person: SoftwareKey) -> None:
        listed = demo_trust.trust_list(authority, version=1, now=NOW, next_update=LATER, services=True)
        files = {"list.json": trust_list_files.write(listed), **authority.crls(NOW, LATER)}
        moments = {"at": NOW, "now": NOW}

        chain = trust.load(files).check_certificate(person.certificate, **moments)[2]
        assert chain.passed
        assert "trình diễn, không có giá trị pháp lý" in chain.detail
        real = trust.load(files, rules=RULES).check_certificate(person.certificate, **moments)[2]
        assert not real.passed

    def test_and_certificates_say_where_to_ask(self, authority: DemoAuthority, person: SoftwareKey) -> None:
        access = person.certificate.extensions.get_extension_for_oid(
            ExtensionOID.AUTHORITY_INFORMATION_ACCESS
        ).value
        assert isinstance(access, x509.AuthorityInformationAccess)
        listed = demo_trust.trust_list(authority, version=1, now=NOW, next_update=LATER, services=True)

        assert {item.access_location.value for item in access} == {"http://127.0.0.1:1/ocsp"}
        assert listed.authorities[1].ocsp == ("http://127.0.0.1:1/ocsp",)

    def test_remembers_where_its_services_are(self, authority: DemoAuthority) -> None:
        assert DemoAuthority.from_bytes(authority.to_bytes("x"), "x").services == authority.services
