"""What somebody with a real key can do: every signature is right, and yet the document must not pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from hocba.documents.transcript import Transcript
from hocba.documents.verification import Code, Report, Verdict, verify
from hocba.signing import trust
from hocba.signing.demo_ca import DemoAuthority
from hocba.signing.keys.pkcs12 import SoftwareKey
from tests.factories import transcripts
from tests.factories.transcripts import FOUNDED, HOMEROOM, NOW, PRINCIPAL, SCHOOL, SIGNED, Act, SchoolKeys

Judge = Callable[[bytes], Report]
VALUE = transcripts.transcript()


@pytest.fixture
def school() -> SchoolKeys:
    """The shared school's authority and keys, with a register of approvals of its own to change."""
    shared = transcripts.school()
    return replace(
        shared,
        approvals=[dict(row) for row in shared.approvals],
        authority=replace(shared.authority, revoked=[]),
    )


def report_on(keys: SchoolKeys, data: bytes, *, without: str = "nothing", **question: Any) -> Report:
    material = trust.load(keys.trust_files(without=without))
    return verify(data, trust=material, **{"at": NOW, **question})


def codes(report: Report) -> set[Code | None]:
    return {check.code for check in report.problems}


def planned(change: Callable[[Act], Act | None], value: Transcript = VALUE) -> list[Act]:
    changed = (change(act) for act in transcripts.acts(value))
    return [act for act in changed if act is not None]


def new_key(
    name: str, number: str = "079099999999", *, authority: DemoAuthority | None = None, **options: Any
) -> SoftwareKey:
    return (authority or transcripts.school().authority).issue_person(
        name=name,
        personal_id=number,
        organisation=SCHOOL.name,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        **options,
    )


class TestRoles:
    @pytest.mark.parametrize(
        ("role", "holder"),
        [
            ("subject_teacher", PRINCIPAL),
            ("subject_teacher", SCHOOL.code),
            ("homeroom_teacher", "GV0002"),
            ("homeroom_teacher", PRINCIPAL),
            ("homeroom_teacher", SCHOOL.code),
            ("principal", HOMEROOM),
            ("principal", SCHOOL.code),
            ("seal", PRINCIPAL),
            ("seal", HOMEROOM),
        ],
    )
    def test_nobody_signs_in_anothers_place(self, school: SchoolKeys, role: str, holder: str) -> None:
        plan = planned(lambda act: replace(act, holder=holder) if act.role == role else act)

        found = report_on(school, transcripts.sign_xml(school, VALUE, plan=plan))

        assert found.verdict is Verdict.INVALID
        assert codes(found) & {Code.WRONG_SIGNER, Code.WRONG_ROLE}

    def test_a_teacher_cannot_sign_a_colleagues_row(self, school: SchoolKeys) -> None:
        plan = planned(lambda act: replace(act, holder="GV0003") if act.holder == "GV0007" else act)

        found = report_on(school, transcripts.sign_xml(school, VALUE, plan=plan))

        assert found.verdict is Verdict.INVALID
        assert Code.WRONG_SIGNER in codes(found)

    @pytest.mark.parametrize("holder", [HOMEROOM, PRINCIPAL, SCHOOL.code])
    def test_one_cannot_sign_for_all(self, school: SchoolKeys, holder: str) -> None:
        plan = planned(lambda act: replace(act, holder=holder))

        found = report_on(school, transcripts.sign_xml(school, VALUE, plan=plan))

        assert found.verdict is Verdict.INVALID
        assert {check.name for check in found.problems} >= {"assigned_signer", "distinct_signers"}

    def test_one_cannot_sign_for_all_even_where_no_register_tells(self, school: SchoolKeys) -> None:
        plan = planned(lambda act: replace(act, holder=HOMEROOM))

        found = report_on(school, transcripts.sign_xml(school, VALUE, plan=plan), without="json")

        assert found.verdict is Verdict.INVALID

    def test_homeroom_and_principal_are_two_people(self, school: SchoolKeys) -> None:
        value = replace(VALUE, principal=VALUE.homeroom_teacher)
        school.approve(HOMEROOM, "leader", "teacher")

        found = report_on(school, transcripts.sign_xml(school, value))

        assert found.verdict is Verdict.INVALID
        assert Code.WRONG_ROLE in codes(found)

    def test_a_principal_may_teach(self, school: SchoolKeys) -> None:
        rows = (
            *VALUE.subjects[:-1],
            replace(VALUE.subjects[-1], teachers=(transcripts.staff(PRINCIPAL),)),
        )
        value = replace(VALUE, subjects=rows)

        assert report_on(school, transcripts.sign_xml(school, value)).verdict is Verdict.VALID

    def test_a_teacher_is_no_leader(self, school: SchoolKeys) -> None:
        value = replace(VALUE, principal=transcripts.staff("GV0008", "Hiệu trưởng"))

        found = report_on(school, transcripts.sign_xml(school, value))

        assert found.verdict is Verdict.INVALID
        assert codes(found) == {Code.WRONG_ROLE}


