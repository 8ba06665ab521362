"""One class from its workbooks to the verdict of the public portal, over HTTP, the five sides being processes."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import pytest
import urllib3
from lxml import etree

from hocba.documents import class_record_xml
from hocba.exchange import messages
from tests.e2e.people import System
from tests.e2e.walk import PUPILS, SLOTS
from tests.factories.workbooks import ADMINISTRATOR, CLASS, CLERK, CODE, OTHER_CODE, PRINCIPAL, YEAR

if TYPE_CHECKING:
    from pathlib import Path

    from hocba.documents.workbooks.values import MarkRow
    from tests.e2e.people import People
    from tests.e2e.running import Running
    from tests.e2e.walk import Walk

pytestmark = pytest.mark.e2e

HOC_BA = "urn:hocba:hoc-ba:1.0"
WAITS = {
    "subject_teacher": "giáo viên bộ môn",
    "homeroom_teacher": "giáo viên chủ nhiệm",
    "principal": "lãnh đạo",
}
TRANSCRIPT_WAITS = {
    "subject_teacher": "Chờ giáo viên bộ môn ký",
    "homeroom_teacher": "Chờ giáo viên chủ nhiệm ký",
    "principal": "Chờ hiệu trưởng ký",
}
EARLY = [(later, waiting) for n, waiting in enumerate(SLOTS) for later in SLOTS[n + 1 :]]
VALUES = re.compile(r"(?<![\d.,/])(?:\d|10),\d(?!\d)")


class TestResults:
    def test_come_back_from_the_sector_database_as_they_stand_in_the_workbooks(self, walk: Walk) -> None:
        system = System(walk.running, "tracking")
        entered = [row for row in walk.chain.data.marks if (row.subject_code, row.term) == ("TOAN", 2)]
        path = f"/exchange/v1/schools/{CODE}/class-results/{YEAR}/{CLASS}"
        returned = messages.from_bytes(messages.ReturnedResults, system.send("sector", "GET", path).body)
        xml = next(each.xml for each in returned.sheets if (each.subject_code, each.term) == ("TOAN", 2))
        sheet = class_record_xml.read_subject_sheet(xml.encode())
        found = [(row.pupil_code, row.regular, row.midterm, row.final, row.remark) for row in sheet.rows]
        assert found == [(row.pupil_code, row.regular, row.midterm, row.final, row.remark) for row in entered]
        assert len(found) == PUPILS

    def test_of_every_subject_and_term_were_reported(self, walk: Walk) -> None:
        query = "select subject_code, term from sector_results_reportedsheet"
        found = walk.running.rows("sector", query, school=CODE)
        assert sorted(found) == sorted({(row.subject_code, row.term) for row in walk.chain.data.marks})


class TestOrderOfSigning:
    @pytest.mark.parametrize(("later", "waiting"), EARLY)
    def test_of_the_class_record_is_kept(self, walk: Walk, later: str, waiting: str) -> None:
        refused = walk.refused["tracking", later, "before", waiting]
        assert refused.status == 409
        assert "chờ" in refused.reason.lower()
        assert WAITS[waiting] in refused.reason

    @pytest.mark.parametrize(("later", "waiting"), EARLY)
    def test_of_the_transcripts_is_kept(self, walk: Walk, later: str, waiting: str) -> None:
        refused = walk.refused["transcripts", later, "before", waiting]
        assert refused.status == 409
        assert f"Chưa đến lượt ký: {TRANSCRIPT_WAITS[waiting]}" in refused.reason

    @pytest.mark.parametrize("side", ["tracking", "transcripts"])
    def test_is_no_help_to_who_uses_the_certificate_of_another(self, walk: Walk, side: str) -> None:
        refused = walk.refused[side, "stolen"]
        assert refused.status == 422
        assert "hứng thư số" in refused.reason

    def test_leaves_nothing_to_sign(self, walk: Walk) -> None:
        people = [*walk.teachers, PRINCIPAL, CLERK]
        for side in ("tracking", "transcripts"):
            assert [walk.people.desk(side, code).tasks() for code in people] == [[]] * len(people)


class TestClassRecord:
    def test_is_refused_by_the_transcripts_side_before_it_is_sealed(self, walk: Walk) -> None:
        assert walk.unsealed is not None
        assert walk.unsealed.status == 422
        told = json.loads(walk.unsealed.body)
        assert told["title"] == "Sổ lớp không được chấp nhận."
        assert "Nhà trường (con dấu số)" in json.dumps(told, ensure_ascii=False)

    def test_is_refused_with_its_signatures_taken_out(self, walk: Walk) -> None:
        name, content = walk.year_record()
        root = etree.fromstring(content)
        for signature in root.findall(".//{http://www.w3.org/2000/09/xmldsig#}Signature"):
            signature.getparent().remove(signature)
        stripped = etree.tostring(root)
        answer = System(walk.running, "tracking").send(
            "transcripts", "PUT", f"/exchange/v1/class-records/{name}", stripped
        )
        assert answer.status == 422, answer

    def test_is_accepted_again_without_doing_anything(self, walk: Walk) -> None:
        name, content = walk.year_record()
        before = walk.list_transcripts()
        answer = System(walk.running, "tracking").send(
            "transcripts", "PUT", f"/exchange/v1/class-records/{name}", content
        )
        assert answer.status == 200
        assert walk.list_transcripts() == before

    def test_is_archived_by_the_city(self, walk: Walk) -> None:
        _, content = walk.year_record()
        query = "select class_name, school_year, digest from city_archive_archivedclassrecord"
        digest = hashlib.sha256(content).hexdigest()
        assert walk.running.rows("city", query, school=CODE) == [(CLASS, YEAR, digest)]

    def test_is_taken_by_the_city_from_the_tracking_side_only(self, walk: Walk) -> None:
        name, content = walk.year_record()
        path = f"/exchange/v1/class-records/{name}"
        assert System(walk.running, "tracking").send("city", "PUT", path, content).status == 200
        assert System(walk.running, "transcripts").send("city", "PUT", path, content).status == 403


class TestTranscripts:
    def test_of_all_pupils_are_archived(self, walk: Walk) -> None:
        assert [row["status"] for row in walk.transcripts] == ["ARCHIVED"] * PUPILS
        assert {row["pupil_code"] for row in walk.transcripts} == {
            pupil.code for pupil in walk.chain.data.pupils
        }

    def test_say_valid_to_the_command_line(self, walk: Walk) -> None:
        files = [str(path) for pair in walk.pairs for path in pair]
        command = [
            sys.executable,
            "-m",
            "hocba.cli",
            "verify",
            *files,
            "--trust",
            str(walk.out / "trust"),
            "--json",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
        told = json.loads(done.stdout)["files"]
        assert [file["verdict"] for file in told] == ["valid"] * 2 * PUPILS
        assert {len(file["signatures"]) for file in told if file["file"].endswith(".xml")} == {15}
        assert {len(file["signatures"]) for file in told if file["file"].endswith(".pdf")} == {3}

    def test_say_what_the_workbooks_lead_to(self, walk: Walk) -> None:
        """Every mark of a term is ĐTBmhk of the workbook's row (TT 22, Điều 9), reckoned here by hand."""
        for row, (xml, _) in zip(walk.transcripts, walk.pairs, strict=True):
            found = {
                (subject.findtext(f"{{{HOC_BA}}}MaMon"), term): subject.findtext(f"{{{HOC_BA}}}HocKy{term}")
                for subject in etree.parse(str(xml)).getroot().iter(f"{{{HOC_BA}}}MonHoc")
                for term in (1, 2)
            }
            assert found == {
                (mark.subject_code, mark.term): _term_result(mark)
                for mark in walk.chain.data.marks
                if mark.pupil_code == row["pupil_code"]
            }


