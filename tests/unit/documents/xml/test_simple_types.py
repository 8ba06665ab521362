"""The kinds of text an element may hold."""

from __future__ import annotations

import pytest

from hocba.documents.people import Sex
from hocba.documents.transcript import Digest
from hocba.documents.xml import simple_types as t


class TestWhole:
    @pytest.mark.parametrize("text", ["", "01", "-1", "+1", "1.0", " 1", "١", "9" * 19, "0x1"])
    def test_reads_only_plain_digits(self, text: str) -> None:
        with pytest.raises(ValueError, match="không phải là số nguyên"):
            t.COUNT.decode(text)

    @pytest.mark.parametrize("value", [0, 10000])
    def test_keeps_its_bounds_both_ways(self, value: int) -> None:
        with pytest.raises(ValueError, match="ngoài khoảng"):
            t.VERSION.encode(value)
        with pytest.raises(ValueError, match="ngoài khoảng"):
            t.VERSION.decode(str(value))


class TestCode:
    def test_is_the_word_of_the_document_not_of_the_program(self) -> None:
        assert t.PROMOTION.encode("PROMOTED") == "DUOC_LEN_LOP"
        assert t.PROMOTION.decode("DUOC_LEN_LOP") == "PROMOTED"
        with pytest.raises(ValueError, match="không có trong danh mục"):
            t.PROMOTION.decode("PROMOTED")


class TestText:
    def test_counts_characters_not_bytes(self) -> None:
        assert t.NAME.encode("Ệ" * 200) == "Ệ" * 200
        with pytest.raises(ValueError, match="dài 201 ký tự, tối đa 200"):
            t.NAME.encode("Ệ" * 201)


class TestDigestText:
    def test_refuses_a_digest_of_another_algorithm(self) -> None:
        with pytest.raises(ValueError, match="SHA-256"):
            t.DIGEST.encode(Digest(algorithm="md5", value="a" * 32))


class TestDecision:
    def test_is_a_word_and_never_left_to_guess(self) -> None:
        assert [t.PROMOTED.encode(value) for value in (True, False)] == ["DUOC_LEN_LOP", "KHONG_DUOC_LEN_LOP"]
        with pytest.raises(ValueError, match="không phải là một quyết định"):
            t.PROMOTED.encode(1)
        with pytest.raises(ValueError, match="không có trong danh mục"):
            t.PROMOTED.decode("true")


class TestSexCode:
    def test_gives_members_not_text(self) -> None:
        assert t.SEX.decode("NU") is Sex.FEMALE
