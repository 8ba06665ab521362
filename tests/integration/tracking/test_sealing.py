"""Signing in order, and every way it is refused."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from hocba.desk.channels import Channel
from hocba.desk.other_sides import SyncError
from hocba.desk.ports import Order
from hocba.documents.workbooks.values import PupilRow
from hocba.exchange import messages
from hocba.platform.messages import ports
from hocba.platform.tenancy import scope
from hocba.sector.assignments import actions as sector
from hocba.tracking.gradebook import actions as gradebook
from hocba.tracking.gradebook import entries
from hocba.tracking.gradebook.errors import ClosedError
from hocba.tracking.roster import sync
from hocba.tracking.sealing import batches, ending, jobs, queries, signing
from hocba.tracking.sealing.models import BatchItem, Document, SigningBatch
from tests.factories import authorities
from tests.factories import small_school as school
from tests.fakes.sides import Sides, deliver
from tests.integration.tracking.desk import Desk

if TYPE_CHECKING:
    from hocba.documents.workbooks.values import AssignmentRow

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.tracking_urls")]
YEAR = school.YEAR
TERM_1 = f"{YEAR}.subject_teacher.1"


@pytest.fixture
def compared(db: None, sides: Sides) -> Desk:
    return Desk.compared(sides)


def enter(desk: Desk, **changes: object) -> int:
    rows = [row for row in school.marks(**changes) if (row.class_name, row.subject_code) == ("6A1", "TOAN")]
    with scope.acting_for(desk.code):
        return gradebook.enter_marks(
            school_code=desk.code,
            school_year=YEAR,
            entries=entries.marks_from(rows),
            by="GV",
            at=school.AT + timedelta(days=1),
        )


def document(desk: Desk, kind: str, class_name: str = "6A1", subject: str = "", term: int = 0) -> Document:
    with scope.acting_for(desk.code):
        found = next(
            each
            for each in queries.list_states(desk.code, YEAR, class_name)
            if (each.kind, each.subject_code, each.term) == (kind, subject, term)
        )
        result = queries.get_document(desk.code, found.uuid)
    assert result is not None
    return result


class TestComparing:
    def test_blocks_a_sheet_that_came_back_different_and_says_how(self, desk: Desk) -> None:
        desk.enter()
        from hocba.sector.results.models import ReportedResult

        with scope.whole_site():
            ReportedResult.objects.filter(sheet__subject_code="TOAN", sheet__term=1, midterm="8.0").update(
                midterm="9.0"
            )

        counts = desk.compare()

        assert (counts["ready"], counts["blocked"]) == (6, 2)
        blocked = document(desk, "SoMonHoc", subject="TOAN", term=1)
        assert blocked.state == "BLOCKED"
        assert len(blocked.problems) == 2
        assert "đã nhập “8,0”, cơ sở dữ liệu ngành trả về “9,0”" in blocked.problems[0]
        assert "TOAN" not in {item["title"] for item in desk.open("GV0006", TERM_1).json()["items"]}

    def test_does_not_freeze_what_was_not_reported_yet(self, desk: Desk) -> None:
        with scope.acting_for(desk.code):
            gradebook.enter_marks(
                school_code=desk.code,
                school_year=YEAR,
                entries=entries.marks_from(school.marks()),
                by="GV",
                at=school.AT,
            )

        assert dict(desk.compare()) == {"not_reported": 8, "ready": 0, "blocked": 0, "passed_over": 0}

    def test_blocks_a_sheet_with_missing_marks(self, desk: Desk) -> None:
        desk.data = replace(desk.data, marks=school.marks(final=None))
        desk.enter()

        assert desk.compare()["blocked"] == 8
        assert "chưa có đủ điểm" in document(desk, "SoMonHoc", subject="TOAN", term=1).problems[0]

    def test_blocks_a_sheet_that_the_sector_database_lost(self, desk: Desk) -> None:
        desk.enter()
        from hocba.sector.results.models import ReportedSheet

        with scope.whole_site():
            ReportedSheet.objects.filter(subject_code="TOAN", term=1, class_name="6A1").delete()

        counts = desk.compare()

        assert (counts["ready"], counts["blocked"]) == (7, 1)
        problems = document(desk, "SoMonHoc", subject="TOAN", term=1).problems
        assert problems == ["Cơ sở dữ liệu ngành chưa nhận được kết quả này."]

    def test_leaves_a_sheet_alone_that_is_being_signed(self, compared: Desk) -> None:
        from hocba.sector.results.models import ReportedSheet

        opened = compared.open("GV0006", TERM_1).json()
        with scope.whole_site():
            ReportedSheet.objects.filter(subject_code="TOAN", term=1, class_name="6A1").delete()

        compared.compare()

        given = compared.give("GV0006", opened["batch"], compared.signatures(opened, "GV0006")).json()
        assert (given["signed"], given["refused"]) == (len(opened["items"]), [])
        assert document(compared, "SoMonHoc", subject="TOAN", term=1).state == "SIGNED"

    def test_stops_at_a_class_that_the_sector_database_does_not_have(self, compared: Desk) -> None:
        from hocba.sector.enrolment.models import ClassGroup

        with scope.whole_site():
            ClassGroup.objects.filter(name="6A1").update(name="6A9")

        with pytest.raises(SyncError, match="không có lớp 6A1"):
            compared.compare()

        assert document(compared, "SoMonHoc", subject="TOAN", term=1).state == "READY"

    def test_asks_once_for_a_class(self, desk: Desk) -> None:
        desk.enter()

        desk.compare()

        asked = [path.split("/")[-1] for _, method, path in desk.sides.asked if "/class-results/" in path]
        assert asked == ["6A1", "6A2"]

    def test_changes_nothing_the_second_time(self, compared: Desk) -> None:
        before = document(compared, "SoMonHoc", subject="TOAN", term=1)

        compared.compare()

        after = document(compared, "SoMonHoc", subject="TOAN", term=1)
        assert (after.uuid, after.data_digest, after.state) == (before.uuid, before.data_digest, "READY")


class TestUntrustworthyCertificates:
    """The desk asks what every verifier will ask later, before anybody signs."""

    def refusal(self, desk: Desk) -> str:
        refused = desk.open("GV0006", TERM_1)
        assert refused.status_code == 422
        return " ".join(each["detail"] for each in refused.json()["errors"])

    def test_that_are_revoked_are_refused(self, compared: Desk) -> None:
        compared.revoke("GV0006")

        assert "sau khi chứng thư" in self.refusal(compared)

    def test_of_an_unknown_authority_are_refused_though_approved(self, compared: Desk) -> None:
        stranger = authorities.root("CA lạ").person("Người GV0006")
        compared.holders["GV0006"] = stranger
        compared.register = authorities.register(
            authorities.approval(stranger, "GV0006", "teacher"), school=compared.code
        )
        sync.sync_certificates(compared.code, by="test", at=school.AT)

        assert "không do tổ chức được tin cậy cấp" in self.refusal(compared)

    def test_not_made_for_signing_are_refused(self, compared: Desk) -> None:
        other = compared.root.person("Người GV0006", usage={"key_agreement": True})
        compared.holders["GV0006"] = other
        compared.register = authorities.register(
            authorities.approval(other, "GV0006", "teacher"), school=compared.code
        )
        sync.sync_certificates(compared.code, by="test", at=school.AT)

        assert "keyUsage" in self.refusal(compared)

    def test_are_refused_while_nothing_is_known_of_revocation(self, compared: Desk) -> None:
        compared.trust_bundle = messages.to_bytes(
            messages.TrustBundle(
                version=2, issued_at=school.AT, anchors=(compared.root.pem.decode(),), crls=()
            )
        )
        sync.sync_certificates(compared.code, by="test", at=school.AT)

        assert "danh sách thu hồi" in self.refusal(compared)


class TestOrder:
    def test_refuses_the_homeroom_teacher_before_the_subject_teachers(self, compared: Desk) -> None:
        refused = compared.open("GV0008", f"{YEAR}.homeroom_teacher.1")

        assert refused.status_code == 409
        assert compared.tasks("GV0008") == [
            task for task in compared.tasks("GV0008") if task["slot"] == "subject_teacher"
        ]

    @pytest.mark.parametrize(
        ("who", "task", "holder"), [("GV0001", "principal", None), ("GV0004", "seal", school.CODE)]
    )
    def test_refuses_who_comes_after_the_homeroom_teacher(
        self, compared: Desk, who: str, task: str, holder: str | None
    ) -> None:
        for term in (1, 2):
            for teacher in ("GV0006", "GV0007", "GV0008", "GV0009"):
                compared.sign(teacher, f"{YEAR}.subject_teacher.{term}")
            for teacher in ("GV0008", "GV0009"):
                compared.sign(teacher, f"{YEAR}.homeroom_teacher.{term}")

        refused = compared.open(who, f"{YEAR}.{task}.0", holder)

        assert refused.status_code == 409
        assert "chờ giáo viên chủ nhiệm" in refused.json()["title"]
        assert not any(task["ready"] for task in compared.tasks(who))

    def test_waits_for_every_teacher_of_a_subject(self, compared: Desk) -> None:
        compared.sign("GV0007", TERM_1)

        assert document(compared, "SoMonHoc", subject="NGUVAN", term=1).state == "PARTLY_SIGNED"

        compared.sign("GV0008", TERM_1)

        assert document(compared, "SoMonHoc", subject="NGUVAN", term=1).state == "SIGNED"

    def test_blocks_the_term_while_conduct_is_missing_and_goes_on_when_it_is_there(self, desk: Desk) -> None:
        desk.data = replace(desk.data, summaries=school.summaries(conduct_term1=None))
        desk.enter()
        desk.compare()
        for teacher in ("GV0006", "GV0007", "GV0008"):
            desk.sign(teacher, TERM_1)
        assert document(desk, "SoHocKy", term=1).state == "BLOCKED"
        assert "chưa có kết quả rèn luyện" in document(desk, "SoHocKy", term=1).problems[0]

        desk.data = replace(desk.data, summaries=school.summaries())
        desk.enter()
        desk.compare()

        assert document(desk, "SoHocKy", term=1).state == "READY"


class TestAssignments:
    """An assignment that ends while a record is being made must not take the subject out of it in silence."""

    def test_taken_back_hold_the_term_up_where_marks_were_entered(self, compared: Desk) -> None:
        _take_back(compared, "GDTC")

        compared.compare()
        compared.sign_everything_ready()

        for term in (1, 2):
            found = document(compared, "SoHocKy", term=term)
            assert found.state == "BLOCKED"
            assert any("Giáo dục thể chất" in problem for problem in found.problems)

    def test_taken_back_in_one_term_hold_up_that_term(self, compared: Desk) -> None:
        _take_back(compared, "GDTC", term=2)

        compared.compare()
        compared.sign_everything_ready()

        assert document(compared, "SoHocKy", term=1).state == "SIGNED"
        assert document(compared, "SoHocKy", term=2).state == "BLOCKED"

    def test_taken_back_hold_nothing_up_before_anything_is_entered(self, desk: Desk) -> None:
        _take_back(desk, "GDTC")
        kept = tuple(row for row in desk.data.marks if row.subject_code != "GDTC")
        desk.data = replace(desk.data, marks=kept)
        desk.enter()

        desk.compare()
        desk.sign_everything_ready()

        assert document(desk, "SoNamHoc").state == "SEALED"

    def test_taken_back_leave_what_somebody_has_signed(self, compared: Desk) -> None:
        for task in compared.tasks("GV0006"):
            if task["ready"]:
                compared.sign("GV0006", task["id"])
        signed = document(compared, "SoMonHoc", subject="GDTC", term=1)

        _take_back(compared, "GDTC")
        compared.compare()

        assert document(compared, "SoMonHoc", subject="GDTC", term=1).state == signed.state


def _take_back(desk: Desk, subject_code: str, term: int | None = None) -> None:
    from hocba.sector.assignments.models import Teaching

    def is_gone(row: AssignmentRow) -> bool:
        return row.subject_code == subject_code and term in {None, row.term}

    kept = tuple(row for row in desk.data.assignments if not is_gone(row))
    with scope.whole_site():
        gone = Teaching.objects.filter(subject_code=subject_code)
        (gone if term is None else gone.filter(term=term)).delete()
    sector.apply_import(replace(desk.data, assignments=kept, pupils=_touched(desk)), by="test", at=school.AT)
    sync.sync_roster(desk.code, YEAR, by="test", at=school.AT)


def _touched(desk: Desk) -> tuple[PupilRow, ...]:
    first, *others = desk.data.pupils
    return (replace(first, residence="2 đường số 2"), *others)


class TestClosing:
    def test_refuses_marks_once_signing_has_begun(self, compared: Desk) -> None:
        compared.open("GV0006", TERM_1)

        with pytest.raises(ClosedError, match="Sổ đang được ký"):
            enter(compared, final="9.0")

    def test_lets_the_same_marks_be_imported_again(self, compared: Desk) -> None:
        compared.open("GV0006", TERM_1)

        assert enter(compared) == 0

    def test_refuses_to_sign_what_changed_after_the_comparison(self, compared: Desk) -> None:
        assert enter(compared, final="9.0") > 0

        opened = compared.open("GV0006", TERM_1)

        assert [item["title"] for item in opened.json()["items"]] == [
            "Lớp 6A1, môn Giáo dục thể chất, học kì I"
        ]

    def test_signs_it_after_comparing_again(self, compared: Desk) -> None:
        enter(compared, final="9.0")
        deliver()
        compared.compare()

        assert len(compared.open("GV0006", TERM_1).json()["items"]) == 2


class TestEnding:
    """A batch that ends without signatures gives its sheets back."""

    LATER = timedelta(minutes=31)

    def end(self, desk: Desk, batch: str, *, at: datetime | None = None) -> bool:
        with scope.acting_for(desk.code):
            return ending.end_batch(uuid.UUID(batch), by="test", at=at or timezone.now() + self.LATER)

    def test_opens_the_sheets_for_marks_again(self, compared: Desk) -> None:
        opened = compared.open("GV0006", TERM_1).json()

        assert self.end(compared, opened["batch"])

        assert enter(compared, final="9.0") > 0

    def test_is_done_by_the_job_for_all_schools(self, compared: Desk) -> None:
        opened = compared.open("GV0006", TERM_1).json()
        SigningBatch._base_manager.filter(uuid=opened["batch"]).update(expires_at=school.AT)

        jobs.end_batches()

        assert SigningBatch._base_manager.get(uuid=opened["batch"]).state == "EXPIRED"
        assert enter(compared, final="9.0") > 0

    def test_waits_for_the_time_to_be_over(self, compared: Desk) -> None:
        opened = compared.open("GV0006", TERM_1).json()

        assert not self.end(compared, opened["batch"], at=timezone.now())

        with pytest.raises(ClosedError):
            enter(compared, final="9.0")

    def test_leaves_closed_what_was_signed(self, compared: Desk) -> None:
        opened = compared.open("GV0006", TERM_1).json()
        values = compared.signatures(opened, "GV0006")
        toan = next(item["id"] for item in opened["items"] if "môn Toán" in item["title"])
        compared.give("GV0006", opened["batch"], {toan: values[toan]})

        assert self.end(compared, opened["batch"])

        with pytest.raises(ClosedError):
            enter(compared, final="9.0")

    def test_leaves_closed_what_another_open_batch_holds(self, compared: Desk) -> None:
        old = compared.open("GV0006", TERM_1).json()
        compared.open("GV0006", TERM_1)

        assert not self.end(compared, old["batch"])
        with pytest.raises(ClosedError):
            enter(compared, final="9.0")

    def test_takes_no_signature_afterwards(self, compared: Desk) -> None:
        opened = compared.open("GV0006", TERM_1).json()
        self.end(compared, opened["batch"])

        refused = compared.give("GV0006", opened["batch"], compared.signatures(opened, "GV0006"))

        assert refused.status_code == 409


class TestBatch:
    def test_gives_the_same_answer_again(self, compared: Desk) -> None:
        opened = compared.open("GV0006", TERM_1).json()
        signatures = compared.signatures(opened, "GV0006")

        first = compared.give("GV0006", opened["batch"], signatures).json()
        second = compared.give("GV0006", opened["batch"], signatures).json()

        assert first == second == {"signed": 2, "refused": []}

    def test_refuses_one_wrong_value_alone_and_takes_the_right_one_later(self, compared: Desk) -> None:
        opened = compared.open("GV0006", TERM_1).json()
        right = compared.signatures(opened, "GV0006")
        first, second = right
        wrong = {first: right[first], second: compared.signatures(opened, "GV0007")[second]}

        given = compared.give("GV0006", opened["batch"], wrong).json()

        assert given["signed"] == 1
        assert [each["id"] for each in given["refused"]] == [second]
        assert compared.give("GV0006", opened["batch"], right).json() == {"signed": 2, "refused": []}

    def test_is_replaced_by_a_newer_one_of_the_same_task(self, compared: Desk) -> None:
        old = compared.open("GV0006", TERM_1).json()
        compared.open("GV0006", TERM_1)

        refused = compared.give("GV0006", old["batch"], compared.signatures(old, "GV0006"))

        assert refused.status_code == 409
        assert "lượt mới hơn" in refused.json()["title"]

    def test_belongs_to_who_opened_it(self, compared: Desk) -> None:
        opened = compared.open("GV0006", TERM_1).json()

        refused = compared.give("GV0007", opened["batch"], compared.signatures(opened, "GV0006"))

        assert refused.status_code == 404

    def test_ends(self, compared: Desk) -> None:
        opened = compared.open("GV0006", TERM_1).json()
        SigningBatch._base_manager.filter(uuid=opened["batch"]).update(
            expires_at=school.AT, signed_at=school.AT
        )

        refused = compared.give("GV0006", opened["batch"], compared.signatures(opened, "GV0006"))

        assert refused.status_code == 409
        assert "hết hạn" in refused.json()["title"]

    def test_writes_the_bytes_down_before_they_leave(self, compared: Desk) -> None:
        from base64 import b64decode

        opened = compared.open("GV0006", TERM_1).json()

        kept = {item.signature_id: bytes(item.to_be_signed) for item in BatchItem._base_manager.all()}
        assert kept == {item["id"]: b64decode(item["to_be_signed"]) for item in opened["items"]}

    def test_refuses_what_changed_since_it_was_opened(self, compared: Desk) -> None:
        opened = compared.open("GV0006", TERM_1).json()
        Document._base_manager.filter(subject_code="TOAN", term=1, class_name="6A1").update(
            data_digest="0" * 64
        )

        given = compared.give("GV0006", opened["batch"], compared.signatures(opened, "GV0006")).json()

        assert given["signed"] == 1
        assert "đã thay đổi" in given["refused"][0]["reason"]


class TestCertificates:
    def test_refuses_another_persons(self, compared: Desk) -> None:
        refused = compared.open("GV0006", TERM_1, holder="GV0007")

        assert refused.status_code == 422
        assert "không phải cho người phải ký" in refused.json()["errors"][0]["detail"]

    def test_refuses_one_not_approved_for_the_position(self, compared: Desk) -> None:
        assert compared.open("GV0001", f"{YEAR}.principal.0", holder="GV0005").status_code == 422

    def test_refuses_one_nobody_approved(self, compared: Desk) -> None:
        compared.holders["GV0006"] = compared.root.person("Người GV0006")

        refused = compared.open("GV0006", TERM_1)

        assert refused.status_code == 422
        assert "chưa được cấp quản lý phê duyệt" in refused.json()["errors"][0]["detail"]

    @pytest.mark.parametrize(
        "body",
        [b"", b"[]", b"\xff", b"[" * 100_000, b'{"task": "x"}', b'{"task": 1, "certificate": "AA=="}'],
    )
    @pytest.mark.parametrize("place", ["batches", f"batches/{uuid.UUID(int=1)}/signatures"])
    def test_refuses_a_request_that_is_none(self, compared: Desk, body: bytes, place: str) -> None:
        answer = compared.client("GV0006").post(
            f"/api/signing/{place}", body, content_type="application/json"
        )

        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"

    @pytest.mark.parametrize("task", ["", "x", f"{YEAR}.seal.9", "\0.subject_teacher.1", "9" * 5000])
    def test_refuses_a_task_that_is_none(self, compared: Desk, task: str) -> None:
        assert compared.open("GV0006", task).status_code in {400, 404}

    def test_refuses_one_item_that_cannot_be_finished_any_more(self, compared: Desk) -> None:
        opened = compared.open("GV0006", TERM_1).json()
        first = opened["items"][0]["id"]
        BatchItem._base_manager.filter(signature_id=first).update(to_be_signed=b"altered")

        given = compared.give("GV0006", opened["batch"], compared.signatures(opened, "GV0006"))

        assert given.status_code == 200
        assert [each["id"] for each in given.json()["refused"]] == [first]

    def test_refuses_a_task_outside_the_role(self, compared: Desk) -> None:
        assert compared.open("GV0006", f"{YEAR}.seal.0").status_code == 404


class TestSealing:
    def test_undoes_itself_when_the_messages_cannot_be_written(
        self, compared: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from hocba.platform.messages import actions as outbox

        def broken(*_: object, **__: object) -> None:
            raise OSError("disk full")

        for term in (1, 2):
            for teacher in ("GV0006", "GV0007", "GV0008", "GV0009"):
                compared.sign(teacher, f"{YEAR}.subject_teacher.{term}")
            for teacher in ("GV0008", "GV0009"):
                compared.sign(teacher, f"{YEAR}.homeroom_teacher.{term}")
        for teacher in ("GV0008", "GV0009"):
            compared.sign(teacher, f"{YEAR}.homeroom_teacher.0")
        compared.sign("GV0001", f"{YEAR}.principal.0")
        opened = compared.open("GV0004", f"{YEAR}.seal.0", holder=compared.code).json()
        signatures = compared.signatures(opened, compared.code)
        monkeypatch.setattr(outbox, "enqueue_all", broken)

        with pytest.raises(OSError, match="disk full"):
            compared.give("GV0004", opened["batch"], signatures)

        assert document(compared, "SoNamHoc").state == "APPROVED"
        monkeypatch.undo()

    def test_is_refused_by_nobody_when_the_other_side_is_slow(self, compared: Desk) -> None:
        compared.sign_all()
        compared.sides.answers["transcripts"] = lambda _: ports.Answer(status=503, headers={}, body=b"")

        deliver()

        assert document(compared, "SoNamHoc").state == "SEALED"


def test_the_actions_are_not_reachable_without_the_role() -> None:
    from hocba.platform.accounts.actor import NOBODY

    with pytest.raises(batches.NotYoursError):
        batches.open_batch(
            actor=NOBODY, order=Order(task=TERM_1, certificate=b"", channel=Channel.PROGRAM), at=school.AT
        )
    with scope.acting_for(school.CODE), pytest.raises(signing.NotYoursError):
        signing.take_signatures(actor=NOBODY, batch_id=uuid.uuid4(), signatures={}, at=school.AT)