class TestReceipts:
    def test_are_the_same_octets_for_the_same_files_again(self, walk: Walk) -> None:
        system = System(walk.running, "transcripts")
        for row, (xml, pdf) in zip(walk.transcripts, walk.pairs, strict=True):
            kept = (walk.out / "receipts" / f"{xml.stem}.json").read_bytes()
            path, named = _address(row), _address(row, pdf)
            answer = system.send("city", "PUT", path, xml.read_bytes(), pdf.read_bytes())
            assert (answer.status, answer.body) == (200, kept)
            answer = system.send("city", "PUT", named, xml.read_bytes())
            assert (answer.status, answer.body) == (200, kept)

    def test_are_not_given_for_a_changed_xml_of_the_same_name(self, walk: Walk) -> None:
        row, (xml, pdf) = walk.transcripts[0], walk.pairs[0]
        changed = xml.read_bytes().replace(row["pupil"].encode(), row["pupil"].upper().encode())
        assert changed != xml.read_bytes()
        answer = System(walk.running, "transcripts").send("city", "PUT", _address(row, pdf), changed)
        assert answer.status == 409
        told = json.loads(answer.body)
        assert told["title"] == "Phiên bản học bạ này đã được đăng ký với nội dung khác."
        assert "lập phiên bản mới" in told["detail"]

    def test_are_not_given_for_another_pdf_of_the_same_name(self, walk: Walk) -> None:
        (row, _), ((xml, _), (_, other_pdf)) = walk.transcripts[:2], walk.pairs[:2]
        answer = System(walk.running, "transcripts").send(
            "city", "PUT", _address(row, other_pdf), xml.read_bytes()
        )
        assert answer.status == 409

    def test_are_not_given_for_a_changed_file_under_a_new_version(self, walk: Walk) -> None:
        row, (xml, pdf) = walk.transcripts[0], walk.pairs[0]
        changed = xml.read_bytes().replace(row["pupil"].encode(), row["pupil"].upper().encode())
        path = _address({**row, "version": 2}, pdf)
        answer = System(walk.running, "transcripts").send("city", "PUT", path, changed)
        assert answer.status == 422
        assert {problem["code"] for problem in json.loads(answer.body)["errors"]} >= {"HASH_FAILURE"}

    def test_are_given_to_nobody_whose_message_is_not_signed(self, walk: Walk) -> None:
        row, (xml, pdf) = walk.transcripts[0], walk.pairs[0]
        system = System(walk.running, "transcripts")
        answer = system.send("city", "PUT", _address(row, pdf), xml.read_bytes(), seal=False)
        assert answer.status == 401

    def test_are_not_given_to_another_side(self, walk: Walk) -> None:
        row, (xml, pdf) = walk.transcripts[0], walk.pairs[0]
        answer = System(walk.running, "tracking").send("city", "PUT", _address(row, pdf), xml.read_bytes())
        assert answer.status == 403


