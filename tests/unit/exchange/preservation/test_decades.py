"""A real transcript judged in later decades, by the clock of the verifier alone."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hocba.documents.verification import Code, Report, Verdict, verify
from hocba.documents.verification.validation_policy import DEFAULT_POLICY
from hocba.exchange import transparency
from hocba.exchange.preservation import bundles
from hocba.exchange.preservation.verifying import LOGGED, NAME, verify_with
from hocba.exchange.transparency import NoteKey
from hocba.signing import digests, trust
from hocba.signing.evidence import records
from hocba.signing.evidence.errors import EvidenceError
from hocba.signing.evidence.policy import AlgorithmPolicy
from tests.factories import authorities, preservation, transcripts
from tests.factories.evidence import Unit, unit, year
from tests.factories.preservation import (
    FIRST,
    PUBLIC_KEY,
    REHASHED,
    RENEWED,
    SECOND,
    STAMPED,
    THIRD,
    Kept,
    units_of,
)
from tests.factories.transcripts import SIGNED

KEYS = transcripts.school()
PAIR = transcripts.pair()
KEPT = preservation.keep(KEYS, PAIR)
SOON = STAMPED + timedelta(days=20)
STRANGER = NoteKey.of(preservation.LOG_NAME, Ed25519PrivateKey.from_private_bytes(bytes(32)))
OTHER_LOG = NoteKey.of("log.test/khac", preservation.LOG_KEY)
WEAK = AlgorithmPolicy().with_end("sha256", year(2040))
STRICT = replace(DEFAULT_POLICY, digests=MappingProxyType({"SHA-256": year(2040)}))
FILES = {"xml": PAIR.xml, "pdf": PAIR.pdf}
# Stamps in the chain that is judged; `HOCBA_TEST_RENEWALS=256` judges the longest that a record may have.
RENEWALS = int(os.environ.get("HOCBA_TEST_RENEWALS", "24"))


def known(at: datetime, *, more: dict[str, bytes] | None = None) -> trust.TrustMaterial:
    """What a receiving office has at that moment: roots, registers, and the lists of the day."""
    files = {name: data for name, data in KEYS.trust_files().items() if not name.endswith(".crl")}
    return trust.load({**files, **units_of(at), **(more or {})})


def judged(
    kept: Kept | bytes,
    at: datetime,
    *,
    data: bytes = PAIR.xml,
    more: dict[str, bytes] | None = None,
    weak: bool = False,
    by: trust.TrustMaterial | None = None,
) -> Report:
    return verify_with(
        data,
        kept if isinstance(kept, bytes) else kept.bundle(),
        trust=by or known(at, more=more),
        at=at,
        algorithms=WEAK if weak else None,
        policy=STRICT if weak else DEFAULT_POLICY,
    )


def codes(report: Report) -> set[Code | None]:
    return {check.code for check in report.problems}


def time_evidence(report: Report) -> Code | None:
    (found,) = (check.code for check in report.checks if check.name == NAME)
    return found


def revocations(*entries: tuple[str, datetime], at: datetime) -> dict[str, bytes]:
    """The issuing authority's list of that day with holders revoked, past `DemoAuthority`'s own state."""
    issuing = authorities.Holder(KEYS.authority.issuing.certificate, KEYS.authority.issuing.private_key)
    issuing.revoked = [(KEYS.keys[code].certificate.serial_number, since) for code, since in entries]
    return {"newer.crl": issuing.crl(this_update=at, next_update=at + timedelta(days=30))}


@pytest.mark.parametrize("data", FILES.values(), ids=list(FILES))
class TestStaysValid:
    def test_soon_after_acceptance(self, data: bytes) -> None:
        report = judged(KEPT, SOON, data=data)

        assert report.verdict is Verdict.VALID
        assert "đã có từ trước" in next(check.detail for check in report.checks if check.name == NAME)

    def test_after_all_its_certificates_expired(self, data: bytes) -> None:
        at = year(2050)
        assert KEYS.authority.root.certificate.not_valid_after_utc < at
        kept = KEPT.renewed(SECOND, RENEWED).renewed(THIRD, REHASHED)

        assert judged(kept, at, data=data).verdict is Verdict.VALID
        assert verify(data, trust=known(at), at=at).verdict is not Verdict.VALID

    def test_after_a_signers_certificate_was_revoked_later(self, data: bytes) -> None:
        at = year(2027, 3)
        newer = revocations(("GV0001", year(2027, 1)), (KEYS.school.code, year(2027, 2)), at=at)

        assert judged(KEPT, at, data=data, more=newer).verdict is Verdict.VALID
        assert Code.REVOKED_NO_POE in codes(verify(data, trust=known(at, more=newer), at=at))

    def test_after_an_intermediate_authority_ended(self, data: bytes) -> None:
        at = year(2028, 3)
        root = authorities.Holder(KEYS.authority.root.certificate, KEYS.authority.root.private_key)
        root.revoked = [(KEYS.authority.issuing.certificate.serial_number, year(2028, 1))]
        newer = {"root-newer.crl": root.crl(this_update=at, next_update=at + timedelta(days=30))}
        newer |= revocations(at=at)

        assert judged(KEPT, at, data=data, more=newer).verdict is Verdict.VALID
        assert Code.REVOKED_NO_POE in codes(verify(data, trust=known(at, more=newer), at=at))

    def test_after_its_authority_vanished_from_the_receivers_folder(self, data: bytes) -> None:
        at = SOON
        files = {name: data for name, data in KEYS.trust_files().items() if name != "issuing.pem"}
        without = {name: content for name, content in files.items() if not name.endswith(".crl")}
        by = trust.load({**without, **units_of(at)})

        assert judged(KEPT, at, data=data, by=by).verdict is Verdict.VALID

    def test_after_sha256_was_declared_weak_and_the_archive_renewed(self, data: bytes) -> None:
        at = year(2050)
        kept = KEPT.renewed(SECOND, RENEWED).rehashed(THIRD, REHASHED)

        assert judged(kept, at, data=data, weak=True).verdict is Verdict.VALID

    def test_after_sha512_was_left_too(self, data: bytes) -> None:
        kept = KEPT.renewed(SECOND, RENEWED).rehashed(THIRD, REHASHED)
        again = kept.rehashed(THIRD, year(2045), algorithm="sha3_512")
        by = known(year(2050), more=units_of(year(2045)))

        assert judged(again, year(2050), data=data, weak=True, by=by).verdict is Verdict.VALID


class TestFails:
    def test_when_a_certificate_was_revoked_before_it_signed(self) -> None:
        newer = revocations(("GV0001", SIGNED - timedelta(days=1)), at=SOON)

        report = judged(KEPT, SOON, more=newer)
        assert report.verdict is Verdict.INVALID
        assert Code.REVOKED in codes(report)

    def test_when_the_kept_lists_themselves_say_so(self) -> None:
        at = STAMPED - timedelta(days=1)
        kept = preservation.keep(
            KEYS,
            PAIR,
            lists={"issuing.crl": revocations(("CB0001", SIGNED - timedelta(days=1)), at=at)["newer.crl"]},
        )
        assert Code.REVOKED in codes(judged(kept, year(2029)))

    def test_when_it_was_revoked_after_signing_and_stamped_only_then(self) -> None:
        newer = revocations(("GV0001", STAMPED - timedelta(hours=1)), at=SOON)

        report = judged(KEPT, SOON, more=newer)
        assert report.verdict is Verdict.INDETERMINATE
        assert Code.REVOKED_NO_POE in codes(report)

    def test_when_sha256_is_weak_and_the_archive_was_not_renewed(self) -> None:
        kept = KEPT.renewed(SECOND, RENEWED).renewed(THIRD, REHASHED)
        report = judged(kept, year(2050), weak=True)

        assert report.verdict is not Verdict.VALID
        assert time_evidence(report) is Code.CRYPTO_CONSTRAINTS_FAILURE

    def test_when_the_archive_was_renewed_only_after_sha256_was_weak(self) -> None:
        kept = KEPT.renewed(SECOND, RENEWED).rehashed(THIRD, year(2041))
        report = judged(kept, year(2050), weak=True, by=known(year(2050), more=units_of(year(2041))))

        assert report.verdict is not Verdict.VALID
        assert time_evidence(report) is Code.CRYPTO_CONSTRAINTS_FAILURE

    def test_when_the_stamps_were_renewed_too_late(self) -> None:
        report = judged(KEPT.renewed(SECOND, year(2031)), year(2035))

        assert report.verdict is not Verdict.VALID
        assert time_evidence(report) is Code.OUT_OF_BOUNDS_NO_POE

    def test_when_nobody_renewed_at_all(self) -> None:
        report = judged(KEPT, year(2035))

        assert report.verdict is not Verdict.VALID
        assert time_evidence(report) is Code.OUT_OF_BOUNDS_NO_POE

    def test_when_the_stamp_is_of_a_unit_nobody_trusts(self) -> None:
        stranger = unit("lạ", start=year(2025), end=year(2060))
        kept = preservation.keep(KEYS, PAIR, by=stranger)
        report = judged(kept, year(2030))

        assert report.verdict is not Verdict.VALID
        assert time_evidence(report) is Code.NO_CERTIFICATE_CHAIN_FOUND

    def test_when_a_stranger_renewed(self) -> None:
        stranger: Unit = unit("lạ nữa", start=year(2025), end=year(2060))
        report = judged(KEPT.renewed(stranger, RENEWED), year(2035))

        assert report.verdict is not Verdict.VALID

    def test_when_the_evidence_is_that_of_another_document(self) -> None:
        another = transcripts.sign_xml(KEYS, transcripts.another_pupil())
        report = judged(KEPT, SOON, data=another)

        assert report.verdict is Verdict.INDETERMINATE
        assert time_evidence(report) is Code.HASH_FAILURE

    def test_when_the_token_is_that_of_another_document(self) -> None:
        other = preservation.keep(KEYS, PAIR, others=9)
        time = replace(KEPT.evidence.time, record=other.evidence.time.record)
        swapped = replace(KEPT, evidence=replace(KEPT.evidence, time=time))

        report = judged(swapped, SOON)
        assert report.verdict is Verdict.INDETERMINATE
        assert time_evidence(report) is Code.SIG_CRYPTO_FAILURE

    def test_when_the_tree_of_the_log_is_changed(self) -> None:
        path = (bytes(32), *KEPT.evidence.time.path[1:])
        changed = replace(KEPT, evidence=replace(KEPT.evidence, time=replace(KEPT.evidence.time, path=path)))

        assert judged(changed, SOON).verdict is Verdict.INDETERMINATE

    def test_when_the_tree_of_the_archive_is_changed(self) -> None:
        kept = KEPT.rehashed(THIRD, REHASHED)
        known_stamp = records.read(kept.record).newest
        lists = (*known_stamp.lists[:-1], (bytes(64),))
        changed = replace(kept, record=records.first(replace(known_stamp, lists=lists)))

        assert judged(changed, year(2050), weak=True).verdict is Verdict.INDETERMINATE

    def test_when_the_evidence_was_edited_under_the_archives_record(self) -> None:
        kept = KEPT.rehashed(THIRD, REHASHED)
        edited = replace(kept, evidence=replace(kept.evidence, school="79999999"))

        assert time_evidence(judged(edited, year(2050), weak=True)) is Code.HASH_FAILURE

    def test_when_the_stamp_is_missing(self) -> None:
        no_record = replace(KEPT.evidence, time=replace(KEPT.evidence.time, record=b""))

        assert judged(replace(KEPT, evidence=no_record), SOON).verdict is Verdict.INDETERMINATE

    @pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"x" * 100])
    def test_when_the_bundle_is_none(self, data: bytes) -> None:
        assert time_evidence(judged(data, SOON)) is Code.FORMAT_FAILURE

    def test_when_somebody_signed_after_the_time_that_is_proven(self) -> None:
        late = [
            replace(act, signed_at=act.signed_at + timedelta(days=10))
            for act in transcripts.acts(transcripts.transcript())
        ]
        data = transcripts.sign_xml(KEYS, transcripts.transcript(), plan=late)
        kept = preservation.keep(KEYS, replace(PAIR, xml=data))

        assert time_evidence(judged(kept, SOON, data=data)) is Code.TIMESTAMP_ORDER_FAILURE


class TestLog:
    def report(self, kept: Kept, *keys: NoteKey) -> Report:
        return verify_with(PAIR.xml, kept.bundle(), trust=known(SOON), at=SOON, log_keys=keys)

    def said(self, report: Report) -> list[str]:
        return [check.detail for check in report.checks if check.name == LOGGED and check.passed]

    def test_that_signed_the_checkpoint_is_named_with_the_place_in_it(self) -> None:
        report = self.report(KEPT, STRANGER, PUBLIC_KEY)

        assert report.verdict is Verdict.VALID
        (sentence,) = self.said(report)
        assert "mục 6 trong 7 mục của nhật ký log.test/so-dang-bo" in sentence

    def test_is_not_named_without_its_key(self) -> None:
        report = self.report(KEPT)

        assert report.verdict is Verdict.VALID
        assert not self.said(report)
        (left,) = (check.detail for check in report.unchecked if check.name == "log")
        assert "không có khóa nhật ký" in left

    @pytest.mark.parametrize("key", [STRANGER, OTHER_LOG], ids=["key", "name"])
    def test_whose_key_is_another_proves_nothing(self, key: NoteKey) -> None:
        report = self.report(KEPT, key)

        assert report.verdict is Verdict.INDETERMINATE
        assert time_evidence(report) is Code.SIG_CRYPTO_FAILURE
        assert not self.said(report)

    def test_does_not_speak_for_another_log(self) -> None:
        """The key signed the note, but as the head of a log of another name."""
        text = transparency.Checkpoint("log.khac/so", 7, KEPT.evidence.time.checkpoint().root).text()
        note = transparency.sign_note(text, preservation.LOG_NAME, preservation.LOG_KEY)
        token = FIRST.stamp(digests.digest("sha256", note.encode()), at=STAMPED)
        record = records.first(records.ArchiveTimeStamp("sha256", (), token))
        time = replace(KEPT.evidence.time, note=note, record=record)
        report = self.report(replace(KEPT, evidence=replace(KEPT.evidence, time=time)), PUBLIC_KEY)

        assert time_evidence(report) is Code.SIG_CRYPTO_FAILURE


class TestMaterial:
    def test_without_a_proven_time_does_not_count(self) -> None:
        assert KEPT.evidence.material is not None
        bad = replace(KEPT.evidence.material, path=(bytes(32), *KEPT.evidence.material.path[1:]))
        report = judged(replace(KEPT, evidence=replace(KEPT.evidence, material=bad)), SOON)

        assert report.verdict is Verdict.INDETERMINATE
        assert Code.TRY_LATER in codes(report)
        assert any("lưu kèm" in note for note in report.notes)

    def test_that_was_exchanged_does_not_count(self) -> None:
        files = {**KEPT.files, "issuing.crl": revocations(at=SOON)["newer.crl"]}
        report = judged(replace(KEPT, files=files), SOON)

        assert report.verdict is Verdict.INDETERMINATE

    def test_never_brings_an_anchor(self) -> None:
        at = SOON
        by = trust.load(
            {**units_of(at), **{n: d for n, d in KEYS.trust_files().items() if n.endswith(".json")}}
        )

        assert Code.NO_CERTIFICATE_CHAIN_FOUND in codes(judged(KEPT, at, by=by))

    def test_brings_the_register_only_under_a_log_key_that_is_known(self) -> None:
        at = SOON
        roots = {name: data for name, data in KEYS.trust_files().items() if name.endswith(".pem")}
        by = trust.load({**roots, **units_of(at)})

        assert Code.APPROVAL_UNKNOWN in codes(judged(KEPT, at, by=by))
        report = verify_with(PAIR.xml, KEPT.bundle(), trust=by, at=at, log_keys=[PUBLIC_KEY])
        assert report.verdict is Verdict.VALID


class TestBundle:
    def test_gives_the_same_octets_again(self) -> None:
        assert bundles.write(bundles.read(KEPT.bundle())) == KEPT.bundle()

    def test_keeps_every_part(self) -> None:
        assert bundles.read(KEPT.bundle()) == KEPT.parts()

    def test_is_read_after_as_many_renewals_as_a_record_may_have(self) -> None:
        """Each renewal brings the lists of its day, of the units of all stamps; what they hold is not asked here."""
        stamp = records.read(KEPT.evidence.time.record).newest
        time = replace(KEPT.evidence.time, record=records._record([[stamp] * records.MOST_STAMPS]))
        names = (f"{day:03}-{number}.crl" for day in range(records.MOST_STAMPS) for number in range(3))
        kept = replace(
            KEPT,
            evidence=replace(KEPT.evidence, time=time),
            units={name: name.encode() for name in names},
        )

        read = bundles.read(kept.bundle())

        assert read == kept.parts()
        assert len(list(bundles.successions(read))) >= records.MOST_STAMPS - 1

    def test_is_not_read_with_one_renewal_more(self) -> None:
        stamp = records.read(KEPT.evidence.time.record).newest
        record = records._record([[stamp] * (records.MOST_STAMPS + 1)])
        kept = replace(KEPT, evidence=replace(KEPT.evidence, time=replace(KEPT.evidence.time, record=record)))

        with pytest.raises(EvidenceError):
            list(bundles.successions(bundles.read(kept.bundle())))

    def test_proves_the_first_time_through_a_long_chain_of_renewals(self) -> None:
        ever = unit("mãi", start=year(2025), end=year(2400))
        moments = [year(2026, 6) + timedelta(days=300 * number) for number in range(RENEWALS)]
        kept = preservation.keep(KEYS, PAIR, by=ever)
        kept = kept.renewed_often(ever, moments[1:])
        days = [units_of(moment, units=(ever,)) for moment in moments]
        kept = replace(kept, units={name: data for day in days for name, data in day.items()})
        at = moments[-1] + timedelta(days=1)

        report = judged(kept, at, by=known(at, more=units_of(at, units=(ever,))))

        assert report.verdict is Verdict.VALID
        assert report.question is not None
        assert report.question.existed_at == STAMPED
