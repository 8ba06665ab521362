from __future__ import annotations

import pytest
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate

from hocba.documents.verification import Code, Indication, Verdict, standard, wording
from hocba.signing.checks import failed, indication_of, not_checked, passed

WORDS = {item.name for item in (*AdESFailure, *AdESIndeterminate)}


class TestSubIndication:
    @pytest.mark.parametrize("code", Code)
    def test_is_a_word_of_the_standard_as_another_validator_knows_it(self, code: Code) -> None:
        assert standard.sub_indication(code) in WORDS

    @pytest.mark.parametrize("code", Code)
    def test_has_words_for_people(self, code: Code) -> None:
        assert wording.REASONS[code].endswith(".")


class TestIndication:
    @pytest.mark.parametrize(
        ("verdict", "expected"),
        [
            (Verdict.VALID, Indication.TOTAL_PASSED),
            (Verdict.INVALID, Indication.TOTAL_FAILED),
            (Verdict.INDETERMINATE, Indication.INDETERMINATE),
            (Verdict.UNREADABLE, None),
        ],
    )
    def test_follows_from_the_verdict(self, verdict: Verdict, expected: Indication | None) -> None:
        assert indication_of(verdict) is expected


class TestDeciding:
    def test_is_none_when_all_passed(self) -> None:
        assert standard.deciding([passed("structure", "")]) is None

    def test_takes_a_failed_check_before_one_not_made(self) -> None:
        open_one = not_checked("structure", Code.FORMAT_FAILURE, "")
        wrong = failed("signing_order", Code.TIMESTAMP_ORDER_FAILURE, "")

        assert standard.deciding([open_one, wrong]) is wrong

    def test_follows_the_order_of_the_process_and_not_of_the_list(self) -> None:
        chain = failed("certificate_chain", Code.CHAIN_CONSTRAINTS_FAILURE, "")
        integrity = failed("integrity", Code.HASH_FAILURE, "")

        assert standard.deciding([chain, integrity]) is integrity


class TestClauses:
    def test_are_of_checks_that_there_are(self) -> None:
        assert set(standard.CLAUSES) <= set(wording.CHECKS)