class TestCertifiedCopies:
    def test_asked_for_at_the_same_time_have_numbers_without_gaps(self, walk: Walk) -> None:
        clerk = walk.people.desk("transcripts", CLERK)
        row = walk.transcripts[0]
        path = f"/hoc-ba/{row['id']}/{row['version']}/sao-y"
        pages = [clerk.get(path).decode() for _ in range(6)]

        with ThreadPoolExecutor(max_workers=6) as pool:
            answers = list(pool.map(lambda page: clerk.post(path, _copy_form(page)), pages))

        assert answers == [302] * 6
        query = "select number from transcripts_copies_certifiedcopyentry order by number"
        assert walk.running.rows("transcripts", query, school=CODE) == [(number,) for number in range(1, 7)]
        register = walk.people.desk("transcripts", PRINCIPAL).get("/so-sao-y/").decode()
        assert "06/SY-" in register
        assert walk.people.status_of("transcripts", PRINCIPAL, path) == 403

    def test_do_not_exist_for_another_school(self, walk: Walk, other: People) -> None:
        row = walk.transcripts[0]
        assert other.status_of("transcripts", CLERK, f"/hoc-ba/{row['id']}/{row['version']}/sao-y") == 404
        assert row["pupil"] not in other.desk("transcripts", CLERK).get("/so-sao-y/").decode()


