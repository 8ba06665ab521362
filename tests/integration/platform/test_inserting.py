"""Rows that go to the database as one JSON document."""

from __future__ import annotations

from typing import Any

import pytest

from hocba.platform.tenancy import inserting, scope
from hocba.platform.tenancy.inserting import insert_rows
from hocba.tracking.gradebook.models import PrimarySummaryRow

pytestmark = pytest.mark.django_db

SCHOOL = "79764501"
COLUMNS = (
    "pupil_code",
    "traits_term1",
    "remark_term1",
    "overall",
    "completed",
    "absences_excused",
)


def row(pupil_code: str, **changed: Any) -> dict[str, Any]:
    return {
        "school_code": SCHOOL,
        "school_year": "2024-2025",
        "class_name": "1A",
        "pupil_code": pupil_code,
        "traits_term1": {"YEU_NUOC": "T", "TRUNG_THUC": None},
        "traits_term2": {},
        "remark_term1": 'Nói “tốt”, viết "đẹp";\n\\ và %s',
        "remark_term2": "",
        "overall": None,
        "completed": True,
        "promoted": None,
        "award": "",
        "absences_excused": 3,
        "absences_unexcused": 0,
        "homeroom_remark": "",
        **changed,
    }


def stored() -> list[tuple[Any, ...]]:
    with scope.acting_for(SCHOOL):
        return list(PrimarySummaryRow.objects.order_by("pupil_code").values_list(*COLUMNS))


class TestInsertRows:
    def test_keeps_every_kind_of_value(self) -> None:
        with scope.acting_for(SCHOOL):
            insert_rows(PrimarySummaryRow, [row("1")])

        values = row("1")
        assert stored() == [tuple(values[name] for name in COLUMNS)]

    def test_writes_all_of_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(inserting, "_BATCH", 2)
        with scope.acting_for(SCHOOL):
            insert_rows(PrimarySummaryRow, [row(str(number)) for number in range(5)])

        assert [code for code, *_ in stored()] == ["0", "1", "2", "3", "4"]

    def test_replaces_the_row_with_the_same_key(self) -> None:
        key = ["school_code", "school_year", "pupil_code"]
        with scope.acting_for(SCHOOL):
            insert_rows(PrimarySummaryRow, [row("1"), row("2")], replacing=key)
            insert_rows(
                PrimarySummaryRow, [row("2", overall="HT_TOT", traits_term1={}), row("3")], replacing=key
            )

        assert [(code, traits, overall) for code, traits, _, overall, *_ in stored()] == [
            ("1", {"YEU_NUOC": "T", "TRUNG_THUC": None}, None),
            ("2", {}, "HT_TOT"),
            ("3", {"YEU_NUOC": "T", "TRUNG_THUC": None}, None),
        ]

    def test_writes_nothing_where_there_is_nothing(self) -> None:
        insert_rows(PrimarySummaryRow, [])

        assert stored() == []

    def test_needs_a_scope(self) -> None:
        with pytest.raises(scope.NoScopeError):
            insert_rows(PrimarySummaryRow, [row("1")])
