from __future__ import annotations

import contextlib
import time

import pytest

from hocba.signing.errors import ForbiddenStructureError, UnreadableError
from hocba.signing.xml_gate import Limits, parse_untrusted
from tests.factories import signed_xml


def code_of(data: bytes, *, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableError) as caught:
        parse_untrusted(data, limits=limits or Limits())
    assert caught.value.sentence.endswith(".")
    return caught.value.code


class TestParseUntrusted:
    @pytest.mark.parametrize(
        "before",
        [
            b"",
            b"\xef\xbb\xbf",
            b'<?xml version="1.0"?>',
            b"<?xml version='1.0' encoding='utf-8'?>\r\n",
            b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
        ],
    )
    def test_reads_an_ordinary_file(self, before: bytes) -> None:
        assert parse_untrusted(before + signed_xml.signed_document() + b"\n").get("Id") == "hb"

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "EMPTY"),
            (b" \r\n\t", "EMPTY"),
            (b"%PDF-1.7 ...", "NOT_XML"),
            (b"<a><b></a>", "NOT_XML"),
            (b"<a/><a/>", "NOT_XML"),
            (b"<a>\x00</a>", "NOT_XML"),
            (b"<a>&nbsp;</a>", "NOT_XML"),
            (b"<a>&#0;</a>", "NOT_XML"),
            (b'<?xml version="1.1"?><a/>', "NOT_XML"),
            (b'<?xml version="1.0" encoding="x" more="1"?><a/>', "NOT_XML"),
            (b"<a x='1' x='2'/>", "NOT_XML"),
            (b"<p:a/>", "NOT_XML"),
            ("<a>ế</a>".encode("utf-16"), "ENCODING"),
            ("<a>ế</a>".encode("utf-16-le"), "ENCODING"),
            ("<a>ế</a>".encode("utf-16-be"), "ENCODING"),
            ("<a>ế</a>".encode("utf-32"), "ENCODING"),
            (b"<a>\xe9</a>", "ENCODING"),
            (b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>', "ENCODING"),
            (b'<?xml version="1.0" encoding="UTF-16"?><a/>', "ENCODING"),
            (b'<?xml version="1.0" encoding="UTF-7"?><a/>', "ENCODING"),
            (b"<!DOCTYPE a><a/>", "DOCTYPE"),
            (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "DOCTYPE"),
            (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "DOCTYPE"),
            (b"<?xml version='1.0'?>\n<!doctype a><a/>", "DOCTYPE"),
        ],
    )
    def test_refuses_what_cannot_be_read(self, data: bytes, code: str) -> None:
        assert code_of(data) == code

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"<a><!-- x --></a>", "COMMENT"),
            (b"<a/><!-- x -->", "COMMENT"),
            (b"<!-- x --><a/>", "COMMENT"),
            (b"<a><![CDATA[x]]></a>", "CDATA"),
            (b"<a><?php x ?></a>", "PROCESSING_INSTRUCTION"),
            (b"<?xml-stylesheet href='x'?><a/>", "PROCESSING_INSTRUCTION"),
            (b"<a/><?x y?>", "PROCESSING_INSTRUCTION"),
            (b"<a Id='x'><b Id='x'/></a>", "DUPLICATE_ID"),
            (b"<a Id='x'><b ID='x'/></a>", "DUPLICATE_ID"),
            (b"<a Id='x'><b xml:id='x'/></a>", "DUPLICATE_ID"),
            (b"<a Id='x' xmlns:p='urn:p' p:id='x'/>", "DUPLICATE_ID"),
        ],
    )
    def test_refuses_well_formed_files_with_forbidden_structure(self, data: bytes, code: str) -> None:
        with pytest.raises(ForbiddenStructureError) as caught:
            parse_untrusted(data)
        assert caught.value.code == code

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"<a>" + b"x" * 400 + b"</a>", "TOO_LARGE"),
            (b"<a>" + b"<b/>" * 12 + b"</a>", "TOO_MANY_ELEMENTS"),
            (b"<a>" + b"<b/>" * 40 + b"</a>", "TOO_MANY_ELEMENTS"),
            (b"<a " + b" ".join(b"x%d='1'" % n for n in range(11)) + b"/>", "TOO_MANY_ATTRIBUTES"),
            (b"<a>" * 6 + b"</a>" * 6, "TOO_DEEP"),
            (b"<a>" * 300 + b"</a>" * 300, "TOO_LARGE"),
        ],
    )
    def test_keeps_the_ceilings(self, data: bytes, code: str) -> None:
        assert code_of(data, limits=Limits(size=300, elements=10, attributes=10, depth=5)) == code

    def test_accepts_what_is_just_below_the_ceilings(self) -> None:
        limits = Limits(size=100, elements=5, attributes=2, depth=5)
        assert parse_untrusted(b"<a x='1' y='2'><a><a><a><a/></a></a></a></a>", limits=limits).tag == "a"

    def test_refuses_too_many_signatures(self) -> None:
        assert code_of(signed_xml.signed_document(), limits=Limits(signatures=4)) == "TOO_MANY_SIGNATURES"

    @pytest.mark.parametrize(
        "data",
        [
            b"<a>" + b"<b/>" * 1_300_000 + b"</a>",
            b"<a>" * 900_000,
            b"<a " + b" ".join(b"x%d=''" % n for n in range(400_000)) + b"/>",
            b"<a " + b" ".join(b"xmlns:x%d='u'" % n for n in range(300_000)) + b"/>",
            b"<a>" + b"=" * 5_000_000 + b"</a>",
            b"<a>" + b"= " * 2_500_000 + b"</a>",
            b"<a " + b"=" + b" " * 5_000_000,
            b"<a x='" + b"y" * 5_000_000 + b"'/>",
            b"<?xml " + b" " * 5_000_000,
            b"<!" * 2_000_000,
        ],
        ids=[
            "elements",
            "depth",
            "attributes",
            "namespaces",
            "equals",
            "spaced",
            "blanks",
            "value",
            "decl",
            "marks",
        ],
    )
    def test_answers_in_bounded_time(self, data: bytes) -> None:
        """The largest files of each kind; two seconds leave a slow machine room, the usual is under 0.1."""
        before = time.process_time()
        with contextlib.suppress(UnreadableError):
            parse_untrusted(data)
        assert time.process_time() - before < 2
