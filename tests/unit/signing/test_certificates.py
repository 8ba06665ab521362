from __future__ import annotations

import random
import time
from datetime import timedelta

import pytest
from asn1crypto import core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from hocba.signing import certificates
from tests.factories import authorities


@pytest.fixture(scope="module")
def issuer() -> authorities.Holder:
    return authorities.root("Nơi cấp")


@pytest.fixture(scope="module")
def teacher(issuer: authorities.Holder) -> x509.Certificate:
    return issuer.person("Trần Văn Bình", "079085000001").certificate


class TestSubject:
    def test_is_read_in_its_parts(self, teacher: x509.Certificate) -> None:
        assert certificates.common_name(teacher) == "Trần Văn Bình"
        assert certificates.organisation(teacher) == "Trường THCS Mẫu"
        assert certificates.issuer_name(teacher) == "Nơi cấp"
        assert certificates.subject_number(teacher) == certificates.SubjectNumber("CCCD", "079085000001")
        assert certificates.names_person(teacher)
        assert not certificates.names_organisation(teacher)

    def test_of_an_organisation_has_its_code(self, issuer: authorities.Holder) -> None:
        school = issuer.issue(authorities.name("Trường THCS Mẫu", "MST:79764501")).certificate

        assert certificates.names_organisation(school)
        assert not certificates.names_person(school)

    @pytest.mark.parametrize("uid", [None, "079085000001", "CCCD:", ":1"])
    def test_without_a_readable_number_has_none(self, issuer: authorities.Holder, uid: str | None) -> None:
        assert certificates.subject_number(issuer.issue(authorities.name("X", uid)).certificate) is None

    def test_with_two_common_names_has_none(self, issuer: authorities.Holder) -> None:
        oid = x509.NameOID.COMMON_NAME
        subject = x509.Name([x509.NameAttribute(oid, "A"), x509.NameAttribute(oid, "B")])

        assert certificates.common_name(issuer.issue(subject).certificate) == ""


class TestRemembered:
    def test_asks_once_about_each_certificate(self, teacher: x509.Certificate) -> None:
        asked = []
        read = certificates.remembered(lambda found: asked.append(found) or len(asked))
        other = certificates.load(certificates.to_der(teacher))

        assert [read(teacher), read(teacher), read(other), read(teacher)] == [1, 1, 2, 1]
        assert asked[1] is other

    def test_keeps_the_object_so_that_no_other_is_taken_for_it(
        self, issuer: authorities.Holder, teacher: x509.Certificate
    ) -> None:
        other = issuer.person("Lê Thị Bích", "079085000002").certificate
        ders = [certificates.to_der(each) for each in (teacher, other)]
        read = certificates.remembered(lambda found: found.serial_number)

        assert [read(certificates.load(der)) for der in ders * 8] == [
            teacher.serial_number,
            other.serial_number,
        ] * 8

    def test_asks_again_after_an_error(self, teacher: x509.Certificate) -> None:
        answers = iter([None, "khóa"])

        @certificates.remembered
        def read(_certificate: x509.Certificate) -> str:
            answer = next(answers)
            if answer is None:
                raise ValueError("not now")
            return answer

        with pytest.raises(ValueError, match="not now"):
            read(teacher)
        assert read(teacher) == "khóa"


class TestLoad:
    def test_reads_der_and_pem(self, teacher: x509.Certificate) -> None:
        der = certificates.to_der(teacher)
        pem = teacher.public_bytes(serialization.Encoding.PEM)

        assert certificates.load(der) == certificates.load(pem) == teacher

    def test_refuses_anything_else(self) -> None:
        with pytest.raises(ValueError, match=r"."):
            certificates.load(b"junk")

    def test_refuses_a_version_that_does_not_exist(self, teacher: x509.Certificate) -> None:
        der = certificates.to_der(teacher).replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x42", 1)

        with pytest.raises(ValueError, match="version"):
            certificates.load(der)


class TestSamePersonName:
    def test_ignores_capitals_blanks_and_composition(self) -> None:
        assert certificates.same_person_name("TRẦN  VĂN BÌNH", "Trần Văn Bi\u0300nh")

    def test_keeps_marks_apart(self) -> None:
        assert not certificates.same_person_name("Trần Văn Bình", "Trần Văn Bính")
        assert not certificates.same_person_name("", "")
        assert not certificates.same_person_name(" ", "")


