from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from hocba.signing import pades_checking, pades_cms, pdf_structure
from hocba.signing.checks import Code
from hocba.signing.errors import UnreadableError
from hocba.signing.pades_checking import PdfCheck
from hocba.signing.pades_increment import Claim, empty_fields, lay
from hocba.signing.pdf_fields import FieldPlace, SignatureField, add_fields
from tests.unit.signing import pades_material as material
from tests.unit.signing.pades_material import FIELDS, PLACES, RECORD, keys, picture, signed, unsigned


def check(pdf: bytes, count: int = 3) -> PdfCheck:
    return pades_checking.check(pdf, expected_fields=FIELDS[:count])


def codes(found: PdfCheck) -> set[Code]:
    return {problem.code for problem in found.problems} | {
        problem.code for signature in found.signatures for problem in signature.problems
    }


def appended(pdf: bytes, objects: dict[int, bytes]) -> bytes:
    """What an attacker who knows our shape would append."""
    return pdf + pdf_structure.increment(pdf_structure.read(pdf).last, objects)


def body(pdf: bytes, number: int) -> bytes:
    return pdf_structure.read(pdf).body(number)


def last_page(pdf: bytes) -> int:
    found = re.findall(rb"(\d+) 0 obj\n<</Type/Page/", pdf)
    return int(found[-1])


def widget(pdf: bytes, field: str) -> int:
    found = re.search(rb"(\d+) 0 obj\n<</Type/Annot/Subtype/Widget/FT/Sig/T\(%b\)" % field.encode(), pdf)
    assert found is not None
    return int(found[1])


class TestCheck:
    def test_passes_what_we_sign(self) -> None:
        found = check(signed())
        assert found.passed
        assert [signature.field for signature in found.signatures] == list(FIELDS)
        assert [signature.certificate for signature in found.signatures] == [
            keys()[field].certificate for field in FIELDS
        ]
        assert [signature.certifies for signature in found.signatures] == [True, False, False]
        assert [signature.covered_length for signature in found.signatures] == [
            len(signed(count)) for count in (1, 2, 3)
        ]
        assert found.signatures[0].signed_at == material.BEGIN
        # The root is not in the file: who trusts it has it.
        assert found.signatures[0].chain == keys()[FIELDS[0]].chain[:-1]

    def test_gives_the_revision_before_the_signatures_and_its_attachment(self) -> None:
        found = check(signed())
        assert found.unsigned == unsigned()
        assert found.attachment == RECORD.encode()

    @pytest.mark.parametrize("count", [1, 2])
    def test_passes_a_file_on_its_way(self, count: int) -> None:
        assert check(signed(count), count).passed

    def test_says_that_nobody_signed(self) -> None:
        assert codes(check(unsigned())) == {Code.NO_SIGNATURE_FOUND}
        assert codes(check(material.typeset_form())) == {Code.NO_SIGNATURE_FOUND}

    def test_says_that_a_signature_was_removed(self) -> None:
        assert codes(check(signed(2))) == {Code.MISSING_SIGNATURE}

    def test_says_that_the_order_is_wrong(self) -> None:
        pdf = material.signed_by(signed(1), FIELDS[2])
        pdf = material.signed_by(pdf, FIELDS[1])
        assert codes(check(pdf)) == {Code.FORMAT_FAILURE}

    def test_wants_the_first_signature_to_certify(self) -> None:
        pdf = material.signed_by(unsigned(), FIELDS[0], certify=False)
        assert codes(check(pdf, 1)) == {Code.FORMAT_FAILURE}
        later = material.signed_by(pdf, FIELDS[1], certify=True)
        assert codes(check(later, 2)) == {Code.FORMAT_FAILURE}

    def test_wants_an_attachment(self) -> None:
        bare = add_fields(
            material.typeset('#set document(title: "x")\n#set text(lang: "vi")\n= A\n#pagebreak()\nB'),
            [SignatureField(name, name, place) for name, place in PLACES.items()],
        )
        assert codes(check(material.signed_by(bare, FIELDS[0]), 1)) == {Code.SIGNED_DATA_NOT_FOUND}


