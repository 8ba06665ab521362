from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from hocba.signing import trust as trust_module
from hocba.signing.approvals import Claim
from hocba.signing.checks import Check, Code, Status, Verdict, verdict_of
from tests.factories import authorities
from tests.factories.authorities import END, SCHOOL, START, VIETNAM, Holder

SIGNED = datetime(2026, 5, 20, 9, tzinfo=VIETNAM)
NOW = datetime(2026, 11, 21, 9, tzinfo=VIETNAM)
IN_2029 = datetime(2029, 1, 1, 7, tzinfo=VIETNAM)  # midnight in UTC, when the dated policy changes
RSA = {bits: rsa.generate_private_key(65537, bits) for bits in (2048, 3072)}


class Hierarchy:
    """A root, an issuing authority below it, and one person below that."""

    def __init__(self) -> None:
        self.root = authorities.root()
        self.issuing = self.root.authority("Cấp phát thử nghiệm", path_length=0)
        self.person = self.issuing.person("Trần Văn Bình")

    def files(self, **changes: bytes | None) -> dict[str, bytes]:
        files: dict[str, bytes | None] = {
            "root.pem": self.root.pem,
            "issuing.pem": self.issuing.pem,
            "root.crl": self.root.crl(),
            "issuing.crl": self.issuing.crl(),
        }
        for name, data in changes.items():
            files[name.replace("_", ".")] = data
        return {name: data for name, data in files.items() if data is not None}


@pytest.fixture
def pki() -> Hierarchy:
    return Hierarchy()


def check(
    files: dict[str, bytes],
    holder: Holder,
    *,
    at: datetime = SIGNED,
    now: datetime = NOW,
    existed_at: datetime | None = None,
    extra: tuple[x509.Certificate, ...] = (),
) -> tuple[Check, ...]:
    trust = trust_module.load(files)
    return trust.check_certificate(
        holder.certificate, extra_chain=extra, at=at, now=now, existed_at=existed_at
    )


def only_problem(checks: tuple[Check, ...]) -> tuple[str, Status, Code | None]:
    problems = [item for item in checks if not item.passed]
    assert len(problems) == 1, problems
    return problems[0].name, problems[0].status, problems[0].code


class TestCheckCertificate:
    def test_passes_a_good_certificate(self, pki: Hierarchy) -> None:
        checks = check(pki.files(), pki.person)

        assert verdict_of(checks) is Verdict.VALID
        assert [item.name for item in checks] == [
            "certificate_validity",
            "key_usage",
            "certificate_chain",
            "revocation",
        ]

    def test_finds_an_intermediate_that_came_with_the_signature(self, pki: Hierarchy) -> None:
        files = pki.files(issuing_pem=None)

        alone = check(files, pki.person)
        along = check(files, pki.person, extra=(pki.issuing.certificate,))

        assert verdict_of(alone) is Verdict.INDETERMINATE
        assert verdict_of(along) is Verdict.VALID

    def test_never_takes_a_root_that_came_with_the_signature(self, pki: Hierarchy) -> None:
        other = Hierarchy()

        checks = check(pki.files(), other.person, extra=(other.issuing.certificate, other.root.certificate))

        # Same names as the trusted authorities, other keys.
        assert verdict_of(checks) is Verdict.INVALID

    def test_knows_a_stranger_from_a_forger(self, pki: Hierarchy) -> None:
        stranger = authorities.root("Nơi khác").person("Trần Văn Bình")
        forger = authorities.root("Cấp phát thử nghiệm").person("Trần Văn Bình")

        assert {item.code for item in check(pki.files(), stranger) if not item.passed} == {
            Code.NO_CERTIFICATE_CHAIN_FOUND
        }
        assert Code.CHAIN_CONSTRAINTS_FAILURE in {item.code for item in check(pki.files(), forger)}

    def test_without_any_anchor_decides_nothing(self, pki: Hierarchy) -> None:
        checks = check({}, pki.person)

        assert verdict_of(checks) is Verdict.INDETERMINATE
        assert "certificate_chain" in {item.name for item in checks if item.status is Status.NOT_CHECKED}

    def test_never_trusts_a_persons_certificate_from_the_folder(self, pki: Hierarchy) -> None:
        selfmade = authorities.make(authorities.name("Trần Văn Bình"))

        checks = check({**pki.files(), "me.pem": selfmade.pem}, selfmade)

        assert verdict_of(checks) is not Verdict.VALID


