"""Taking over workbooks: once, again, changed, wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from hocba.exchange import messages
from hocba.platform.accounts.models import Membership
from hocba.platform.audit.models import AuditEvent
from hocba.platform.tenancy import scope
from hocba.sector.assignments import actions, queries
from hocba.sector.assignments import compile as compiling
from hocba.sector.enrolment import queries as enrolment
from hocba.sector.enrolment.models import FormerPersonalId
from tests.factories import small_school as school

pytestmark = pytest.mark.django_db
LATER = school.AT + timedelta(days=1)


class TestPersonalIds:
    def test_that_were_established_anew_are_kept_with_the_time_of_the_change(self) -> None:
        data = school.data()
        actions.apply_import(data, by="test", at=school.AT)
        renewed = (replace(data.pupils[0], personal_id="079313999999"), *data.pupils[1:])

        actions.apply_import(replace(data, pupils=renewed), by="clerk", at=LATER)
        actions.apply_import(replace(data, pupils=renewed), by="clerk", at=LATER + timedelta(days=1))

        with scope.acting_for(school.CODE):
            first = enrolment.list_enrolments(school.CODE, school.YEAR, "6A1")[0].pupil
            rows = [
                (row.personal_id, row.replaced_by, row.by, row.replaced_at)
                for row in first.former_personal_ids.all()
            ]
        assert first.personal_id == "079313999999"
        assert rows == [("079313000001", "079313999999", "clerk", LATER)]

    def test_that_were_established_anew_cannot_be_forgotten(self) -> None:
        data = school.data()
        actions.apply_import(data, by="test", at=school.AT)
        renewed = (replace(data.pupils[0], personal_id="079313999999"), *data.pupils[1:])
        actions.apply_import(replace(data, pupils=renewed), by="clerk", at=LATER)

        with scope.acting_for(school.CODE), pytest.raises(DatabaseError), transaction.atomic():
            FormerPersonalId.objects.all().delete()

    def test_are_not_asked_of_foreign_pupils(self) -> None:
        data = school.data()
        foreign = replace(data.pupils[0], personal_id=None, nationality="Hàn Quốc", birth_date="2013-07")
        other = replace(data.pupils[1], personal_id=None, nationality="Lào", birth_date="2013")

        actions.apply_import(
            replace(data, pupils=(foreign, other, *data.pupils[2:])), by="test", at=school.AT
        )

        with scope.acting_for(school.CODE):
            roster = compiling.roster_of(school.CODE, school.YEAR)
        assert roster is not None
        found = [(each.pupil.personal_id, each.pupil.birth_date) for each in roster.pupils[:2]]
        assert found == [("", "2013-07"), ("", "2013")]
        assert messages.from_bytes(messages.Roster, messages.to_bytes(roster)) == roster

    def test_are_asked_of_everybody_else(self) -> None:
        data = school.data()
        without = replace(data.pupils[0], personal_id=None)
        actions.apply_import(replace(data, pupils=(without, *data.pupils[1:])), by="test", at=school.AT)

        with (
            scope.acting_for(school.CODE),
            pytest.raises(compiling.IncompleteRosterError, match="số định danh"),
        ):
            compiling.roster_of(school.CODE, school.YEAR)


class TestApplyImport:
    def test_changes_nothing_the_second_time(self) -> None:
        first = actions.apply_import(school.data(), by="test", at=school.AT)
        events = AuditEvent.objects.count()

        second = actions.apply_import(school.data(), by="test", at=LATER)

        assert (first.version, first.pupils, first.staff) == (1, 3, 9)
        assert (second.is_news, second.version, AuditEvent.objects.count()) == (False, 1, events)

    def test_gives_a_changed_row_the_next_version(self) -> None:
        data = school.data()
        actions.apply_import(data, by="test", at=school.AT)
        pupils = (replace(data.pupils[0], residence="2 đường số 2"), *data.pupils[1:])

        done = actions.apply_import(replace(data, pupils=pupils), by="test", at=LATER)

        assert (done.pupils, done.staff, done.assignments, done.version) == (1, 0, 0, 2)
        last = AuditEvent.objects.latest("id")
        assert (last.tag, last.target) == ("enrolment:pupil:imported", f"pupil:{school.CODE}:7924000001")

    def test_moves_a_pupil_to_another_class(self) -> None:
        data = school.data()
        actions.apply_import(data, by="test", at=school.AT)
        pupils = (replace(data.pupils[0], class_name="6A2"), *data.pupils[1:])

        actions.apply_import(replace(data, pupils=pupils), by="test", at=LATER)

        with scope.acting_for(school.CODE):
            rows = enrolment.list_enrolments(school.CODE, school.YEAR, "6A2")
            assert [row.pupil.code for row in rows] == ["7924000001", "7924000003"]

    def test_replaces_the_teacher_of_a_cell_and_leaves_other_cells_alone(self) -> None:
        data = school.data()
        actions.apply_import(data, by="test", at=school.AT)
        only = tuple(
            replace(row, staff_code="GV0009")
            for row in data.assignments
            if (row.class_name, row.subject_code, row.term) == ("6A1", "TOAN", 1)
        )

        actions.apply_import(replace(data, assignments=only), by="test", at=LATER)

        with scope.acting_for(school.CODE):
            group = enrolment.get_class(school.CODE, school.YEAR, "6A1")
            assert group is not None
            teachers = queries.teachers_of(group)
        assert [each.code for each in teachers["TOAN", 1]] == ["GV0009"]
        assert [each.code for each in teachers["TOAN", 2]] == ["GV0006"]

    def test_writes_nothing_when_an_assignment_names_nobody(self) -> None:
        data = school.data()
        unknown = (replace(data.assignments[0], staff_code="GV9999"),)

        with pytest.raises(actions.UnknownPersonError, match="GV9999"):
            actions.apply_import(replace(data, assignments=unknown), by="test", at=school.AT)

        with scope.acting_for(school.CODE):
            assert queries.version_of(school.CODE, school.YEAR) is None

    def test_keeps_schools_apart(self) -> None:
        actions.apply_import(school.data(), by="test", at=school.AT)
        actions.apply_import(school.data("79000001"), by="test", at=school.AT)

        with scope.acting_for("79000001"):
            assert enrolment.list_enrolments(school.CODE, school.YEAR).count() == 0
            assert enrolment.list_enrolments("79000001", school.YEAR).count() == 3


class TestRosterOf:
    def test_leaves_out_who_no_longer_attends(self) -> None:
        data = school.data()
        pupils = (replace(data.pupils[0], attending=False, status="Chuyển đi"), *data.pupils[1:])
        actions.apply_import(replace(data, pupils=pupils), by="test", at=school.AT)

        with scope.whole_site():
            roster = compiling.roster_of(school.CODE, school.YEAR)

        assert roster is not None
        assert [each.pupil.code for each in roster.pupils] == ["7924000002", "7924000003"]

    @pytest.mark.parametrize(
        ("status", "active"), [("", True), ("Hợp đồng", True), ("Nghỉ hưu", False), ("không rõ", False)]
    )
    def test_says_who_works_there_by_the_list_of_statuses(self, status: str, active: bool) -> None:
        data = school.data()
        staff = tuple(replace(row, status=status) for row in data.staff)
        actions.apply_import(replace(data, staff=staff), by="test", at=school.AT)

        with scope.whole_site():
            roster = compiling.roster_of(school.CODE, school.YEAR)

        assert roster is not None
        assert {each.active for each in roster.staff} == {active}

    def test_names_all_levels_of_the_school(self) -> None:
        data = school.data()
        rename = {"6A1": "10A1", "6A2": "9A2"}
        groups = {
            part: tuple(replace(row, class_name=rename[row.class_name]) for row in getattr(data, part))
            for part in ("pupils", "assignments", "homerooms")
        }
        actions.apply_import(replace(data, **groups), by="test", at=school.AT)

        with scope.whole_site():
            roster = compiling.roster_of(school.CODE, school.YEAR)

        assert roster is not None
        assert roster.school.level == "THCS-THPT"

    def test_adds_the_level_of_the_first_class_of_another(self) -> None:
        data = school.data()
        actions.apply_import(data, by="test", at=school.AT)
        groups = {
            part: tuple(replace(row, class_name=f"10{row.class_name[1:]}") for row in getattr(data, part))
            for part in ("pupils", "assignments", "homerooms")
        }

        actions.apply_import(replace(data, **groups), by="test", at=school.AT)
        actions.apply_import(data, by="test", at=school.AT)

        with scope.whole_site():
            roster = compiling.roster_of(school.CODE, school.YEAR)
        assert roster is not None
        assert roster.school.level == "THCS-THPT"

    def test_refuses_pupils_who_cannot_be_named(self) -> None:
        data = school.data()
        pupils = (replace(data.pupils[0], personal_id=None), *data.pupils[1:])
        actions.apply_import(replace(data, pupils=pupils), by="test", at=school.AT)

        with scope.whole_site(), pytest.raises(compiling.IncompleteRosterError) as caught:
            compiling.roster_of(school.CODE, school.YEAR)

        assert caught.value.problems == ["Học sinh 7924000001 chưa có số định danh cá nhân."]


class TestImportPeople:
    SAMPLE = Path("sample/thcs")

    def test_takes_over_the_sample_and_makes_accounts(self, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("import_people", str(self.SAMPLE))

        assert "29 nhân sự, 6 lớp, 239 học sinh" in capsys.readouterr().out
        roles = Membership.objects.values_list("role", flat=True)
        assert sorted(roles) == ["academic_office", "administrator", "clerk", "leadership", "principal"]

    def test_refuses_a_folder_that_is_not_there(self) -> None:
        with pytest.raises(CommandError, match="Không có thư mục"):
            call_command("import_people", "khong-co")
