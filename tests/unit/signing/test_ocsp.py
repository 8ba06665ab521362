from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asn1crypto import core
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp as x509_ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from hocba.signing import ocsp, trust
from hocba.signing.checks import Code, Status
from tests.factories import authorities
from tests.factories.authorities import END, VIETNAM, Holder

NOW = datetime(2026, 11, 21, 9, tzinfo=VIETNAM)
SIGNED = NOW - timedelta(days=1)
FRESH = NOW + timedelta(days=1)
RESPONDER = (
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False),
    (x509.OCSPNoCheck(), False),
)


class Pki:
    """A root, an issuing authority, a person below it, and a responder it appointed."""

    def __init__(self) -> None:
        self.root = authorities.root()
        self.issuing = self.root.authority("Cấp phát thử nghiệm", path_length=0)
        self.person = self.issuing.person("Trần Văn Bình")
        self.responder = self.issuing.issue(
            authorities.name("OCSP"), usage={"digital_signature": True}, extensions=RESPONDER
        )

    def answer(
        self,
        *,
        by: Holder | None = None,
        about: Holder | None = None,
        issuer: Holder | None = None,
        status: x509_ocsp.OCSPCertStatus = x509_ocsp.OCSPCertStatus.GOOD,
        revoked_at: datetime | None = None,
        this_update: datetime = NOW - timedelta(hours=1),
        next_update: datetime | None = FRESH,
        identifier: hashes.HashAlgorithm | None = None,
        digest: hashes.HashAlgorithm | None = None,
        cutoff: datetime | None = None,
    ) -> bytes:
        by = by or self.responder
        builder = x509_ocsp.OCSPResponseBuilder().add_response(
            cert=(about or self.person).certificate,
            issuer=(issuer or self.issuing).certificate,
            algorithm=identifier or hashes.SHA256(),
            cert_status=status,
            this_update=this_update.astimezone(UTC),
            next_update=None if next_update is None else next_update.astimezone(UTC),
            revocation_time=None if revoked_at is None else revoked_at.astimezone(UTC),
            revocation_reason=None,
        )
        builder = builder.responder_id(x509_ocsp.OCSPResponderEncoding.HASH, by.certificate)
        builder = builder.certificates([by.certificate])
        signed = builder.sign(by.key, digest or hashes.SHA256()).public_bytes(serialization.Encoding.DER)
        return signed if cutoff is None else with_cutoff(signed, cutoff, by)

    def judge(self, answer: bytes, **options: Any) -> Any:
        return ocsp.check_answer(
            answer, self.person.certificate, self.issuing.certificate, now=NOW, **options
        )

    def revocation(self, *answers: bytes, existed_at: datetime | None = None, **more: bytes) -> Any:
        """The verdict's row about revocation when these answers are all there is about the person."""
        files = {f"{number}.ors": data for number, data in enumerate(answers)}
        files |= {"root.pem": self.root.pem, "issuing.pem": self.issuing.pem, "root.crl": self.root.crl()}
        files |= {name.replace("_", "."): data for name, data in more.items()}
        checks = trust.load(files).check_certificate(
            self.person.certificate, at=SIGNED, now=NOW, existed_at=existed_at
        )
        return checks[-1]


def with_cutoff(answer: bytes, cutoff: datetime, by: Holder) -> bytes:
    """The same answer with an archive cutoff, which the library cannot put where RFC 6960 wants it."""
    whole = asn1_ocsp.OCSPResponse.load(answer)
    basic = whole["response_bytes"]["response"].parsed
    data = basic["tbs_response_data"]
    value = core.GeneralizedTime(cutoff.astimezone(UTC))
    data["responses"][0]["single_extensions"] = [{"extn_id": "archive_cutoff", "extn_value": value}]
    assert isinstance(by.key, ec.EllipticCurvePrivateKey)
    basic["signature"] = by.key.sign(data.dump(force=True), ec.ECDSA(hashes.SHA256()))
    whole["response_bytes"]["response"] = basic
    return bytes(whole.dump(force=True))


def forged(answer: bytes) -> bytes:
    """The same answer with another signature value of the same length."""
    signature = x509_ocsp.load_der_ocsp_response(answer).signature
    return answer.replace(signature, signature[:-1] + bytes([signature[-1] ^ 1]))


@pytest.fixture(scope="module")
def pki() -> Pki:
    return Pki()