class TestUnreadableCertificate:
    """A certificate may load and still break when a part of it is asked for."""

    @pytest.fixture
    def broken(self, pki: Hierarchy) -> x509.Certificate:
        der = pki.issuing.certificate.public_bytes(serialization.Encoding.DER)
        usage = bytes.fromhex("0603551d0f")  # the OID of keyUsage, its value made no DER at all
        place = der.index(usage) + len(usage) + 3
        return x509.load_der_x509_certificate(der[: place + 2] + b"\xff\xff" + der[place + 4 :])

    def test_that_came_along_is_left_aside(self, pki: Hierarchy, broken: x509.Certificate) -> None:
        assert verdict_of(check(pki.files(), pki.person, extra=(broken,))) is Verdict.VALID

    def test_of_a_signer_is_refused(self, pki: Hierarchy, broken: x509.Certificate) -> None:
        assert verdict_of(check(pki.files(), Holder(broken, pki.person.key))) is Verdict.INVALID

    def test_in_the_trust_folder_is_named(self, pki: Hierarchy, broken: x509.Certificate) -> None:
        files = {"broken.der": broken.public_bytes(serialization.Encoding.DER)}

        with pytest.raises(trust_module.TrustError, match=r"^broken\.der"):
            trust_module.load(files)


class TestChain:
    def test_refuses_an_issuer_that_is_no_authority(self, pki: Hierarchy) -> None:
        victim = pki.person.person("Người khác")

        checks = check(pki.files(), victim, extra=(pki.person.certificate,))

        assert "certificate_chain" in {item.name for item in checks if item.status is Status.FAILED}

    def test_refuses_more_levels_than_allowed(self, pki: Hierarchy) -> None:
        below = pki.issuing.authority("Cấp dưới")
        person = below.person("Người khác")

        checks = check({**pki.files(), "below.pem": below.pem, "below.crl": below.crl()}, person)

        assert only_problem(checks) == (
            "certificate_chain", Status.FAILED, Code.CHAIN_CONSTRAINTS_FAILURE
        )  # fmt: skip

    def test_refuses_an_authority_without_the_right_to_issue(self, pki: Hierarchy) -> None:
        weak = pki.root.authority("Không có quyền", usage={"crl_sign": True})
        person = weak.person("Người khác")

        checks = check({**pki.files(), "weak.pem": weak.pem, "weak.crl": weak.crl()}, person)

        assert only_problem(checks)[0] == "certificate_chain"

    def test_asks_the_authoritys_validity_at_signing_time(self, pki: Hierarchy) -> None:
        late = pki.root.authority("Mới lập", start=SIGNED + timedelta(days=1))
        person = late.person("Người khác")
        files = {**pki.files(), "late.pem": late.pem, "late.crl": late.crl()}

        assert only_problem(check(files, person))[0] == "certificate_chain"
        assert verdict_of(check(files, person, at=SIGNED + timedelta(days=2))) is Verdict.VALID

    def test_takes_the_path_that_held_when_one_did_not(self, pki: Hierarchy) -> None:
        renewed = authorities.make(
            pki.issuing.certificate.subject,
            issuer=pki.root, key=pki.issuing.key, ca=True, end=SIGNED - timedelta(days=1),
        )  # fmt: skip

        checks = check({"a.pem": renewed.pem, **pki.files()}, pki.person)

        assert verdict_of(checks) is Verdict.VALID

    @pytest.mark.parametrize("usable", [False, True])
    def test_refuses_weak_algorithms(self, pki: Hierarchy, usable: bool) -> None:
        digest = hashes.SHA256() if usable else hashes.SHA224()
        person = pki.issuing.person("Trần Văn Bình", digest=digest)

        assert verdict_of(check(pki.files(), person)) is (Verdict.VALID if usable else Verdict.INVALID)

    @pytest.mark.parametrize(
        "key", [rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP224R1())]
    )
    def test_refuses_weak_keys(self, pki: Hierarchy, key: authorities.Key) -> None:
        person = pki.issuing.person("Trần Văn Bình", key=key)

        checks = check(pki.files(), person)

        assert only_problem(checks)[2] is Code.CRYPTO_CONSTRAINTS_FAILURE
        assert "thuật toán yếu, không được chấp nhận" in " ".join(item.detail for item in checks)

    @pytest.mark.parametrize(
        ("bits", "now", "existed_at", "status"),
        [
            (2048, NOW, None, Status.PASSED),
            (2048, IN_2029, None, Status.NOT_CHECKED),
            (2048, IN_2029, NOW, Status.PASSED),
            (3072, IN_2029, None, Status.PASSED),
        ],
    )
    def test_lets_short_rsa_keys_end_on_their_day(
        self, pki: Hierarchy, bits: int, now: datetime, existed_at: datetime | None, status: Status
    ) -> None:
        """ETSI TS 119 312: RSA below 3000 bits until 2029-01-01, which proof of an older signature outlives."""
        person = pki.issuing.person("Trần Văn Bình", key=RSA[bits])

        chain = check(pki.files(), person, now=now, existed_at=existed_at)[2]
        assert (chain.name, chain.status) == ("certificate_chain", status)
        if status is Status.NOT_CHECKED:
            assert chain.code is Code.CRYPTO_CONSTRAINTS_FAILURE
            assert chain.detail.startswith("Thuật toán yếu, không được chấp nhận: RSA 2048 bit")

    def test_fails_a_short_rsa_key_that_signs_after_its_day(self, pki: Hierarchy) -> None:
        late = authorities.root(end=IN_2029 + timedelta(days=900))
        person = late.person("Trần Văn Bình", key=RSA[2048], end=IN_2029 + timedelta(days=900))
        crl = late.crl(next_update=IN_2029 + timedelta(days=90))

        checks = check({"root.pem": late.pem, "root.crl": crl}, person, at=IN_2029, now=IN_2029)
        assert only_problem(checks) == (
            "certificate_chain", Status.FAILED, Code.CRYPTO_CONSTRAINTS_FAILURE
        )  # fmt: skip

    def test_refuses_constraints_it_does_not_understand(self, pki: Hierarchy) -> None:
        strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
        person = pki.issuing.person("Trần Văn Bình", extensions=((strange, True),))

        assert only_problem(check(pki.files(), person))[0] == "certificate_chain"


