from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from hocba.signing import pades, pades_checking
from hocba.signing.certificates import to_der
from hocba.signing.errors import SignatureMismatchError, SigningError, UnreadableError
from tests.unit.signing import pades_material as material
from tests.unit.signing.pades_material import BEGIN, FIELDS, PLACES, keys, picture, prepared, signed, unsigned


class TestPrepare:
    def test_refuses_a_field_that_does_not_exist(self) -> None:
        with pytest.raises(ValueError, match="no empty field"):
            self._prepare(field="HocSinh")

    def test_refuses_a_field_that_is_signed_already(self) -> None:
        with pytest.raises(ValueError, match="no empty field"):
            prepared(signed(1), FIELDS[0])

    def test_refuses_a_picture_of_another_size(self) -> None:
        with pytest.raises(ValueError, match="appearance"):
            self._prepare(appearance=picture(150, 60))

    def test_refuses_to_certify_twice(self) -> None:
        with pytest.raises(ValueError, match="already certified"):
            prepared(signed(1), FIELDS[1], certify=True)

    def test_refuses_a_time_without_zone(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            self._prepare(signed_at=datetime(2025, 5, 30))

    def test_refuses_a_file_that_is_not_ours(self) -> None:
        with pytest.raises(UnreadableError):
            self._prepare(pdf=b"%PDF-1.4\n%%EOF")

    def test_leaves_every_earlier_byte_alone(self) -> None:
        assert prepared(signed(1), FIELDS[1]).pdf.startswith(signed(1))

    def _prepare(self, **changes: object) -> pades.PreparedPdfSignature:
        key = keys()[FIELDS[0]]
        arguments: dict[str, object] = {
            "pdf": unsigned(),
            "field": FIELDS[0],
            "certificate": key.certificate,
            "chain": key.chain,
            "signed_at": BEGIN,
            "appearance": picture(150, 70),
            "certify": True,
        }
        return pades.prepare(**(arguments | changes))  # type: ignore[arg-type]


class TestComplete:
    def test_refuses_the_value_of_another_key(self) -> None:
        waiting = prepared(unsigned(), FIELDS[0])
        with pytest.raises(SignatureMismatchError):
            pades.complete(waiting, keys()[FIELDS[1]].sign(waiting.to_be_signed))

    @pytest.mark.parametrize("moved", [-1, 1, 40_000])
    def test_refuses_a_place_that_is_not_empty(self, moved: int) -> None:
        waiting = prepared(unsigned(), FIELDS[0])
        value = keys()[FIELDS[0]].sign(waiting.to_be_signed)

        with pytest.raises(SigningError, match="not empty"):
            pades.complete(replace(waiting, contents=waiting.contents + moved), value)

    def test_fills_the_reserved_place_to_the_last_digit_for_rsa(self) -> None:
        waiting = prepared(unsigned(), FIELDS[0])
        done = pades.complete(waiting, keys()[FIELDS[0]].sign(waiting.to_be_signed))
        assert len(done) == len(waiting.pdf)
        end = waiting.contents + 2 * waiting.reserved
        assert (done[: waiting.contents], done[end:]) == (
            waiting.pdf[: waiting.contents],
            waiting.pdf[end:],
        )
        assert bytes.fromhex(done[waiting.contents : end].decode())[0] == 0x30

    def test_takes_elliptic_keys_whose_values_vary_in_length(self) -> None:
        key = material.authority().issue_person(
            name="Lê Văn Elip",
            personal_id="079186000007",
            organisation="Trường",
            private_key=ec.generate_private_key(ec.SECP256R1()),
        )
        for _ in range(6):
            done = material.signed_by(unsigned(), FIELDS[0], key=key)
            assert pades_checking.check(done, expected_fields=FIELDS[:1]).passed


class TestSecondOpinions:
    """What others say of our signatures."""

    def test_pyhanko_accepts_each_signature_and_each_change(self) -> None:
        reader = PdfFileReader(BytesIO(signed()))
        assert [found.field_name for found in reader.embedded_signatures] == list(FIELDS)
        for found in reader.embedded_signatures:
            status = validate_pdf_signature(found, self._context())
            assert status.bottom_line, status.pretty_print_details()
        assert reader.embedded_signatures[0].docmdp_level.value == 2

    @pytest.mark.external
    @pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler is not installed")
    def test_pdfsig_accepts_each_signature(self, tmp_path: Path) -> None:
        path = tmp_path / "signed.pdf"
        path.write_bytes(signed())
        told = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=True)
        assert told.stdout.count("Signature is Valid.") == 3
        assert told.stdout.count("Total document signed") == 1
        assert told.stderr == ""

    def test_qpdf_finds_nothing_wrong_with_the_structure(self) -> None:
        with pikepdf.open(BytesIO(signed())) as pdf:
            assert pdf.check_pdf_syntax() == []

    def test_fields_are_tagged_and_have_a_text_alternative(self) -> None:
        with pikepdf.open(BytesIO(signed())) as pdf:
            root = pdf.Root.StructTreeRoot
            numbers = root.ParentTree.Nums
            parents = {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}
            for widget in pdf.pages[1].Annots:
                element = parents[int(widget.StructParent)]
                assert (element.S, element.K.Obj.objgen) == ("/Form", widget.objgen)
                assert str(element.Alt) == str(widget.TU) == f"Chữ ký số {widget.T}"
            assert int(root.ParentTreeNextKey) == max(parents) + 1

    def test_pictures_have_the_size_of_their_fields(self) -> None:
        with pikepdf.open(BytesIO(signed())) as pdf:
            for widget in pdf.pages[1].Annots:
                place = PLACES[str(widget.T)]
                box = [float(value) for value in widget.AP.N.BBox]
                assert box == [0, 0, place.w, place.h]

    def _context(self) -> ValidationContext:
        from asn1crypto import x509 as asn1

        root = asn1.Certificate.load(to_der(material.authority().root.certificate))
        return ValidationContext(trust_roots=[root], moment=BEGIN, allow_fetching=False)
