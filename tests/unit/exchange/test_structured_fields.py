"""Structured fields: what is read, what is written back, what is refused."""

from __future__ import annotations

import pytest

from hocba.exchange.errors import MalformedFieldError
from hocba.exchange.structured_fields import (
    InnerList,
    Item,
    Token,
    parse_dictionary,
    write_dictionary,
)


class TestParseDictionary:
    def test_reads_an_inner_list_with_parameters(self) -> None:
        members = parse_dictionary('sig=("@method" "a";req;key="x"  );created=1618884473;keyid="k\\"1"')
        assert members == {
            "sig": InnerList(
                (Item("@method"), Item("a", {"req": True, "key": "x"})),
                {"created": 1618884473, "keyid": 'k"1'},
            )
        }

    def test_reads_every_kind_of_item(self) -> None:
        members = parse_dictionary('a=:aGk=:, b=?0, c, d=tok/en, e=-7, f=("x")')
        assert [members[key] for key in "abcde"] == [
            Item(b"hi"),
            Item(value=False),
            Item(value=True),
            Item(Token("tok/en")),
            Item(-7),
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "a=(", 'a=("x"', 'a=("x""y")', "a=1,", "a=1 b=2", 'a="x', "a=:a:", "A=1", "a=1, a=2",
            'a=("x";q=1;q=2)', 'a="é"', "a=1.5", "a=", "a=:aGk=", "=1", 'a="\\x"', "a" * 9000,
        ],
    )  # fmt: skip
    def test_refuses_what_is_malformed(self, text: str) -> None:
        with pytest.raises(MalformedFieldError):
            parse_dictionary(text)


class TestWriteDictionary:
    @pytest.mark.parametrize(
        "text",
        [
            'sig=("@method" "content-digest";req);created=1;keyid="a\\\\b\\"c"',
            "sha-256=:aGk=:, sha-512=:aGk=:",
            "a=?0, b=tok, c=-3",
        ],
    )
    def test_writes_back_what_was_read(self, text: str) -> None:
        assert write_dictionary(parse_dictionary(text)) == text

    def test_refuses_letters_beyond_ascii(self) -> None:
        with pytest.raises(MalformedFieldError):
            write_dictionary({"a": Item("học bạ")})
