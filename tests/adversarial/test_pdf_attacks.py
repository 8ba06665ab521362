"""The published attacks on signed PDF files, each at every place where it can be tried (docs/reference/attacks.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest

from hocba.documents.verification import Code, Report, Verdict
from hocba.signing import pades_cms, pdf_fields, pdf_structure
from hocba.signing.pdf_structure import PdfFile
from tests.adversarial import pdf_forging
from tests.adversarial.pdf_forging import PAIR, UNSIGNED, Bodies, appended, catalogue, number_of
from tests.factories import transcripts

Judge = Callable[[bytes], Report]
Change = Callable[[PdfFile], Mapping[int, bytes]]
OTHER = transcripts.sign_pair(transcripts.school(), transcripts.another_pupil())

OVERLAY = b"<</Type/Annot/Subtype/%b/Rect[50 50 500 700]/F 4/Contents(10)/AP<</N %d 0 R>>>>"
STREAM = b"<</Type/XObject/Subtype/Form/BBox[0 0 450 650]/Length 9>>\nstream\n0 0 9 9 re\nendstream"


def refused(report: Report) -> bool:
    return report.verdict in {Verdict.INVALID, Verdict.UNREADABLE}


def page_of(file: PdfFile, index: int = 0) -> int:
    return pdf_fields.page_numbers(file)[index]


def contents_of(file: PdfFile, index: int = 0) -> int:
    found = re.search(rb"/Contents (\d+) 0 R", file.body(page_of(file, index)))
    assert found is not None
    return int(found[1])


def with_annotation(kind: bytes) -> Change:
    def change(file: PdfFile) -> Bodies:
        new, page = file.last.size, page_of(file)
        body = file.body(page)
        listed = re.sub(rb"/Annots\[([^]]*)\]", rb"/Annots[\1 %d 0 R]" % new, body)
        if listed == body:
            listed = body[:-2] + b"/Annots[%d 0 R]>>" % new
        return {page: listed, new: OVERLAY % (kind, new + 1), new + 1: STREAM}

    return change


def with_page(file: PdfFile) -> Bodies:
    """One more page at the end, a copy of the first with other contents."""
    new, pages = file.last.size, int(re.search(rb"/Pages (\d+)", file.body(file.last.root))[1])  # type: ignore[index]
    tree = re.sub(rb"/Kids\[([^]]*)\]", rb"/Kids[\1 %d 0 R]" % new, file.body(pages))
    return {
        pages: re.sub(rb"/Count \d+", b"/Count 9", tree),
        new: re.sub(rb"/Contents \d+ 0 R", b"/Contents %d 0 R" % (new + 1), file.body(page_of(file))),
        new + 1: b"<</Length 9>>\nstream\n0 0 9 9 re\nendstream",
    }


def with_pages_swapped(file: PdfFile) -> Bodies:
    pages = int(re.search(rb"/Pages (\d+)", file.body(file.last.root))[1])  # type: ignore[index]
    kids = b" ".join(b"%d 0 R" % number for number in reversed(pdf_fields.page_numbers(file)))
    return {pages: re.sub(rb"/Kids\[[^]]*\]", b"/Kids[%b]" % kids, file.body(pages))}


def with_other_page(file: PdfFile) -> Bodies:
    return {
        page_of(file): re.sub(
            rb"/Contents \d+", b"/Contents %d" % contents_of(file, -1), file.body(page_of(file))
        )
    }


def with_value(name: bytes, old: bytes, new: bytes) -> Change:
    """The newest object that holds `name`, with a part exchanged."""

    def change(file: PdfFile) -> Bodies:
        number = number_of(file, name)
        assert old in file.body(number)
        return {number: file.body(number).replace(old, new, 1)}

    return change


def with_moved_signature(file: PdfFile) -> Bodies:
    number = number_of(file, b"/Subtype/Widget")
    return {number: re.sub(rb"/Rect\[[^]]*\]", b"/Rect[10 10 500 500]", file.body(number))}


def with_other_picture(file: PdfFile) -> Bodies:
    """The certification attack on signatures' pictures: the value stays, what people see is another form."""
    number, new = number_of(file, b"/Subtype/Widget"), file.last.size
    return {number: re.sub(rb"/AP<</N \d+", b"/AP<</N %d" % new, file.body(number)), new: STREAM}


