"""Schema checks: one compiled schema per file and thread, findings as Vietnamese sentences."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER = Path(__file__).resolve().parent.parent / "schema"


@dataclass(frozen=True, slots=True)
class SchemaProblem:
    """One finding: the line in the file, a Vietnamese sentence, the technical detail."""

    line: int
    message: str
    detail: str


class _Compiled(threading.local):
    """Compiled schemas of this thread: lxml keeps the last run's findings on the schema object."""

    def __init__(self) -> None:
        self.schemas: dict[str, etree.XMLSchema] = {}


_compiled = _Compiled()
_compiling = threading.Lock()
# libxml2 makes its table of built-in types with the first schema. Two threads that do so at once leave it broken for
# the life of the process; imports are one after the other.
etree.XMLSchema(etree.XML('<schema xmlns="http://www.w3.org/2001/XMLSchema"/>'))

_SENTENCES = {
    "SCHEMAV_CVC_ELT_1": "thành phần gốc “{element}” không thuộc lược đồ này",
    "SCHEMAV_ELEMENT_CONTENT": "thành phần “{element}” thừa, thiếu hoặc sai thứ tự",
    "SCHEMAV_CVC_ENUMERATION_VALID": "“{element}” có giá trị không thuộc danh mục",
    "SCHEMAV_CVC_PATTERN_VALID": "“{element}” có giá trị sai định dạng",
    "SCHEMAV_CVC_MAXLENGTH_VALID": "“{element}” dài quá mức cho phép",
    "SCHEMAV_CVC_MINLENGTH_VALID": "“{element}” đang để trống",
    "SCHEMAV_CVC_LENGTH_VALID": "“{element}” có độ dài không đúng",
    "SCHEMAV_CVC_MININCLUSIVE_VALID": "“{element}” nhỏ hơn mức cho phép",
    "SCHEMAV_CVC_MAXINCLUSIVE_VALID": "“{element}” lớn hơn mức cho phép",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "“{element}” có giá trị không đúng kiểu dữ liệu",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "“{element}” có thuộc tính không được phép",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": "“{element}” có thuộc tính không được phép",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "“{element}” thiếu thuộc tính bắt buộc",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "“{element}” có chữ xen giữa các thành phần con",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": "“{element}” phải để trống",
    "SCHEMAV_CVC_TYPE_3_1_1": "“{element}” có thuộc tính không được phép",
    "SCHEMAV_CVC_TYPE_3_1_2": "“{element}” không được chứa thành phần con",
    "SCHEMAV_CVC_IDC": "Id bị trùng tại “{element}”",
}
_MARKUP = etree.XPath("//comment()|//processing-instruction()")
_QUALIFIED_ATTRIBUTES = etree.XPath("//@*[namespace-uri()]/..")
_ELEMENT = re.compile(r"Element '(?:\{[^}]*\})?([^']+)'")


def validate(schema: str, root: etree._Element) -> list[SchemaProblem]:
    """Return everything `schema` (a file name in `schema/`) finds wrong in the tree of `root`.

    Schemas cannot forbid attributes of XML Schema itself (xsi:type, xsi:schemaLocation), comments or processing
    instructions; our documents have none, so these are refused here.
    """
    compiled = _schema(schema)
    problems: list[SchemaProblem] = []
    if not compiled.validate(root):
        problems = [_problem(entry) for entry in cast("Iterable[etree._LogEntry]", compiled.error_log)]
    return [*problems, *_foreign_parts(root)]


def _foreign_parts(root: etree._Element) -> list[SchemaProblem]:
    tree = root.getroottree()
    problems = [
        _foreign(tree, node, "có chú thích hoặc chỉ thị xử lý XML, học bạ và sổ lớp không được có")
        for node in cast("list[etree._Element]", _MARKUP(tree))
    ]
    problems += [
        _foreign(tree, node, f"“{etree.QName(node).localname}” có thuộc tính không được phép")
        for node in cast("list[etree._Element]", _QUALIFIED_ATTRIBUTES(tree))
    ]
    return problems


def _foreign(tree: etree._ElementTree, node: etree._Element, sentence: str) -> SchemaProblem:
    line = cast("int | None", node.sourceline) or 1
    return SchemaProblem(line, f"Dòng {line}: {sentence}", f"foreign part: {tree.getpath(node)}")


def _schema(name: str) -> etree.XMLSchema:
    if name not in _compiled.schemas:
        with _compiling:
            _compiled.schemas[name] = etree.XMLSchema(etree.parse(FOLDER / name))
    return _compiled.schemas[name]


def _problem(entry: etree._LogEntry) -> SchemaProblem:
    named = _ELEMENT.search(entry.message)
    element = named.group(1) if named else "?"
    sentence = _SENTENCES.get(entry.type_name, "“{element}” không đúng lược đồ").format(element=element)
    return SchemaProblem(entry.line, f"Dòng {entry.line}: {sentence}", f"{entry.type_name}: {entry.message}")