class TestTampering:
    """Nothing that is added or changed after signing passes, however well-formed."""

    def test_no_changed_byte_passes(self) -> None:
        pdf, chance = signed(), random.Random(22)
        for at in [chance.randrange(len(pdf)) for _ in range(300)] + list(range(len(pdf) - 40, len(pdf))):
            changed = bytearray(pdf)
            changed[at] ^= 1 << chance.randrange(8)
            try:
                assert not check(bytes(changed)).passed, at
            except UnreadableError:
                continue

    def test_a_changed_text_is_a_wrong_digest(self) -> None:
        assert Code.HASH_FAILURE in codes(check(signed().replace(b"Typst 0.", b"Typst 9.", 1)))

    def test_a_changed_attachment_is_a_wrong_digest(self) -> None:
        changed = signed().replace("Ánh".encode(), "Ớnh".encode().ljust(len("Ánh".encode()))[:4], 1)
        assert changed != signed()
        assert codes(check(changed)) & {Code.HASH_FAILURE, Code.FORMAT_FAILURE}

    def test_a_changed_signature_value_is_seen(self) -> None:
        pdf = bytearray(signed())
        value = keys()[FIELDS[2]].sign(b"x")
        end = pdf.rindex(b">>\nendobj\n", 0, pdf.rindex(b"/Type/XObject/Subtype/Form")) - 1
        pdf[end - 2 * len(value) : end] = value.hex().encode()
        found = check(bytes(pdf))
        assert codes(found) == {Code.SIG_CRYPTO_FAILURE}
        assert [signature.passed for signature in found.signatures] == [True, True, False]

    @pytest.mark.parametrize(
        "attack",
        [
            pytest.param(
                lambda pdf, page, new: {page: page_with(pdf, page, b" %d 0 R" % new), new: NOTE}, id="a note"
            ),
            pytest.param(
                lambda pdf, page, new: {
                    page: re.sub(
                        rb"/Contents (\d+) 0 R", rb"/Contents[\1 0 R %d 0 R]" % new, body(pdf, page)
                    ),
                    new: b"<</Length 20>>\nstream\n0 0 1 rg 9 9 99 9 re f\nendstream",
                },
                id="an overlay",
            ),
            pytest.param(
                lambda pdf, page, new: {
                    1: re.sub(
                        rb"/Count (\d+)/Kids\[(.*)\]", rb"/Count 3/Kids[\2 %d 0 R]" % new, body(pdf, 1)
                    ),
                    new: body(pdf, page),
                },
                id="a page",
            ),
            pytest.param(
                lambda pdf, page, new: {
                    widget(pdf, FIELDS[0]): re.sub(
                        rb"/Rect\[60 ", b"/Rect[90 ", body(pdf, widget(pdf, FIELDS[0]))
                    )
                },
                id="a moved field",
            ),
            pytest.param(
                lambda pdf, page, new: {
                    int(re.findall(rb"/AP<</N (\d+) 0 R>>/V", pdf)[0]): b"<</Type/XObject/Subtype/Form"
                    b"/BBox[0 0 150 70]/Resources<<>>/Length 0>>\nstream\n\nendstream"
                },
                id="another picture",
            ),
            pytest.param(
                lambda pdf, page, new: {
                    widget(pdf, FIELDS[0]): re.sub(
                        rb"/V \d+ 0 R", b"/V %d 0 R" % new, body(pdf, widget(pdf, FIELDS[0]))
                    ),
                    new: body(pdf, int(re.findall(rb"/V (\d+) 0 R", pdf)[0])),
                },
                id="a second value",
            ),
            pytest.param(
                lambda pdf, page, new: {
                    pdf_structure.read(pdf).last.root: body(pdf, pdf_structure.read(pdf).last.root)[:-2]
                    + b"/OpenAction %d 0 R>>" % new,
                    new: b"<</S/JavaScript/JS(app.alert\\(1\\))>>",
                },
                id="a script",
            ),
            pytest.param(lambda pdf, page, new: {new: b"<</Type/X>>"}, id="an object nobody uses"),
        ],
    )
    @pytest.mark.parametrize("count", [1, 3])
    def test_an_increment_in_our_own_shape_is_seen(
        self, attack: Callable[[bytes, int, int], dict[int, bytes]], count: int
    ) -> None:
        pdf = signed(count)
        attacked = appended(pdf, attack(pdf, last_page(pdf), pdf_structure.read(pdf).last.size))
        found = check(attacked, count)
        assert Code.UNSIGNED_CONTENT in codes(found)
        assert len(found.signatures) == count

    def test_an_attack_between_two_signatures_is_seen(self) -> None:
        pdf = signed(1)
        page = last_page(pdf)
        size = pdf_structure.read(pdf).last.size
        attacked = appended(pdf, {page: page_with(pdf, page, b" %d 0 R" % size), size: NOTE})
        attacked = material.signed_by(material.signed_by(attacked, FIELDS[1]), FIELDS[2])
        assert Code.UNSIGNED_CONTENT in codes(check(attacked))

    def test_increments_of_other_tools_are_seen(self) -> None:
        writer = IncrementalPdfFileWriter(BytesIO(signed()))
        writer.root["/PageMode"] = pikepdf_name("/FullScreen")
        writer.update_root()
        out = BytesIO()
        writer.write(out)
        assert not check(out.getvalue()).passed

    def test_swapped_increments_are_seen(self) -> None:
        base, first, second = len(unsigned()), len(signed(1)), len(signed(2))
        pdf = signed(2)
        swapped = pdf[:base] + pdf[first:second] + pdf[base:first]
        assert not check(swapped, 2).passed

    def test_a_signature_from_another_file_is_seen(self) -> None:
        other = add_fields(
            material.typeset_form(extra="#pagebreak() Thêm"),
            [SignatureField(name, f"Chữ ký số {name}", place) for name, place in PLACES.items()],
        )
        other = material.signed_by(other, FIELDS[0])
        transplanted = signed(1) + other[len(other) - 4000 :]
        assert not check(transplanted, 1).passed

    def test_a_rewritten_file_is_seen(self) -> None:
        with pikepdf.open(BytesIO(signed())) as pdf:
            out = BytesIO()
            pdf.save(out, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        assert not check(out.getvalue()).passed

    @pytest.mark.parametrize("tail", [b"\n", b" ", b"\x00" * 100, b"%%EOF", b"\n%%EOF"])
    def test_bytes_after_the_end_are_seen(self, tail: bytes) -> None:
        assert codes(check(signed() + tail)) == {Code.UNSIGNED_CONTENT}

    def test_an_incremental_revision_cut_short_is_seen(self) -> None:
        assert codes(check(signed()[:-100])) == {Code.UNSIGNED_CONTENT}


class TestSignersTricks:
    """A signer's own increment may hold a picture and nothing else."""

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b"/BBox[0 0 150 70]", b"/BBox[-999 -999 999 999]"),
            (b"/Resources<<", b"/Resources<</X 3 0 R"),
            (b"/Resources<<", b"/Resources<</X<</S/JavaScript>>"),
            (b"/Resources<<", b"/Matrix[9 0 0 9 0 0]/Resources<<"),
            (b"/Resources<<", b"/Resources<</X(%)/Y%z\n"),
            (b"/Resources<<", b"/Resources<</#4a#53 0"),
        ],
    )
    def test_a_picture_that_is_more_than_a_picture_is_refused(self, old: bytes, new: bytes) -> None:
        pdf = self._signed_with(lambda form: form.replace(old, new, 1))
        assert Code.UNSIGNED_CONTENT in codes(check(pdf, 1))

    def test_an_untouched_picture_passes_the_same_way(self) -> None:
        assert check(self._signed_with(lambda form: form), 1).passed

    def test_another_name_than_the_certificates_is_refused(self) -> None:
        assert codes(check(self._signed_with(lambda form: form, name="Người khác"), 1)) == {
            Code.FORMAT_FAILURE
        }

    def test_attributes_beyond_the_agreed_are_refused(self) -> None:
        cms = pades_cms.tlv(0x30, b"\x05\x00")
        with pytest.raises(ValueError, match="lacks a part"):
            pades_cms.take_apart(cms)
        pdf = bytearray(signed(1))
        start = pdf.index(b"/Contents<30") + len(b"/Contents<")
        pdf[start + 2 : start + 4] = b"83"
        assert codes(check(bytes(pdf), 1)) == {Code.FORMAT_FAILURE}

    def _signed_with(self, change: Callable[[bytes], bytes], *, name: str | None = None) -> bytes:
        """Sign properly, with a picture that an honest signer would not have."""
        key, place = keys()[FIELDS[0]], PLACES[FIELDS[0]]
        file = pdf_structure.read(unsigned())
        shape = pades_cms.shape_of(key.certificate, key.chain)
        claim = Claim(
            name=name or "Phan Thị Thuỳ Linh",
            signed_at=material.BEGIN,
            certifies=True,
            reserved=pades_cms.longest(shape),
        )
        form = picture(place.w, place.h).resized(place.w, place.h).objects(file.last.size + 1)
        first = min(form)
        form[first] = change(form[first])
        laid = lay(file, empty_fields(file)[FIELDS[0]], claim, form)
        whole = bytearray(unsigned()) + laid.increment
        _, gap, after, length = laid.byte_range
        from hashlib import sha256

        digest = sha256(whole[:gap] + whole[after : after + length]).digest()
        attributes = pades_cms.signed_attributes(shape, digest)
        cms = pades_cms.assemble(shape, attributes, key.sign(attributes))
        whole[laid.contents : laid.contents + 2 * len(cms)] = cms.hex().encode()
        return bytes(whole)


