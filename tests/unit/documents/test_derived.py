"""What a transcript says that comes from the class record."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from hocba.documents import derived, transcript_xml
from hocba.documents.compile import Additions
from hocba.documents.people import StaffMember
from hocba.documents.transcript import StudyYear, SubjectResult, Transcript, YearResult
from tests.unit.documents import test_compile_primary
from tests.unit.documents.test_compile import FIRST, compiled, tree


def transcript() -> Transcript:
    found: Transcript = compiled(tree())[0]
    return found


def sealed() -> derived.Values:
    return derived.expected_of(tree())[FIRST]


def said(stated: Transcript) -> list[str]:
    return [str(found) for found in derived.deviations(derived.values_of(stated), sealed())]


def with_subject(**changes: Any) -> Transcript:
    value = transcript()
    return replace(value, subjects=(replace(value.subjects[0], **changes), *value.subjects[1:]))


def with_result(**changes: Any) -> Transcript:
    value = transcript()
    return replace(value, result=replace(value.result, **changes))


def with_study_year(**changes: Any) -> Transcript:
    value = transcript()
    return replace(value, course_of_study=(replace(value.course_of_study[-1], **changes),))


OTHER = StaffMember(code="GV9999", name="Người Khác")


class TestExpectedOf:
    def test_is_what_the_compiled_transcript_says(self) -> None:
        assert derived.values_of(transcript()) == sealed()

    def test_is_what_the_written_and_read_transcript_says(self) -> None:
        value = transcript()
        read = transcript_xml.read_record(transcript_xml.record_xml(value))

        assert derived.digest_of(derived.values_of(read)) == derived.digest_of(sealed())

    def test_says_of_the_pupil_what_the_record_says_and_no_more(self) -> None:
        assert sealed()["pupil"] == {"personal_id": FIRST, "name": transcript().pupil.name}

    def test_survives_json(self) -> None:
        assert json.loads(derived.to_bytes(sealed())) == sealed()


class TestDeviations:
    @pytest.mark.parametrize(
        "name", [item.name for item in fields(SubjectResult) if item.name not in {"teachers", "kind"}]
    )
    def test_tell_every_changed_field_of_a_subject(self, name: str) -> None:
        assert said(with_subject(**{name: "khác"}))

    @pytest.mark.parametrize(
        "name",
        [item.name for item in fields(YearResult) if item.name not in derived.OF_THE_TRANSCRIPT],
    )
    def test_tell_every_changed_field_of_the_result(self, name: str) -> None:
        value = {"conduct": "learning", "learning": "conduct"}.get(name)
        series = replace(transcript().result.conduct, year="CHUA_DAT")
        changed: Any = series if value else 99 if name.startswith("absences") else "khác"

        assert said(with_result(**{name: changed}))

    @pytest.mark.parametrize(
        "changed",
        [
            with_subject(teachers=(OTHER,)),
            with_subject(kind="comment"),
            replace(transcript(), subjects=transcript().subjects[1:]),
            replace(transcript(), subjects=tuple(reversed(transcript().subjects))),
            replace(transcript(), subjects=(*transcript().subjects, transcript().subjects[0])),
            replace(transcript(), homeroom_teacher=OTHER),
            replace(transcript(), principal=OTHER),
            replace(transcript(), grade=7),
            replace(transcript(), class_name="6A9"),
            replace(transcript(), school_year="2023-2024"),
            replace(transcript(), school=replace(transcript().school, name="Trường Khác")),
            replace(transcript(), pupil=replace(transcript().pupil, name="Tên Khác")),
            replace(transcript(), course_of_study=()),
            replace(transcript(), course_of_study=transcript().course_of_study * 2),
            with_study_year(class_name="9Z9"),
            with_study_year(school_name="Trường Khác"),
            with_study_year(place="Nơi khác"),
            with_study_year(school_year="2020-2021"),
        ],
    )
    def test_tell_everything_else_that_comes_from_the_record(self, changed: Transcript) -> None:
        assert said(changed)

    @pytest.mark.parametrize(
        "changed",
        [
            with_result(certificates="IC3"),
            with_result(competitions="Giải nhất"),
            with_result(awards="Giấy khen"),
            with_result(principal_remark="Đồng ý"),
            replace(transcript(), version=2, id="x", register_number="12"),
            replace(
                transcript(),
                course_of_study=(
                    StudyYear(school_year="2020-2021", class_name="5A", school_name="TH"),
                    *transcript().course_of_study,
                ),
            ),
            replace(transcript(), pupil=replace(transcript().pupil, residence="Nơi khác")),
        ],
    )
    def test_leave_alone_what_the_record_does_not_say(self, changed: Transcript) -> None:
        assert said(changed) == []

    def test_pass_over_fields_that_came_after_the_record_was_kept(self) -> None:
        before = sealed()
        del before["result"]["conduct_after_summer"]

        assert derived.deviations(sealed(), before) == ()

    @pytest.mark.parametrize(
        ("stated", "kept"), [("D", "Đạt"), ("8,0", "8.0"), ("Giỏi. Ngoan", "Giỏi, Ngoan")]
    )
    def test_tell_what_only_reads_the_same(self, stated: str, kept: str) -> None:
        before = sealed()
        before["subjects"][0]["remark"] = kept

        (found,) = derived.deviations(derived.values_of(with_subject(remark=stated)), before)

        assert found.stated != found.sealed

    def test_tell_a_number_from_a_decision(self) -> None:
        assert derived.deviations({"promoted": 1}, {"promoted": True})

    def test_read_as_sentences(self) -> None:
        value = transcript()
        name, before = value.subjects[0].name, str(value.subjects[0].year).replace(".", ",")

        assert said(with_subject(year="9.9")) == [
            f"môn 1 ({name}), cả năm: học bạ ghi “9,9”, sổ lớp ghi “{before}”"
        ]


class TestSame:
    def test_passes_over_fields_that_came_after_the_record_was_kept(self) -> None:
        before = sealed()
        del before["result"]["conduct_after_summer"]

        assert derived.same(sealed(), before)

    @pytest.mark.parametrize(
        "changed",
        [{"conduct_after_summer": "DAT"}, {"absences_excused": "2"}, {"title": 1}],
    )
    def test_passes_over_nothing_else(self, changed: dict[str, Any]) -> None:
        before = sealed()

        assert not derived.same({**before, "result": {**before["result"], **changed}}, before)


class TestOwnFields:
    def test_are_those_the_compiler_is_given_beside_the_record(self) -> None:
        additions = {item.name for item in fields(Additions)}

        assert additions | {"id"} == derived.OF_THE_TRANSCRIPT


class TestPrimary:
    def test_is_what_the_written_and_read_transcript_says(self) -> None:
        given = test_compile_primary.tree()
        compiled_one = test_compile_primary.compiled(given)[0]
        read = transcript_xml.read_record(transcript_xml.record_xml(compiled_one))

        expected = derived.expected_of(given)[compiled_one.pupil.personal_id]

        assert derived.digest_of(derived.values_of(read)) == derived.digest_of(expected)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"promoted": False}, "được lên lớp: học bạ ghi “không”, sổ lớp ghi “có”"),
            ({"overall": "HOAN_THANH_TOT"}, "đánh giá chung"),
            ({"award": "Khác"}, "khen thưởng"),
        ],
    )
    def test_tells_every_changed_decision(self, change: dict[str, Any], words: str) -> None:
        given = test_compile_primary.tree()
        value = test_compile_primary.compiled(given)[0]
        changed = replace(value, result=replace(value.result, **change))

        (found,) = derived.deviations(
            derived.values_of(changed), derived.expected_of(given)[value.pupil.personal_id]
        )

        assert words in str(found)

    def test_tells_a_changed_level_of_a_quality(self) -> None:
        given = test_compile_primary.tree()
        value = test_compile_primary.compiled(given)[0]
        changed = replace(value, traits=(replace(value.traits[0], level="C"), *value.traits[1:]))

        (found,) = derived.deviations(
            derived.values_of(changed), derived.expected_of(given)[value.pupil.personal_id]
        )

        assert "Yêu nước" in str(found)
