from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from hocba.documents.result_sheets import Sheet, sheet_of
from hocba.documents.result_sheets.sheet import LONGEST, printable
from hocba.documents.verification import verify, wording
from hocba.documents.verification.report_json import full_json
from hocba.signing import trust
from tests.factories import class_records, transcripts

PAIR = transcripts.pair()
EDITED = PAIR.xml.replace(b">7.9<", b">9.9<", 1)


def made(data: bytes, **more: Any) -> Sheet:
    material = trust.load(transcripts.school().trust_files())
    report = verify(data, trust=material, **{"at": transcripts.NOW, **more})
    return sheet_of("an.xml", json.loads(json.dumps(full_json(report))))


class TestSheetOf:
    def test_says_verdict_file_and_whose_transcript_it_is(self) -> None:
        sheet = made(PAIR.xml)
        facts = dict(sheet.facts)

        assert sheet.conclusion == "HỢP LỆ"
        assert sheet.standard == "TOTAL-PASSED"
        assert facts["Tệp"] == "an.xml"
        assert facts["Học sinh"] == transcripts.transcript().pupil.name
        assert len(sheet.items) == 6
        assert len(sheet.signatures) == 15

    def test_holds_neither_marks_nor_personal_numbers(self) -> None:
        text = json.dumps(asdict(made(PAIR.xml)), default=str, ensure_ascii=False)

        assert transcripts.transcript().pupil.personal_id not in text
        assert "7,9" not in text
        assert "7.9" not in text

    def test_names_the_reason_that_decided(self) -> None:
        assert dict(made(EDITED).facts)["Lý do chính"] == "Nội dung đã bị thay đổi sau khi ký."

    def test_shows_claimed_and_proven_time(self) -> None:
        sheet = made(PAIR.xml, existed_at=transcripts.NOW - timedelta(days=1), proven_by="dấu thời gian thử")

        assert "dấu thời gian thử" in dict(sheet.facts)["Đã có từ"]
        assert "Thời điểm có bằng chứng" in dict(sheet.signatures[0].facts)

    def test_says_that_certificates_ended_since(self) -> None:
        material = trust.load(transcripts.school().trust_files())
        document = full_json(verify(PAIR.xml, trust=material, at=transcripts.NOW))
        document["signatures"][3]["status"] = {
            "then": "valid",
            "now": "revoked",
            "since": "2026-07-01T00:00:00+07:00",
        }

        sheet = sheet_of("an.xml", document)

        assert sheet.meaning == wording.ENDED_SINCE
        assert "đã bị thu hồi từ 01/07/2026" in dict(sheet.signatures[3].facts)["Trạng thái"]

    @pytest.mark.parametrize(
        "data", [PAIR.pdf, class_records.sign(transcripts.school(), class_records.sheet()), b"?"]
    )
    def test_can_be_made_of_every_kind_of_file(self, data: bytes) -> None:
        sheet = made(data)

        assert sheet.conclusion in wording.VERDICTS.values()
        assert sheet.unchecked


class TestPrintable:
    @pytest.mark.parametrize("text", ["Nguyễn Thị Ánh", "“Đỗ” – 12/5…", "THCS Lê Quý Đôn"])
    def test_leaves_vietnamese_alone(self, text: str) -> None:
        assert printable(text) == text
        assert printable(unicodedata.normalize("NFD", text)) == text

    @pytest.mark.parametrize("text", ["a\u202eb", "a\nb", "a\x00b", "a漢b", "a\u0e01b"])
    def test_shows_that_something_else_stood_there(self, text: str) -> None:
        assert printable(text) == "a?b"

    def test_cuts_what_is_too_long(self) -> None:
        assert len(printable("a" * 10 * LONGEST)) == LONGEST

    def test_leaves_out_names_of_regions(self) -> None:
        assert printable("Nội dung của vùng “#hs-1” đã đổi.") == "Nội dung đã đổi."