class TestFirstRevision:
    """What the typesetter would never write is refused although everybody signed it."""

    @pytest.mark.parametrize(
        "change",
        [
            (b"/Lang(vi)", b"/Lang(vi)/OpenAction<</S/JavaScript/JS(1)>>"),
            (b"/Lang(vi)", b"/Lang(vi)/OCProperties<<>>"),
            (b"/Lang(vi)", b"/Lang(vi)/URLs[]"),
            (b"/Tabs/S", b"/Tabs/S/AA<<>>"),
            (b"/Tabs/S", b"/Tabs/S/Annots[1 0 R]"),
            (b"/Tabs/S", b"/Tabs/S/#41#41<<>>"),
            (b"/Tabs/S", b"/Tabs/S%(\n/AA<<>>%)\n"),
        ],
    )
    def test_refuses(self, change: tuple[bytes, bytes]) -> None:
        assert codes(check(self._signed(rebuilt(material.typeset_form(), *change)), 1)) == {
            Code.FORMAT_FAILURE
        }

    def test_accepts_the_same_file_put_together_again_unchanged(self) -> None:
        assert check(self._signed(rebuilt(material.typeset_form(), b"/Tabs/S", b"/Tabs/S")), 1).passed

    def test_refuses_bytes_between_objects(self) -> None:
        form = rebuilt(material.typeset_form(), b"endobj\n2 0 obj", b"endobj\n%hidden\n2 0 obj")
        assert codes(check(self._signed(form), 1)) == {Code.FORMAT_FAILURE}

    def test_refuses_an_attachment_that_unpacks_without_end(self) -> None:
        import zlib

        bomb = zlib.compress(b"\0" * 2**23)
        form = material.typeset_form()
        found = re.search(
            rb"<</Length \d+/Type/EmbeddedFile(.*?)>>\nstream\n(.*?)\nendstream", form, re.DOTALL
        )
        assert found is not None
        packed = b"<</Length %d/Type/EmbeddedFile/Filter/FlateDecode%b>>\nstream\n%b\nendstream" % (
            len(bomb),
            found[1],
            bomb,
        )
        assert codes(check(self._signed(rebuilt(form, found[0], packed)), 1)) == {Code.FORMAT_FAILURE}

    def test_refuses_a_field_with_another_look_than_ours(self) -> None:
        pdf = unsigned().replace(b"/F 132/", b"/F 134/", 1)
        assert codes(check(material.signed_by(pdf, FIELDS[1], certify=True), 1)) == {Code.FORMAT_FAILURE}

    def _signed(self, form: bytes) -> bytes:
        fields = [SignatureField(name, f"Chữ ký số {name}", place) for name, place in PLACES.items()]
        return material.signed_by(add_fields(form, fields), FIELDS[0])