class TestYearsInOneFile:
    def test_are_a_pdf_to_read(self, walk: Walk) -> None:
        row = walk.transcripts[0]
        path = f"/hoc-ba/{row['id']}/{row['version']}/cac-nam"

        assert walk.people.desk("transcripts", walk.homeroom).get(path).startswith(b"%PDF-")
        assert walk.people.status_of("transcripts", ADMINISTRATOR, path) == 403


class TestPortal:
    def test_says_valid_of_every_file(self, walk: Walk) -> None:
        for pair in walk.pairs:
            for path in pair:
                page = drop(walk.running, path.name, path.read_bytes())
                assert verdict_of(page) == "valid", path.name
                assert "<h1>HỢP LỆ</h1>" in page

    def test_shows_the_pupil_and_the_check_list(self, walk: Walk) -> None:
        row, (xml, pdf) = walk.transcripts[0], walk.pairs[0]
        page = drop(walk.running, xml.name, xml.read_bytes(), pdf.read_bytes())
        assert verdict_of(page) == "valid"
        assert row["pupil"] in page
        for line in (
            "Tính toàn vẹn",
            "Đủ chữ ký theo quy định",
            "Thứ tự ký",
            "Thu hồi chứng thư số",
            "Chứng thư số được phê duyệt",
            "Bản XML và bản PDF khớp nhau",
            "Đang có hiệu lực trong cơ sở dữ liệu học bạ số.",
        ):
            assert line in page, line
        assert "không đạt" not in page
        assert "chưa kiểm tra được" not in page

    def test_says_invalid_of_a_changed_file(self, walk: Walk) -> None:
        row, (xml, _) = walk.transcripts[0], walk.pairs[0]
        changed = xml.read_bytes().replace(row["pupil"].encode(), row["pupil"].upper().encode())
        page = drop(walk.running, xml.name, changed)
        assert verdict_of(page) == "invalid"
        assert "<h1>KHÔNG HỢP LỆ</h1>" in page

    def test_says_that_other_files_are_no_transcripts(self, walk: Walk) -> None:
        assert verdict_of(drop(walk.running, "a.xml", b"hello")) == "unreadable"


class TestAdministrator:
    def test_is_refused_every_page_and_file_with_values(self, walk: Walk) -> None:
        book, _ = walk.year_record()
        ((sheet,),) = walk.running.rows(
            "tracking",
            "select uuid from tracking_sealing_document where subject_code = 'TOAN' and term = 1",
            school=CODE,
        )
        ((class_page,),) = walk.running.rows(
            "transcripts", "select id from transcripts_records_compilation", school=CODE
        )
        row = walk.transcripts[0]
        pages = {
            "tracking": [
                f"/lop/{YEAR}/{CLASS}/ket-qua/",
                f"/lop/{YEAR}/{CLASS}/mon/TOAN/1/",
                f"/so/{book}.xml",
                f"/so/{sheet}.xml",
                "/api/signing/tasks",
            ],
            "transcripts": [
                f"/lop/{class_page}/", row["xml"], row["pdf"], row["receipt"], "/api/transcripts", "/api/signing/tasks"
            ],
        }  # fmt: skip
        for side, paths in pages.items():
            for path in paths:
                assert walk.people.status_of(side, ADMINISTRATOR, path) == 403, path
                may = walk.homeroom if "TOAN" not in path and "/so/" not in path else PRINCIPAL
                assert walk.people.status_of(side, may, path) == 200, path

    def test_sees_no_mark_in_the_pages_that_open(self, walk: Walk) -> None:
        remarks = {row.remark for row in walk.chain.data.marks} | {
            row.homeroom_remark for row in walk.chain.data.summaries
        }
        names = {pupil.name for pupil in walk.chain.data.pupils}
        desk = walk.people.desk("tracking", ADMINISTRATOR)
        pages = [desk.get("/"), desk.get(f"/lop/{YEAR}/{CLASS}/")]
        pages.append(walk.people.desk("transcripts", ADMINISTRATOR).get("/"))
        for page in pages:
            text = page.decode()
            assert CLASS in text
            assert not VALUES.search(text)
            assert not [each for each in remarks | names if each and each in text]
        teacher = walk.people.desk("tracking", walk.homeroom).get(f"/lop/{YEAR}/{CLASS}/ket-qua/").decode()
        assert VALUES.search(teacher)
        assert [each for each in names if each in teacher]


