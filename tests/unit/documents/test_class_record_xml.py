"""The class record as XML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from hocba.documents import class_record_xml
from hocba.documents.class_record import SubjectSheet, TermRecord, YearRecord
from tests.factories import documents, golden_xml
from tests.unit.documents import strategies

NS = f"{{{class_record_xml.NAMESPACE}}}"
FAKE = b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="ck-1"></ds:Signature>'
CASES = [
    pytest.param(documents.subject_sheet(), class_record_xml.read_subject_sheet, id="subject"),
    pytest.param(documents.term_record(), class_record_xml.read_term_record, id="term"),
    pytest.param(documents.year_record(), class_record_xml.read_year_record, id="year"),
]


def whole(value: Any, **signatures: Any) -> bytes:
    return class_record_xml.assemble(
        class_record_xml.kind_of(value),
        class_record_xml.data_xml(value),
        class_record_xml.Signatures(**signatures),
    )


def c14n(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)


def assert_round_trip(value: Any, read: Callable[[bytes], Any]) -> None:
    octets = class_record_xml.data_xml(value)
    root = etree.fromstring(whole(value))

    assert c14n(etree.fromstring(octets)) == octets
    assert c14n(root.find(f"{NS}DuLieu")) == octets
    assert class_record_xml.validate(root) == []
    assert read(octets) == value


class TestDataXml:
    @settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True)
    @given(strategies.subject_sheet)
    def test_of_a_subject_sheet_is_canonical_valid_and_reads_back(self, value: SubjectSheet) -> None:
        assert_round_trip(value, class_record_xml.read_subject_sheet)

    @settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True)
    @given(strategies.term_record)
    def test_of_a_term_record_is_canonical_valid_and_reads_back(self, value: TermRecord) -> None:
        assert_round_trip(value, class_record_xml.read_term_record)

    @settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True)
    @given(strategies.year_record)
    def test_of_a_year_record_is_canonical_valid_and_reads_back(self, value: YearRecord) -> None:
        assert_round_trip(value, class_record_xml.read_year_record)

    def test_keeps_the_place_of_a_mark_that_is_not_there(self) -> None:
        sheet = documents.subject_sheet()
        read = class_record_xml.read_subject_sheet(class_record_xml.data_xml(sheet))

        assert read.rows[0].regular == ("8.0", "9.5", None, "10.0")

    def test_refuses_a_pupil_with_two_rows(self) -> None:
        sheet = documents.subject_sheet()

        with pytest.raises(class_record_xml.UnwritableValue, match="nhiều dòng"):
            class_record_xml.data_xml(replace(sheet, rows=(sheet.rows[0], sheet.rows[0])))

    def test_refuses_a_mark_of_the_other_kind_and_names_the_pupil(self) -> None:
        sheet = documents.subject_sheet("GDTC")
        row = replace(sheet.rows[1], regular=("D", "9.0"))

        with pytest.raises(class_record_xml.UnwritableValue, match=rf"{row.personal_id}: “9\.0”"):
            class_record_xml.data_xml(replace(sheet, rows=(sheet.rows[0], row)))

    def test_refuses_a_sheet_named_twice(self) -> None:
        record = documents.term_record()

        with pytest.raises(class_record_xml.UnwritableValue, match="NGUVAN được nêu nhiều lần"):
            class_record_xml.data_xml(replace(record, sheets=(*record.sheets, record.sheets[0])))


class TestReading:
    @pytest.mark.parametrize(("value", "read"), CASES)
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b"<Lop>6A1</Lop>", b"<Lop>6A1</Lop>\n"),
            (b"<Lop>6A1</Lop>", b"<Lop>6A1</Lop><Them></Them>"),
            (b"<Lop>6A1</Lop>", b""),
            (b"<LoaiSo>", b"<LoaiSo>X"),
            (b'Id="dl-', b'Id="dx-'),
            (b"</HocSinh>", b"<!----></HocSinh>"),
            (b"<SoDinhDanhCaNhan>0", b"<SoDinhDanhCaNhan>x"),
        ],
    )
    def test_refuses_octets_that_writing_would_not_give(
        self, value: Any, read: Callable[[bytes], Any], old: bytes, new: bytes
    ) -> None:
        octets = class_record_xml.data_xml(value)
        changed = octets.replace(old, new, 1)
        assert changed != octets

        with pytest.raises(class_record_xml.UnreadableDocument):
            read(changed)

    @pytest.mark.parametrize(("value", "read"), CASES)
    def test_refuses_data_of_another_kind(self, value: Any, read: Callable[[bytes], Any]) -> None:
        others = [case.values[0] for case in CASES if case.values[0] != value]

        for other in others:
            with pytest.raises(class_record_xml.UnreadableDocument):
                read(class_record_xml.data_xml(other))


class TestAssemble:
    def test_refuses_a_signature_that_has_no_slot_in_the_kind(self) -> None:
        with pytest.raises(ValueError, match="no slot for seal"):
            whole(documents.term_record(), seal=FAKE)

    def test_refuses_data_of_another_kind(self) -> None:
        data = class_record_xml.data_xml(documents.term_record())

        with pytest.raises(ValueError, match="SoNamHoc"):
            class_record_xml.assemble(
                class_record_xml.ClassRecordKind.YEAR, data, class_record_xml.Signatures()
            )

    def test_without_a_seal_gives_what_the_enveloped_transform_leaves(self) -> None:
        value = documents.year_record()
        sealed = etree.fromstring(whole(value, homeroom=FAKE, principal=FAKE, seal=FAKE))
        slot = sealed.find(f"{NS}ChuKy/{NS}CoQuan")
        slot.remove(slot[0])

        assert c14n(sealed) == c14n(etree.fromstring(whole(value, homeroom=FAKE, principal=FAKE)))

    @pytest.mark.parametrize("name", [name for name in golden_xml.files() if name.startswith("so-lop")])
    def test_makes_the_golden_files_byte_by_byte(self, name: str) -> None:
        assert golden_xml.files()[name] == (golden_xml.FOLDER / name).read_bytes()


class TestFileDigest:
    def test_changes_with_a_signature(self) -> None:
        value = documents.subject_sheet()

        assert class_record_xml.file_digest(whole(value)) != class_record_xml.file_digest(
            whole(value, subject_teachers=[FAKE])
        )


class TestSlots:
    def test_are_those_of_the_kind_of_file(self) -> None:
        data = f"#dl-{documents.YEAR_ID}-v1"
        found = class_record_xml.slots(etree.fromstring(whole(documents.year_record(), principal=FAKE)))

        assert {role: (slot.element, slot.uris, len(slot.signatures)) for role, slot in found.items()} == {
            "homeroom_teacher": ("GiaoVienChuNhiem", (data,), 0),
            "principal": ("CanBoQuanLy", (data,), 1),
            "seal": ("CoQuan", ("",), 0),
        }
        assert list(class_record_xml.slots(etree.fromstring(whole(documents.subject_sheet())))) == [
            "subject_teacher"
        ]
        assert list(class_record_xml.slots(etree.fromstring(whole(documents.term_record())))) == [
            "homeroom_teacher"
        ]

    def test_do_not_exist_in_a_file_of_another_namespace(self) -> None:
        with pytest.raises(ValueError, match="not an element"):
            class_record_xml.slots(etree.fromstring(b"<a/>"))


class TestValidate:
    def test_refuses_an_id_that_stands_twice(self) -> None:
        file = whole(documents.subject_sheet(), subject_teachers=[FAKE, FAKE])

        problems = class_record_xml.validate(etree.fromstring(file))

        assert [problem for problem in problems if "Id bị trùng" in problem.message]