class TestUnreadable:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "pdf.empty"),
            (b"Xin chao", "pdf.not_pdf"),
            (b"%PDF-1.7\n", "pdf.truncated"),
            (b"\0" * (50 * 2**20), "pdf.too_large"),
            (b"%PDF-1.7\n" + b"x" * 100, "pdf.truncated"),
            (b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n", "pdf.not_transcript"),
        ],
    )
    def test_has_a_code_and_a_sentence(self, data: bytes, code: str) -> None:
        with pytest.raises(UnreadableError) as caught:
            check(data)
        assert caught.value.code == code
        assert caught.value.sentence.endswith(".")

    def test_says_that_the_file_is_encrypted(self) -> None:
        with pikepdf.open(BytesIO(signed())) as pdf:
            out = BytesIO()
            pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
        with pytest.raises(UnreadableError) as caught:
            check(out.getvalue())
        assert caught.value.code == "pdf.encrypted"

    def test_says_that_a_file_was_cut_in_its_first_revision(self) -> None:
        with pytest.raises(UnreadableError) as caught:
            check(signed()[:5000])
        assert caught.value.code == "pdf.truncated"

    @pytest.mark.parametrize(
        "filling",
        [
            b"<<" * 1_000_000,
            b"(" * 2_000_000,
            b"/A" * 1_000_000,
            b"\nendobj\n" * 200_000,
            b"1 0 R " * 400_000,
            b"<" * 2_000_000,
        ],
    )
    def test_hostile_fillings_end_soon(self, filling: bytes) -> None:
        form = rebuilt(material.typeset_form(), b"/Tabs/S", b"/Tabs/S/X " + filling)
        start = time.process_time()
        assert not check(form, 1).passed
        assert time.process_time() - start < 3


