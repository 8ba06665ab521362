"""The class record of tiểu học as XML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from hocba.documents import class_record_xml
from tests.factories import documents, primary
from tests.unit.documents import strategies

NAMESPACE = "urn:hocba:so-lop-tieu-hoc:1.0"
CASES = [
    pytest.param(primary.subject_sheet(), class_record_xml.read_subject_sheet, id="subject"),
    pytest.param(primary.term_record(), class_record_xml.read_term_record, id="term"),
    pytest.param(primary.year_record(), class_record_xml.read_year_record, id="year"),
]


def whole(value: Any) -> bytes:
    return class_record_xml.assemble(
        class_record_xml.kind_of(value), class_record_xml.data_xml(value), class_record_xml.Signatures()
    )


def assert_round_trip(value: Any, read: Callable[[bytes], Any]) -> None:
    octets = class_record_xml.data_xml(value)
    root = etree.fromstring(whole(value))
    data = root.find(f"{{{NAMESPACE}}}DuLieu")

    assert etree.tostring(data, method="c14n", exclusive=True) == octets
    assert class_record_xml.validate(root) == []
    assert read(octets) == value


class TestData:
    @settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True)
    @given(strategies.primary_subject_sheet)
    def test_of_a_subject_sheet_is_canonical_valid_and_reads_back(self, value: Any) -> None:
        assert_round_trip(value, class_record_xml.read_subject_sheet)

    @settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True)
    @given(strategies.primary_term_record)
    def test_of_a_term_record_is_canonical_valid_and_reads_back(self, value: Any) -> None:
        assert_round_trip(value, class_record_xml.read_term_record)

    @settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True)
    @given(strategies.primary_year_record)
    def test_of_a_year_record_is_canonical_valid_and_reads_back(self, value: Any) -> None:
        assert_round_trip(value, class_record_xml.read_year_record)

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            (primary.subject_sheet(rows=(primary.marks(), primary.marks())), "nhiều dòng"),
            (primary.subject_sheet(rows=(primary.marks(end_test="8.5"),)), "DiemCuoiKy"),
            (primary.subject_sheet(rows=(primary.marks(middle_level="D"),)), "MucGiuaKy"),
            (primary.subject_sheet(identity=replace(primary.IDENTITY, grade=6)), "Khoi"),
            (primary.subject_sheet(identity=replace(primary.IDENTITY, regulation="TT22-2021")), "QuyDinh"),
            (primary.term_record(sheets=primary.term_record().sheets * 2), "TOAN được nêu nhiều lần"),
            (
                primary.term_record(
                    rows=(
                        replace(
                            primary.term_record().rows[0],
                            traits=primary.term_record().rows[0].traits[:1] * 2,
                        ),
                    )
                ),
                "YEUNUOC được nêu nhiều lần",
            ),
        ],
    )
    def test_refuses_what_a_book_of_primary_schools_cannot_say(self, value: Any, message: str) -> None:
        with pytest.raises(class_record_xml.UnwritableValue, match=message):
            class_record_xml.data_xml(value)

    @pytest.mark.parametrize(("value", "read"), CASES)
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b"<Lop>3A</Lop>", b"<Lop>3A</Lop>\n"),
            (b"<Lop>3A</Lop>", b"<Lop>3A</Lop><Them></Them>"),
            (b"<LoaiSo>", b"<LoaiSo>X"),
            (b'Id="dl-', b'Id="dx-'),
            (b"</HocSinh>", b"<!----></HocSinh>"),
            (b"so-lop-tieu-hoc:1.0", b"so-lop:1.0"),
            (b"TT27-2020", b"TT22-2021"),
        ],
    )
    def test_is_not_read_once_it_changed(
        self, value: Any, read: Callable[[bytes], Any], old: bytes, new: bytes
    ) -> None:
        octets = class_record_xml.data_xml(value)
        changed = octets.replace(old, new, 1)
        assert changed != octets

        with pytest.raises(class_record_xml.UnreadableDocument):
            read(changed)


class TestFile:
    def test_has_the_slots_of_its_kind(self) -> None:
        data = f"#dl-{documents.YEAR_ID}-v1"
        found = class_record_xml.slots(etree.fromstring(whole(primary.year_record())))

        assert {role: slot.uris for role, slot in found.items()} == {
            "homeroom_teacher": (data,),
            "principal": (data,),
            "seal": ("",),
        }

    def test_is_not_made_of_data_of_another_kind(self) -> None:
        data = class_record_xml.data_xml(primary.term_record())

        with pytest.raises(ValueError, match="SoNamHoc"):
            class_record_xml.assemble(
                class_record_xml.ClassRecordKind.YEAR, data, class_record_xml.Signatures()
            )
