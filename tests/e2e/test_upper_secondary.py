"""A class of grade 10 with electives from its workbooks to verified transcripts, the five sides being processes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from hocba.cli import demo
from tests.factories.upper_workbooks import CODE, PUPILS, write_upper_school

if TYPE_CHECKING:
    from pathlib import Path

    from hocba.cli.chain import Chain
    from tests.e2e.running import Running

pytestmark = pytest.mark.e2e

HOC_BA = "{urn:hocba:hoc-ba:1.0}"
EVERYBODY = ["NGUVAN", "TOAN", "NN1", "LICHSU", "GDQPAN", "GDTC", "HDTNHN", "GDDP"]
SCIENCE = ["DIALI", "GDKTPL", "CONGNGHE", "TINHOC"]
ARTS = ["DIALI", "GDKTPL", "AMNHAC", "MITHUAT"]
CHOSEN = dict(zip(PUPILS, (SCIENCE, SCIENCE, ARTS, ARTS), strict=True))


@pytest.fixture(scope="module")
def issued(started: Running, tmp_path_factory: pytest.TempPathFactory) -> tuple[Chain, dict[str, Any], Path]:
    """The chain as `hocba demo` drives it, its summary, and the folder of files."""
    out = tmp_path_factory.mktemp("upper") / "out"
    with started.at_home():
        chain = started.chain_of(write_upper_school(started.folder / CODE))
        chain.prepare_school()
        return chain, demo.run_chain(chain, out), out


class TestUpperSecondaryClass:
    def test_is_issued_archived_and_verified(self, issued: tuple[Chain, dict[str, Any], Path]) -> None:
        _, summary, _ = issued
        assert {key: summary[key] for key in ("pupils", "issued", "archived", "verified")} == dict.fromkeys(
            ("pupils", "issued", "archived", "verified"), len(PUPILS)
        )

    def test_gives_each_pupil_a_transcript_of_own_subjects(
        self, issued: tuple[Chain, dict[str, Any], Path]
    ) -> None:
        chain, _, out = issued
        for pupil, chosen in CHOSEN.items():
            root = etree.parse(str(out / "xml" / f"{pupil}_2024-2025.xml")).getroot()
            assert [row.findtext(f"{HOC_BA}MaMon") for row in root.iter(f"{HOC_BA}MonHoc")] == sorted(
                EVERYBODY + chosen, key=_ORDER.index
            )
            assert root.findtext(f".//{HOC_BA}CapHoc") == "THPT"
            assert root.findtext(f".//{HOC_BA}MauHocBa") == "TT22-THPT"
            entered = {row.subject_code for row in chain.data.marks if row.pupil_code == pupil}
            assert entered == {*EVERYBODY, *chosen}

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
        assert levels == {side: [("THPT",)] for side in levels}

    def test_has_receipts_of_the_city_for_all(self, issued: tuple[Chain, dict[str, Any], Path]) -> None:
        _, _, out = issued
        for pupil in PUPILS:
            receipt = json.loads((out / "receipts" / f"{pupil}_2024-2025.json").read_bytes())
            assert receipt["status"] == "CURRENT"


_ORDER = [*EVERYBODY, "DIALI", "GDKTPL", "CONGNGHE", "TINHOC", "AMNHAC", "MITHUAT"]
