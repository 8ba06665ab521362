from __future__ import annotations

import json
from typing import Any

import pytest

from hocba.documents.verification import verify
from hocba.documents.verification.report import unreadable
from hocba.documents.verification.report_json import SCHEMA, full_json
from hocba.signing import trust
from tests.factories import class_records, transcripts

PAIR = transcripts.pair()
SHEET = class_records.sign(transcripts.school(), class_records.sheet())


def written(data: bytes) -> dict[str, Any]:
    material = trust.load(transcripts.school().trust_files())
    report = verify(data, trust=material, at=transcripts.NOW)
    found: dict[str, Any] = json.loads(json.dumps(full_json(report), ensure_ascii=False))
    return found


class TestFullJson:
    @pytest.mark.parametrize("data", [PAIR.xml, PAIR.pdf, SHEET, b"junk"])
    def test_has_exactly_the_documented_keys(self, data: bytes) -> None:
        document = written(data)

        assert list(document) == list(SCHEMA["file"])
        for check in document["checks"]:
            assert list(check) == list(SCHEMA["check"])
        for row in (*document["items"], *document["not_checked"]):
            assert list(row) == list(SCHEMA["row"])
        for signature in document["signatures"]:
            assert list(signature) == list(SCHEMA["signature"])
            assert list(signature["certificate"]) == list(SCHEMA["certificate"])
        if document["document"] is not None:
            assert list(document["document"]) == list(SCHEMA["document"])

    def test_begins_with_the_keys_of_the_first_version(self) -> None:
        assert list(SCHEMA["file"])[:3] == ["verdict", "checks", "signatures"]
        assert list(SCHEMA["check"])[:3] == ["name", "status", "detail"]

    def test_says_the_standards_words(self) -> None:
        good, bad = written(PAIR.xml), written(PAIR.xml.replace(b">7.9<", b">9.9<", 1))

        assert (good["indication"], good["sub_indication"]) == ("TOTAL-PASSED", None)
        assert (bad["indication"], bad["sub_indication"]) == ("TOTAL-FAILED", "HASH_FAILURE")
        assert {item["indication"] for item in bad["signatures"]} == {"INDETERMINATE", "TOTAL-FAILED"}

    def test_titles_everything_for_people(self) -> None:
        document = written(PAIR.pdf)

        for entry in (*document["checks"], *document["items"], *document["not_checked"]):
            assert entry["title"] != entry["name"]

    def test_holds_no_personal_number(self) -> None:
        pupil = transcripts.transcript().pupil

        assert pupil.personal_id not in json.dumps(written(PAIR.xml))

    def test_of_a_file_that_is_none_of_ours_has_no_indication(self) -> None:
        document = full_json(unreadable("x"))

        assert (document["indication"], document["document"], document["items"]) == (None, None, [])