class TestMissingAndExtra:
    @pytest.mark.parametrize("role", ["subject_teacher", "homeroom_teacher", "principal", "seal"])
    def test_a_signature_that_was_never_made_is_missed(self, school: SchoolKeys, role: str) -> None:
        first = next(act for act in transcripts.acts(VALUE) if act.role == role)
        plan = [act for act in transcripts.acts(VALUE) if act != first]

        found = report_on(school, transcripts.sign_xml(school, VALUE, plan=plan))

        assert found.verdict is Verdict.INVALID
        assert Code.MISSING_SIGNATURE in codes(found)

    def test_one_of_two_teachers_of_a_row_is_missed(self, school: SchoolKeys) -> None:
        plan = planned(lambda act: None if act.holder == "GV0005" else act)

        found = report_on(school, transcripts.sign_xml(school, VALUE, plan=plan))

        assert codes(found) == {Code.MISSING_SIGNATURE}
        assert "Hoàng Thị Én" in found.problems[0].detail

    def test_one_of_two_teachers_cannot_sign_twice(self, school: SchoolKeys) -> None:
        plan = planned(lambda act: replace(act, holder="GV0004") if act.holder == "GV0005" else act)

        assert report_on(school, transcripts.sign_xml(school, VALUE, plan=plan)).verdict is Verdict.INVALID

    @pytest.mark.parametrize("holder", ["GV0002", "GV0003"])
    def test_an_extra_signature_on_a_row_is_refused(self, school: SchoolKeys, holder: str) -> None:
        acts = transcripts.acts(VALUE)
        plan = [acts[1], replace(acts[1], holder=holder), *acts[:1], *acts[2:]]

        assert report_on(school, transcripts.sign_xml(school, VALUE, plan=plan)).verdict is Verdict.INVALID


