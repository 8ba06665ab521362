"""A pupil who has no personal ID yet: everybody else goes on, and nothing is signed that cannot name the pupil."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hocba.platform.tenancy import scope
from hocba.sector.assignments import actions as sector
from hocba.tracking.completeness import queries as completeness
from hocba.tracking.roster import sync
from hocba.tracking.sealing import queries
from tests.factories import small_school as school
from tests.fakes.sides import Sides, deliver
from tests.integration.tracking.desk import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.tracking_urls")]


@pytest.fixture
def desk(db: None, sides: Sides) -> Desk:
    """The first pupil of 6A1 comes from abroad; of the birth date only month and year are known."""
    data = school.data()
    foreign = replace(data.pupils[0], personal_id=None, nationality="Hàn Quốc", birth_date="2013-07")
    whole = replace(
        data, pupils=(foreign, *data.pupils[1:]), marks=school.marks(), summaries=school.summaries()
    )
    return Desk.of_school(sides, data=whole)


def states(desk: Desk, name: str) -> set[str]:
    with scope.acting_for(desk.code):
        rows = queries.list_documents(desk.code, school.YEAR, name).filter(kind="SoMonHoc")
        return {row.state for row in rows}


class TestPupilWithoutNumber:
    def test_has_marks_and_holds_up_only_the_own_class(self, desk: Desk) -> None:
        desk.enter()

        counts = desk.compare()

        assert (counts["ready"], counts["blocked"], counts["not_reported"]) == (2, 6, 0)
        assert (states(desk, "6A1"), states(desk, "6A2")) == ({"BLOCKED"}, {"READY"})
        page = desk.client("GV0001").get(f"/lop/{school.YEAR}/6A1/ket-qua/").content.decode()
        assert "Nguyễn Văn A" in page

    def test_is_named_in_the_report_with_what_to_do(self, desk: Desk) -> None:
        desk.enter()
        with scope.acting_for(desk.code):
            (report,) = completeness.reports_of(desk.code, school.YEAR, at=school.AT, class_name="6A1")
        (item,) = report.items
        assert (item.cause, item.blocking) == ("Học sinh nước ngoài chưa có số định danh", True)
        assert item.text.startswith(
            "Nguyễn Văn A (7924000001): Chưa có số định danh cá nhân của Nguyễn Văn A."
        )

    def test_goes_on_like_everybody_once_the_number_is_there(self, desk: Desk) -> None:
        desk.enter()
        desk.compare()
        first, *others = desk.data.pupils
        desk.data = replace(desk.data, pupils=(replace(first, personal_id="079313000001"), *others))
        sector.apply_import(desk.data, by="test", at=school.AT)
        sync.sync_roster(desk.code, school.YEAR, by="test", at=school.AT)

        desk.compare()
        deliver()
        desk.compare()
        desk.sign_all()

        with scope.acting_for(desk.code):
            years = queries.list_documents(desk.code, school.YEAR, "6A1").filter(kind="SoNamHoc")
            assert [row.state for row in years] == ["SEALED"]