class TestOtherSchool:
    def test_sees_nothing_of_this_one(self, walk: Walk, other: People) -> None:
        book, _ = walk.year_record()
        row = walk.transcripts[0]
        ((class_page,),) = walk.running.rows(
            "transcripts", "select id from transcripts_records_compilation", school=CODE
        )
        for code in (PRINCIPAL, CLERK):
            assert other.status_of("tracking", code, f"/so/{book}.xml") == 404
            for path in (row["xml"], row["pdf"], row["receipt"], f"/lop/{class_page}/"):
                assert other.status_of("transcripts", code, path) == 404
            answer = other.desk("transcripts", code).get("/api/transcripts")
            assert json.loads(answer) == {"transcripts": [], "classes": []}

    def test_has_its_own_class_of_the_same_name(self, walk: Walk, other: People) -> None:
        page = other.desk("tracking", PRINCIPAL).get(f"/lop/{YEAR}/{CLASS}/").decode()
        assert "Đã đóng dấu số" not in page
        assert (
            "Đã đóng dấu số" in walk.people.desk("tracking", PRINCIPAL).get(f"/lop/{YEAR}/{CLASS}/").decode()
        )

    def test_cannot_sign_here(self, walk: Walk, other: People) -> None:
        assert other.desk("transcripts", CLERK).tasks() == []
        assert OTHER_CODE not in {row["id"] for row in walk.transcripts}


def _copy_form(page: str) -> dict[str, str]:
    """The form of a page, filled in."""
    hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|request_id)" value="([^"]+)"', page))
    return {
        **hidden,
        "requester": "Cha của học sinh",
        "purpose": "Nộp hồ sơ chuyển trường",
        "quantity": "1",
        "signer": PRINCIPAL,
        "symbol": "THCS",
        "place": "Phường Gò Vấp",
        "recipients": "Lưu: VT",
    }


def drop(running: Running, name: str, *contents: bytes) -> str:
    """Drop one file or a pair on the public page; the page that answers."""
    names = [name, name.replace(".xml", ".pdf")]
    fields = [("documents", (each, data)) for each, data in zip(names, contents, strict=False)]
    answer = urllib3.PoolManager(retries=False, timeout=60).request(
        "POST", f"{running.house.address('portal')}/", fields=fields
    )
    assert answer.status == 200, answer.data[:500]
    return answer.data.decode()


def verdict_of(page: str) -> str:
    found = re.search(r'data-verdict="(\w+)"', page)
    assert found, page[:1000]
    return found[1]


def _term_result(mark: MarkRow) -> str:
    """The mean of the marks, the midterm counting twice and the final three times; or Đ with every mark Đ."""
    regular = [each for each in mark.regular if each is not None]
    assert mark.midterm
    assert mark.final
    if mark.final in {"D", "CD"}:
        return "D" if {*regular, mark.midterm, mark.final} == {"D"} else "?"
    points = sum(map(Decimal, regular)) + 2 * Decimal(mark.midterm) + 3 * Decimal(mark.final)
    return str((points / (len(regular) + 5)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _address(row: dict[str, object], pdf: Path | None = None) -> str:
    """Where a transcript is registered; with the PDF named when it is not sent along."""
    query = f"?pdf={hashlib.sha256(pdf.read_bytes()).hexdigest()}" if pdf else ""
    return f"/exchange/v1/transcripts/{row['id']}/versions/{row['version']}{query}"