def with_field(file: PdfFile) -> Bodies:
    form, new = number_of(file, b"/SigFlags 3"), file.last.size
    return {
        form: re.sub(rb"/Fields\[", b"/Fields[%d 0 R " % new, file.body(form)),
        new: b"<</Type/Annot/Subtype/Widget/FT/Tx/T(Diem)/V(10)/F 4/Rect[50 50 500 700]/P %d 0 R>>"
        % page_of(file),
    }


def with_attachment(file: PdfFile) -> Bodies:
    new = file.last.size
    names = b"/EmbeddedFiles<</Names[(hoc-ba.xml) %d 0 R]>>" % new
    specification = b"<</Type/Filespec/F(hoc-ba.xml)/UF(hoc-ba.xml)/EF<</F %d 0 R/UF %d 0 R>>>>" % (
        new + 1,
        new + 1,
    )
    return {
        file.last.root: file.body(file.last.root)[:-2] + b"/Names<<%b>>>>" % names,
        new: specification,
        new + 1: b"<</Type/EmbeddedFile/Length 4>>\nstream\n<a/>\nendstream",
    }


INCREMENTS: dict[str, Change] = {
    "nothing": lambda file: {file.last.size: b"null"},
    "page contents overridden": lambda file: {
        contents_of(file): b"<</Length 9>>\nstream\n0 0 9 9 re\nendstream"
    },
    "appended page": with_page,
    "page tree swapped": with_pages_swapped,
    "page shows another page": with_other_page,
    "free text over the page": with_annotation(b"FreeText"),
    "stamp over the page": with_annotation(b"Stamp"),
    "redaction over the page": with_annotation(b"Redact"),
    "square over the page": with_annotation(b"Square"),
    "text field over the page": with_field,
    "signature moved": with_moved_signature,
    "picture of a signature swapped": with_other_picture,
    "signature value removed": with_value(b"/FT/Sig", b"/FT/Sig", b"/FT/Sig/Ff 1"),
    "attachment swapped": with_attachment,
    "open action": lambda file: catalogue(file, b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"),
    "hidden layers": lambda file: catalogue(file, b"/OCProperties<</OCGs[]/D<</BaseState/OFF>>>>"),
    "permissions dropped": with_value(b"/Type/Catalog", b"/Pages", b"/Lang(x)/Pages"),
    "validation data store": lambda file: catalogue(file, b"/DSS<</Certs[]>>"),
    "font remapped": with_value(b"/ToUnicode", b"/ToUnicode", b"/ToUnicodf"),
    "glyphs remapped": with_value(b"/Identity-H", b"/Identity-H", b"/Identity-V"),
    "description changed": lambda file: {file.last.info: b"<</Title(x)>>"},
}


class TestIncrementalSaving:
    """ISA (Mladenov et al. 2019), shadow attacks after signing (2021), EAA and SSA on certified files (2021)."""

    @pytest.mark.parametrize("revisions", [2, 3, 4, 5])
    @pytest.mark.parametrize("name", INCREMENTS)
    def test_after_any_signature_is_refused(self, judge: Judge, name: str, revisions: int) -> None:
        forged = appended(pdf_forging.cut(PAIR.pdf, revisions), INCREMENTS[name])

        report = judge(forged)

        assert report.verdict is Verdict.INVALID
        if revisions == 5:
            assert Code.UNSIGNED_CONTENT in {check.code for check in report.problems}

    @pytest.mark.parametrize("name", sorted(set(INCREMENTS) - {"signature moved", "signature value removed"}))
    def test_with_a_genuine_seal_after_it_is_refused(self, judge: Judge, name: str) -> None:
        """Even the next signer cannot take a change in, knowing or not; those two leave no place for a seal."""
        forged = pdf_forging.sealed(appended(pdf_forging.cut(PAIR.pdf, 4), INCREMENTS[name]))

        report = judge(forged)

        assert report.verdict is Verdict.INVALID
        assert Code.UNSIGNED_CONTENT in {check.code for check in report.problems}

    def test_cutting_off_signatures_shows(self, judge: Judge) -> None:
        assert [judge(pdf_forging.cut(PAIR.pdf, count)).verdict for count in (2, 3, 4)] == [
            Verdict.INVALID
        ] * 3


class TestReferenceTables:
    """Readers that disagree about where an object is (2019 and "Processing dangerous paths" 2021)."""

    def test_previous_table_in_a_loop_ends(self, judge: Judge) -> None:
        data = PAIR.pdf
        table = int(data.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
        previous = re.findall(rb"/Prev (\d+)", data)[-1]

        forged = data.replace(b"/Prev %b>>" % previous, (b"/Prev %d>>" % table).ljust(len(previous) + 8))

        assert refused(judge(forged))

    @pytest.mark.parametrize("more", [b"/XRefStm 9", b"/Encrypt 9 0 R", b"/Prev 9"])
    def test_trailer_with_more_is_refused(self, judge: Judge, more: bytes) -> None:
        at = PAIR.pdf.rindex(b"/Prev ")
        assert refused(judge(PAIR.pdf[:at] + more + PAIR.pdf[at:]))

    def test_stream_of_references_is_refused(self, judge: Judge) -> None:
        stream = (
            b"\n99 0 obj\n<</Type/XRef/Size 100/W[1 4 2]/Root 1 0 R/Length 0>>\nstream\n\nendstream\nendobj\n"
        )
        forged = PAIR.pdf + stream + b"startxref\n%d\n%%%%EOF" % (len(PAIR.pdf) + 1)

        assert refused(judge(forged))

    @pytest.mark.parametrize("count", [1, 3, 5])
    def test_entry_that_points_elsewhere_is_refused(self, judge: Judge, count: int) -> None:
        """Every entry of a table, moved by a byte and made to point at another object."""
        revision = pdf_structure.read(PAIR.pdf).revisions[count - 1]
        entries = [
            m.start()
            for m in re.finditer(rb"\d{10} 00000 n", PAIR.pdf[: revision.end])
            if m.start() > revision.table
        ]
        for place in entries[:: max(1, len(entries) // 6)]:
            for offset in (int(PAIR.pdf[place : place + 10]) + 1, min(revision.offsets.values()) + 9):
                forged = PAIR.pdf[:place] + b"%010d" % offset + PAIR.pdf[place + 10 :]
                assert refused(judge(forged))

    @pytest.mark.parametrize("prefix", [b"\n", b"%!PS\n", b"GIF89a", b"%PDF-1.4\n"])
    def test_bytes_before_the_header_are_refused(self, judge: Judge, prefix: bytes) -> None:
        assert refused(judge(prefix + PAIR.pdf))


class TestUniversalForgery:
    """USF (2019): the signature is there for people, and made useless for the checker."""

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (rb"/ByteRange\[[^]]*\]", b""),
            (rb"/ByteRange\[[^]]*\]", b"/ByteRange[]"),
            (rb"/ByteRange\[[^]]*\]", b"/ByteRange null"),
            (rb"/ByteRange\[0 \d+ \d+ \d+\]", b"/ByteRange[0 0 0 0]"),
            (rb"/ByteRange\[0 ", b"/ByteRange[-1 "),
            (rb"/ByteRange\[0 ", b"/ByteRange[ 0"),
            (rb"/Contents<[0-9a-f]+>", b"/Contents<>"),
            (rb"/Contents<[0-9a-f]+>", b"/Contents<00>"),
            (rb"/Contents<[0-9a-f]+>", b""),
            (rb"/Contents<[0-9a-f]+>", b"/Contents null"),
            (rb"/SubFilter/ETSI\.CAdES\.detached", b"/SubFilter/adbe.x509.rsa_sha1"),
            (rb"/SubFilter/ETSI\.CAdES\.detached", b""),
            (rb"/Type/Sig/", b"/Type/DocTimeStamp/"),
        ],
    )
    @pytest.mark.parametrize("pad", [True, False])
    @pytest.mark.parametrize("which", [0, 1, 2])
    def test_is_refused(self, judge: Judge, old: bytes, new: bytes, pad: bool, which: int) -> None:
        found = list(re.finditer(old, PAIR.pdf))[which]
        written = new.ljust(len(found[0])) if pad else new

        assert refused(judge(PAIR.pdf[: found.start()] + written + PAIR.pdf[found.end() :]))

    def test_contents_of_zeroes_are_refused(self, judge: Judge) -> None:
        for found in re.finditer(rb"/Contents<([0-9a-f]+)>", PAIR.pdf):
            forged = PAIR.pdf[: found.start(1)] + b"0" * len(found[1]) + PAIR.pdf[found.end(1) :]
            assert refused(judge(forged))


class TestSignatureWrapping:
    """SWA (2019): the signed second half moves down, and something else stands where it was."""

    @pytest.mark.parametrize("which", [0, 1, 2])
    @pytest.mark.parametrize("inserted", [b" " * 100, b"/X(x)", b">>\nendobj\n9 0 obj\n<<"])
    def test_bytes_in_the_gap_are_refused(self, judge: Judge, which: int, inserted: bytes) -> None:
        found = list(re.finditer(rb"/ByteRange\[0 (\d+) (\d+) (\d+)\]( *)", PAIR.pdf))[which]
        end = PAIR.pdf.index(b">", PAIR.pdf.index(b"/Contents<", found.end()))
        moved = b"/ByteRange[0 %b %d %b]" % (found[1], int(found[2]) + len(inserted), found[3])

        forged = (
            PAIR.pdf[: found.start()]
            + moved.ljust(len(found[0]))
            + PAIR.pdf[found.end() : end + 1]
            + inserted
            + PAIR.pdf[end + 1 :]
        )

        assert refused(judge(forged))

    @pytest.mark.parametrize("padding", [b"00", b"0000", b"20"])
    def test_padding_inside_the_contents_is_refused(self, judge: Judge, padding: bytes) -> None:
        for found in re.finditer(rb"/Contents<([0-9a-f]+)>", PAIR.pdf):
            forged = PAIR.pdf[: found.end(1)] + padding + PAIR.pdf[found.end(1) :]
            assert refused(judge(forged))

    def test_second_signature_dictionary_is_refused(self, judge: Judge) -> None:
        """The genuine dictionary stays as another object, the field points to a copy with another range."""

        def change(file: PdfFile) -> Bodies:
            widget, new = number_of(file, b"/V "), file.last.size
            signature = number_of(file, b"/ByteRange")
            return {
                widget: re.sub(rb"/V \d+", b"/V %d" % new, file.body(widget)),
                new: file.body(signature).replace(b"/ByteRange[0 ", b"/ByteRange[0 1 2 3 ", 1),
            }

        assert refused(judge(appended(PAIR.pdf, change)))


class TestSignatureSwaps:
    def contents(self, data: bytes) -> list[bytes]:
        return re.findall(rb"/Contents<([0-9a-f]+)>", data)

    @pytest.mark.parametrize(("place", "source"), [(0, 1), (1, 0), (0, 2), (2, 1), (2, 0)])
    def test_of_one_file_are_refused(self, judge: Judge, place: int, source: int) -> None:
        found = self.contents(PAIR.pdf)
        value = found[source].ljust(len(found[place]), b"0")[: len(found[place])]

        assert refused(judge(PAIR.pdf.replace(found[place], value, 1)))

    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_replayed_from_another_pupils_file_are_refused(self, judge: Judge, place: int) -> None:
        own, others = self.contents(PAIR.pdf)[place], self.contents(OTHER.pdf)[place]
        value = others.ljust(len(own), b"0")[: len(own)]

        assert refused(judge(PAIR.pdf.replace(own, value, 1)))

    def test_certificate_swapped_in_the_cms_is_refused(self, judge: Judge) -> None:
        """The value stays, another certificate of the same length stands for the signer's."""
        mine, theirs = (
            pades_cms.take_apart(bytes.fromhex(each.decode())) for each in self.contents(PAIR.pdf)[:2]
        )
        old, new = (each.certificate.fingerprint for each in (mine, theirs))
        assert old is not new
        der = [pades_cms.to_der(each.certificate).hex().encode() for each in (mine, theirs)]
        forged = PAIR.pdf.replace(der[0], der[1].ljust(len(der[0]), b"0")[: len(der[0])], 1)

        assert forged != PAIR.pdf
        assert refused(judge(forged))

    def test_all_signatures_of_another_file_are_refused(self, judge: Judge) -> None:
        own = PAIR.pdf[: len(UNSIGNED)]
        theirs = OTHER.pdf[len(OTHER.unsigned_pdf) :]

        assert refused(judge(own + theirs))


def add_to_page(more: bytes) -> Callable[[Bodies, PdfFile], None]:
    def edit(bodies: Bodies, file: PdfFile) -> None:
        page = page_of(file)
        bodies[page] = bodies[page][:-2] + more + b">>"

    return edit


def add_to_catalogue(more: bytes) -> Callable[[Bodies, PdfFile], None]:
    def edit(bodies: Bodies, file: PdfFile) -> None:
        bodies[file.last.root] = bodies[file.last.root][:-2] + more + b">>"

    return edit


def add_object(body: bytes) -> Callable[[Bodies, PdfFile], None]:
    def edit(bodies: Bodies, file: PdfFile) -> None:
        bodies[file.last.size] = body

    return edit


PREPARED: dict[str, Callable[[Bodies, PdfFile], None]] = {
    "script when opened": add_to_catalogue(b"/OpenAction<</S/JavaScript/JS(x)>>"),
    "script by name": add_to_catalogue(b"/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(x)>>]>>>>"),
    "action of a page": add_to_page(b"/AA<</O<</S/URI/URI(http://x/)>>>>"),
    "layers": add_to_catalogue(b"/OCProperties<</OCGs[]/D<<>>>>"),
    "layer of a page": add_to_page(b"/OC<</Type/OCG/Name(x)>>"),
    "annotation": add_to_page(b"/Annots[<</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]/Contents(10)>>]"),
    "link": add_to_page(b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]>>]"),
    "form of one's own": add_to_catalogue(b"/AcroForm<</Fields[]/NeedAppearances true>>"),
    "XFA form": add_to_catalogue(b"/XFA(x)"),
    "version of the catalogue": add_to_catalogue(b"/Version/1.4"),
    "extensions": add_to_catalogue(b"/Extensions<</ADBE<</BaseVersion/1.7>>>>"),
    "legal attestation": add_to_catalogue(b"/Legal<</JavaScriptActions 1>>"),
    "collection": add_to_catalogue(b"/Collection<</View/T>>"),
    "two keys of one name": add_to_catalogue(b"/Pages 1 0 R"),
    "escaped name": add_to_catalogue(b"/Open#41ction<</S/JavaScript/JS(x)>>"),
    "comment in an object": add_to_page(b"%x\n"),
    "stream from a file": add_object(b"<</F(http://x/)/Length 0>>\nstream\n\nendstream"),
    "reference to another file": add_object(
        b"<</Subtype/Form/Ref<</F(x.pdf)/Page 1>>/Length 0>>\nstream\n\nendstream"
    ),
    "PostScript": add_object(b"<</Subtype/PS/Length 0>>\nstream\n\nendstream"),
    "objects in a stream": add_object(b"<</Type/ObjStm/N 1/First 4/Length 9>>\nstream\n9 0 null \nendstream"),
    "film": add_object(b"<</Subtype/RichMedia>>"),
    "picture for another medium": add_object(
        b"<</Alternates[<</Image 9 0 R>>]/Length 0>>\nstream\n\nendstream"
    ),
    "wrong length of a stream": add_object(b"<</Length 3>>\nstream\n123456\nendstream"),
    "second object in an object": add_object(b"null\nendobj\n1 0 obj\n<<>>"),
}


class TestPreparedBySigner:
    """Shadow attacks (2021) begin before signing: what acts, hides or depends on the reader is refused though all sign.

    Here the school itself prepares the file, and teacher, principal and clerk sign it with their genuine keys.
    """

    def test_the_same_file_made_anew_is_valid(self, judge: Judge) -> None:
        """Otherwise the tests below would show nothing."""
        again = pdf_forging.first_revision(lambda bodies, file: None)

        assert again == pdf_forging.FIRST
        assert judge(pdf_forging.signed(again)).verdict is Verdict.VALID

    @pytest.mark.parametrize("name", PREPARED)
    def test_is_refused(self, judge: Judge, name: str) -> None:
        data = pdf_forging.signed(pdf_forging.first_revision(PREPARED[name]))

        report = judge(data)

        assert report.verdict is Verdict.INVALID
        assert next(check.name for check in report.checks if check.code is Code.FORMAT_FAILURE) == "structure"
        assert report.transcript is None

    @pytest.mark.parametrize("mark", [b"trailer\n", b"xref\n"])
    def test_bytes_between_objects_and_table_are_refused(self, judge: Judge, mark: bytes) -> None:
        at = pdf_forging.FIRST.index(b"\n" + mark) + 1
        first = pdf_forging.FIRST[:at] + b"%hidden\n" + pdf_forging.FIRST[at:]

        assert refused(judge(first))


class TestFields:
    """The revision of the empty fields, made by hand: four of these once ended in an unexpected error."""

    def refielded(self, edit: Callable[[bytes], bytes]) -> bytes:
        file = pdf_structure.read(UNSIGNED)
        bodies = {number: edit(file.body(number)) for number in file.last.offsets}
        return pdf_forging.FIRST + pdf_structure.increment(file.revisions[0], bodies)

    def test_of_ours_are_made_again(self) -> None:
        assert self.refielded(lambda body: body) == UNSIGNED

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (rb"/Rect\[[0-9.]+ ", b"/Rect[1.2.3 "),
            (rb"/Rect\[[0-9.]+ ", b"/Rect[. "),
            (rb"/Rect\[[0-9.]+ ", b"/Rect[-5 "),
            (rb"/T\([A-Za-z]+\)", b"/T(CoQuan)"),
            (rb"/T\(CoQuan\)", b"/T(0oQuan)"),
            (rb"/T\(CoQuan\)", b"/T(Khac)"),
            (rb"/TU<FEFF", b"/TU<FEFFD800"),
            (rb"/F 132", b"/F 2"),
            (rb"/Subtype/Widget", b"/Subtype/Stamp"),
            (rb"/SigFlags 3", b"/SigFlags 1"),
            (rb"/AcroForm", b"/OpenAction<</S/JavaScript/JS(x)>>/AcroForm"),
        ],
    )
    def test_of_another_shape_are_refused(self, judge: Judge, old: bytes, new: bytes) -> None:
        data = self.refielded(lambda body: re.sub(old, new, body))

        assert data != UNSIGNED
        assert refused(judge(data))
