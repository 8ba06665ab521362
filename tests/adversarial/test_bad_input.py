"""Files that are no document at all: a sentence and exit code 3, within a second and in bounded memory."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hocba.documents.verification import Report, Verdict
from tests.factories import transcripts

Judge = Callable[[bytes], Report]

MEGABYTE = 1024 * 1024
FILE = transcripts.sign_xml(transcripts.school(), transcripts.transcript())
NAMESPACE = b'xmlns="urn:hocba:hoc-ba:1.0"'


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.xml", FILE)
    return out.getvalue()


def billion_laughs() -> bytes:
    entities = [b'<!ENTITY a0 "lol">']
    entities += [b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 10)]
    return b"<!DOCTYPE lolz [" + b"".join(entities) + b"]><lolz>&a9;</lolz>"


BAD = {
    "empty": b"",
    "blank": b" \r\n" * 100,
    "one byte": b"<",
    "truncated": FILE[: len(FILE) // 2],
    "cut by one": FILE[:-1],
    "text": "Học bạ của em Minh Anh".encode(),
    "zip": zipped(),
    "gzip": b"\x1f\x8b\x08\x00" + bytes(100),
    "png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "html": b"<!DOCTYPE html><html><body>x</body></html>",
    "other xml": b"<HocBa/>",
    "other xml with our prefix": b"<a " + NAMESPACE + b"/>",
    "json": b'{"HocBa": {}}',
    "utf-16": FILE.decode().encode("utf-16"),
    "utf-16 without mark": FILE.decode().encode("utf-16-le"),
    "utf-32": FILE.decode().encode("utf-32"),
    "latin-1": FILE.decode().encode("latin-1", "replace"),
    "declared latin-1": FILE.replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"'),
    "ebcdic": "<a/>".encode("cp500"),
    "nul bytes": bytes(MEGABYTE),
    "binary junk": bytes(range(256)) * 4096,
    "deeply nested": b"<a>" * 200_000 + b"</a>" * 200_000,
    "deeply nested in ours": b"<HocBa " + NAMESPACE + b">" + b"<a>" * 50_000 + b"</a>" * 50_000 + b"</HocBa>",
    "many attributes": b"<a " + b" ".join(b'a%d="1"' % number for number in range(200_000)) + b"/>",
    "one attribute many times": b"<a " + b'x="1" ' * 100_000 + b"/>",
    "many elements": b"<a>" + b"<b/>" * 400_000 + b"</a>",
    "long name": b"<" + b"a" * MEGABYTE + b"/>",
    "long text": b"<a>" + b"x" * (4 * MEGABYTE) + b"</a>",
    "many namespaces": b"<a " + b" ".join(b'xmlns:n%d="u%d"' % (n, n) for n in range(50_000)) + b"/>",
    "many attributes of ours": b"<HocBa "
    + NAMESPACE
    + b" "
    + b" ".join(b'a%d="1"' % n for n in range(90_000))
    + b"/>",
    "many prefixed attributes": b"<HocBa "
    + b" ".join(b'xmlns:n%d="urn:%d"' % (n, n) for n in range(45_000))
    + b"><a "
    + b" ".join(b'n%d:x="1"' % n for n in range(45_000))
    + b"/></HocBa>",
    "billion laughs": billion_laughs(),
    "external entity": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "pdf head only": b"%PDF-1.7\n",
    "pdf junk": b"%PDF-1.7\n" + bytes(range(256)) * 1000,
    "cut pdf": transcripts.pair().pdf[:50_000],
    "other pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
}


class TestVerify:
    @pytest.mark.parametrize("name", BAD)
    def test_says_so_within_a_second(self, judge: Judge, name: str) -> None:
        judge(b"<warm/>")
        start = time.process_time()

        report = judge(BAD[name])

        assert time.process_time() - start < 1
        assert report.verdict is Verdict.UNREADABLE
        assert report.checks[0].detail.endswith(".")

    def test_never_breaks_on_a_cut_file(self, judge: Judge) -> None:
        for end in range(0, len(FILE), 997):
            assert judge(FILE[:end]).verdict is Verdict.UNREADABLE

    def test_never_breaks_on_a_changed_byte(self, judge: Judge) -> None:
        for position in range(0, len(FILE), 211):
            for value in (0, 0x3C, 0xFF):
                data = FILE[:position] + bytes([value]) + FILE[position + 1 :]
                if data != FILE:
                    assert judge(data).verdict in {Verdict.INVALID, Verdict.UNREADABLE}

    @pytest.mark.parametrize("name", ["u", "", "../x", "http://[", "1:2", "%", "urn:x y"])
    @pytest.mark.parametrize("place", [b"<HocBa ", b"<ds:Signature ", b"<MonHoc "])
    def test_never_breaks_on_a_namespace_without_canonical_form(
        self, judge: Judge, place: bytes, name: str
    ) -> None:
        data = FILE.replace(place, place + b'xmlns:x="%b" ' % name.encode(), 1)

        assert judge(data).verdict in {Verdict.INVALID, Verdict.UNREADABLE}

    @pytest.mark.parametrize(
        "moment",
        [
            b"0001-01-01T00:00:00+07:00",
            b"9999-12-31T23:59:59+07:00",
            b"0001-01-01T00:00:00+14:00",
            b"9999-12-31T23:59:59-12:00",
            b"2026-05-28T09:00:00+23:59",
            b"2026-02-30T09:00:00+07:00",
        ],
    )
    def test_never_breaks_on_a_time_at_the_end_of_the_calendar(self, judge: Judge, moment: bytes) -> None:
        data = re.sub(rb"(<SigningTime[^>]*>)[^<]+", rb"\g<1>" + moment, FILE)

        report = judge(data)

        assert report.verdict is Verdict.INVALID
        assert all(signature.standing for signature in report.signatures if signature.signed_at)


class TestCommand:
    @pytest.mark.parametrize("start", [b"", b"<a>", b"%PDF-1.7\n", b"<?xml version='1.0'?><HocBa>", FILE])
    def test_refuses_fifty_megabytes_quickly_in_little_memory(self, tmp_path: Path, start: bytes) -> None:
        path = tmp_path / "large.xml"
        with path.open("wb") as file:
            file.write(start)
            for _ in range(50):
                file.write(b"<b>12345</b>\n" * (MEGABYTE // 13))

        code, output, seconds, peak = run_command("verify", str(path))

        assert code == 3
        assert "KHÔNG ĐỌC ĐƯỢC TỆP" in output
        assert seconds < 1.5  # of which most is Python's own start
        assert peak < 200 * MEGABYTE

    @pytest.mark.parametrize("name", ["deeply nested", "many attributes", "many elements", "billion laughs"])
    def test_keeps_its_memory_bounded(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / "bad.xml"
        path.write_bytes(BAD[name])

        code, _, seconds, peak = run_command("verify", str(path))

        assert code == 3
        assert seconds < 1.5
        assert peak < 300 * MEGABYTE


# What the system reports of an ended child counts the memory of the process that started it, so the command
# tells its own peak, in the last line. Seconds are the processor's: on a machine with other work the clock on the
# wall measures that work.
MEASURED = """
import sys, time
from hocba.cli.main import main
code = main()
with open("/proc/self/status") as status:
    print(time.process_time(), *(line.split()[1] for line in status if line.startswith("VmHWM:")))
sys.exit(code)
"""


def run_command(*words: str) -> tuple[int, str, float, int]:
    """Exit code, output, seconds of the processor and peak memory in bytes of `hocba` with these words."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    *output, measured = done.stdout.splitlines()
    seconds, peak = measured.split()
    return done.returncode, "\n".join(output), float(seconds), int(peak) * 1024