class TestRegions:
    suffix = f"{VALUE.id}-v{VALUE.version}"

    @pytest.mark.parametrize(
        ("role", "uris"),
        [
            ("subject_teacher", (f"#hs-{suffix}",)),
            ("subject_teacher", ("",)),
            ("subject_teacher", (f"#mh-{suffix}-TOAN", f"#mh-{suffix}-NN1")),
            ("homeroom_teacher", (f"#bth-{suffix}",)),
            ("homeroom_teacher", (f"#hs-{suffix}", f"#bth-{suffix}")),
            ("homeroom_teacher", (f"#mh-{suffix}-TOAN",)),
            ("principal", (f"#hs-{suffix}",)),
            ("principal", (f"#bth-{suffix}",)),
            ("seal", (f"#hs-{suffix}",)),
            ("seal", (f"#hb-{suffix}",)),
        ],
    )
    def test_a_signature_over_other_regions_is_refused(
        self, school: SchoolKeys, role: str, uris: tuple[str, ...]
    ) -> None:
        acts = transcripts.acts(VALUE)
        first = next(act for act in acts if act.role == role)
        plan = [replace(act, uris=uris) if act == first else act for act in acts]

        assert report_on(school, transcripts.sign_xml(school, VALUE, plan=plan)).verdict is Verdict.INVALID

    def test_a_row_with_its_signature_cannot_move_to_another_pupil(self, school: SchoolKeys) -> None:
        """The school itself seals a file into which a genuine row of another pupil was put."""
        other = transcripts.another_pupil()
        genuine = transcripts.sign_xml(school, other)
        row = _between(genuine, b'<MonHoc Id="mh-' + other.id.encode() + b'-v1-TOAN">', b"</MonHoc>")
        signature = _between(genuine, b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" '
                             b'Id="ck-subject-teacher-1">', b"</ds:Signature>")  # fmt: skip

        def transplant(file: bytes) -> bytes:
            own_row = _between(file, b'<MonHoc Id="mh-' + VALUE.id.encode() + b'-v1-TOAN">', b"</MonHoc>")
            own = _between(file, signature[: signature.index(b">") + 1], b"</ds:Signature>")
            return file.replace(own_row, row).replace(own, signature)

        found = report_on(school, transcripts.sign_xml(school, VALUE, before_seal=transplant))

        assert found.verdict is Verdict.INVALID
        assert found.transcript is None

    def test_a_seal_does_not_heal_a_changed_mark(self, school: SchoolKeys) -> None:
        found = report_on(
            school,
            transcripts.sign_xml(school, VALUE, before_seal=lambda file: file.replace(b">7.9<", b">9.9<", 1)),
        )

        assert found.verdict is Verdict.INVALID
        assert Code.HASH_FAILURE in codes(found)
        assert [item.verdict for item in found.signatures if item.role == "seal"] != [Verdict.VALID]


class TestTimes:
    @pytest.mark.parametrize("role", ["subject_teacher", "homeroom_teacher", "principal"])
    def test_nobody_signs_after_the_next(self, school: SchoolKeys, role: str) -> None:
        late = SIGNED + timedelta(minutes=20)
        plan = planned(lambda act: replace(act, signed_at=late) if act.role == role else act)

        found = report_on(school, transcripts.sign_xml(school, VALUE, plan=plan))

        assert found.verdict is Verdict.INVALID
        assert codes(found) == {Code.TIMESTAMP_ORDER_FAILURE}

    def test_equal_times_are_in_order(self, school: SchoolKeys) -> None:
        plan = planned(lambda act: replace(act, signed_at=SIGNED))

        assert report_on(school, transcripts.sign_xml(school, VALUE, plan=plan)).verdict is Verdict.VALID

    def test_nobody_signs_in_the_future(self, school: SchoolKeys) -> None:
        found = report_on(school, transcripts.sign_xml(school, VALUE), at=SIGNED - timedelta(days=1))

        assert found.verdict is Verdict.INVALID
        assert Code.TIMESTAMP_ORDER_FAILURE in codes(found)

    @pytest.mark.parametrize(
        ("at", "code"),
        [
            (FOUNDED - timedelta(days=1), Code.NOT_YET_VALID),
            (FOUNDED + timedelta(days=6 * 365), Code.EXPIRED),
        ],
    )
    def test_nobody_signs_outside_the_certificates_validity(
        self, school: SchoolKeys, at: datetime, code: Code
    ) -> None:
        plan = planned(lambda act: replace(act, signed_at=at))

        found = report_on(
            school, transcripts.sign_xml(school, VALUE, plan=plan), at=FOUNDED + timedelta(days=7 * 365)
        )

        assert found.verdict is Verdict.INVALID
        assert code in codes(found)

    def test_after_the_certificates_end_only_proof_keeps_it_valid(self, school: SchoolKeys) -> None:
        later = FOUNDED + timedelta(days=6 * 365)
        lists = school.authority.crls(later, later + timedelta(days=30))
        material = trust.load({**school.trust_files(), **lists})
        data = transcripts.sign_xml(school, VALUE)

        without = verify(data, trust=material, at=later)
        proven = verify(data, trust=material, at=later, existed_at=SIGNED + timedelta(days=1))

        assert (without.verdict, codes(without)) == (Verdict.INDETERMINATE, {Code.OUT_OF_BOUNDS_NO_POE})
        assert proven.verdict is Verdict.VALID


