"""Which role may open which address of the sector side, as a table; `test_matrix.py` walks it.

`kwargs` makes an example address of the given school; `allowed` are the roles that get in at their own school.
Machine addresses name the sides instead.
"""

from __future__ import annotations

from typing import Any

from tests.factories import small_school as school

EVERYBODY = {
    "academic_office",
    "administrator",
    "city_administrator",
    "city_officer",
    "clerk",
    "leadership",
    "principal",
}

_SHEET = {"school_year": school.YEAR, "class_name": "6A1", "subject_code": "TOAN", "term": 1}

ADDRESSES: dict[str, dict[str, Any]] = {
    "sector_home": {"kwargs": lambda code: {}, "allowed": EVERYBODY},
    "sector_class": {
        "kwargs": lambda code: {"school_code": code, "school_year": school.YEAR, "name": "6A1"},
        "allowed": EVERYBODY,
    },
    "sector_roster": {
        "kwargs": lambda code: {"school_code": code},
        "machines": {"tracking", "transcripts"},
    },
    "sector_results": {
        "kwargs": lambda code: {"school_code": code, **_SHEET},
        "machines": {"tracking"},
        "method": "PUT",
    },
    "sector_class_results": {
        "kwargs": lambda code: {"school_code": code, "school_year": school.YEAR, "class_name": "6A1"},
        "machines": {"tracking"},
    },
}
