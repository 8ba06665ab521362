from __future__ import annotations

import random
import re

import pytest

from hocba.signing import pdf_tokens
from hocba.signing.errors import UnreadableError
from hocba.signing.pdf_tokens import FORBIDDEN, FORBIDDEN_AT_FIRST, FORBIDDEN_LATER

PAGE = (
    b"<</Type/Page/Parent 1 0 R/MediaBox[0 0 595.28 841.89]/Resources<</Font<</f0 12 0 R>>>>/Tabs/S>>\n"
    b"<</Type/StructElem/S/TD/P 161 0 R/A[<</O/Table/Headers[(U2x1y0)(a(b)\\))]>>]/K[28 -1 .5 +3.]/Pg 320 0 R>>\n"
    b"<</Title<FEFF0048>/Marked true/Suspects false/X null/Subtype/application#2Fxml/EF<</F 7 0 R/UF 7 0 R>>"
    b"/F(hoc-ba.xml)/UF(hoc-ba.xml)>>"
)
PIECES = [
    *(b"/", b"<", b">", b"<<", b">>", b"[", b"]", b"(", b")", b"\\", b"%", b"\r", b"\n", b" ", b"#", b"\x00"),
    *(b"0", b"12", b"1.5", b".5", b"-.5", b"+3", b"5.", b"..", b"R", b" 0 R", b" 12 0 R", b" 0 R0", b" 1 R"),
    *(b"/F", b"/F 12 0 R/UF", b"/F(hoc-ba.xml)", b"/F 12 0 R", b"/F1", b"true", b"nul", b"/application"),
    *(
        b"#2Fxml",
        b"/applicationx#2Fxml",
        b"<AB>",
        b"<A G>",
        b"(a(b)c)",
        b"(\\)",
        b"_",
        b"{",
        b"a",
        b"xR",
        b"RR",
    ),
    *(b"/%b" % name.encode() for name in (*FORBIDDEN, *FORBIDDEN_AT_FIRST, *FORBIDDEN_LATER)),
]
REGULAR = rb"[A-Za-z0-9_.+\-]"
STRING = re.compile(
    rb"\((?:[^()\\\r\n%]|\\[()\\nrtbf]|\((?:[^()\\\r\n%]|\\[()\\nrtbf]|\((?:[^()\\\r\n%]|\\[()\\nrtbf])*+\))*+\))*+\)"
)
NAME = re.compile(rb"/application#2Fxml|/%b+" % REGULAR)
OTHER = re.compile(rb"<<|>>|\[|\]|true|false|null|\bR\b|[ \n]|<[0-9A-Fa-f]*>|[-+]?\d[\d.]*|[-+]?\.\d+")
FILE = re.compile(rb"/F(?=\(hoc-ba\.xml\)| \d+ 0 R/UF)")


def harmless(text: bytes, forbidden: list[str]) -> bool:
    """The rule token by token, slow and plain."""
    at = 0
    while at < len(text):
        name = NAME.match(text, at)
        if name is not None and name[0].removeprefix(b"/").decode() in forbidden:
            name = None
        found = name or FILE.match(text, at) or STRING.match(text, at) or OTHER.match(text, at)
        if found is None:
            return False
        at = found.end()
    return True


class TestHarmlessAtFirst:
    def test_takes_what_a_page_is_made_of(self) -> None:
        assert pdf_tokens.harmless_at_first(PAGE)

    @pytest.mark.parametrize("name", sorted({*FORBIDDEN, *FORBIDDEN_AT_FIRST} - {"F"}))
    def test_refuses_a_forbidden_name_and_takes_longer_ones(self, name: str) -> None:
        for after in (b" 5 0 R", b"[1]", b"/X", b">>", b"(x)", b""):
            assert not pdf_tokens.harmless_at_first(b"<</%b%b" % (name.encode(), after))
        for longer in (b"x", b"0", b"_", b".", b"+", b"-"):
            assert pdf_tokens.harmless_at_first(b"<</%b%b 5 0 R" % (name.encode(), longer))

    def test_refuses_a_file_of_another_name(self) -> None:
        assert not pdf_tokens.harmless_at_first(PAGE.replace(b"/F(hoc-ba", b"/F(khac"))
        assert not pdf_tokens.harmless_at_first(PAGE.replace(b"/F 7 0 R/UF", b"/F 7 0 R/XF"))

    def test_says_what_the_rule_says_token_by_token(self) -> None:
        chance = random.Random(20261122)
        verdicts = set()
        for _ in range(1500):
            text = chance.choice((b"", PAGE, *PAGE.split(b"\n")))
            for _ in range(chance.randint(1, 4)):
                at = chance.randint(0, len(text))
                text = text[:at] + chance.choice(PIECES) + text[at + chance.choice((0, 0, 1, 2)) :]
            first = pdf_tokens.harmless_at_first(text)
            assert first == harmless(text, [*FORBIDDEN, *FORBIDDEN_AT_FIRST]), text
            assert pdf_tokens.harmless_later(text) == harmless(text, [*FORBIDDEN, *FORBIDDEN_LATER]), text
            verdicts.add(first)
        assert verdicts == {True, False}


class TestDictionary:
    def test_reads_names_references_and_lists(self) -> None:
        assert pdf_tokens.dictionary(b"<</Type/Page/Kids[1 0 R 2 0 R]/Size 5/T(x)>>") == {
            "/Type": "/Page",
            "/Kids": [1, 2],
            "/Size": b"5",
            "/T": b"(x)",
        }

    @pytest.mark.parametrize("body", [b"", b"[1]", b"<</A 1/A 2>>", b"<</A 1", b"<</A 1>>%x", b"<</A 1>>>>"])
    def test_refuses_anything_else(self, body: bytes) -> None:
        with pytest.raises(UnreadableError):
            pdf_tokens.dictionary(body)