class TestCertificates:
    def sign_with(self, school: SchoolKeys, key: SoftwareKey, holder: str = "GV0003") -> bytes:
        return transcripts.sign_xml(school, VALUE, override={holder: key})

    @pytest.mark.parametrize("authority", ["CA thử nghiệm", "CA khác"])
    def test_same_name_from_another_authority_is_invalid(self, school: SchoolKeys, authority: str) -> None:
        """Once an authority of another name, once one that also took the trusted one's name."""
        stranger = DemoAuthority.create(FOUNDED, authority)
        genuine = transcripts.STAFF["GV0003"]

        found = report_on(school, self.sign_with(school, new_key(genuine, authority=stranger)))

        assert found.verdict is Verdict.INVALID
        assert Code.CERT_NOT_APPROVED in codes(found)

    def test_same_name_from_another_authority_is_never_valid_without_a_register(
        self, school: SchoolKeys
    ) -> None:
        stranger = DemoAuthority.create(FOUNDED, "CA khác")
        key = new_key(transcripts.STAFF["GV0003"], authority=stranger)

        found = report_on(school, self.sign_with(school, key), without="json")

        assert found.verdict is Verdict.INDETERMINATE

    def test_genuine_but_not_approved_is_invalid(self, school: SchoolKeys) -> None:
        found = report_on(school, self.sign_with(school, new_key(transcripts.STAFF["GV0003"])))

        assert (found.verdict, codes(found)) == (Verdict.INVALID, {Code.CERT_NOT_APPROVED})

    def test_approved_for_somebody_else_of_the_same_name_is_invalid(self, school: SchoolKeys) -> None:
        key = new_key(transcripts.STAFF["GV0003"])
        school.approve("GV0099", "teacher", key=key)

        found = report_on(school, self.sign_with(school, key))

        assert (found.verdict, codes(found)) == (Verdict.INVALID, {Code.WRONG_SIGNER})

    def test_approved_under_another_name_is_invalid(self, school: SchoolKeys) -> None:
        key = new_key("Người Khác")
        school.approve("GV0003", "teacher", key=key)

        found = report_on(school, self.sign_with(school, key))

        assert (found.verdict, codes(found)) == (Verdict.INVALID, {Code.WRONG_SIGNER})

    def test_name_in_capitals_is_the_same_name(self, school: SchoolKeys) -> None:
        key = new_key(transcripts.STAFF["GV0003"].upper())
        school.approve("GV0003", "teacher", key=key)

        assert report_on(school, self.sign_with(school, key)).verdict is Verdict.VALID

    @pytest.mark.parametrize(
        "changes",
        [
            {"valid_from": "2026-06-01T00:00:00+07:00"},
            {"valid_until": "2026-05-01T00:00:00+07:00"},
            {"revoked_at": "2026-05-01T00:00:00+07:00"},
            {"positions": ["leader"]},
        ],
    )
    def test_approval_must_hold_when_signing(self, school: SchoolKeys, changes: dict[str, Any]) -> None:
        row = next(row for row in school.approvals if row["holder"] == "GV0003")
        row.update(changes)

        assert report_on(school, transcripts.sign_xml(school, VALUE)).verdict is Verdict.INVALID

    @pytest.mark.parametrize("holder", ["GV0003", PRINCIPAL, SCHOOL.code])
    def test_a_withdrawn_approval_cannot_be_used_with_an_earlier_date(
        self, school: SchoolKeys, holder: str
    ) -> None:
        """The approval ended after the claimed time: only proof of existence tells an old signature from a new."""
        row = next(row for row in school.approvals if row["holder"] == holder)
        row["revoked_at"] = (SIGNED + timedelta(days=1)).isoformat()
        data = transcripts.sign_xml(school, VALUE)
        material = trust.load(school.trust_files())

        found = verify(data, trust=material, at=NOW)
        proven = verify(data, trust=material, at=NOW, existed_at=SIGNED + timedelta(hours=1))

        assert (found.verdict, codes(found)) == (Verdict.INDETERMINATE, {Code.REVOKED_NO_POE})
        assert proven.verdict is Verdict.VALID

    def test_register_of_another_school_approves_nobody(self, school: SchoolKeys) -> None:
        elsewhere = replace(school, school=replace(SCHOOL, code="79000001"))

        found = report_on(elsewhere, transcripts.sign_xml(school, VALUE))

        assert (found.verdict, codes(found)) == (Verdict.INDETERMINATE, {Code.APPROVAL_UNKNOWN})

    @pytest.mark.parametrize(
        ("days", "verdict", "code"),
        [(-1, Verdict.INVALID, Code.REVOKED), (1, Verdict.INDETERMINATE, Code.REVOKED_NO_POE)],
    )
    @pytest.mark.parametrize("holder", ["GV0003", PRINCIPAL, SCHOOL.code])
    def test_revoked_signer(
        self, school: SchoolKeys, holder: str, days: int, verdict: Verdict, code: Code
    ) -> None:
        serial = school.keys[holder].certificate.serial_number
        school.authority.revoke(serial, at=SIGNED + timedelta(days=days))

        found = report_on(school, transcripts.sign_xml(school, VALUE))

        assert (found.verdict, codes(found)) == (verdict, {code})

    @pytest.mark.parametrize(
        ("without", "code"),
        [
            ("root.pem", Code.NO_CERTIFICATE_CHAIN_FOUND),
            ("issuing.pem", Code.NO_CERTIFICATE_CHAIN_FOUND),
            ("root.crl", Code.TRY_LATER),
            ("issuing.crl", Code.TRY_LATER),
            ("json", Code.APPROVAL_UNKNOWN),
            ("", Code.NO_CERTIFICATE_CHAIN_FOUND),
        ],
    )
    def test_missing_trust_leaves_it_undecided(self, school: SchoolKeys, without: str, code: Code) -> None:
        found = report_on(school, transcripts.sign_xml(school, VALUE), without=without)

        assert found.verdict is Verdict.INDETERMINATE
        assert code in codes(found)

    def test_stale_revocation_list_leaves_it_undecided(self, school: SchoolKeys) -> None:
        found = report_on(school, transcripts.sign_xml(school, VALUE), at=NOW + timedelta(days=60))

        assert (found.verdict, codes(found)) == (Verdict.INDETERMINATE, {Code.TRY_LATER})

    def test_a_signers_certificate_in_the_trust_folder_is_no_anchor(self, school: SchoolKeys) -> None:
        stranger = DemoAuthority.create(FOUNDED, "CA khác")
        key = new_key(transcripts.STAFF["GV0003"], authority=stranger)
        school.approve("GV0003", "teacher", key=key)
        files = {**school.trust_files(), "x.pem": key.certificate.public_bytes(Encoding.PEM)}

        found = verify(self.sign_with(school, key), trust=trust.load(files), at=NOW)

        assert found.verdict is Verdict.INDETERMINATE


def _between(data: bytes, start: bytes, end: bytes) -> bytes:
    """From `start` to `end`, both included; both must be there."""
    first = data.index(start)
    return data[first : data.index(end, first) + len(end)]