class TestValidity:
    @pytest.mark.parametrize(
        ("at", "code"),
        [(START - timedelta(days=1), Code.NOT_YET_VALID), (END + timedelta(days=1), Code.EXPIRED)],
    )
    def test_is_judged_at_signing_time(self, pki: Hierarchy, at: datetime, code: Code) -> None:
        found = trust_module.check_validity(pki.person.certificate, at=at, now=END + timedelta(days=2))

        assert (found.status, found.code) == (Status.FAILED, code)

    def test_after_the_end_needs_proof_of_an_earlier_signature(self, pki: Hierarchy) -> None:
        later = END + timedelta(days=300)
        certificate = pki.person.certificate

        without = trust_module.check_validity(certificate, at=SIGNED, now=later)
        proven = trust_module.check_validity(certificate, at=SIGNED, now=later, existed_at=SIGNED)
        too_late = trust_module.check_validity(certificate, at=SIGNED, now=later, existed_at=later)

        assert (without.status, without.code) == (Status.NOT_CHECKED, Code.OUT_OF_BOUNDS_NO_POE)
        assert proven.passed
        assert not too_late.passed


class TestRevocation:
    def test_without_a_list_is_not_checked(self, pki: Hierarchy) -> None:
        for missing in ("root_crl", "issuing_crl"):
            found = only_problem(check(pki.files(**{missing: None}), pki.person))

            assert found == ("revocation", Status.NOT_CHECKED, Code.TRY_LATER)

    @pytest.mark.parametrize(
        ("revoked_at", "existed_at", "status", "code"),
        [
            (SIGNED - timedelta(days=1), None, Status.FAILED, Code.REVOKED),
            (SIGNED, None, Status.FAILED, Code.REVOKED),
            (SIGNED - timedelta(days=1), SIGNED - timedelta(days=2), Status.FAILED, Code.REVOKED),
            (SIGNED + timedelta(days=1), None, Status.NOT_CHECKED, Code.REVOKED_NO_POE),
            (SIGNED + timedelta(days=1), SIGNED + timedelta(days=2), Status.NOT_CHECKED, Code.REVOKED_NO_POE),
            (SIGNED + timedelta(days=2), SIGNED + timedelta(days=1), Status.PASSED, None),
            (NOW + timedelta(days=2), None, Status.PASSED, None),
        ],
    )
    def test_is_judged_by_what_is_proven(
        self,
        pki: Hierarchy,
        revoked_at: datetime,
        existed_at: datetime | None,
        status: Status,
        code: Code | None,
    ) -> None:
        pki.issuing.revoke(pki.person, revoked_at)

        found = check(pki.files(), pki.person, existed_at=existed_at)[-1]

        assert (found.name, found.status, found.code) == ("revocation", status, code)

    def test_reaches_the_issuing_authority(self, pki: Hierarchy) -> None:
        pki.root.revoke(pki.issuing, SIGNED - timedelta(days=1))

        assert only_problem(check(pki.files(), pki.person))[2] is Code.REVOKED

    def test_needs_a_fresh_list(self, pki: Hierarchy) -> None:
        old = pki.issuing.crl(this_update=SIGNED, next_update=NOW - timedelta(days=1))

        assert only_problem(check(pki.files(issuing_crl=old), pki.person))[2] is Code.TRY_LATER

    def test_believes_an_old_list_that_names_the_certificate(self, pki: Hierarchy) -> None:
        pki.issuing.revoke(pki.person, SIGNED - timedelta(days=1))
        old = pki.issuing.crl(this_update=SIGNED, next_update=NOW - timedelta(days=1))
        pki.issuing.revoked.clear()

        checks = check({**pki.files(), "old.crl": old}, pki.person)

        assert only_problem(checks)[2] is Code.REVOKED

    def test_ignores_a_list_signed_by_somebody_else(self, pki: Hierarchy) -> None:
        forged = pki.issuing.crl(key=pki.root.key)

        assert only_problem(check(pki.files(issuing_crl=forged), pki.person))[2] is Code.TRY_LATER

    @pytest.mark.parametrize(
        ("extension", "status"),
        [
            (x509.DeltaCRLIndicator(1), Status.NOT_CHECKED),
            (None, Status.PASSED),
        ],
    )
    def test_ignores_a_list_that_is_not_complete(
        self, pki: Hierarchy, extension: x509.ExtensionType | None, status: Status
    ) -> None:
        extensions = () if extension is None else ((extension, True),)

        found = check(pki.files(issuing_crl=pki.issuing.crl(extensions=extensions)), pki.person)[-1]

        assert found.status is status

    @pytest.mark.parametrize(("scope", "status"), [("user", Status.PASSED), ("ca", Status.NOT_CHECKED)])
    def test_heeds_the_scope_of_a_list(self, pki: Hierarchy, scope: str, status: Status) -> None:
        point = x509.IssuingDistributionPoint(
            full_name=None,
            relative_name=None,
            only_contains_user_certs=scope == "user",
            only_contains_ca_certs=scope == "ca",
            only_some_reasons=None,
            indirect_crl=False,
            only_contains_attribute_certs=False,
        )

        found = check(pki.files(issuing_crl=pki.issuing.crl(extensions=((point, True),))), pki.person)[-1]

        assert found.status is status

    @pytest.mark.parametrize(("part", "status"), [("1", Status.PASSED), ("2", Status.NOT_CHECKED)])
    def test_of_a_list_in_parts_needs_the_certificates_own_part(
        self, pki: Hierarchy, part: str, status: Status
    ) -> None:
        def name(number: str) -> list[x509.GeneralName]:
            return [x509.UniformResourceIdentifier(f"http://crl.example/{number}.crl")]

        where = x509.CRLDistributionPoints([x509.DistributionPoint(name("1"), None, None, None)])
        person = pki.issuing.person("Trần Văn Bình", extensions=((where, False),))
        point = x509.IssuingDistributionPoint(
            full_name=name(part), relative_name=None, only_contains_user_certs=False,
            only_contains_ca_certs=False, only_some_reasons=None, indirect_crl=False,
            only_contains_attribute_certs=False,
        )  # fmt: skip
        crl = pki.issuing.crl(extensions=((point, True),))

        assert check(pki.files(issuing_crl=crl), person)[-1].status is status


