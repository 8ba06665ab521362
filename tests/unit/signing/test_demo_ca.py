from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hocba.signing.demo_ca import DemoAuthority, generate_person_keys
from hocba.signing.errors import KeyFileError

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def authority() -> DemoAuthority:
    return SHARED


SHARED = DemoAuthority.create(NOW, "CA thử nghiệm")


class TestCreate:
    def test_makes_two_levels(self, authority: DemoAuthority) -> None:
        root, issuing = authority.root.certificate, authority.issuing.certificate
        root.verify_directly_issued_by(root)
        issuing.verify_directly_issued_by(root)
        lengths = [
            each.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length
            for each in (root, issuing)
        ]
        assert lengths == [1, 0]
        assert root.public_key().key_size == 3072  # type: ignore[union-attr]


class TestIssue:
    def test_names_a_person_by_personal_id(self, authority: DemoAuthority) -> None:
        key = authority.issue_person(
            name="Nguyễn Văn An", personal_id="079180000123", organisation="Trường A"
        )
        assert (
            key.certificate.subject.rfc4514_string()
            == "CN=Nguyễn Văn An,UID=CCCD:079180000123,O=Trường A,C=VN"
        )
        key.certificate.verify_directly_issued_by(authority.issuing.certificate)
        usage = key.certificate.extensions.get_extension_for_class(x509.KeyUsage)
        assert usage.critical
        assert (usage.value.digital_signature, usage.value.content_commitment, usage.value.key_cert_sign) == (
            True, True, False,
        )  # fmt: skip

    def test_lives_five_years_from_the_given_day(self, authority: DemoAuthority) -> None:
        key = authority.issue_person(
            name="A", personal_id="079180000123", organisation="B", private_key=ec.generate_private_key(ec.SECP256R1()),
            valid_from=LATER,
        )  # fmt: skip
        certificate = key.certificate
        assert certificate.not_valid_before_utc == LATER
        assert certificate.not_valid_after_utc - LATER == timedelta(days=1825)

    def test_names_an_organisation_by_code(self, authority: DemoAuthority) -> None:
        key = authority.issue_organisation(name="Trường A", code="79764501")
        assert key.certificate.subject.rfc4514_string() == "CN=Trường A,UID=MST:79764501,C=VN"

    def test_keeps_a_long_name_whole_in_the_organisation(self, authority: DemoAuthority) -> None:
        name = "Trường Phổ thông dân tộc nội trú Trung học cơ sở và Trung học phổ thông Thử Nghiệm"
        subject = authority.issue_organisation(name=name, code="79764501").certificate.subject
        (common,) = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        (organisation,) = subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        assert organisation.value == name
        assert name.startswith(str(common.value))
        assert len(str(common.value)) > 30

    def test_gives_systems_an_ec_key(self, authority: DemoAuthority) -> None:
        key = authority.issue_system("transcripts")
        assert isinstance(key.certificate.public_key(), ec.EllipticCurvePublicKey)
        assert len(key.chain) == 2

    def test_lets_the_time_stamp_unit_do_nothing_else(self, authority: DemoAuthority) -> None:
        usage = authority.issue_timestamp_unit().certificate.extensions.get_extension_for_class(
            x509.ExtendedKeyUsage
        )
        assert usage.critical
        assert list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


class TestRevoke:
    def test_shows_in_the_next_list_only(self) -> None:
        authority = DemoAuthority.from_bytes(SHARED.to_bytes("x"), "x")
        serial = authority.issue_system("lost").certificate.serial_number
        before = x509.load_der_x509_crl(authority.crls(NOW, LATER)["issuing.crl"])
        authority.revoke(serial, at=LATER, reason=x509.ReasonFlags.key_compromise)
        authority.revoke(serial, at=NOW)
        after = x509.load_der_x509_crl(authority.crls(LATER, LATER + timedelta(days=1))["issuing.crl"])
        assert before.get_revoked_certificate_by_serial_number(serial) is None
        entry = after.get_revoked_certificate_by_serial_number(serial)
        assert entry is not None
        assert entry.revocation_date_utc == LATER
        assert (
            entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
            is x509.ReasonFlags.key_compromise
        )

    def test_lists_are_signed_numbered_and_bounded(self, authority: DemoAuthority) -> None:
        numbers = []
        for moment in (NOW, LATER):
            crl = x509.load_der_x509_crl(authority.crls(moment, moment + timedelta(days=1))["root.crl"])
            assert crl.is_signature_valid(authority.root.certificate.public_key())  # type: ignore[arg-type]
            assert crl.next_update_utc == moment + timedelta(days=1)
            numbers.append(crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number)
        assert numbers[0] < numbers[1]


class TestState:
    def test_comes_back_able_to_issue(self) -> None:
        SHARED.revoke(4711, at=NOW, reason=x509.ReasonFlags.superseded)
        again = DemoAuthority.from_bytes(SHARED.to_bytes("mật khẩu"), "mật khẩu")
        assert again.certificate_pems() == SHARED.certificate_pems()
        assert (again.revoked, again.created_at, again.organisation) == (SHARED.revoked, NOW, "CA thử nghiệm")
        again.issue_system("x").certificate.verify_directly_issued_by(SHARED.issuing.certificate)

    def test_does_not_hold_the_keys_in_the_clear(self) -> None:
        assert b"BEGIN ENCRYPTED PRIVATE KEY" in SHARED.to_bytes("x")
        assert b"BEGIN PRIVATE KEY" not in SHARED.to_bytes("x")

    @pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"format": "x"}', b"\xff"])
    def test_that_is_damaged_is_refused(self, data: bytes) -> None:
        with pytest.raises(KeyFileError):
            DemoAuthority.from_bytes(data, "x")

    def test_is_refused_with_a_wrong_password(self) -> None:
        with pytest.raises(KeyFileError):
            DemoAuthority.from_bytes(SHARED.to_bytes("đúng"), "sai")


class TestGeneratePersonKeys:
    def test_gives_as_many_different_keys_as_asked_for(self) -> None:
        keys = generate_person_keys(3)
        assert len({key.public_key().public_numbers().n for key in keys}) == 3
        assert {key.key_size for key in keys} == {2048}
