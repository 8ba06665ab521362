from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from hocba.documents.forms import booklets
from hocba.documents.forms.booklets import Booklet, Cover, Prose
from hocba.documents.forms.tables import Column, Letterhead, Signature, Table
from hocba.documents.pdf import TypesettingError
from tests.unit.documents.forms import printed
from tests.unit.documents.forms.material import AT

TABLE = Table(
    name="Bảng",
    title="BẢNG",
    columns=(Column(head=("TT",), width=8), Column(head=("Nhóm", "Tên"), share=1, left=True)),
    rows=((1, "Nguyễn Văn A"),),
    facts=("Lớp 6A1",),
    notes=("Hết.",),
    dated="Ngày …",
    signatures=(Signature(title="NGƯỜI LẬP", hint="(Kí)", name="Trần Thị B"),),
    letterhead=Letterhead(authority="UBND", school="Trường Mẫu"),
)
BOOKLET = Booklet(
    title="Sổ mẫu",
    author="Trường Mẫu",
    running="Sổ mẫu – Lớp 6A1",
    pages=(
        Cover(title="SỔ", subtitle="(MẪU)", lines=(("Lớp", "6A1"),)),
        Prose(title="HƯỚNG DẪN", points=("Một.", "Hai."), legend_title="Kí hiệu", legend=("P: có phép",)),
        TABLE,
    ),
)


def with_row(*cells: str | int) -> Booklet:
    return replace(BOOKLET, pages=(replace(TABLE, rows=(cells,)),))


class TestPdf:
    def test_gives_the_same_bytes_every_time(self) -> None:
        assert booklets.pdf(BOOKLET, at=AT) == booklets.pdf(BOOKLET, at=AT)

    def test_declares_archive_and_accessible_form(self) -> None:
        with pikepdf.open(BytesIO(booklets.pdf(BOOKLET, at=AT))) as pdf:
            metadata = pdf.open_metadata()
            assert [metadata[f"pdfaid:{name}"] for name in ("part", "conformance")] == ["3", "A"]
            assert metadata["pdfuaid:part"] == "1"
            assert str(pdf.docinfo.Title) == "Sổ mẫu"
            assert str(pdf.Root.Lang).startswith("vi")

    def test_says_what_heads_are_heads_of(self) -> None:
        data = booklets.pdf(BOOKLET, at=AT)
        assert data.count(b"/S/TH/") == data.count(b"/Scope/Column") == 3

    def test_names_a_letter_it_cannot_print(self) -> None:
        with pytest.raises(TypesettingError, match="🎓"):
            booklets.pdf(with_row(1, "Giỏi 🎓"), at=AT)

    @pytest.mark.external
    @printed.needs_poppler
    def test_prints_everything(self) -> None:
        told = printed.letters(booklets.pdf(BOOKLET, at=AT))
        for text in (
            "SỔ", "(MẪU)", "Lớp:6A1", "1.Một.", "P:cóphép", "UBND", "TRƯỜNGMẪU", "Độclập–Tựdo–Hạnhphúc", "NguyễnVănA",
            "Hết.", "Ngày…", "NGƯỜILẬP", "TrầnThịB", "Sổmẫu–Lớp6A1", "Inlúc30/05/202509:00", "Trang3/3",
        ):  # fmt: skip
            assert text in told, text

    @pytest.mark.external
    @printed.needs_poppler
    def test_takes_texts_that_mean_something_to_the_typesetter(self) -> None:
        tricky = '"#panic("x")\\ $x$ *a* _b_ <c> @d // e [f] {g}'
        assert printed.squeezed(tricky) in printed.letters(booklets.pdf(with_row(1, tricky), at=AT))

    @pytest.mark.external
    @printed.needs_poppler
    def test_breaks_what_is_too_long_for_its_column(self) -> None:
        assert printed.flaws(booklets.pdf(with_row(123456789012345, "W" * 400), at=AT)) == []


@pytest.mark.external
@printed.needs_poppler
class TestMeasure:
    """The measure itself sees what it is there to see."""

    def test_sees_words_over_rules(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("hocba.documents.lettering.fitted", lambda text, *_, **__: text)
        found = printed.flaws(booklets.pdf(with_row(123456789012345, "A"), at=AT))
        assert any("crosses a rule" in flaw for flaw in found)

    def test_sees_words_over_words(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("hocba.documents.lettering.fitted", lambda text, *_, **__: text)
        found = printed.flaws(booklets.pdf(with_row(123456789012345, "ABCDEF"), at=AT))
        assert any("over" in flaw for flaw in found)

    def test_sees_words_that_leave_the_page(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("hocba.documents.lettering.fitted", lambda text, *_, **__: text)
        found = printed.flaws(booklets.pdf(with_row(1, "W" * 100), at=AT))
        assert any("leaves the page" in flaw for flaw in found)
