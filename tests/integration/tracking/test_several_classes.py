"""A batch over several classes: one lock for all, everything of the task accounted for, all terms looked at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hocba.platform.tenancy import scope, statements
from hocba.tracking.gradebook import sheets
from hocba.tracking.gradebook.models import Sheet
from hocba.tracking.sealing.models import Document
from tests.factories import small_school as school
from tests.integration.tracking.desk import Desk

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tests.fakes.sides import Sides

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.tracking_urls")]
TERM_1 = f"{school.YEAR}.subject_teacher.1"
SIGNER = "GV0006"
"""Teaches TOAN and GDTC in 6A1."""


def documents(**where: object) -> QuerySet[Document]:
    found: QuerySet[Document] = Document._base_manager.filter(**where)
    return found


@pytest.fixture
def desk(db: None, sides: Sides) -> Desk:
    """Compared; the signer has TOAN of 6A2 to sign as well."""
    desk = Desk.compared(sides)
    documents(class_name="6A2", subject_code="TOAN", term=1).update(signers={"subject_teacher": [SIGNER]})
    return desk


def locked(queries: CaptureQueriesContext) -> list[list[str]]:
    """The classes that each statement locks."""
    asked = [each["sql"] for each in queries if "pg_advisory_xact_lock" in each["sql"]]
    return [re.findall(rf"{school.CODE}:{school.YEAR}:(\w+)", sql) for sql in asked]


class TestLocks:
    def test_are_taken_with_one_statement_when_it_is_opened_and_when_it_is_signed(self, desk: Desk) -> None:
        with CaptureQueriesContext(connection) as opening:
            opened = desk.open(SIGNER, TERM_1).json()
        with CaptureQueriesContext(connection) as signing:
            desk.give(SIGNER, opened["batch"], desk.signatures(opened, SIGNER))

        assert locked(opening) == locked(signing) == [["6A1", "6A2"]]

    def test_of_sheets_are_taken_at_once_with_those_of_the_batch_that_is_replaced(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Two statements, the second with a lower id, would deadlock with who enters marks of both sheets."""
        desk.open(SIGNER, TERM_1)
        with scope.acting_for(desk.code):
            documents(class_name="6A1", subject_code="GDTC", term=1).update(
                signers={"subject_teacher": ["GV0007"]}
            )
        held: set[sheets.Key] = set()
        late: list[set[sheets.Key]] = []
        lock = sheets.lock

        def watched(school_code: str, school_year: str, keys: Any) -> dict[sheets.Key, Sheet]:
            if held and set(keys) - held:
                late.append(set(keys) - held)
            held.update(keys)
            return lock(school_code, school_year, keys)

        monkeypatch.setattr(sheets, "lock", watched)
        desk.open(SIGNER, TERM_1)

        assert ("6A1", "GDTC", 1) in held
        assert late == []
        closed = Sheet._base_manager.filter(closed_at__isnull=False, class_name="6A1")
        assert list(closed.values_list("subject_code", "term")) == [("TOAN", 1)]

    def test_of_another_persons_batch_are_not_taken(self, desk: Desk) -> None:
        opened = desk.open(SIGNER, TERM_1).json()

        with CaptureQueriesContext(connection) as queries:
            desk.give("GV0007", opened["batch"], desk.signatures(opened, SIGNER))

        assert locked(queries) == []