class TestCheckSigner:
    """A desk may go on a while when nobody can be reached; a verifier may not."""

    CLAIM = Claim(school=SCHOOL, holders=frozenset({"GV0006"}), position="teacher")

    @pytest.mark.parametrize(("hours", "passes"), [(0, False), (1, False), (24, True)])
    def test_heeds_the_grace(self, pki: Hierarchy, hours: int, passes: bool) -> None:
        stale = {
            "root.crl": pki.root.crl(),
            "issuing.crl": pki.issuing.crl(this_update=SIGNED, next_update=NOW - timedelta(hours=3)),
            "a.json": authorities.register(authorities.approval(pki.person, "GV0006", "teacher")),
        }
        trust = replace(trust_module.load({**pki.files(), **stale}), grace=timedelta(hours=hours))

        checks = trust.check_signer(pki.person.certificate, self.CLAIM, at=NOW)
        assert (verdict_of(checks) is Verdict.VALID) is passes
        assert trust.check_certificate(pki.person.certificate, at=NOW, now=NOW)[-1].code is Code.TRY_LATER


class TestCheckApproval:
    CLAIM = Claim(school=SCHOOL, holders=frozenset({"GV0006"}), position="teacher")

    def ask(
        self,
        pki: Hierarchy,
        *rows: dict[str, object],
        school: str = SCHOOL,
        existed_at: datetime | None = None,
    ) -> Check:
        trust = trust_module.load({"a.json": authorities.register(*rows, school=school)})
        return trust.check_approval(
            pki.person.certificate, self.CLAIM, at=SIGNED, now=NOW, existed_at=existed_at
        )

    def test_passes_the_holder_in_position(self, pki: Hierarchy) -> None:
        assert self.ask(pki, authorities.approval(pki.person, "GV0006", "teacher", "leader")).passed

    @pytest.mark.parametrize(
        ("holder", "positions", "changes", "code"),
        [
            ("GV0007", ("teacher",), {}, Code.WRONG_SIGNER),
            ("GV0006", ("leader",), {}, Code.WRONG_ROLE),
            ("GV0006", ("teacher",), {"valid_from": "2026-06-01T00:00:00+07:00"}, Code.CERT_NOT_APPROVED),
            ("GV0006", ("teacher",), {"valid_until": "2026-05-01T00:00:00+07:00"}, Code.CERT_NOT_APPROVED),
            ("GV0006", ("teacher",), {"revoked_at": "2026-05-20T09:00:00+07:00"}, Code.CERT_NOT_APPROVED),
            ("GV0006", ("teacher",), {"sha256": "0" * 64}, Code.CERT_NOT_APPROVED),
        ],
    )
    def test_fails_anybody_else(
        self, pki: Hierarchy, holder: str, positions: tuple[str, ...], changes: dict[str, str], code: Code
    ) -> None:
        found = self.ask(pki, authorities.approval(pki.person, holder, *positions, **changes))

        assert (found.status, found.code) == (Status.FAILED, code)

    @pytest.mark.parametrize(
        ("end", "code"),
        [("revoked_at", Code.REVOKED_NO_POE), ("valid_until", Code.OUT_OF_BOUNDS_NO_POE)],
    )
    @pytest.mark.parametrize(
        ("existed_after", "status"),
        [
            (None, Status.NOT_CHECKED),
            (timedelta(minutes=30), Status.PASSED),
            (timedelta(minutes=90), Status.NOT_CHECKED),
        ],
    )
    def test_an_approval_that_ended_since_needs_proof_that_the_signature_is_older(
        self, pki: Hierarchy, end: str, code: Code, existed_after: timedelta | None, status: Status
    ) -> None:
        row = authorities.approval(
            pki.person, "GV0006", "teacher", **{end: (SIGNED + timedelta(hours=1)).isoformat()}
        )

        found = self.ask(pki, row, existed_at=None if existed_after is None else SIGNED + existed_after)

        assert (found.status, found.code) == (status, None if status is Status.PASSED else code)

    def test_an_end_to_come_changes_nothing(self, pki: Hierarchy) -> None:
        later = (NOW + timedelta(days=1)).isoformat()

        assert self.ask(pki, authorities.approval(pki.person, "GV0006", "teacher", revoked_at=later)).passed
        assert self.ask(pki, authorities.approval(pki.person, "GV0006", "teacher", valid_until=later)).passed

    @pytest.mark.parametrize(
        ("withdrawn", "existed_after", "status", "code"),
        [
            (timedelta(hours=-1), 1, Status.FAILED, Code.CERT_NOT_APPROVED),
            (timedelta(hours=-1), None, Status.FAILED, Code.CERT_NOT_APPROVED),
            (timedelta(hours=1), 90, Status.NOT_CHECKED, Code.REVOKED_NO_POE),
            (timedelta(hours=1), 30, Status.PASSED, None),
        ],
    )
    def test_an_end_does_not_undo_the_withdrawal_before_it(
        self,
        pki: Hierarchy,
        withdrawn: timedelta,
        existed_after: int | None,
        status: Status,
        code: Code | None,
    ) -> None:
        ends = {
            "revoked_at": (SIGNED + withdrawn).isoformat(),
            "valid_until": (SIGNED + timedelta(hours=2)).isoformat(),
        }
        existed_at = None if existed_after is None else SIGNED + timedelta(minutes=existed_after)

        found = self.ask(
            pki, authorities.approval(pki.person, "GV0006", "teacher", **ends), existed_at=existed_at
        )

        assert (found.status, found.code) == (status, code)

    def test_takes_the_approval_that_held_when_another_did_not(self, pki: Hierarchy) -> None:
        ended = authorities.approval(pki.person, "GV0006", "teacher", valid_until="2025-05-01T00:00:00+07:00")
        renewed = authorities.approval(pki.person, "GV0006", "teacher")

        assert self.ask(pki, ended, renewed).passed
        assert self.ask(pki, renewed, ended).passed

    def test_without_the_schools_register_is_not_checked(self, pki: Hierarchy) -> None:
        row = authorities.approval(pki.person, "GV0006", "teacher")

        found = self.ask(pki, row, school="79000000")

        assert (found.status, found.code) == (Status.NOT_CHECKED, Code.APPROVAL_UNKNOWN)


