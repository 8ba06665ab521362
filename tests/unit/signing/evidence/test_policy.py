"""Until when digests count, as data."""

from __future__ import annotations

import pytest

from hocba.signing import digests
from hocba.signing.checks import Code
from hocba.signing.evidence.errors import EvidenceError
from hocba.signing.evidence.policy import AlgorithmPolicy
from tests.factories.evidence import year


class TestAlgorithmPolicy:
    def test_lets_every_digest_of_the_list_count_for_now(self) -> None:
        policy = AlgorithmPolicy()
        assert all(policy.is_strong(name, year(2100)) for name in digests.SIZES)

    def test_never_lets_a_digest_off_the_list_count(self) -> None:
        assert not AlgorithmPolicy().is_strong("sha1", year(2000))
        assert not AlgorithmPolicy().is_strong("md5", year(1990))

    def test_ends_a_digest_at_its_first_weak_moment(self) -> None:
        policy = AlgorithmPolicy().with_end("sha256", year(2040))

        policy.require_strong({"sha256", "sha512"}, year(2039, 12))
        with pytest.raises(EvidenceError) as caught:
            policy.require_strong({"sha256", "sha512"}, year(2040))
        assert caught.value.code is Code.CRYPTO_CONSTRAINTS_FAILURE
        assert "SHA256" in caught.value.sentence

    def test_is_a_value_that_is_not_changed(self) -> None:
        policy = AlgorithmPolicy()
        policy.with_end("sha256", year(2040))
        assert policy.end_of("sha256") is None
