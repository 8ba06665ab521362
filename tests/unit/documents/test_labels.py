"""Words for codes."""

from __future__ import annotations

import pytest

from hocba.documents import labels
from hocba.documents.xml import simple_types


class TestLevel:
    @pytest.mark.parametrize(
        ("code", "words"),
        [("TOT", "Tốt"), ("KHA", "Khá"), ("DAT", "Đạt"), ("CHUA_DAT", "Chưa đạt"), (None, "")],
    )
    def test_is_the_word_of_the_circular(self, code: str | None, words: str) -> None:
        assert labels.level(code) == words

    def test_of_an_unknown_code_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            labels.level("GIOI")


class TestMark:
    @pytest.mark.parametrize(
        ("mark", "long", "short"),
        [
            ("8.0", "8,0", "8,0"),
            ("10.0", "10,0", "10,0"),
            ("D", "Đạt", "Đ"),
            ("CD", "Chưa đạt", "CĐ"),
            (None, "", ""),
        ],
    )
    def test_has_a_decimal_comma_or_words(self, mark: str | None, long: str, short: str) -> None:
        assert (labels.mark(mark), labels.mark(mark, short=True)) == (long, short)


class TestTables:
    @pytest.mark.parametrize(
        ("table", "kind"),
        [
            (labels.LEVELS, simple_types.LEVEL),
            (labels.PROMOTIONS, simple_types.PROMOTION),
            (labels.TITLES, simple_types.TITLE),
            (labels.KINDS, simple_types.KIND),
            (labels.SCHOOL_LEVELS, simple_types.SCHOOL_LEVEL),
            (labels.SEXES, simple_types.SEX),
        ],
        ids=["levels", "promotions", "titles", "kinds", "school levels", "sexes"],
    )
    def test_hold_only_what_a_document_can_write(
        self, table: dict[str, str], kind: simple_types.SimpleType
    ) -> None:
        assert [kind.decode(kind.encode(code)) for code in table] == list(table)

    def test_have_words_for_every_decision_and_title(self) -> None:
        assert labels.promotion("RETEST") == "Đánh giá lại môn học trong kì nghỉ hè"
        assert labels.promotion(None) == ""
        assert labels.title("XUAT_SAC") == "Học sinh Xuất sắc"


class TestBirthDate:
    @pytest.mark.parametrize(
        ("value", "words"), [("2013-07-16", "16/07/2013"), ("2013-07", "07/2013"), ("2013", "2013")]
    )
    def test_is_written_as_in_the_form_also_when_partial(self, value: str, words: str) -> None:
        assert labels.birth_date(value) == words


class TestSchoolYear:
    def test_has_the_dash_of_the_form(self) -> None:
        assert labels.school_year("2024-2025") == "2024–2025"
