"""A class of grade 5 from its workbooks to verified transcripts, the five sides being processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree
from tools import judge_demo

from hocba.cli import demo
from tests.factories.primary_workbooks import (
    CODE,
    EXCELLENT,
    HOMEROOM,
    NOT_COMPLETED,
    PUPILS,
    write_primary_school,
)

if TYPE_CHECKING:
    from pathlib import Path

    from hocba.cli.chain import Chain
    from tests.e2e.running import Running

pytestmark = pytest.mark.e2e

HOC_BA = "{urn:hocba:hoc-ba-tieu-hoc:1.0}"
SUBJECTS = [
    "TIENGVIET", "TOAN", "NN1", "DAODUC", "LSDL", "KHOAHOC", "THCN", "GDTC", "NGHETHUAT", "HDTN",
]  # fmt: skip
DONE = ("pupils", "issued", "archived", "verified")


@pytest.fixture(scope="module")
def issued(started: Running, tmp_path_factory: pytest.TempPathFactory) -> tuple[Chain, dict[str, Any], Path]:
    """The chain as `hocba demo` drives it, its summary, and the folder of files."""
    out = tmp_path_factory.mktemp("primary") / "out"
    with started.at_home():
        chain = started.chain_of(write_primary_school(started.folder / CODE))
        chain.prepare_school()
        return chain, demo.run_chain(chain, out), out


def transcript(out: Path, pupil: str) -> etree._Element:
    return etree.parse(str(out / "xml" / f"{pupil}_2024-2025.xml")).getroot()


class TestPrimaryClass:
    def test_is_issued_archived_and_verified(self, issued: tuple[Chain, dict[str, Any], Path]) -> None:
        _, summary, _ = issued

        assert {key: summary[key] for key in DONE} == dict.fromkeys(DONE, len(PUPILS))

    def test_gives_transcripts_of_its_own_form(self, issued: tuple[Chain, dict[str, Any], Path]) -> None:
        _, _, out = issued
        root = transcript(out, EXCELLENT)

        assert root.tag == f"{HOC_BA}HocBa"
        assert root.findtext(f".//{HOC_BA}MauHocBa") == "TT27-TH"
        assert [row.findtext(f"{HOC_BA}MaMon") for row in root.iter(f"{HOC_BA}MonHoc")] == SUBJECTS
        assert len(list(root.iter(f"{HOC_BA}PhamChatNangLuc"))) == 15

    def test_says_what_people_decided(self, issued: tuple[Chain, dict[str, Any], Path]) -> None:
        _, _, out = issued
        said = {
            pupil: [
                transcript(out, pupil).findtext(f".//{HOC_BA}KetQuaCaNam/{HOC_BA}{name}")
                for name in ("KetQuaGiaoDuc", "HoanThanhChuongTrinh", "LenLop")
            ]
            for pupil in (EXCELLENT, NOT_COMPLETED)
        }

        assert said == {
            EXCELLENT: ["HOAN_THANH_XUAT_SAC", "HOAN_THANH", "DUOC_LEN_LOP"],
            NOT_COMPLETED: ["CHUA_HOAN_THANH", "CHUA_HOAN_THANH", "KHONG_DUOC_LEN_LOP"],
        }

    def test_has_the_homeroom_teacher_sign_what_nobody_else_teaches(
        self, issued: tuple[Chain, dict[str, Any], Path]
    ) -> None:
        _, _, out = issued
        rows = {
            row.findtext(f"{HOC_BA}MaMon"): [
                each.findtext(f"{HOC_BA}MaDinhDanh") for each in row.iter(f"{HOC_BA}GiaoVien")
            ]
            for row in transcript(out, EXCELLENT).iter(f"{HOC_BA}MonHoc")
        }

        assert rows["DAODUC"] == [HOMEROOM]
        assert rows["GDTC"] != [HOMEROOM]

    def test_has_the_school_under_its_own_level_everywhere(
        self, issued: tuple[Chain, dict[str, Any], Path], running: Running
    ) -> None:
        levels = {
            side: running.rows(side, f"select level from {table}", school=CODE)
            for side, table in (
                ("sector", "sector_directory_school"),
                ("tracking", "tracking_roster_school"),
            )
        }

        assert levels == {side: [("TH",)] for side in levels}

    @pytest.mark.external
    @pytest.mark.parametrize("judge", [*judge_demo.XML_JUDGES, *judge_demo.PDF_JUDGES])
    def test_is_accepted_by_judges_that_are_not_ours(
        self, issued: tuple[Chain, dict[str, Any], Path], judge: str
    ) -> None:
        if not judge_demo.is_installed(judge):
            pytest.skip(f"{judge} is not installed")
        _, _, out = issued
        judges = {**judge_demo.XML_JUDGES, **judge_demo.PDF_JUDGES}
        folder, pattern = (out / "xml", "*.xml") if judge in judge_demo.XML_JUDGES else (out / "pdf", "*.pdf")

        verdicts = judges[judge](sorted(folder.glob(pattern)), out / "trust")

        assert len(verdicts) == len(PUPILS)
        assert {all(found) and len(found) >= judge_demo.PDF_SIGNATURES for found in verdicts.values()} == {
            True
        }
