"""Names: normal form, parts, Vietnamese order."""

from __future__ import annotations

import itertools
import unicodedata

import pytest

from hocba.regulations.names import NameParts, normalise, sort_key, split


class TestNormalise:
    def test_composes_letters(self) -> None:
        assert normalise(unicodedata.normalize("NFD", "Nguyễn Thị Hạnh")) == "Nguyễn Thị Hạnh"

    @pytest.mark.parametrize(
        "text",
        [
            "  Lê  An ",
            "Lê\u00a0An",
            "Lê\tAn",
            "Lê\nAn",
            "\ufeffLê An",
            "L\u200bê An",
            "Lê A\u00adn",
            "Lê\u3000An\x07",
        ],
    )
    def test_drops_stray_blanks_and_invisible_characters(self, text: str) -> None:
        assert normalise(text) == "Lê An"

    def test_leaves_a_proper_name_alone(self) -> None:
        assert normalise("Đỗ Ngọc Mai") == "Đỗ Ngọc Mai"


class TestSplit:
    @pytest.mark.parametrize(
        ("name", "parts"),
        [
            ("Nguyễn Thị Thu An", NameParts("Nguyễn", "Thị Thu", "An")),
            ("Lê An", NameParts("Lê", "", "An")),
            ("An", NameParts("", "", "An")),
        ],
    )
    def test_takes_first_word_as_family_and_last_as_given_name(self, name: str, parts: NameParts) -> None:
        assert split(name) == parts


def _in_any_order(names: list[str]) -> None:
    for shuffled in itertools.islice(itertools.permutations(names), 200):
        assert sorted(shuffled, key=sort_key) == names
    assert sorted(set(names), key=sort_key) == names


class TestSortKey:
    def test_follows_the_29_letters(self) -> None:
        letters = list("a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y".replace(" ", ""))
        assert sorted(set(letters), key=sort_key) == letters

    def test_orders_the_six_tones_as_dictionaries_do(self) -> None:
        _in_any_order(["Lê Ma", "Lê Mà", "Lê Mả", "Lê Mã", "Lê Má", "Lê Mạ"])

    def test_looks_at_letters_before_tones_within_a_syllable(self) -> None:
        _in_any_order(["Lê Hoa", "Lê Họa", "Lê Hoan", "Lê Hoàng"])

    def test_looks_at_a_tone_before_the_next_syllable(self) -> None:
        _in_any_order(["Lê Thu An", "Lê Thu Vân An", "Lê Thù An", "Lê Thủ Ba An"])

    def test_orders_by_given_then_middle_then_family_name(self) -> None:
        _in_any_order(
            [
                "Trần An",
                "Nguyễn Thị An",
                "Bùi Văn An",
                "Nguyễn Văn An",
                "Trần Thị Ánh",
                "Lê Văn Bình",
                "Đỗ Thị Cúc",
                "Lê Văn Dũng",
                "Trần Minh Đạt",
            ]
        )

    def test_keeps_d_before_đ_and_a_before_ă_before_â(self) -> None:
        _in_any_order(["Lê Dung", "Lê Dũng", "Lê Đan", "Lê Đức"])
        _in_any_order(["Lê Lan", "Lê Lăng", "Lê Lâm"])

    def test_ignores_capitals_form_of_unicode_and_place_of_the_tone(self) -> None:
        assert sort_key("LÊ HÒA")[:3] == sort_key("Lê Hoà")[:3]
        assert sort_key(unicodedata.normalize("NFD", "Lê Thuỷ")) == sort_key("Lê Thuỷ")

    def test_sorts_foreign_names_too(self) -> None:
        _in_any_order(["John Smith", "Zoë Văn", "Anna Wu", "李 小龙"])
