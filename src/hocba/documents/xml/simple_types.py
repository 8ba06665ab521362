"""The kinds of text an element may hold: each turns a value into text and text into a value.

Every kind here has a type of the same bounds in `schema/`; a test compares the two on the same samples.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from hocba.documents.people import Sex
from hocba.documents.transcript import Digest

if TYPE_CHECKING:
    from collections.abc import Mapping

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


class SimpleType(Protocol):
    """Text of one element. Both directions raise ValueError, in Vietnamese, on what does not fit."""

    def encode(self, value: Any) -> str:
        """Give the text of `value`."""

    def decode(self, text: str) -> Any:
        """Give the value of `text`."""


@dataclass(frozen=True, slots=True)
class Text:
    """Free text of 1 to `limit` characters, kept exactly."""

    limit: int

    def encode(self, value: str) -> str:
        """Return `value` unless it is too long."""
        if len(value) > self.limit:
            raise ValueError(f"dài {len(value)} ký tự, tối đa {self.limit}")
        return value

    decode = encode


class Pattern:
    """Text of a fixed shape, kept exactly."""

    def __init__(self, pattern: str, meaning: str) -> None:
        self._match = re.compile(pattern).fullmatch
        self._meaning = meaning

    def encode(self, value: str) -> str:
        """Return `value` if it has the shape."""
        if self._match(value) is None:
            raise ValueError(f"“{value}” không phải là {self._meaning}")
        return value

    decode = encode


class Code:
    """One of a closed list of codes; `words` maps the value in Python to the code in the document."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._code = dict(words)
        self._value = {code: value for value, code in words.items()}

    def encode(self, value: str) -> str:
        """Return the document's code for `value`."""
        try:
            return self._code[value]
        except KeyError:
            raise ValueError(f"“{value}” không có trong danh mục {', '.join(self._code)}") from None

    def decode(self, text: str) -> str:
        """Return the value for the document's code."""
        try:
            return self._value[text]
        except KeyError:
            raise ValueError(f"“{text}” không có trong danh mục {', '.join(self._value)}") from None


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds, without sign or leading zeros."""

    least: int
    most: int

    def encode(self, value: int) -> str:
        """Return the decimal digits of `value`."""
        if not self.least <= value <= self.most:
            raise ValueError(f"{value} nằm ngoài khoảng {self.least}–{self.most}")
        return str(value)

    def decode(self, text: str) -> int:
        """Return the number written in `text`."""
        if not (text.isascii() and text.isdigit() and len(text) <= 18) or (text[0] == "0" and text != "0"):
            raise ValueError(f"“{text}” không phải là số nguyên")
        value = int(text)
        self.encode(value)
        return value


class DigestText:
    """A digest written "sha256:<64 hex digits>"."""

    def encode(self, value: Digest) -> str:
        """Return the text, after checking that it can be read back."""
        text = str(value)
        self.decode(text)
        return text

    def decode(self, text: str) -> Digest:
        """Return the digest written in `text`."""
        try:
            return Digest.parse(text)
        except ValueError:
            raise ValueError(f"“{text}” không phải là giá trị băm SHA-256") from None


class SexCode:
    """Giới tính: NAM or NU."""

    def encode(self, value: Sex) -> str:
        """Return the code."""
        return Sex(value).value

    def decode(self, text: str) -> Sex:
        """Return the member for the code."""
        try:
            return Sex(text)
        except ValueError:
            raise ValueError(f"“{text}” không phải là NAM hoặc NU") from None


class SchoolYear(Pattern):
    """A school year "2024-2025": two years that follow each other."""

    def __init__(self) -> None:
        super().__init__(r"20[0-9]{2}-20[0-9]{2}", "năm học dạng 2024-2025")

    def encode(self, value: str) -> str:
        """Return `value` if its two years follow each other."""
        super().encode(value)
        if int(value[5:]) != int(value[:4]) + 1:
            raise ValueError(f"“{value}” không phải là hai năm liền nhau")
        return value

    decode = encode


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, each by a word of its own: a decision of people."""

    yes: str
    no: str

    def encode(self, value: bool) -> str:  # noqa: FBT001
        """Return the word for `value`."""
        if not isinstance(value, bool):
            raise ValueError(f"“{value}” không phải là một quyết định")
        return self.yes if value else self.no

    def decode(self, text: str) -> bool:
        """Return what the word says."""
        if text not in (self.yes, self.no):
            raise ValueError(f"“{text}” không có trong danh mục {self.yes}, {self.no}")
        return text == self.yes


