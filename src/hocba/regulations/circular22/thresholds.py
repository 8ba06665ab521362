"""The numbers of TT 22/2021, each with the article it stands in."""

from __future__ import annotations

from typing import Final, NamedTuple

NOT_SET: Final = 0


class Articles(NamedTuple):
    """Where each rule stands, as a sentence cites it; empty where we have not read the place."""

    regular: str = "Điều 6 khoản 2"
    periodic: str = "Điều 7"
    conduct: str = "Điều 8 khoản 2"
    subject_comment: str = "Điều 9 khoản 1 điểm a"
    subject_score: str = "Điều 9 khoản 1 điểm b"
    levels: tuple[str, str, str, str] = (  # by level, lowest first
        "Điều 9 khoản 2 điểm d",
        "Điều 9 khoản 2 điểm c",
        "Điều 9 khoản 2 điểm b",
        "Điều 9 khoản 2 điểm a",
    )
    adjustment: str = "Điều 9 khoản 3"
    disability: str = "Điều 11"
    promotion: str = "Điều 12 khoản 1"
    absences: str = "Điều 12 khoản 1 điểm c"
    disability_promotion: str = "Điều 12 khoản 4"
    summer: str = "Điều 13"
    retest: str = "Điều 14"
    titles: str = "Điều 15 khoản 1"


class Thresholds(NamedTuple):
    """Every number a verdict depends on; marks in tenths. The defaults are those of TT 22/2021."""

    regulation: str = "TT22-2021"
    circular: str = "Thông tư 22/2021/TT-BGDĐT"
    version: str = "TT22-2021/1"  # the circular and the number of our reading of it (docs/regulations)
    enough_subjects: int = 6  # Điều 9 khoản 2: "ít nhất 06 môn học"; NOT_SET where nobody has said it
    good_all: int = 65  # Điều 9 khoản 2a: every scored subject
    good_enough: int = 80  # Điều 9 khoản 2a: at least enough_subjects of them
    fair_all: int = 50  # Điều 9 khoản 2b
    fair_enough: int = 65  # Điều 9 khoản 2b
    pass_enough: int = 50  # Điều 9 khoản 2c
    floor: int = 35  # Điều 9 khoản 2c: no scored subject below
    failed_comments: int = 1  # Điều 9 khoản 2c: at most so many comment subjects Chưa đạt
    retest_below: int = 50  # Điều 14: scored subjects a pupil may be assessed again in
    excellent: int = 90  # Điều 15 khoản 1a: at least enough_subjects scored subjects
    absences: int = 45  # Điều 12 khoản 1c: "không quá 45 buổi trong một năm học"
    articles: Articles = Articles()
    confirmed: bool = True  # False: some numbers stand open and every result says so


CIRCULAR_22: Final = Thresholds()