class TestLoad:
    def test_reads_der_pem_and_bundles(self, pki: Hierarchy) -> None:
        der = x509.load_pem_x509_crl(pki.issuing.crl()).public_bytes(serialization.Encoding.DER)
        files = {
            "all.pem": pki.root.pem + pki.issuing.pem + pki.root.crl(),
            "issuing.crl": der,
        }

        assert verdict_of(check(files, pki.person)) is Verdict.VALID

    @pytest.mark.parametrize(
        ("file", "data"),
        [
            ("a.pem", b""),
            ("a.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            ("a.pem", b"-----BEGIN RSA " + b"PRIVATE KEY-----\n"),
            ("a.crl", b"junk"),
            ("a.json", b"{}"),
            ("a.json", b"["),
            ("a.json", b'"text"'),
            ("a.json", b"\xff\xfe"),
            ("a.json", authorities.register().replace(b'"version": 1', b'"version": 2')),
        ],
    )
    def test_names_the_file_that_is_broken(self, file: str, data: bytes) -> None:
        with pytest.raises(trust_module.TrustError, match=r"^a\."):
            trust_module.load({file: data})

    @pytest.mark.parametrize(
        "changes",
        [{"valid_from": "2026-05-01T00:00:00"}, {"positions": None}, {"sha256": "ab"}, {"name": ""}],
    )
    def test_refuses_a_row_that_lacks_something(self, pki: Hierarchy, changes: dict[str, object]) -> None:
        row = authorities.approval(pki.person, "GV0006", "teacher", **changes)

        with pytest.raises(trust_module.TrustError):
            trust_module.load({"a.json": authorities.register(row)})
