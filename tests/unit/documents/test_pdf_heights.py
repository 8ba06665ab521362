from __future__ import annotations

import json
import random

import pytest
import typst

from hocba.documents.lettering import MM_PER_POINT
from hocba.documents.pdf import heights
from hocba.documents.pdf.form import FONT
from hocba.documents.pdf.heights import Piece

_SENTENCES = (
    "Tiếp thu bài nhanh chóng; cần cẩn thận hơn khi làm bài, nên đọc thêm (sách) ở nhà. Có tiến bộ rõ ở học kì "
    "II: đã khắc phục được lỗi chính tả – biết giúp đỡ bạn trong nhóm! WHO TVE MƯỜI ƯỠNG 10,0 28/05/2025 Ăn, Ẽo"
)


def in_print(texts: list[str], *, size: float, room: float, leading: float) -> list[float]:
    """Millimetres the typesetter gives the texts."""
    program = f"""
        #set text(font: "{FONT}", size: {size}pt, lang: "vi", hyphenate: false, number-type: "lining")
        #set par(leading: {leading}pt, justify: false)
        #let texts = json(bytes({json.dumps(json.dumps(texts, ensure_ascii=False), ensure_ascii=False)}))
        #context [#metadata(texts.map(it => measure(block(width: {room}mm, it)).height.pt())) <heights>]
    """
    compiler = typst.Compiler(
        input=program.encode(), font_paths=typst.Fonts(include_system_fonts=False, font_paths=[])
    )
    found: list[float] = json.loads(compiler.query("<heights>", field="value", one=True))
    return [points * MM_PER_POINT for points in found]


class TestHeight:
    @pytest.mark.parametrize(
        ("size", "room", "leading"),
        [
            (9.4, 78.8, 4.5),
            (8.4, 78.8, 4.5),
            (10, 29.8, 4.5),
            # Of tiểu học: remarks and names of subjects, of qualities and competences; sections 4 to 6.
            (9.4, 99.8, 4.5),
            (8.4, 103.8, 4.5),
            (10, 34.8, 4.5),
            (10, 47.8, 4.5),
            (11, 160.0, 6.4),
        ],
    )
    def test_is_never_less_than_in_print_and_seldom_more(
        self, size: float, room: float, leading: float
    ) -> None:
        dice = random.Random(7)
        texts = [" ".join(dice.choices(_SENTENCES.split(), k=dice.randint(1, 60))) for _ in range(300)]
        told = [heights.height([Piece(text, size)], room, leading) or 0.0 for text in texts]
        needed = in_print(texts, size=size, room=room, leading=leading)
        assert all(mine >= printed for mine, printed in zip(told, needed, strict=True))
        assert sum(told) < 1.12 * sum(needed)

    def test_adds_up_texts_below_each_other(self) -> None:
        two = heights.height([Piece("Ngoan", 10), Piece("Lan", 10)], 50, 4.5)
        assert two == heights.height([Piece("Ngoan\nLan", 10)], 50, 4.5)
        assert two == pytest.approx((2 * 6.6 + 4.5) * MM_PER_POINT)

    @pytest.mark.parametrize("text", ["W" * 40, "một\u200bhai"])
    def test_leaves_words_that_must_break_to_the_typesetter(self, text: str) -> None:
        assert heights.height([Piece(text, 10)], 50, 4.5) is None


class TestFits:
    def test_tells_one_line_from_two(self) -> None:
        assert heights.fits("Dân tộc: Kinh", 12, 64)
        assert not heights.fits("Dân tộc: Kinh, Dân tộc: Kinh, Dân tộc: Kinh", 12, 64)
