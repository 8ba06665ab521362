"""Bundles come from strangers too: every size is limited before anything is unpacked."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocba.exchange.preservation import bundles
from hocba.exchange.preservation.bundles import Bundle
from hocba.exchange.preservation.evidence import Material
from hocba.signing import digests
from hocba.signing.evidence.errors import EvidenceError
from hocba.signing.revocation import LARGEST_REVOCATION_LIST

WHOLE = Bundle(
    evidence=b"{}",
    material=Material(school="1", files=(("a.crl", digests.digest("sha256", b"list").hex()),)).to_bytes(),
    files={"a.crl": b"list"},
    units={"b.pem": b"unit"},
    report=b"{}",
    record=b"0",
)


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


class TestRead:
    def test_gives_what_was_written(self) -> None:
        assert bundles.read(bundles.write(WHOLE)) == WHOLE

    @pytest.mark.parametrize(
        "name",
        ["../bang-chung.json", "/etc/passwd", "vat-lieu/../x.pem", "vat-lieu/a.exe", "vat-lieu/", "x.txt"],
    )
    def test_refuses_other_names(self, name: str) -> None:
        with pytest.raises(EvidenceError, match="does not belong"):
            bundles.read(zipped({bundles.EVIDENCE: b"{}", name: b""}))

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_refuses_a_name_twice(self) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(bundles.EVIDENCE, b"{}")
            archive.writestr(bundles.EVIDENCE, b"[]")
        with pytest.raises(EvidenceError, match="does not belong"):
            bundles.read(buffer.getvalue())

    def test_refuses_a_bomb_before_unpacking_it(self) -> None:
        bomb = zipped({bundles.EVIDENCE: bytes(bundles.LARGEST_MEMBER + 1)})
        assert len(bomb) < 100_000
        with pytest.raises(EvidenceError, match="too large"):
            bundles.read(bomb)

    def test_refuses_many_that_are_too_much_together(self) -> None:
        parts = {f"vat-lieu/{number}.crl": bytes(bundles.LARGEST_MEMBER) for number in range(5)}
        with pytest.raises(EvidenceError, match="too many members, or too large"):
            bundles.read(zipped({bundles.EVIDENCE: b"{}", **parts}))

    def test_refuses_too_many_members(self) -> None:
        parts = {f"vat-lieu/{number}.crl": b"" for number in range(bundles.MOST_MEMBERS)}
        with pytest.raises(EvidenceError, match="too many members"):
            bundles.read(zipped({bundles.EVIDENCE: b"{}", **parts}, zipfile.ZIP_STORED))

    def test_refuses_a_member_that_is_larger_than_it_says(self) -> None:
        data = bytearray(zipped({bundles.EVIDENCE: b"x" * 1000}, zipfile.ZIP_STORED))
        place = data.rindex(b"PK\x01\x02")
        data[place + 24 : place + 28] = (10).to_bytes(4, "little")
        with pytest.raises(EvidenceError):
            bundles.read(bytes(data))

    def test_refuses_one_without_evidence(self) -> None:
        with pytest.raises(EvidenceError, match="no evidence"):
            bundles.read(zipped({bundles.REPORT: b"{}"}))

    def test_refuses_a_file_that_is_too_large(self) -> None:
        with pytest.raises(EvidenceError, match="too large"):
            bundles.read(bytes(bundles.LARGEST_BUNDLE + 1))

    @given(st.binary(max_size=300), st.integers(0, 2000))
    def test_reads_or_refuses_whatever_comes(self, noise: bytes, place: int) -> None:
        data = bytearray(bundles.write(WHOLE))
        data[place : place + len(noise)] = noise
        with contextlib.suppress(EvidenceError):
            bundles.read(bytes(data))


class TestDescribe:
    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"[]",
            b"null",
            b"{}",
            b'{"format":"hocba-evidence-1"}',
            b'{"format":1}',
            b"[" * 100_000,
            b"\xff",
        ],
    )
    def test_refuses_what_is_no_evidence(self, data: bytes) -> None:
        with pytest.raises(EvidenceError):
            bundles.describe(Bundle(evidence=data))


class TestListedFiles:
    def test_gives_each_with_the_digest_of_the_list(self) -> None:
        assert bundles.listed_files(WHOLE) == {"a.crl": b"list"}

    @pytest.mark.parametrize("files", [{}, {"a.crl": b"another"}])
    def test_refuses_a_missing_or_another_file(self, files: dict[str, bytes]) -> None:
        with pytest.raises(EvidenceError, match="missing or is another"):
            bundles.listed_files(Bundle(evidence=b"{}", material=WHOLE.material, files=files))


class TestWrite:
    @pytest.mark.parametrize(
        "files",
        [
            {f"{number}.crl": b"x" for number in range(bundles.MOST_MEMBERS)},
            {"a.crl": bytes(bundles.LARGEST_MEMBER + 1)},
            {f"{number}.crl": bytes(bundles.LARGEST_MEMBER) for number in range(5)},
        ],
        ids=["many", "large", "large together"],
    )
    def test_writes_nothing_that_nobody_reads(self, files: dict[str, bytes]) -> None:
        with pytest.raises(EvidenceError, match="too many members, or too large"):
            bundles.write(Bundle(evidence=b"{}", units=files))

    def test_takes_the_largest_revocation_list_that_is_fetched(self) -> None:
        large = Bundle(evidence=b"{}", files={"a.crl": bytes(LARGEST_REVOCATION_LIST)})
        assert bundles.read(bundles.write(large)) == large

    def test_writes_no_other_member(self) -> None:
        with pytest.raises(ValueError, match="no member"):
            bundles.write(Bundle(evidence=b"{}", files={"../x.pem": b"x"}))
