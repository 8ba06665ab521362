"""Records over decades: each stamp is judged at the time of the next, and nothing later repairs a gap."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from hocba.signing import digests, trust
from hocba.signing.checks import Code
from hocba.signing.evidence import records, trees
from hocba.signing.evidence.errors import EvidenceError
from hocba.signing.evidence.judging import UnitJudge
from hocba.signing.evidence.policy import AlgorithmPolicy
from hocba.signing.evidence.records import ArchiveTimeStamp
from hocba.signing.evidence.verifying import Proof, verify
from tests.factories.evidence import Unit, unit, year

FILES = (b"xml", b"pdf", b"evidence")
OLD = unit("cũ", start=year(2025), end=year(2030))
MIDDLE = unit("giữa", start=year(2028), end=year(2040))
LATE = unit("mới", start=year(2035), end=year(2060), digest="sha512")
STAMPED, RENEWED, REHASHED = year(2026, 6), year(2029, 6), year(2039, 6)
NOW = year(2050)
WEAK = AlgorithmPolicy().with_end("sha256", year(2040))


def group(algorithm: str) -> set[bytes]:
    return {digests.digest(algorithm, each) for each in FILES}


def others(algorithm: str, count: int = 5) -> list[set[bytes]]:
    return [{digests.digest(algorithm, b"other %d" % number)} for number in range(count)]


def stamp(by: Unit, algorithm: str, groups: list[set[bytes]], at: datetime) -> ArchiveTimeStamp:
    """A stamp over a tree in which the first group is the one of interest."""
    tree = trees.build(algorithm, groups)
    return ArchiveTimeStamp(algorithm, tree.reduced(0), by.stamp(tree.root, at=at, algorithm=algorithm))


def begun(*, by: Unit = OLD, at: datetime = STAMPED) -> bytes:
    return records.first(stamp(by, "sha256", [group("sha256"), *others("sha256")], at))


def renewed(record: bytes, *, by: Unit = MIDDLE, at: datetime = RENEWED, more: int = 3) -> bytes:
    newest = records.read(record).newest
    own = {records.token_digest(newest.algorithm, newest.token)}
    return records.renew_time_stamp(
        record, stamp(by, newest.algorithm, [own, *others(newest.algorithm, more)], at)
    )


def rehashed(record: bytes, *, by: Unit = LATE, at: datetime = REHASHED, algorithm: str = "sha512") -> bytes:
    own = {records.renewed_digest(algorithm, value, record) for value in group(algorithm)}
    return records.renew_hash_tree(record, stamp(by, algorithm, [own, *others(algorithm)], at))


def judge(policy: AlgorithmPolicy = WEAK, *, units: tuple[Unit, ...] = (OLD, MIDDLE, LATE)) -> UnitJudge:
    moments = [moment - timedelta(days=1) for moment in (STAMPED, RENEWED, REHASHED, year(2041), NOW)]
    files: dict[str, bytes] = {}
    for each in units:
        files |= each.trust_files(*moments)
    return UnitJudge(trust.load(files), policy)


def proof(record: bytes, *objects: bytes, at: datetime = NOW, by: UnitJudge | None = None) -> Proof:
    return verify(record, objects=objects or FILES, judge=by or judge(), at=at)


def refusal(call: Callable[[], object]) -> Code:
    with pytest.raises(EvidenceError) as caught:
        call()
    assert caught.value.sentence
    return caught.value.code


class TestOneStamp:
    def test_proves_its_time_while_its_unit_is_valid(self) -> None:
        assert proof(begun(), at=STAMPED).existed_at == STAMPED

    def test_proves_one_file_of_the_group_alone(self) -> None:
        assert proof(begun(), b"pdf", at=STAMPED).existed_at == STAMPED

    def test_proves_nothing_about_another_file(self) -> None:
        assert refusal(lambda: proof(begun(), b"xml", b"other", at=STAMPED)) is Code.HASH_FAILURE

    def test_proves_nothing_after_the_end_of_its_unit(self) -> None:
        assert refusal(lambda: proof(begun(), at=year(2031))) is Code.OUT_OF_BOUNDS_NO_POE

    def test_proves_nothing_without_a_fresh_revocation_list(self) -> None:
        then = UnitJudge(trust.load(OLD.trust_files(STAMPED)), WEAK)
        late = STAMPED + timedelta(days=90)
        assert refusal(lambda: proof(begun(), at=late, by=then)) is Code.TRY_LATER

    def test_of_a_unit_nobody_trusts_proves_nothing(self) -> None:
        strangers = judge(units=(MIDDLE, LATE))
        assert refusal(lambda: proof(begun(), at=STAMPED, by=strangers)) is Code.NO_CERTIFICATE_CHAIN_FOUND

    def test_of_a_revoked_unit_proves_nothing(self) -> None:
        bad = unit("bị thu hồi", start=year(2025), end=year(2030))
        bad.authority.revoke(bad.holder, year(2026, 1))
        assert refusal(lambda: proof(begun(by=bad), at=STAMPED, by=judge(units=(bad,)))) is Code.REVOKED

    def test_from_the_future_proves_nothing(self) -> None:
        assert refusal(lambda: proof(begun(), at=STAMPED - timedelta(days=1))) is Code.TIMESTAMP_ORDER_FAILURE

    def test_over_one_object_needs_no_tree(self) -> None:
        token = OLD.stamp(hashlib.sha256(b"note").digest(), at=STAMPED)
        record = records.first(ArchiveTimeStamp("sha256", (), token))
        assert proof(record, b"note", at=STAMPED).existed_at == STAMPED
        assert refusal(lambda: proof(record, b"note", b"xml", at=STAMPED)) is Code.HASH_FAILURE

    def test_cannot_change_place_with_that_of_other_data(self) -> None:
        mine, other = begun(), records.first(stamp(OLD, "sha256", others("sha256"), STAMPED))
        swapped = records.first(
            ArchiveTimeStamp("sha256", records.read(mine).newest.lists, records.read(other).newest.token)
        )
        assert refusal(lambda: proof(swapped, at=STAMPED)) is Code.SIG_CRYPTO_FAILURE

    def test_is_void_once_its_tree_is_changed(self) -> None:
        known = records.read(begun()).newest
        lists = (known.lists[0], *((hashlib.sha256(b"x").digest(),) for _ in known.lists[1:]))
        changed = records.first(ArchiveTimeStamp("sha256", lists, known.token))
        assert refusal(lambda: proof(changed, at=STAMPED)) is Code.SIG_CRYPTO_FAILURE


class TestTimeStampRenewal:
    def test_keeps_the_first_time_after_the_first_unit_ended(self) -> None:
        found = proof(renewed(begun()), at=year(2039, 6))
        assert found.existed_at == STAMPED
        assert [each.at for each in found.stamps] == [STAMPED, RENEWED]

    def test_too_late_proves_nothing(self) -> None:
        late = renewed(begun(), at=year(2031))
        assert refusal(lambda: proof(late, at=year(2039, 6))) is Code.OUT_OF_BOUNDS_NO_POE

    def test_of_another_token_proves_nothing(self) -> None:
        grafted = records.read(renewed(begun(at=STAMPED - timedelta(days=1)))).newest
        record = records.renew_time_stamp(begun(), grafted)
        assert refusal(lambda: proof(record, at=year(2039, 6))) is Code.HASH_FAILURE

    def test_keeps_the_digest_of_the_chain(self) -> None:
        other = stamp(LATE, "sha512", others("sha512"), REHASHED)
        with pytest.raises(EvidenceError, match="keeps its digest"):
            records.renew_time_stamp(begun(), other)

    def test_does_not_help_once_the_digest_is_weak(self) -> None:
        again = renewed(renewed(begun()), by=LATE, at=REHASHED)
        assert refusal(lambda: proof(again)) is Code.CRYPTO_CONSTRAINTS_FAILURE


class TestHashTreeRenewal:
    def test_keeps_the_first_time_after_the_first_digest_became_weak(self) -> None:
        found = proof(rehashed(renewed(begun())))
        assert found.existed_at == STAMPED
        assert [each.at for each in found.stamps] == [STAMPED, RENEWED, REHASHED]

    def test_goes_on_to_another_family_of_digests(self) -> None:
        again = rehashed(rehashed(renewed(begun())), at=year(2041), algorithm="sha3_512")
        policy = WEAK.with_end("sha512", year(2045))
        # The unit itself still signs with SHA-512, which that policy calls weak: nothing is proven then.
        assert refusal(lambda: proof(again, by=judge(policy))) is Code.CRYPTO_CONSTRAINTS_FAILURE
        assert proof(again, by=judge(WEAK)).existed_at == STAMPED

    def test_too_late_proves_nothing(self) -> None:
        late = rehashed(renewed(begun()), at=year(2041))
        assert refusal(lambda: proof(late)) is Code.CRYPTO_CONSTRAINTS_FAILURE

    def test_over_the_data_without_the_chains_before_proves_nothing(self) -> None:
        bare = stamp(LATE, "sha512", [group("sha512"), *others("sha512")], REHASHED)
        record = records.renew_hash_tree(renewed(begun()), bare)
        assert refusal(lambda: proof(record)) is Code.HASH_FAILURE

    def test_over_other_chains_proves_nothing(self) -> None:
        grafted = records.read(rehashed(renewed(begun(), more=1))).newest
        record = records.renew_hash_tree(renewed(begun()), grafted)
        assert refusal(lambda: proof(record)) is Code.HASH_FAILURE


class TestHostileRecords:
    @pytest.mark.parametrize("data", [b"", b"\x30\x00", b"0" * 100, b"\x30\x80" * 5000, b"PK\x03\x04"])
    def test_are_refused(self, data: bytes) -> None:
        assert refusal(lambda: proof(data)) is Code.FORMAT_FAILURE

    def test_too_large_are_refused(self) -> None:
        assert refusal(lambda: proof(b"\x30" * (records.LARGEST_RECORD + 1))) is Code.FORMAT_FAILURE

    def test_cut_or_with_a_tail_are_refused(self) -> None:
        record = begun()
        assert refusal(lambda: proof(record[:-1], at=STAMPED)) is Code.FORMAT_FAILURE
        assert refusal(lambda: proof(record + b"\x00", at=STAMPED)) is Code.FORMAT_FAILURE

    def test_with_any_changed_byte_prove_the_same_or_nothing(self) -> None:
        record, by = begun(), judge()
        for position in range(0, len(record), 11):
            damaged = record[:position] + bytes([record[position] ^ 1]) + record[position + 1 :]
            try:
                assert proof(damaged, at=STAMPED, by=by).existed_at == STAMPED
            except EvidenceError:
                continue


class TestGoodUntil:
    def test_is_the_end_of_the_units_certificate(self) -> None:
        by = judge()
        parsed = by.judge(OLD.stamp(bytes(32), at=STAMPED), bytes(32), "sha256", control=STAMPED)
        assert by.good_until(parsed) == year(2030)
        assert by.relies_on(parsed) == {"sha256"}

    def test_is_earlier_when_the_key_ends_before(self) -> None:
        from cryptography.hazmat.primitives.asymmetric import rsa

        short = unit(
            "khóa ngắn",
            start=year(2025),
            end=year(2035),
            key=rsa.generate_private_key(public_exponent=65537, key_size=2048),
        )
        by = judge(units=(short,))
        parsed = by.judge(short.stamp(bytes(32), at=STAMPED), bytes(32), "sha256", control=STAMPED)
        assert by.good_until(parsed) < year(2029, 2)
        late = UnitJudge(trust.load(short.trust_files(year(2031))), WEAK)
        assert (
            refusal(
                lambda: late.judge(
                    short.stamp(bytes(32), at=STAMPED), bytes(32), "sha256", control=year(2031)
                )
            )
            is Code.CRYPTO_CONSTRAINTS_FAILURE
        )

    def test_a_new_token_is_kept_without_a_fresh_list_but_not_of_a_revoked_unit(self) -> None:
        token = OLD.stamp(bytes(32), at=STAMPED)
        bare = UnitJudge(trust.load(OLD.trust_files()), WEAK)
        assert bare.accept(token, bytes(32), "sha256", at=STAMPED).at == STAMPED

        bad = unit("thu hồi", start=year(2025), end=year(2030))
        bad.authority.revoke(bad.holder, year(2026, 1))
        told = UnitJudge(trust.load(bad.trust_files(STAMPED)), WEAK)
        revoked = bad.stamp(bytes(32), at=STAMPED)
        assert refusal(lambda: told.accept(revoked, bytes(32), "sha256", at=STAMPED)) is Code.REVOKED
