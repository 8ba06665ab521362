"""What anybody can do to a transcript with an editor, at every place of the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace

import pytest
from lxml import etree

from hocba.documents.verification import Code, Report, Verdict
from tests.factories import primary, transcripts

Judge = Callable[[bytes], Report]
HOCBA = "urn:hocba:hoc-ba:1.0"
DS = "http://www.w3.org/2000/09/xmldsig#"
NS = {"h": HOCBA, "ds": DS}

# A transcript of three rows: what holds at each of its places holds at the same places of a longer one.
SMALL = replace(transcripts.transcript(), subjects=transcripts.transcript().subjects[3:6])
SMALL_FILE = transcripts.sign_xml(transcripts.school(), SMALL)
PRIMARY = replace(primary.transcript(), subjects=primary.transcript().subjects[1:])
PRIMARY_FILE = transcripts.sign_xml(transcripts.school(), PRIMARY)
FILE = transcripts.sign_xml(transcripts.school(), transcripts.transcript())
OTHER = transcripts.sign_xml(transcripts.school(), transcripts.another_pupil())

# Blanks here are in nobody's signature and change nothing that is signed or compared: base64, and KeyInfo.
SEAL = "/h:HocBa/h:ChuKy/h:CoQuan/ds:Signature"
OPEN_TO_BLANKS = {
    f"{SEAL}",
    f"{SEAL}/ds:SignatureValue",
    f"{SEAL}/ds:KeyInfo",
    f"{SEAL}/ds:KeyInfo/ds:X509Data",
    f"{SEAL}/ds:KeyInfo/ds:X509Data/ds:X509SubjectName",
    f"{SEAL}/ds:KeyInfo/ds:X509Data/ds:X509Certificate",
}


def parsed(data: bytes) -> etree._Element:
    return etree.fromstring(data)


def written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def one(root: etree._Element, path: str) -> etree._Element:
    found = root.xpath(path, namespaces=NS)
    assert isinstance(found, list)
    assert isinstance(found[0], etree._Element)
    return found[0]


def path_of(element: etree._Element) -> str:
    names = [element, *element.iterancestors()]
    return "".join(
        "/" + str(item.tag).replace(f"{{{namespace_of(item)}}}", "h:").replace(f"{{{DS}}}", "ds:")
        for item in names[::-1]
    )


def namespace_of(element: etree._Element) -> str:
    """The namespace of the document that an element stands in."""
    return etree.QName(element.getroottree().getroot()).namespace or ""


def edits(edit: Callable[[etree._Element], bool], *, of: bytes = SMALL_FILE) -> Iterator[tuple[str, bytes]]:
    """The file once for every element the edit applies to, with the element's path."""
    root = parsed(of)
    for number in range(sum(1 for _ in root.iter())):
        copy = deepcopy(root)
        element = next(item for index, item in enumerate(copy.iter()) if index == number)
        path = path_of(element)
        if edit(element):
            yield path, written(copy)


def assert_all_invalid(judge: Judge, mutants: Iterator[tuple[str, bytes]], *, at_least: int) -> None:
    verdicts = [(path, judge(data).verdict) for path, data in mutants]
    assert len(verdicts) >= at_least
    assert [item for item in verdicts if item[1] is not Verdict.INVALID] == []


class TestOriginal:
    def test_is_valid_before_anything_is_done(self, judge: Judge) -> None:
        assert [judge(file).verdict for file in (FILE, OTHER, SMALL_FILE, PRIMARY_FILE)] == [
            Verdict.VALID
        ] * 4

    def test_is_valid_after_a_round_through_the_parser(self, judge: Judge) -> None:
        assert judge(written(parsed(FILE))).verdict is Verdict.VALID


