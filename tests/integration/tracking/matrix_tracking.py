"""Which role may open which address of the tracking side, as a table; `test_matrix.py` walks it.

`kwargs` makes an example address from what the school has; `allowed` are the staff of `small_school` who get in at
their own school. GV0006 teaches TOAN and GDTC in 6A1 and heads a group, GV0007 and GV0008 teach NGUVAN there,
GV0008 is homeroom teacher of 6A1, GV0009 teaches TOAN in 6A2 and is its homeroom teacher.
"""

from __future__ import annotations

from typing import Any

from tests.factories import small_school as school
from tests.integration import desk_matrix

PEOPLE = {
    "GV0001": "principal",
    "GV0002": "leadership",
    "GV0003": "academic_office",
    "GV0004": "clerk",
    "GV0005": "administrator",
    "GV0006": "group_head, subject_teacher",
    "GV0007": "subject_teacher",
    "GV0008": "subject_teacher, homeroom_teacher of 6A1",
    "GV0009": "subject_teacher, homeroom_teacher of 6A2",
}
EVERYBODY = set(PEOPLE)
WHOLE_SCHOOL = {"GV0001", "GV0002", "GV0003"}
SIGNERS = {"GV0001", "GV0002", "GV0004", "GV0006", "GV0007", "GV0008", "GV0009"}

_CLASS = {"school_year": school.YEAR, "name": "6A1"}

ADDRESSES: dict[str, dict[str, Any]] = {
    "tracking_home": {"kwargs": lambda ids: {}, "allowed": EVERYBODY, "other_school": 200},
    "tracking_class": {"kwargs": lambda ids: _CLASS, "allowed": EVERYBODY},
    "tracking_class_form": {
        "kwargs": lambda ids: {**_CLASS, "form": "danh-sach-cuoi-nam", "extension": "xlsx"},
        "allowed": WHOLE_SCHOOL | {"GV0008"},
    },
    "tracking_teacher_book": {
        "kwargs": lambda ids: {"school_year": school.YEAR, "extension": "xlsx"},
        "allowed": {"GV0006", "GV0007", "GV0008", "GV0009"},
        "other_school": 200,
    },
    "tracking_completeness": {"kwargs": lambda ids: {"school_year": school.YEAR}, "allowed": EVERYBODY},
    "tracking_completeness_class": {"kwargs": lambda ids: _CLASS, "allowed": EVERYBODY},
    "tracking_completeness_api": {"kwargs": lambda ids: {"school_year": school.YEAR}, "allowed": EVERYBODY},
    "tracking_completeness_class_api": {"kwargs": lambda ids: _CLASS, "allowed": EVERYBODY},
    "tracking_class_results": {"kwargs": lambda ids: _CLASS, "allowed": WHOLE_SCHOOL | {"GV0008"}},
    "tracking_sheet": {
        "kwargs": lambda ids: {**_CLASS, "subject_code": "NGUVAN", "term": 1},
        "allowed": WHOLE_SCHOOL | {"GV0007", "GV0008"},
    },
    "tracking_sheet of a subject one heads": {
        "address": "tracking_sheet",
        "kwargs": lambda ids: {"school_year": school.YEAR, "name": "6A2", "subject_code": "TOAN", "term": 1},
        "allowed": WHOLE_SCHOOL | {"GV0006", "GV0009"},
    },
    "tracking_download": {
        "kwargs": lambda ids: {"document_id": ids["SoMonHoc"]},
        "allowed": WHOLE_SCHOOL | {"GV0007", "GV0008"},
    },
    "tracking_download of a term": {
        "address": "tracking_download",
        "kwargs": lambda ids: {"document_id": ids["SoHocKy"]},
        "allowed": WHOLE_SCHOOL | {"GV0008"},
    },
    "tracking_download of a year": {
        "address": "tracking_download",
        "kwargs": lambda ids: {"document_id": ids["SoNamHoc"]},
        "allowed": WHOLE_SCHOOL | {"GV0008", "GV0004"},
    },
    # Nothing was refused, so there is nothing to send again: back to the page of the class with a notice.
    "tracking_send_again": {
        "kwargs": lambda ids: {"document_id": ids["SoNamHoc"], "recipient": "city"},
        "allowed": {"GV0001", "GV0002", "GV0004"},
        "method": "POST",
        "status": 302,
    },
    **desk_matrix.rows(
        "tracking",
        signers=SIGNERS,
        batch=lambda ids: {"batch_id": ids["SoMonHoc"]},
        item="ck-1",
        elsewhere="other_school",
    ),
}
