from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from hocba.documents.verification import DEFAULT_POLICY, Code, Report, Verdict, VerificationPolicy, verify
from hocba.documents.verification.algorithms_in_time import algorithm_name, key_of
from hocba.signing import trust
from hocba.signing.algorithms import Allowance
from tests.factories import transcripts
from tests.factories.transcripts import NOW, SIGNED

FILE = transcripts.pair().xml
TRUST = trust.load(transcripts.school().trust_files())
DAY = timedelta(days=1)


def curve_until(end: datetime) -> VerificationPolicy:
    return replace(DEFAULT_POLICY, keys=(Allowance(family="EC", bits=256, until=end),))


def digest_until(end: datetime) -> VerificationPolicy:
    return replace(DEFAULT_POLICY, digests={"SHA-256": end})


def judged(policy: VerificationPolicy, existed_at: datetime | None = None) -> Report:
    return verify(FILE, trust=TRUST, at=NOW, existed_at=existed_at, policy=policy)


def algorithm_code(report: Report) -> Code | None:
    return next(check.code for check in report.checks if check.name == "algorithm")


class TestCheck:
    def test_passes_under_the_default_policy(self) -> None:
        assert judged(DEFAULT_POLICY).verdict is Verdict.VALID

    @pytest.mark.parametrize("policy", [curve_until, digest_until])
    def test_leaves_a_signature_undecided_that_may_be_younger_than_the_end(self, policy: object) -> None:
        report = judged(policy(SIGNED + DAY))  # type: ignore[operator]

        assert report.verdict is Verdict.INDETERMINATE
        assert algorithm_code(report) is Code.CRYPTO_CONSTRAINTS_FAILURE_NO_POE

    @pytest.mark.parametrize("policy", [curve_until, digest_until])
    def test_passes_when_the_signature_is_proven_older_than_the_end(self, policy: object) -> None:
        report = judged(policy(SIGNED + 2 * DAY), existed_at=SIGNED + DAY)  # type: ignore[operator]

        assert report.verdict is Verdict.VALID

    @pytest.mark.parametrize("policy", [curve_until, digest_until])
    def test_does_not_take_a_proof_that_is_younger_than_the_end(self, policy: object) -> None:
        report = judged(policy(SIGNED + DAY), existed_at=SIGNED + 2 * DAY)  # type: ignore[operator]

        assert algorithm_code(report) is Code.CRYPTO_CONSTRAINTS_FAILURE_NO_POE

    def test_fails_what_says_itself_that_it_was_signed_after_the_end(self) -> None:
        report = judged(curve_until(SIGNED - DAY))

        assert report.verdict is Verdict.INVALID
        assert algorithm_code(report) is Code.CRYPTO_CONSTRAINTS_FAILURE

    def test_fails_a_key_that_the_policy_does_not_list(self) -> None:
        policy = replace(DEFAULT_POLICY, keys=(Allowance(family="RSA", bits=3000, until=None),))

        assert judged(policy).verdict is Verdict.INVALID

    def test_fails_when_the_policy_lists_no_digest(self) -> None:
        assert judged(replace(DEFAULT_POLICY, digests={})).verdict is Verdict.INVALID


class TestKeyOf:
    def test_tells_family_and_bits(self) -> None:
        certificate = transcripts.school().keys["GV0001"].certificate

        assert key_of(certificate) == ("EC", 256)
        assert algorithm_name(certificate) == "ECDSA 256 bit, SHA-256"

    def test_rsa_of_2048_bits_ends_with_the_year_2028(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        ends = [row.until for row in DEFAULT_POLICY.keys if row.family == "RSA" and key.key_size >= row.bits]

        assert [end.year for end in ends if end is not None] == [2029]
