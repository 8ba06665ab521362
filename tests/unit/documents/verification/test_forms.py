"""Transcripts in the form of every level, really signed: both files and the pair must be judged valid."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from hocba.documents.verification import Verdict, verify, verify_pair
from hocba.regulations import curriculum
from hocba.signing import trust
from tests.factories import primary, transcripts
from tests.factories.transcripts import NOW


def upper_secondary() -> Any:
    usual = transcripts.transcript()
    chosen = {"VATLI", "HOAHOC", "DIALI", "MITHUAT"}
    taught = [
        subject
        for subject in curriculum.subjects_for("THPT", 11)
        if subject.group == "compulsory" or subject.code in chosen
    ]
    rows = (*usual.subjects, usual.subjects[0])
    return replace(
        usual,
        form="TT22-THPT",
        level="THPT",
        grade=11,
        class_name="11B2",
        subjects=tuple(
            replace(row, code=subject.code, name=subject.name)
            for row, subject in zip(rows, taught, strict=True)
        ),
    )


def continuing() -> Any:
    usual = transcripts.transcript()
    return replace(
        usual,
        regulation="TT43-2021",
        form="TT43-THPT",
        level="GDTX",
        grade=12,
        subjects=usual.subjects[:7],
        principal=replace(usual.principal, title="Giám đốc"),
    )


MAKERS = {"THPT": upper_secondary, "GDTX": continuing, "TH": primary.transcript}


@cache
def pair(level: str) -> transcripts.Pair:
    return transcripts.sign_pair(transcripts.school(), MAKERS[level]())


@pytest.mark.parametrize("level", MAKERS)
class TestEveryForm:
    def test_is_valid_as_signed(self, level: str) -> None:
        material = trust.load(transcripts.school().trust_files())
        reports = [verify(data, trust=material, at=NOW) for data in (pair(level).xml, pair(level).pdf)]

        assert [report.verdict for report in reports] == [Verdict.VALID, Verdict.VALID]
        assert all(report.transcript == MAKERS[level]() for report in reports)
        assert all(report.verdict is Verdict.VALID for report in verify_pair(*reports))

    def test_is_invalid_once_the_pdf_is_changed(self, level: str) -> None:
        data = bytearray(pair(level).pdf)
        data[len(data) // 3] ^= 1
        report = verify(bytes(data), trust=trust.load(transcripts.school().trust_files()), at=NOW)

        assert report.verdict is Verdict.INVALID
