"""The transcript of tiểu học as XML."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from hocba.documents import transcript_xml
from hocba.documents.primary import PrimaryTranscript
from tests.factories import documents, primary
from tests.unit.documents import strategies

NAMESPACE = "urn:hocba:hoc-ba-tieu-hoc:1.0"


def c14n(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)


def whole(value: PrimaryTranscript) -> bytes:
    presentation = transcript_xml.presentation_xml(
        value.id, value.version, documents.digest("d"), 12, namespace=NAMESPACE
    )
    return transcript_xml.assemble(
        transcript_xml.record_xml(value), presentation, transcript_xml.Signatures()
    )


class TestRecord:
    @settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True)
    @given(strategies.primary_transcript)
    def test_is_canonical_valid_and_reads_back(self, value: PrimaryTranscript) -> None:
        octets = transcript_xml.record_xml(value)
        root = etree.fromstring(whole(value))

        assert c14n(etree.fromstring(octets)) == octets
        assert c14n(root.find(f"{{{NAMESPACE}}}HoSo")) == octets
        assert transcript_xml.validate(root) == []
        assert transcript_xml.read_record(octets) == value

    def test_has_a_namespace_of_its_own(self) -> None:
        octets = transcript_xml.record_xml(primary.transcript())

        assert transcript_xml.namespace_of(octets) == NAMESPACE
        assert octets.startswith(b'<HoSo xmlns="urn:hocba:hoc-ba-tieu-hoc:1.0" Id="hs-')

    def test_says_false_where_nobody_was_asked_nothing(self) -> None:
        value = primary.transcript()
        undecided = replace(value, result=replace(value.result, completed=None, promoted=False))

        octets = transcript_xml.record_xml(undecided)

        assert b"<HoanThanhChuongTrinh>" not in octets
        assert b"<LenLop>KHONG_DUOC_LEN_LOP</LenLop>" in octets
        assert transcript_xml.read_record(octets) == undecided

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            ({"grade": 6}, "HoSo/Khoi"),
            ({"regulation": "TT22-2021"}, "HoSo/QuyDinhDanhGia"),
            ({"form": "TT22-THCS"}, "HoSo/MauHocBa"),
            ({"level": "THCS"}, "HoSo/CapHoc"),
            ({"traits": ()}, "DanhSachPhamChatNangLuc"),
            ({"traits": primary.transcript().traits[:1] * 2}, "có nhiều dòng"),
            ({"subjects": primary.transcript().subjects[:1] * 2}, "môn TIENGVIET có nhiều dòng"),
            ({"subjects": (replace(primary.transcript().subjects[0], test="9.5"),)}, "DiemKiemTra"),
            ({"subjects": (replace(primary.transcript().subjects[0], level="D"),)}, "MucDatDuoc"),
            ({"subjects": (replace(primary.transcript().subjects[0], teachers=()),)}, "DanhSachGiaoVien"),
        ],
    )
    def test_refuses_what_primary_schools_do_not_have(self, change: dict[str, object], place: str) -> None:
        with pytest.raises(transcript_xml.UnwritableValue, match=place):
            transcript_xml.record_xml(replace(primary.transcript(), **change))  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b"<Khoi>3</Khoi>", b"<Khoi>03</Khoi>"),
            (b"<Khoi>3</Khoi>", b"<Khoi>3</Khoi> "),
            (b"<Khoi>3</Khoi>", b"<Khoi>3<!-- 4 --></Khoi>"),
            (b"<Lop>3A</Lop><MaMon>TOAN", b"<Lop>3B</Lop><MaMon>TOAN"),
            (b"-v1-TOAN", b"-v1-NN1"),
            (b"<DiemKiemTra>9<", b"<DiemKiemTra>9.0<"),
            (b"<LenLop>DUOC_LEN_LOP</LenLop>", b"<LenLop></LenLop>"),
            (b"hoc-ba-tieu-hoc:1.0", b"hoc-ba:1.0"),
            (b"hoc-ba-tieu-hoc:1.0", b"hoc-ba-tieu-hoc:1.1"),
        ],
    )
    def test_refuses_octets_that_it_would_not_write(self, old: bytes, new: bytes) -> None:
        octets = transcript_xml.record_xml(primary.transcript())
        changed = octets.replace(old, new, 1)
        assert changed != octets

        with pytest.raises(transcript_xml.UnreadableDocument):
            transcript_xml.read_record(changed)


class TestFile:
    def test_takes_no_presentation_of_another_namespace(self) -> None:
        value = primary.transcript()
        other = transcript_xml.presentation_xml(value.id, value.version, documents.digest("d"), 12)

        with pytest.raises(ValueError, match="same transcript"):
            transcript_xml.assemble(transcript_xml.record_xml(value), other, transcript_xml.Signatures())

    def test_reads_its_own_presentation_back(self) -> None:
        octets = transcript_xml.presentation_xml(
            documents.TRANSCRIPT_ID, 3, documents.digest("d"), 12, namespace=NAMESPACE
        )

        assert transcript_xml.read_presentation(octets) == (
            documents.TRANSCRIPT_ID,
            3,
            documents.digest("d"),
            12,
        )

    def test_has_the_slots_of_every_transcript(self) -> None:
        value = primary.transcript()
        suffix = f"{value.id}-v{value.version}"

        slots = transcript_xml.slots(etree.fromstring(whole(value)))

        assert {role: slot.uris for role, slot in slots.items()} == {
            "subject_teacher": tuple(f"#mh-{suffix}-{row.code}" for row in value.subjects),
            "homeroom_teacher": (f"#hs-{suffix}",),
            "principal": (f"#hs-{suffix}", f"#bth-{suffix}"),
            "seal": ("",),
        }

    def test_has_a_row_for_each_teacher_to_sign(self) -> None:
        value = primary.transcript()

        assert [code for code, _region in transcript_xml.expected_subject_signatures(value)] == [
            "GV0001",
            "GV0001",
            "GV0003",
            "GV0007",
        ]
        assert c14n(next(etree.fromstring(whole(value)).iter(f"{{{NAMESPACE}}}MonHoc"))) == (
            transcript_xml.subject_region(value, "TIENGVIET")
        )