class TestEveryElement:
    FILE = SMALL_FILE

    def test_removed(self, judge: Judge) -> None:
        def remove(element: etree._Element) -> bool:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
            return parent is not None

        assert_all_invalid(judge, edits(remove, of=self.FILE), at_least=250)

    def test_repeated(self, judge: Judge) -> None:
        def repeat(element: etree._Element) -> bool:
            if element.getparent() is not None:
                element.addnext(deepcopy(element))
            return element.getparent() is not None

        assert_all_invalid(judge, edits(repeat, of=self.FILE), at_least=250)

    def test_swapped_with_the_next(self, judge: Judge) -> None:
        def swap(element: etree._Element) -> bool:
            follower = element.getnext()
            if follower is None or etree.tostring(follower) == etree.tostring(element):
                return False
            follower.addnext(element)
            return True

        assert_all_invalid(judge, edits(swap, of=self.FILE), at_least=150)

    @pytest.mark.parametrize(
        "name", [f"{{{HOCBA}}}GhiChu", f"{{{DS}}}Object", "{urn:x}x", f"{{{HOCBA}}}HoSo"]
    )
    def test_given_a_child(self, judge: Judge, name: str) -> None:
        def add(element: etree._Element) -> bool:
            element.insert(0, etree.Element(name.replace(HOCBA, namespace_of(element))))
            return True

        assert_all_invalid(judge, edits(add, of=self.FILE), at_least=250)

    def test_given_a_last_child(self, judge: Judge) -> None:
        def add(element: etree._Element) -> bool:
            element.append(etree.Element(f"{{{namespace_of(element)}}}GhiChu"))
            return True

        assert_all_invalid(judge, edits(add, of=self.FILE), at_least=250)

    @pytest.mark.parametrize("name", ["x", "Id", "{urn:x}x", "{http://www.w3.org/XML/1998/namespace}lang"])
    def test_given_an_attribute(self, judge: Judge, name: str) -> None:
        def add(element: etree._Element) -> bool:
            element.set(name, "x")
            return True

        assert_all_invalid(judge, edits(add, of=self.FILE), at_least=250)

    def test_robbed_of_its_attributes(self, judge: Judge) -> None:
        def remove(element: etree._Element) -> bool:
            some = bool(element.attrib)
            element.attrib.clear()
            return some

        assert_all_invalid(judge, edits(remove, of=self.FILE), at_least=60)

    def test_given_text(self, judge: Judge) -> None:
        def add(element: etree._Element) -> bool:
            element.text = "1" + (element.text or "")
            return True

        assert_all_invalid(judge, edits(add, of=self.FILE), at_least=250)

    def test_followed_by_text(self, judge: Judge) -> None:
        def add(element: etree._Element) -> bool:
            element.tail = "1"
            return element.getparent() is not None

        assert_all_invalid(judge, edits(add, of=self.FILE), at_least=250)

    def test_robbed_of_its_text(self, judge: Judge) -> None:
        def remove(element: etree._Element) -> bool:
            some = bool(element.text)
            element.text = None
            return some

        assert_all_invalid(judge, edits(remove, of=self.FILE), at_least=130)

    @pytest.mark.parametrize("node", [etree.Comment("x"), etree.ProcessingInstruction("x", "y")])
    def test_given_a_comment_or_instruction(self, judge: Judge, node: etree._Element) -> None:
        def add(element: etree._Element) -> bool:
            element.insert(0, deepcopy(node))
            return True

        assert_all_invalid(judge, edits(add, of=self.FILE), at_least=250)

    def test_given_blanks_is_invalid_unless_they_mean_nothing(self, judge: Judge) -> None:
        def add(element: etree._Element) -> bool:
            element.text = (element.text or "") + "\n"
            return True

        verdicts = {path: judge(data).verdict for path, data in edits(add, of=self.FILE)}

        assert {path for path, verdict in verdicts.items() if verdict is Verdict.VALID} == OPEN_TO_BLANKS
        assert set(verdicts.values()) == {Verdict.VALID, Verdict.INVALID}

    def test_changed_in_one_character(self, judge: Judge) -> None:
        def change(element: etree._Element) -> bool:
            text = element.text or ""
            found = re.search(r"[0-9A-Za-zÀ-ỹ]", text)
            if found is None:
                return False
            other = "7" if found.group() != "7" else "8"
            element.text = text[: found.start()] + other + text[found.end() :]
            return True

        assert_all_invalid(judge, edits(change, of=self.FILE), at_least=130)


class TestEveryAttribute:
    FILE = SMALL_FILE

    def test_changed(self, judge: Judge) -> None:
        def change(element: etree._Element) -> bool:
            for name, value in element.attrib.items():
                element.set(name, f"{value}0" if value else "#x")
            return bool(element.attrib)

        assert_all_invalid(judge, edits(change, of=self.FILE), at_least=60)