def same(*codes: str) -> Code:
    """Return a code list whose codes are the same in Python and in the document."""
    return Code({code: code for code in codes})


SHORT = Text(100)
NAME = Text(200)
ADDRESS = Text(500)
REMARK = Text(2000)
UUID_TEXT = Pattern(UUID, "mã UUID viết thường")
VERSION = Whole(1, 9999)
DIGEST = DigestText()
SEX = SexCode()
SCHOOL_YEAR = SchoolYear()
GRADE = Whole(1, 12)
TERM = Whole(1, 2)
COUNT = Whole(0, 999)
LENGTH = Whole(1, 999_999_999)
PERSONAL_ID = Pattern(r"[0-9]{12}", "số định danh cá nhân gồm 12 chữ số")
IDENTIFIER = Pattern(r"[A-Za-z0-9._/-]{1,30}", "mã (chữ cái không dấu, chữ số, dấu . _ / -)")
BIRTH_DATE = Pattern(
    r"[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?",
    "ngày sinh dạng 2013-07-16, 2013-07 hoặc 2013",
)
REGULATION = Pattern(r"TT[0-9]{2}-20[0-9]{2}", "quy định đánh giá dạng TT22-2021")
FORM = Pattern(r"TT[0-9]{2}-(TH|THCS|THPT|GDTX)", "mẫu học bạ dạng TT22-THCS")
LEVEL_OF_SCHOOLING = same("TH", "THCS", "THPT", "GDTX")
SCHOOL_LEVEL = same("TH", "THCS", "THPT", "GDTX", "TH-THCS", "THCS-THPT", "TH-THCS-THPT")
SUBJECT_CODE = Pattern(r"[A-Z][A-Z0-9_]{0,19}", "mã môn học (chữ hoa không dấu và chữ số)")
KIND = Code({"score": "DIEM_SO", "comment": "NHAN_XET"})
MARK = Pattern(r"10\.0|[0-9]\.[0-9]|D|CD", "điểm dạng 8.0 hoặc mức D, CD")
LEVEL = same("TOT", "KHA", "DAT", "CHUA_DAT")
PROMOTION = Code(
    {
        "PROMOTED": "DUOC_LEN_LOP",
        "RETEST": "DANH_GIA_LAI",
        "SUMMER_TRAINING": "REN_LUYEN_TRONG_HE",
        "RETAINED": "KHONG_DUOC_LEN_LOP",
    }
)
TITLE = same("XUAT_SAC", "GIOI")
SUBJECT_LEVEL = same("T", "H", "C")
TRAIT_LEVEL = same("T", "D", "C")
TEST_MARK = Pattern(r"10|[0-9]", "điểm kiểm tra từ 0 đến 10, không có phần thập phân")
TRAIT_GROUP = Code(
    {"QUALITY": "PHAM_CHAT", "GENERAL": "NANG_LUC_CHUNG", "SPECIFIC": "NANG_LUC_DAC_THU"},
)
OVERALL = same("HOAN_THANH_XUAT_SAC", "HOAN_THANH_TOT", "HOAN_THANH", "CHUA_HOAN_THANH")
COMPLETED = Decision(yes="HOAN_THANH", no="CHUA_HOAN_THANH")
PROMOTED = Decision(yes="DUOC_LEN_LOP", no="KHONG_DUOC_LEN_LOP")
PRIMARY_REGULATION = same("TT27-2020")
PRIMARY_FORM = same("TT27-TH")
PRIMARY_LEVEL = same("TH")
PRIMARY_GRADE = Whole(1, 5)
