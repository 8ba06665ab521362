"""What must hold for any input, asked by Hypothesis: the small parsers that no target of libFuzzer needs."""

from __future__ import annotations

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from hocba.exchange import bundles, structured_fields, transparency
from hocba.exchange.errors import MalformedBundleError, MalformedFieldError
from hocba.exchange.structured_fields import InnerList, Item, Token
from hocba.signing import certificates, distinguished_names, pdf_structure, pdf_tokens
from hocba.signing.errors import UnreadableError
from hocba.signing.evidence import trees
from hocba.signing.xml_gate import parse_untrusted

quickly = settings(max_examples=40, deadline=None, derandomize=True)

keys = st.from_regex(r"[a-z*][a-z0-9_.*-]{0,10}", fullmatch=True)
bare = st.one_of(
    st.booleans(),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.binary(max_size=40),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20),
    st.from_regex(r"[A-Za-z*][A-Za-z0-9:/.-]{0,10}", fullmatch=True).map(Token),
)
parameters = st.dictionaries(keys, bare, max_size=2)
items = st.builds(Item, bare, parameters)
lists = st.builds(InnerList, st.lists(items, max_size=2).map(tuple), parameters)


class TestStructuredFields:
    @quickly
    @given(st.dictionaries(keys, st.one_of(items, lists), max_size=2))
    def test_read_as_they_were_written(self, members: dict[str, Item | InnerList]) -> None:
        text = structured_fields.write_dictionary(members)

        assert structured_fields.parse_dictionary(text) == members

    @quickly
    @given(st.text(max_size=60))
    def test_never_break(self, text: str) -> None:
        with contextlib.suppress(MalformedFieldError):
            structured_fields.parse_dictionary(text)


class TestBundles:
    @quickly
    @given(st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=6))
    def test_are_split_as_they_were_joined(self, files: list[bytes]) -> None:
        assert bundles.split(bundles.media_type(files), b"".join(files)) == tuple(files)

    @quickly
    @given(st.from_regex(r'application/vnd\.hocba\.files; octets="[0-9 ]{0,20}"'), st.binary(max_size=30))
    def test_never_break_and_never_lose_a_byte(self, media_type: str, body: bytes) -> None:
        with contextlib.suppress(MalformedBundleError):
            assert b"".join(bundles.split(media_type, body)) == body


class TestGate:
    @quickly
    @given(st.text(max_size=200))
    def test_never_breaks_on_text(self, text: str) -> None:
        with contextlib.suppress(UnreadableError):
            parse_untrusted(text.encode("utf-8", "surrogatepass"))

    @quickly
    @given(
        st.lists(
            st.sampled_from(
                [
                    b"<a",
                    b">",
                    b"/>",
                    b"</a>",
                    b' x="',
                    b'"',
                    b"&",
                    b"xmlns",
                    b":",
                    b"=",
                    b" ",
                    b"u",
                    b"<?xml ",
                ]
            ),
            max_size=12,
        )
    )
    def test_never_breaks_on_pieces_of_xml(self, pieces: list[bytes]) -> None:
        with contextlib.suppress(UnreadableError):
            parse_untrusted(b"".join(pieces))


class TestPdf:
    @quickly
    @given(
        st.lists(
            st.sampled_from([b"<<", b">>", b"[", b"]", b"/A", b"1", b" 0 R", b"(x)", b"<00>", b" ", b"true"]),
            max_size=12,
        )
    )
    def test_dictionaries_never_break(self, pieces: list[bytes]) -> None:
        with contextlib.suppress(UnreadableError):
            assert isinstance(pdf_tokens.dictionary(b"".join(pieces)), dict)

    @quickly
    @given(st.binary(max_size=200))
    def test_files_never_break(self, rest: bytes) -> None:
        with contextlib.suppress(UnreadableError):
            pdf_structure.read(b"%PDF-1.7\n" + rest)


class TestNames:
    @quickly
    @given(st.text(max_size=80), st.text(max_size=80))
    def test_compare_without_breaking_and_the_same_both_ways(self, one: str, other: str) -> None:
        assert certificates.same_person_name(one, other) == certificates.same_person_name(other, one)
        assert distinguished_names.normalise(
            distinguished_names.normalise(one)
        ) == distinguished_names.normalise(one)


class TestNotes:
    @quickly
    @given(st.text(max_size=120))
    def test_never_break(self, text: str) -> None:
        for read in (transparency.Checkpoint.read, transparency.NoteKey.parse):
            with contextlib.suppress(transparency.NoteError, transparency.ProofError, ValueError):
                read(text)


class TestTrees:
    @quickly
    @given(
        st.lists(st.sets(st.binary(min_size=32, max_size=32), min_size=1, max_size=4), min_size=1, max_size=9)
    )
    def test_lead_every_group_to_the_root(self, groups: list[set[bytes]]) -> None:
        tree = trees.build("sha256", groups)

        for place, group in enumerate(groups):
            lists = tree.reduced(place)
            if lists:
                assert trees.root_of("sha256", lists) == tree.root
                assert group <= set(lists[0]) or len(lists[0]) == 1