class TestAddFields:
    def test_gives_the_same_bytes_every_time(self) -> None:
        fields = [SignatureField("A", "Ô ký", FieldPlace(1, 1, 2, 30, 40))]
        assert add_fields(material.typeset_form(), fields) == add_fields(material.typeset_form(), fields)

    @pytest.mark.parametrize("names", [("A", "A"), ("Ô",), ("a b",), ("",)])
    def test_refuses_names_that_are_not_plain_and_distinct(self, names: tuple[str, ...]) -> None:
        with pytest.raises(ValueError, match="plain and distinct"):
            add_fields(
                material.typeset_form(),
                [SignatureField(name, "x", FieldPlace(1, 1, 2, 30, 40)) for name in names],
            )

    def test_refuses_a_page_that_does_not_exist(self) -> None:
        with pytest.raises(ValueError, match="no page 3"):
            add_fields(material.typeset_form(), [SignatureField("A", "x", FieldPlace(3, 1, 2, 30, 40))])

    def test_refuses_a_second_time(self) -> None:
        with pytest.raises(UnreadableError):
            add_fields(unsigned(), [SignatureField("A", "x", FieldPlace(1, 1, 2, 30, 40))])


NOTE = b"<</Type/Annot/Subtype/FreeText/Rect[0 0 99 99]/Contents(10,0)/F 4>>"


def page_with(pdf: bytes, page: int, annotation: bytes) -> bytes:
    return re.sub(rb"/Annots\[(.*?)\]", rb"/Annots[\1" + annotation + b"]", body(pdf, page))


def pikepdf_name(name: str) -> object:
    from pyhanko.pdf_utils import generic

    return generic.NameObject(name)


def rebuilt(form: bytes, old: bytes, new: bytes) -> bytes:
    """A typeset file with one text replaced and its table of offsets made right again."""
    table = form.rindex(b"xref\n", 0, form.rindex(b"startxref"))
    assert old in form[:table]
    changed, trailer = form[:table].replace(old, new, 1), form[form.index(b"trailer", table) :]
    before = pdf_structure.read(form).last.offsets
    at = form.index(old)
    moved = {n: o + (len(new) - len(old) if o > at else 0) for n, o in before.items()}
    lines = b"".join(b"%010d 00000 n\r\n" % moved[number] for number in sorted(moved))
    head = b"xref\n0 %d\n0000000000 65535 f\r\n" % (len(moved) + 1)
    tail = re.sub(rb"startxref\n\d+", b"startxref\n%d" % len(changed), trailer)
    return changed + head + lines + tail