class TestMaySignDocuments:
    @pytest.mark.parametrize(
        ("usage", "ca", "expected"),
        [
            ({"digital_signature": True}, False, True),
            ({"content_commitment": True}, False, True),
            ({"key_encipherment": True}, False, False),
            ({"digital_signature": True, "key_cert_sign": True}, True, False),
        ],
    )
    def test_asks_the_key_usage(
        self, issuer: authorities.Holder, usage: dict[str, bool], ca: bool, expected: bool
    ) -> None:
        holder = issuer.issue(authorities.name("X"), usage=usage, ca=ca)

        assert certificates.may_sign_documents(holder.certificate) is expected

    def test_refuses_a_time_stamp_unit(self, issuer: authorities.Holder) -> None:
        trade = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        holder = issuer.issue(authorities.name("X"), extensions=((trade, True),))

        assert not certificates.may_sign_documents(holder.certificate)


class TestValidAt:
    def test_includes_both_ends_and_nothing_beyond(self, teacher: x509.Certificate) -> None:
        second = timedelta(seconds=1)

        assert certificates.valid_at(teacher, authorities.START)
        assert certificates.valid_at(teacher, authorities.END)
        assert not certificates.valid_at(teacher, authorities.START - second)
        assert not certificates.valid_at(teacher, authorities.END + second)


class TestHasStrongKey:
    @pytest.mark.parametrize(
        ("key", "expected"),
        [
            (rsa.generate_private_key(65537, 1024), False),
            (rsa.generate_private_key(65537, 2048), True),
            (ec.generate_private_key(ec.SECP224R1()), False),
            (ec.generate_private_key(ec.SECP384R1()), True),
        ],
        ids=["rsa-1024", "rsa-2048", "p-224", "p-384"],
    )
    def test_follows_the_circular(
        self, issuer: authorities.Holder, key: authorities.Key, expected: bool
    ) -> None:
        holder = issuer.issue(authorities.name("X"), key=key)

        assert certificates.has_strong_key(holder.certificate) is expected


class TestHasQuickKey:
    @pytest.fixture
    def crafted(self, teacher: x509.Certificate) -> x509.Certificate:
        """A certificate of 15 KB with a key of Diffie-Hellman (X9.42) that takes 20 seconds to load."""
        chance = random.Random(1)
        p, q, y = (core.Integer(chance.getrandbits(30_000) | 1 << 29_990 | 1).dump() for _ in range(3))
        kind = core.ObjectIdentifier("1.2.840.10046.2.1").dump() + _sequence(p, core.Integer(3).dump(), q)
        value = b"\x00" + y
        key = _sequence(_sequence(kind), b"\x03\x82" + len(value).to_bytes(2, "big") + value)
        whole = asn1_x509.Certificate.load(certificates.to_der(teacher))
        signed = whole["tbs_certificate"]
        old = signed["subject_public_key_info"].dump()
        parts = (_sequence(signed.contents.replace(old, key)), whole["signature_algorithm"].dump())
        return certificates.load(_sequence(*parts, whole["signature_value"].dump()))

    def test_keeps_slow_keys_from_being_loaded(self, crafted: x509.Certificate) -> None:
        start = time.perf_counter()

        assert certificates.is_readable(crafted)
        assert not certificates.has_strong_key(crafted)
        assert certificates.key_words(crafted) == "loại khác"
        assert not certificates.has_elliptic_key(crafted)
        assert time.perf_counter() - start < 0.2

    def test_is_true_of_the_keys_people_sign_with(self, teacher: x509.Certificate) -> None:
        assert certificates.has_quick_key(teacher)


class TestHasEllipticKey:
    @pytest.mark.parametrize(
        ("key", "expected"),
        [(rsa.generate_private_key(65537, 2048), False), (ec.generate_private_key(ec.SECP256R1()), True)],
        ids=["rsa", "p-256"],
    )
    def test_tells_curves_from_rsa(
        self, issuer: authorities.Holder, key: authorities.Key, expected: bool
    ) -> None:
        holder = issuer.issue(authorities.name("X"), key=key)

        assert certificates.has_elliptic_key(holder.certificate) is expected


def _sequence(*parts: bytes) -> bytes:
    contents = b"".join(parts)
    size = len(contents)
    if size < 0x80:
        return bytes((0x30, size)) + contents
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((0x30, 0x80 | len(length))) + length + contents