class TestList:
    def test_accounts_for_every_document_of_the_task_once(self, desk: Desk) -> None:
        documents(subject_code="GDTC", class_name="6A1", term=1).update(state="BLOCKED")
        documents(subject_code="TOAN", class_name="6A2", term=1).update(state="BLOCKED")

        opened = desk.open(SIGNER, TERM_1).json()

        listed = desk.client(SIGNER).get(opened["list"]).json()
        assert [each["title"] for each in listed["items"]] == ["Lớp 6A1, môn Toán, học kì I"]
        assert sorted((each["title"], each["reason"]) for each in listed["skipped"]) == [
            ("Lớp 6A1, môn Giáo dục thể chất, học kì I", "có sai lệch hoặc còn thiếu."),
            ("Lớp 6A2, môn Toán, học kì I", "có sai lệch hoặc còn thiếu."),
        ]

    def test_names_what_changed_since_it_was_compared(self, desk: Desk) -> None:
        Sheet._base_manager.filter(subject_code="TOAN", class_name="6A2", term=1).update(version=7)

        opened = desk.open(SIGNER, TERM_1).json()

        listed = desk.client(SIGNER).get(opened["list"]).json()
        assert len(listed["items"]) == 2
        (skipped,) = listed["skipped"]
        assert skipped["title"] == "Lớp 6A2, môn Toán, học kì I"
        assert "đã thay đổi" in skipped["reason"]


class TestSigning:
    def test_freezes_the_terms_of_all_its_classes(self, desk: Desk) -> None:
        for teacher in ("GV0007", "GV0008"):
            desk.sign(teacher, TERM_1)
        assert {each.state for each in documents(kind="SoHocKy")} == {"OPEN"}

        desk.sign(SIGNER, TERM_1)

        states = documents(kind="SoHocKy").values_list("class_name", "term", "state")
        assert sorted(states) == [
            ("6A1", 1, "READY"),
            ("6A1", 2, "OPEN"),
            ("6A2", 1, "READY"),
            ("6A2", 2, "OPEN"),
        ]
        closed = Sheet._base_manager.filter(subject_code="", closed_at__isnull=False)
        assert sorted(closed.values_list("class_name", "term")) == [("6A1", 1), ("6A2", 1)]

    def test_gives_back_the_sheet_of_what_was_refused(self, desk: Desk) -> None:
        opened = desk.open(SIGNER, TERM_1).json()
        documents(subject_code="TOAN", class_name="6A2", term=1).update(data_digest="0" * 64)

        desk.give(SIGNER, opened["batch"], desk.signatures(opened, SIGNER))

        still_open = Sheet._base_manager.filter(term=1, closed_at__isnull=True).exclude(subject_code="")
        assert ("6A2", "TOAN") in still_open.values_list("class_name", "subject_code")
        assert ("6A1", "TOAN") not in still_open.values_list("class_name", "subject_code")


class TestSheets:
    def test_that_are_missing_are_made_beside_those_that_are_there(self, desk: Desk) -> None:
        there, missing = ("6A1", "TOAN", 1), ("6A1", "HOAHOC", 2)
        before = Sheet._base_manager.count()

        with scope.acting_for(school.CODE):
            found = sheets.lock(school.CODE, school.YEAR, [there, missing])

        assert {key: sheet.version for key, sheet in found.items()} == {there: 1, missing: 0}
        assert Sheet._base_manager.count() == before + 1

    def test_that_are_missing_are_made_before_any_is_locked(self, desk: Desk) -> None:
        keys = [("6A1", "HOAHOC", 1), ("6A1", "HOAHOC", 2)]
        locked: list[bool] = []

        def is_locked() -> bool:
            query = "select xmax::text <> '0' from tracking_gradebook_sheet where subject_code = 'HOAHOC' and term = 1"
            return bool(statements.fetch(query, [])[0][0])

        def watch(execute: Any, sql: str, *further: Any) -> Any:
            if sql.startswith("INSERT"):
                locked.append(is_locked())
            return execute(sql, *further)

        with scope.acting_for(school.CODE):
            Sheet.objects.create(
                school_code=school.CODE,
                school_year=school.YEAR,
                class_name="6A1",
                subject_code="HOAHOC",
                term=1,
            )
            with connection.execute_wrapper(watch):
                found = sheets.lock(school.CODE, school.YEAR, keys)
            locked.append(is_locked())

        assert list(found) == keys
        assert locked == [False, True]