class TestEveryElementOfPrimary(TestEveryElement):
    FILE = PRIMARY_FILE


class TestEveryAttributeOfPrimary(TestEveryAttribute):
    FILE = PRIMARY_FILE


class TestNamedAttacks:
    """The list every reviewer asks about, each with the code it must be refused by."""

    def codes(self, report: Report) -> set[Code | None]:
        assert report.verdict is Verdict.INVALID
        return {check.code for check in report.problems}

    def test_one_digit_changed(self, judge: Judge) -> None:
        data = FILE.replace(b"<CaNam>7.9</CaNam>", b"<CaNam>9.9</CaNam>", 1)

        report = judge(data)

        assert Code.HASH_FAILURE in self.codes(report)
        # Only those whose data changed are blamed: one subject teacher, and all who signed the whole.
        blamed = sorted(item.role for item in report.signatures if item.verdict is Verdict.INVALID)
        assert blamed == ["homeroom_teacher", "principal", "seal", "subject_teacher"]

    def test_values_are_not_shown_once_they_changed(self, judge: Judge) -> None:
        report = judge(FILE.replace(b"<CaNam>7.9</CaNam>", b"<CaNam>9.9</CaNam>", 1))

        assert report.transcript is None
        assert report.record_digest is None

    @pytest.mark.parametrize("target", ["h:GiaoVienMonHoc", "h:GiaoVienChuNhiem", "h:CoQuan"])
    def test_signature_moved_to_another_slot(self, judge: Judge, target: str) -> None:
        root = parsed(FILE)
        signature = one(root, "/h:HocBa/h:ChuKy/h:NguoiDungDau/ds:Signature")
        one(root, f"/h:HocBa/h:ChuKy/{target}").append(signature)

        self.codes(judge(written(root)))

    def test_signature_moved_out_of_its_slots(self, judge: Judge) -> None:
        root = parsed(FILE)
        one(root, "/h:HocBa/h:HoSo").append(one(root, "//ds:Signature"))

        assert Code.FORMAT_FAILURE in self.codes(judge(written(root)))

    @pytest.mark.parametrize("slot", ["GiaoVienMonHoc", "GiaoVienChuNhiem", "NguoiDungDau", "CoQuan"])
    def test_one_signature_removed(self, judge: Judge, slot: str) -> None:
        root = parsed(FILE)
        signature = one(root, f"/h:HocBa/h:ChuKy/h:{slot}/ds:Signature")
        signature.getparent().remove(signature)  # type: ignore[union-attr]

        assert Code.MISSING_SIGNATURE in self.codes(judge(written(root)))

    def test_all_signatures_removed(self, judge: Judge) -> None:
        root = parsed(FILE)
        for signature in list(root.iter(f"{{{DS}}}Signature")):
            signature.getparent().remove(signature)  # type: ignore[union-attr]

        assert Code.NO_SIGNATURE_FOUND in self.codes(judge(written(root)))

    def test_all_signatures_swapped_with_another_pupils(self, judge: Judge) -> None:
        root, other = parsed(FILE), parsed(OTHER)
        root.replace(one(root, "h:ChuKy"), one(other, "h:ChuKy"))

        self.codes(judge(written(root)))

    def test_one_signature_swapped_with_another_pupils(self, judge: Judge) -> None:
        root, other = parsed(FILE), parsed(OTHER)
        place = one(root, "h:ChuKy/h:GiaoVienMonHoc")
        place.replace(one(place, "ds:Signature"), one(other, "h:ChuKy/h:GiaoVienMonHoc/ds:Signature"))

        self.codes(judge(written(root)))

    @pytest.mark.parametrize("region", ["HoSo", "BanTheHien"])
    def test_region_swapped_with_another_pupils(self, judge: Judge, region: str) -> None:
        root, other = parsed(FILE), parsed(OTHER)
        root.replace(one(root, f"h:{region}"), one(other, f"h:{region}"))

        self.codes(judge(written(root)))

    def test_signing_time_changed(self, judge: Judge) -> None:
        times = re.findall(rb"<SigningTime[^>]*>([^<]+)<", FILE)
        assert len(times) == 15
        for time in times:
            assert Code.HASH_FAILURE in self.codes(judge(FILE.replace(time, time.replace(b"2026", b"2025"))))

    def test_duplicated_id(self, judge: Judge) -> None:
        ids = re.findall(rb' Id="([^"]+)"', FILE)
        root_id, first = ids[0], ids[1]

        self.codes(judge(FILE.replace(b'Id="' + first, b'Id="' + root_id)))

    @pytest.mark.parametrize("spelling", ["ID", "id", "xml:id"])
    def test_id_under_another_name(self, judge: Judge, spelling: str) -> None:
        record = re.search(rb'<HoSo Id="([^"]+)"', FILE)
        assert record is not None

        extra = b'<BanTheHien %b="%b" ' % (spelling.encode(), record[1])
        self.codes(judge(FILE.replace(b"<BanTheHien ", extra)))

    @pytest.mark.parametrize(
        "doctype",
        [
            b"<!DOCTYPE HocBa>",
            b'<!DOCTYPE HocBa SYSTEM "http://127.0.0.1/x.dtd">',
            b'<!DOCTYPE HocBa [<!ENTITY x "y">]>',
            b"<!DOCTYPE HocBa [<!ATTLIST HoSo Id ID #IMPLIED>]>",
        ],
    )
    def test_dtd(self, judge: Judge, doctype: bytes) -> None:
        data = FILE.replace(b"?><HocBa", b"?>" + doctype + b"<HocBa")
        assert data != FILE

        self.codes(judge(data))

    def test_signatures_reordered(self, judge: Judge) -> None:
        root = parsed(FILE)
        place = one(root, "h:ChuKy/h:GiaoVienMonHoc")
        place.insert(0, place[-1])

        self.codes(judge(written(root)))

    def test_marks_text_split_by_a_comment(self, judge: Judge) -> None:
        self.codes(judge(FILE.replace(b">7.9<", b">7.<!---->9<", 1)))

    def test_cdata(self, judge: Judge) -> None:
        self.codes(judge(FILE.replace(b">7.9<", b"><![CDATA[7.9]]><", 1)))