class TestCheckAnswer:
    @pytest.mark.parametrize("identifier", [hashes.SHA256(), hashes.SHA1()])
    def test_takes_the_appointed_responders_word(self, pki: Pki, identifier: hashes.HashAlgorithm) -> None:
        assert pki.judge(pki.answer(identifier=identifier)).revoked_at is None

    def test_takes_the_issuers_own_word(self, pki: Pki) -> None:
        assert pki.judge(pki.answer(by=pki.issuing)).next_update == FRESH

    def test_tells_when_it_was_revoked(self, pki: Pki) -> None:
        at = NOW - timedelta(days=3)
        revoked = pki.answer(status=x509_ocsp.OCSPCertStatus.REVOKED, revoked_at=at)

        assert pki.judge(revoked).revoked_at == at

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"about": "responder"}, "another certificate"),
            ({"issuer": "root"}, "another certificate"),
            ({"status": x509_ocsp.OCSPCertStatus.UNKNOWN}, "does not know"),
            ({"digest": hashes.SHA224()}, "weak algorithm"),
            ({"identifier": hashes.SHA512()}, "named by sha512"),
            ({"this_update": NOW + timedelta(minutes=1)}, "future"),
            ({"next_update": NOW - timedelta(minutes=1)}, "stale"),
            ({"by": "person"}, "not appointed"),
        ],
    )
    def test_refuses_what_is_not_in_order(self, pki: Pki, changes: dict[str, Any], words: str) -> None:
        named = {
            name: getattr(pki, value) if isinstance(value, str) else value for name, value in changes.items()
        }

        with pytest.raises(ocsp.OcspError, match=words):
            pki.judge(pki.answer(**named))

    def test_refuses_a_wrong_signature(self, pki: Pki) -> None:
        with pytest.raises(ocsp.OcspError, match="signature is wrong"):
            pki.judge(forged(pki.answer()))

    @pytest.mark.parametrize("missing", [0, 1])
    def test_refuses_a_responder_that_is_not_appointed_or_may_be_revoked(
        self, pki: Pki, missing: int
    ) -> None:
        extensions = tuple(item for number, item in enumerate(RESPONDER) if number != missing)
        responder = pki.issuing.issue(authorities.name("OCSP"), extensions=extensions)

        with pytest.raises(ocsp.OcspError, match=r"appointed|nocheck"):
            pki.judge(pki.answer(by=responder))

    def test_refuses_a_responder_that_another_authority_appointed(self, pki: Pki) -> None:
        stranger = pki.root.issue(authorities.name("OCSP"), extensions=RESPONDER)

        with pytest.raises(ocsp.OcspError, match="somebody else"):
            pki.judge(pki.answer(by=stranger))

    def test_refuses_a_responder_that_had_ended(self, pki: Pki) -> None:
        ended = pki.issuing.issue(
            authorities.name("OCSP"), extensions=RESPONDER, end=datetime(2025, 1, 1, tzinfo=VIETNAM)
        )

        with pytest.raises(ocsp.OcspError, match="not valid when"):
            pki.judge(pki.answer(by=ended))

    @pytest.mark.parametrize("data", [b"", b"nonsense", b"0" * (ocsp.LARGEST_ANSWER + 1)])
    def test_refuses_what_is_no_answer(self, pki: Pki, data: bytes) -> None:
        with pytest.raises(ocsp.OcspError):
            pki.judge(data)

    def test_refuses_a_word_that_the_authority_is_busy(self, pki: Pki) -> None:
        busy = x509_ocsp.OCSPResponseBuilder.build_unsuccessful(x509_ocsp.OCSPResponseStatus.TRY_LATER)

        with pytest.raises(ocsp.OcspError, match="TRY_LATER"):
            pki.judge(busy.public_bytes(serialization.Encoding.DER))

    def test_forgets_nothing_of_ended_certificates_only_with_an_archive(self, pki: Pki) -> None:
        late = END + timedelta(days=10)
        made: dict[str, Any] = {
            "this_update": late,
            "next_update": late + timedelta(days=1),
            "by": pki.issuing,
        }

        def ask(cutoff: datetime | None) -> Any:
            return ocsp.check_answer(
                pki.answer(cutoff=cutoff, **made),
                pki.person.certificate,
                pki.issuing.certificate,
                now=late + timedelta(hours=1),
            )

        assert ask(END - timedelta(days=1)).revoked_at is None
        for cutoff in (None, END + timedelta(days=1)):
            with pytest.raises(ocsp.OcspError, match="keeps no record"):
                ask(cutoff)


class TestBuildRequest:
    def test_names_the_certificate_and_carries_a_nonce_on_demand(self, pki: Pki) -> None:
        request = x509_ocsp.load_der_ocsp_request(
            ocsp.build_request(pki.person.certificate, pki.issuing.certificate, nonce=bytes(16))
        )

        assert request.serial_number == pki.person.certificate.serial_number
        assert request.hash_algorithm.name == "sha256"
        assert [item.value.nonce for item in request.extensions] == [bytes(16)]  # type: ignore[attr-defined]

    def test_leaves_the_nonce_out_of_answers_to_be_shared(self, pki: Pki) -> None:
        request = ocsp.build_request(pki.person.certificate, pki.issuing.certificate, sha1=True)

        assert not list(x509_ocsp.load_der_ocsp_request(request).extensions)
        assert x509_ocsp.load_der_ocsp_request(request).hash_algorithm.name == "sha1"


class TestAnswersBesideLists:
    def test_stand_in_for_a_list(self, pki: Pki) -> None:
        assert pki.revocation().code is Code.TRY_LATER
        assert pki.revocation(pki.answer()).passed

    def test_are_believed_when_the_list_does_not_know_yet(self, pki: Pki) -> None:
        revoked = pki.answer(status=x509_ocsp.OCSPCertStatus.REVOKED, revoked_at=SIGNED - timedelta(hours=1))

        found = pki.revocation(revoked, issuing_crl=pki.issuing.crl())
        assert (found.status, found.code) == (Status.FAILED, Code.REVOKED)

    def test_prove_nothing_when_stale_forged_or_without_end(self, pki: Pki) -> None:
        stale = pki.answer(next_update=NOW - timedelta(minutes=1))
        wrong = forged(pki.answer())
        endless = pki.answer(next_update=None)

        assert pki.revocation(stale, wrong, endless).code is Code.TRY_LATER

    def test_of_a_later_revocation_leave_a_proven_signature_standing(self, pki: Pki) -> None:
        revoked = pki.answer(status=x509_ocsp.OCSPCertStatus.REVOKED, revoked_at=SIGNED + timedelta(hours=2))

        assert pki.revocation(revoked, existed_at=SIGNED + timedelta(hours=1)).passed
        assert pki.revocation(revoked).code is Code.REVOKED_NO_POE

    def test_that_cannot_be_read_break_the_folder_by_name(self) -> None:
        with pytest.raises(trust.TrustError, match=r"^a\.ors"):
            trust.load({"a.ors": b"nonsense"})
