"""The transcript as XML."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from hocba.documents import transcript_xml
from hocba.documents.people import Relative
from hocba.documents.transcript import Transcript
from hocba.signing import xmldsig
from hocba.signing.demo_ca import DemoAuthority
from tests.factories import documents, golden_xml, signed_xml
from tests.unit.documents import strategies

NS = f"{{{transcript_xml.NAMESPACE}}}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
XSI = b"xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
FAKE = b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="ck-1"></ds:Signature>'


def c14n(element: etree._Element) -> bytes:
    """What libxml2 makes of an element: the judge of our own canonical writing."""
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)


def presentation(value: Transcript, *, namespace: str = transcript_xml.NAMESPACE) -> bytes:
    digest = documents.digest("d")
    return transcript_xml.presentation_xml(value.id, value.version, digest, 1234, namespace=namespace)


def whole(value: Transcript, **signatures: object) -> bytes:
    given = transcript_xml.Signatures(**signatures)  # type: ignore[arg-type]
    return transcript_xml.assemble(transcript_xml.record_xml(value), presentation(value), given)


class TestRecordXml:
    @settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True)
    @given(strategies.transcript)
    def test_is_what_libxml2_calls_exclusive_canonical_alone_and_in_the_file(self, value: Transcript) -> None:
        octets = transcript_xml.record_xml(value)

        assert c14n(etree.fromstring(octets)) == octets
        assert c14n(etree.fromstring(whole(value)).find(f"{NS}HoSo")) == octets

    @settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True)
    @given(strategies.transcript)
    def test_reads_back_as_the_same_value(self, value: Transcript) -> None:
        assert transcript_xml.read_record(transcript_xml.record_xml(value)) == value

    @settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True)
    @given(strategies.transcript)
    def test_is_valid_by_the_schema_for_whatever_can_be_written(self, value: Transcript) -> None:
        assert transcript_xml.validate(etree.fromstring(whole(value))) == []

    def test_holds_nothing_between_elements(self) -> None:
        root = etree.fromstring(whole(documents.transcript()))

        assert not [element.tag for element in root.iter() if len(element) and element.text]
        assert not [element.tail for element in root.iter() if element.tail]

    def test_tells_every_problem_at_once_with_its_place(self) -> None:
        row = replace(documents.transcript().subjects[0], term1="11.0", teachers=())
        value = documents.transcript(version=0, class_name="", subjects=(row, row), level="MN")

        with pytest.raises(transcript_xml.UnwritableValue) as caught:
            transcript_xml.record_xml(value)

        problems = "\n".join(caught.value.problems)
        for place in ("HoSo/PhienBan", "HoSo/Lop", "HoSo/CapHoc", "MonHoc/HocKy1", "MonHoc/DanhSachGiaoVien"):
            assert place in problems
        assert "môn NGUVAN có nhiều dòng" in problems

    @pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
    def test_refuses_characters_that_xml_has_not(self, character: str) -> None:
        value = documents.transcript(pupil=documents.pupil(name=f"An{character}"))

        with pytest.raises(transcript_xml.UnwritableValue, match=f"U\\+{ord(character):04X}"):
            transcript_xml.record_xml(value)

    @pytest.mark.parametrize("name", [unicodedata.normalize("NFD", "Trần Ỷ"), "\u0338An"])
    def test_refuses_text_that_is_not_nfc_in_its_place(self, name: str) -> None:
        value = documents.transcript(pupil=documents.pupil(name=name))

        with pytest.raises(transcript_xml.UnwritableValue, match=r"HocSinh/HoVaTen: .*NFC"):
            transcript_xml.record_xml(value)

    @pytest.mark.parametrize(("kind", "mark"), [("score", "D"), ("comment", "8.0")])
    def test_refuses_a_mark_of_the_other_kind(self, kind: str, mark: str) -> None:
        row = replace(documents.transcript().subjects[0], kind=kind, term1=mark, term2=None, year=None)

        with pytest.raises(transcript_xml.UnwritableValue, match="hình thức đánh giá"):
            transcript_xml.record_xml(documents.transcript(subjects=(row,)))

    @pytest.mark.parametrize(
        ("birth_date", "accepted"),
        [("2013", True), ("2013-07", True), ("2013-07-16", True), ("2013-13", False), ("16/07/2013", False)],
    )
    def test_takes_partial_birth_dates_in_iso_form_only(self, *, birth_date: str, accepted: bool) -> None:
        value = documents.transcript(pupil=documents.pupil(birth_date=birth_date))

        if accepted:
            assert transcript_xml.read_record(transcript_xml.record_xml(value)) == value
        else:
            with pytest.raises(transcript_xml.UnwritableValue, match="NgaySinh"):
                transcript_xml.record_xml(value)

    def test_leaves_out_parents_who_are_not_known(self) -> None:
        value = documents.transcript(
            pupil=documents.pupil(father=None, mother=None, guardian=Relative(name="Sơ Mai"))
        )

        octets = transcript_xml.record_xml(value)

        assert b"<Cha>" not in octets
        assert b"<Me>" not in octets
        assert transcript_xml.read_record(octets) == value


class TestRecordDigest:
    def test_is_the_sha256_of_the_octets(self) -> None:
        assert str(transcript_xml.record_digest(b"abc")) == (
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )


class TestReadRecord:
    OCTETS = transcript_xml.record_xml(documents.transcript())

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            pytest.param(
                b"<PhienBan>2</PhienBan>", b"<PhienBan>02</PhienBan>", id="another way to write a number"
            ),
            pytest.param(b"<Khoi>6</Khoi>", b"<Khoi>6</Khoi> ", id="a blank"),
            pytest.param(b"<Khoi>6</Khoi>", b"<Khoi>6</Khoi><Them></Them>", id="an added element"),
            pytest.param(b"<Khoi>6</Khoi>", b'<Khoi a="1">6</Khoi>', id="an added attribute"),
            pytest.param(b"<Khoi>6</Khoi>", b"<Khoi>6<!-- 7 --></Khoi>", id="a comment"),
            pytest.param(b"<Khoi>6</Khoi>", b"<Khoi>6<?a b?></Khoi>", id="an instruction"),
            pytest.param(b"<Khoi>6</Khoi>", b"<Khoi><![CDATA[6]]></Khoi>", id="a character section"),
            pytest.param(b"<Khoi>6</Khoi>", b"<Khoi>6<b></b></Khoi>", id="an element inside a value"),
            pytest.param(b"<Khoi>6</Khoi>", b"", id="a missing element"),
            pytest.param(b"<Khoi>6</Khoi>", b"<Khoi>&#54;</Khoi>", id="a character reference"),
            pytest.param(
                b"<Lop>6A1</Lop><MaMon>TOAN", b"<Lop>6A2</Lop><MaMon>TOAN", id="a row of another class"
            ),
            pytest.param(b"-v2-TOAN", b"-v2-NN1", id="a row with another Id"),
            pytest.param(b'Id="hs-', b'Id="hx-', id="another Id"),
            pytest.param(b"</HoSo>", b"", id="a cut end"),
            pytest.param(transcript_xml.NAMESPACE.encode(), b"urn:hocba:hoc-ba:1.1", id="another namespace"),
            pytest.param(b"<HocKy1>8.0<", b"<HocKy1>D<", id="a mark of the other kind"),
            pytest.param(b"<GioiTinh>NU<", b"<GioiTinh>X<", id="an unknown code"),
        ],
    )
    def test_refuses_octets_that_it_would_not_write(self, old: bytes, new: bytes) -> None:
        changed = self.OCTETS.replace(old, new, 1)
        assert changed != self.OCTETS

        with pytest.raises(transcript_xml.UnreadableDocument):
            transcript_xml.read_record(changed)

    def test_refuses_a_declared_entity(self) -> None:
        with pytest.raises(transcript_xml.UnreadableDocument, match="khai báo"):
            transcript_xml.read_record(b'<!DOCTYPE a [<!ENTITY b "c">]>' + self.OCTETS)

    @pytest.mark.parametrize("octets", [b"", b"\xff\xfe", b"PK\x03\x04", b"<HoSo>", b"<a></a>"])
    def test_refuses_what_is_no_record(self, octets: bytes) -> None:
        with pytest.raises(transcript_xml.UnreadableDocument):
            transcript_xml.read_record(octets)

    @settings(max_examples=300, deadline=None, derandomize=True)
    @given(st.integers(0, len(OCTETS) - 1), st.integers(0, 255))
    def test_never_reads_a_changed_byte_as_the_same_value(self, position: int, byte: int) -> None:
        changed = self.OCTETS[:position] + bytes([byte]) + self.OCTETS[position + 1 :]
        try:
            value = transcript_xml.read_record(changed)
        except transcript_xml.UnreadableDocument:
            return

        assert (value == documents.transcript()) == (changed == self.OCTETS)
        assert transcript_xml.record_xml(value) == changed


class TestSubjectRegion:
    def test_is_the_canonical_form_of_the_row_inside_the_file(self) -> None:
        value = documents.transcript()
        rows = list(etree.fromstring(whole(value)).iter(f"{NS}MonHoc"))

        assert [c14n(row) for row in rows] == [
            transcript_xml.subject_region(value, row.code) for row in value.subjects
        ]

    def test_names_its_pupil_year_class_and_version_itself(self) -> None:
        first = transcript_xml.subject_region(documents.transcript(), "TOAN")
        others = [
            documents.transcript(pupil=documents.pupil("079213123920")),
            documents.transcript(school_year="2023-2024"),
            documents.transcript(class_name="6A2"),
            documents.transcript(version=3),
        ]

        assert first not in [transcript_xml.subject_region(other, "TOAN") for other in others]

    def test_has_the_id_that_the_id_function_gives(self) -> None:
        value = documents.transcript()
        row = etree.fromstring(transcript_xml.subject_region(value, "TOAN"))

        assert row.get("Id") == transcript_xml.subject_region_id(value.id, value.version, "TOAN")

    def test_does_not_exist_for_a_subject_the_pupil_has_not(self) -> None:
        with pytest.raises(KeyError):
            transcript_xml.subject_region(documents.transcript(), "NN2")


class TestExpectedSubjectSignatures:
    def test_are_one_for_every_teacher_of_every_row(self) -> None:
        value = documents.transcript()
        row = f"mh-{value.id}-v2-"

        assert transcript_xml.expected_subject_signatures(value) == (
            ("GV0006", f"{row}NGUVAN"),
            ("GV0008", f"{row}TOAN"),
            ("GV0012", f"{row}LSDL"),
            ("GV0013", f"{row}LSDL"),
            ("GV0018", f"{row}GDTC"),
        )


class TestPresentation:
    def test_is_canonical_and_reads_back(self) -> None:
        octets = presentation(documents.transcript())

        assert c14n(etree.fromstring(octets)) == octets
        assert transcript_xml.read_presentation(octets) == (
            documents.TRANSCRIPT_ID,
            2,
            documents.digest("d"),
            1234,
        )

    @pytest.mark.parametrize(
        ("old", "new"), [(b"PDF", b"DOC"), (b"1234", b"01234"), (b'-v2"', b'-v3"'), (b"dddd", b"DDDD")]
    )
    def test_refuses_octets_that_it_would_not_write(self, old: bytes, new: bytes) -> None:
        with pytest.raises(transcript_xml.UnreadableDocument):
            transcript_xml.read_presentation(presentation(documents.transcript()).replace(old, new, 1))


class TestAssemble:
    def test_puts_every_signature_unchanged_into_its_slot(self) -> None:
        marked = [FAKE.replace(b"ck-1", b"ck-%d" % number) for number in range(5)]
        file = whole(
            documents.transcript(),
            subject_teachers=marked[:2],
            homeroom=marked[2],
            principal=marked[3],
            seal=marked[4],
        )

        assert (
            b"<ChuKy><GiaoVienMonHoc>%s%s</GiaoVienMonHoc><GiaoVienChuNhiem>%s</GiaoVienChuNhiem>"
            b"<NguoiDungDau>%s</NguoiDungDau><CoQuan>%s</CoQuan></ChuKy></HocBa>" % tuple(marked)
        ) in file

    def test_without_a_seal_gives_what_the_enveloped_transform_leaves_of_the_sealed_file(self) -> None:
        value = documents.transcript()
        unsealed = etree.fromstring(whole(value, homeroom=FAKE))
        sealed = etree.fromstring(whole(value, homeroom=FAKE, seal=FAKE.replace(b"ck-1", b"ck-2")))

        slot = sealed.find(f"{NS}ChuKy/{NS}CoQuan")
        slot.remove(slot[0])

        assert c14n(sealed) == c14n(unsealed)

    @settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True)
    @given(st.one_of(strategies.transcript, strategies.primary_transcript))
    def test_is_canonical_to_the_last_octet_for_the_seal(self, value: Transcript) -> None:
        signature = signed_xml.sign(signed_xml.document([]), "ck-toan", ["#mh-toan"])
        given = transcript_xml.Signatures(
            subject_teachers=[signature, FAKE], homeroom=signature, principal=FAKE
        )
        record = transcript_xml.record_xml(value)

        shown = presentation(value, namespace=transcript_xml.namespace_of(record))

        octets = transcript_xml.to_be_sealed(record, shown, given)

        file = transcript_xml.assemble(record, shown, given)
        assert octets == c14n(etree.fromstring(file))

    def test_has_nothing_to_seal_once_it_is_sealed(self) -> None:
        value = documents.transcript()
        given = transcript_xml.Signatures(seal=FAKE)

        with pytest.raises(ValueError, match="sealed already"):
            transcript_xml.to_be_sealed(transcript_xml.record_xml(value), presentation(value), given)

    def test_refuses_a_presentation_of_another_version(self) -> None:
        value = documents.transcript()
        other = presentation(documents.transcript(version=3))

        with pytest.raises(ValueError, match="same transcript"):
            transcript_xml.assemble(transcript_xml.record_xml(value), other, transcript_xml.Signatures())

    @pytest.mark.parametrize("octets", [b"", b"<HoSo></HoSo>", b"<BanTheHien>"])
    def test_refuses_what_is_no_record(self, octets: bytes) -> None:
        with pytest.raises(ValueError, match="HoSo"):
            transcript_xml.assemble(octets, None, transcript_xml.Signatures())

    @pytest.mark.parametrize("octets", [b"", b'<?xml version="1.0"?><a/>', FAKE + b"\n", b"x" + FAKE])
    def test_refuses_a_signature_that_is_not_one_element(self, octets: bytes) -> None:
        with pytest.raises(ValueError, match="one element"):
            whole(documents.transcript(), homeroom=octets)

    @pytest.mark.parametrize("name", [name for name in golden_xml.files() if name.startswith("hoc-ba")])
    def test_makes_the_golden_files_byte_by_byte(self, name: str) -> None:
        assert golden_xml.files()[name] == (golden_xml.FOLDER / name).read_bytes()

    def test_starts_with_the_declaration_and_has_no_byte_order_mark(self) -> None:
        assert whole(documents.transcript()).startswith(b'<?xml version="1.0" encoding="UTF-8"?><HocBa ')


class TestSlots:
    def test_name_the_signatures_found_and_what_they_must_reference(self) -> None:
        value = documents.transcript()
        root = etree.fromstring(whole(value, subject_teachers=[FAKE, FAKE], principal=FAKE))
        suffix = f"{value.id}-v2"

        slots = transcript_xml.slots(root)

        assert {role: len(slot.signatures) for role, slot in slots.items()} == {
            "subject_teacher": 2,
            "homeroom_teacher": 0,
            "principal": 1,
            "seal": 0,
        }
        assert slots["subject_teacher"].one_of
        assert slots["subject_teacher"].uris == tuple(f"#mh-{suffix}-{row.code}" for row in value.subjects)
        assert slots["homeroom_teacher"].uris == (f"#hs-{suffix}",)
        assert slots["principal"].uris == (f"#hs-{suffix}", f"#bth-{suffix}")
        assert slots["seal"].uris == ("",)

    def test_hold_no_signature_that_stands_elsewhere(self) -> None:
        root = etree.fromstring(whole(documents.transcript()))
        root.find(f"{NS}ChuKy").append(etree.fromstring(FAKE))

        assert not [slot for slot in transcript_xml.slots(root).values() if slot.signatures]


class TestValidate:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            pytest.param(b"<HoSo ", b"<Them></Them><HoSo ", id="an added element"),
            pytest.param(b"<Khoi>6</Khoi>", b"", id="a missing element"),
            pytest.param(b"<Khoi>6</Khoi>", b"<Khoi>13</Khoi>", id="a grade that is none"),
            pytest.param(b"<CaNam>TOT</CaNam>", b"<CaNam>GIOI</CaNam>", id="an unknown level"),
            pytest.param(b"<HocKy1>8.0<", b"<HocKy1>8,0<", id="a decimal comma"),
            pytest.param(b"<HocKy1>8.0<", b"<HocKy1>10.5<", id="a mark above ten"),
            pytest.param(b"<ChuKy>", b"<ChuKy>x", id="text between elements"),
            pytest.param(b'phienBanLuocDo="1.0"', b'phienBanLuocDo="1.1"', id="another schema version"),
            pytest.param(b'phienBanLuocDo="1.0"', b'phienBanLuocDo="1.0" x="1"', id="an added attribute"),
            pytest.param(b"-v2-TOAN", b"-v2-NGUVAN", id="an Id twice"),
            pytest.param(b"<HoVaTen>", b"<HoVaTen xml:lang='vi'>", id="an attribute of xml"),
            pytest.param(b"<ChuKy>", b"<ChuKy %s xsi:nil='true'>" % XSI, id="xsi:nil"),
            pytest.param(b"<ChuKy>", b"<ChuKy %s xsi:type='ChuKy'>" % XSI, id="xsi:type"),
            pytest.param(b"<HocBa", b"<HocBa %s xsi:schemaLocation='a b'" % XSI, id="xsi:schemaLocation"),
            pytest.param(b"<ChuKy>", b"<!-- a --><ChuKy>", id="a comment"),
            pytest.param(b"</HocBa>", b"</HocBa><?a b?>", id="an instruction after the root"),
        ],
    )
    def test_finds_what_does_not_belong_and_says_it_in_vietnamese(self, old: bytes, new: bytes) -> None:
        file = whole(documents.transcript())
        changed = file.replace(old, new, 1)
        assert changed != file

        problems = transcript_xml.validate(etree.fromstring(changed))

        assert problems
        assert all(problem.message.startswith("Dòng 1: ") and problem.detail for problem in problems)

    def test_knows_only_its_own_namespace(self) -> None:
        file = whole(documents.transcript()).replace(transcript_xml.NAMESPACE.encode(), b"urn:x", 1)

        assert transcript_xml.validate(etree.fromstring(file))

    def test_accepts_signatures_as_the_signing_layer_makes_them(self) -> None:
        value, zone = documents.transcript(), timezone(timedelta(hours=7))
        authority = DemoAuthority.create(datetime(2025, 1, 1, tzinfo=zone), "CA thử nghiệm")
        key = authority.issue_person(
            name="Dương Hữu An",
            personal_id="079085000018",
            organisation="Trường THCS Hoa Phượng",
            private_key=ec.generate_private_key(ec.SECP256R1()),
        )
        region = f"#{transcript_xml.record_id(value.id, value.version)}"
        prepared = xmldsig.prepare(
            signature_id="ck-gvcn",
            regions=[xmldsig.Region(region, transcript_xml.record_xml(value))],
            signed_at=datetime(2025, 5, 28, 9, tzinfo=zone),
            certificate=key.certificate,
        )
        signature = xmldsig.complete(prepared, key.sign(prepared.to_be_signed))

        root = etree.fromstring(whole(value, homeroom=signature))

        assert transcript_xml.validate(root) == []
        (found,) = transcript_xml.slots(root)["homeroom_teacher"].signatures
        assert c14n(found) == signature

    def test_refuses_a_signature_outside_the_profile(self) -> None:
        problems = transcript_xml.validate(etree.fromstring(whole(documents.transcript(), homeroom=FAKE)))

        assert [problem for problem in problems if "Signature" in problem.message]


class TestSignedGoldenFile:
    """A file signed when this schema was new: it must stay readable for decades, whatever the code becomes."""

    FILE = (golden_xml.FOLDER / "hoc-ba-1.0-signed.xml").read_bytes()
    DIGEST = "sha256:f16fb6aa82008b8e743b57070699bc40616b012f916e76a0e99174a1dcb5c57b"

    def test_is_valid_by_the_schema_with_all_its_signatures(self) -> None:
        root = etree.fromstring(self.FILE)

        assert transcript_xml.validate(root) == []
        assert {role: len(slot.signatures) for role, slot in transcript_xml.slots(root).items()} == {
            "subject_teacher": 12,
            "homeroom_teacher": 1,
            "principal": 1,
            "seal": 1,
        }

    def test_still_gives_the_record_that_was_signed(self) -> None:
        octets = c14n(etree.fromstring(self.FILE).find(f"{NS}HoSo"))

        assert str(transcript_xml.record_digest(octets)) == self.DIGEST
        assert transcript_xml.record_xml(transcript_xml.read_record(octets)) == octets

    def test_is_assembled_again_from_its_parts_byte_by_byte(self) -> None:
        root = etree.fromstring(self.FILE)
        found = {
            role: [c14n(each) for each in slot.signatures]
            for role, slot in transcript_xml.slots(root).items()
        }

        assert (
            transcript_xml.assemble(
                c14n(root.find(f"{NS}HoSo")),
                c14n(root.find(f"{NS}BanTheHien")),
                transcript_xml.Signatures(
                    subject_teachers=found["subject_teacher"],
                    homeroom=found["homeroom_teacher"][0],
                    principal=found["principal"][0],
                    seal=found["seal"][0],
                ),
            )
            == self.FILE
        )
