"""What class records of every level have in common: the class, pupils' names, digests of what is below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hocba.documents.class_record import ClassIdentity, TermRecord
from hocba.documents.primary import PrimaryTermRecord
from hocba.documents.xml import simple_types as t
from hocba.documents.xml.elements import Element, Pair
from hocba.documents.xml.grammar import Leaf, Many, One
from hocba.documents.xml.shared import SCHOOL

if TYPE_CHECKING:
    from hocba.documents.any_level import AnyClassRecord, AnyTermRecord, AnyYearRecord
    from hocba.documents.xml.simple_types import SimpleType


def data_id(record_id: str, version: int) -> str:
    """Return the Id of <DuLieu>."""
    return f"dl-{record_id}-v{version}"


def data_ident(_context: None, value: AnyClassRecord) -> str:
    """Return the Id of the <DuLieu> of a value."""
    return data_id(value.identity.id, value.identity.version)


def doubled_pupils(rows: tuple[Any, ...]) -> list[str]:
    """Return a problem for every row of a pupil who has one already."""
    seen: set[str] = set()
    problems = []
    for row in rows:
        if row.personal_id in seen:
            problems.append(f"học sinh {row.personal_id} có nhiều dòng")
        seen.add(row.personal_id)
    return problems


def summary_problems(record: AnyTermRecord | AnyYearRecord) -> list[str]:
    """Return what is doubled in a term or year: pupils, or the documents it carries digests of."""
    is_term = isinstance(record, TermRecord | PrimaryTermRecord)
    below: tuple[tuple[Any, Any], ...] = record.sheets if is_term else record.terms  # type: ignore[union-attr]
    keys = [key for key, _digest in below]
    doubled = [f"{key} được nêu nhiều lần" for key in dict.fromkeys(keys) if keys.count(key) > 1]
    return [*doubled_pupils(record.rows), *doubled]


def identity(regulation: SimpleType, grade: SimpleType) -> Element:
    """Return the element that says which class of which school and year a document is about."""
    return Element(
        "ThongTinLop",
        ClassIdentity,
        (
            Leaf("MaSo", "id", t.UUID_TEXT),
            Leaf("PhienBan", "version", t.VERSION),
            One(SCHOOL, "school"),
            Leaf("NamHoc", "school_year", t.SCHOOL_YEAR),
            Leaf("Lop", "class_name", t.SHORT),
            Leaf("Khoi", "grade", grade),
            Leaf("QuyDinhDanhGia", "regulation", regulation),
        ),
    )


PUPIL = (
    Leaf("SoDinhDanhCaNhan", "personal_id", t.PERSONAL_ID),
    Leaf("MaHocSinh", "pupil_code", t.IDENTIFIER, optional=True),
    Leaf("HoVaTen", "name", t.NAME),
)

SHEETS = Many(
    "DanhSachSoMonHoc",
    Pair("SoMonHoc", ("MaMon", t.SUBJECT_CODE), ("GiaTriBam", t.DIGEST)),
    "sheets",
    least=1,
    most=40,
)

TERMS = Many(
    "DanhSachSoHocKy", Pair("SoHocKy", ("HocKy", t.TERM), ("GiaTriBam", t.DIGEST)), "terms", least=1, most=2
)


def pupils(row: Element) -> Many:
    """Return the list of a class's pupils with a row of that kind for each."""
    return Many("DanhSachHocSinh", row, "rows", least=1, most=200)