class TestWrapping:
    """The signed region stays in the file for the signature, another one takes its place for the reader."""

    @pytest.mark.parametrize(
        "hiding_place",
        ["h:ChuKy", "h:ChuKy/h:CoQuan", "h:ChuKy/h:CoQuan/ds:Signature/ds:Object", "h:BanTheHien"],
    )
    @pytest.mark.parametrize("keep_id", [True, False])
    def test_record_hidden_elsewhere(self, judge: Judge, hiding_place: str, keep_id: bool) -> None:
        root = parsed(FILE)
        record = one(root, "h:HoSo")
        shown = deepcopy(record)
        one(shown, "//h:CaNam").text = "9.9"
        if not keep_id:
            shown.set("Id", "hs-other")
        root.replace(record, shown)
        one(root, hiding_place).append(record)

        report = judge(written(root))

        assert report.verdict is Verdict.INVALID
        assert report.transcript is None

    def test_whole_document_inside_another(self, judge: Judge) -> None:
        inner = parsed(FILE)
        outer = deepcopy(inner)
        one(outer, "//h:CaNam").text = "9.9"
        one(outer, "h:ChuKy").append(inner)

        assert judge(written(outer)).verdict is Verdict.INVALID


class TestHarmless:
    """What changes bytes but nothing that anybody signed stays valid, and is told apart by its file digest."""

    @pytest.mark.parametrize(
        "change",
        [
            lambda data: b"\xef\xbb\xbf" + data,
            lambda data: data + b"\r\n",
            lambda data: data.replace(b"?><HocBa", b"?>\r\n<HocBa"),
            lambda data: data.removeprefix(b'<?xml version="1.0" encoding="UTF-8"?>'),
        ],
        ids=["bom", "line-end", "crlf-after-declaration", "no-declaration"],
    )
    def test_keeps_verdict_and_meaning(self, judge: Judge, change: Callable[[bytes], bytes]) -> None:
        before, after = judge(FILE), judge(change(FILE))

        assert change(FILE) != FILE
        assert after.verdict is Verdict.VALID
        assert after.meaning_digest == before.meaning_digest
        assert after.record_digest == before.record_digest
        assert after.file_digest != before.file_digest

    def test_does_not_extend_to_line_ends_inside(self, judge: Judge) -> None:
        assert judge(FILE.replace(b"><", b">\r\n<")).verdict is Verdict.INVALID
