"""Write a page of docs/reference for each schema of documents, or with --check say whether any is stale.

The pages are for people who read or write the files with other software, so they are in Vietnamese, as the
annotations of the schemas are.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "src" / "hocba" / "documents" / "schema"
EXAMPLES = ROOT / "tests" / "vectors" / "xml"
GOLDEN = ROOT / "tests" / "vectors" / "golden"
REFERENCE = ROOT / "docs" / "reference"
XS = "{http://www.w3.org/2001/XMLSchema}"
NOTE = "*Trang này sinh từ lược đồ bằng `make docs`; đừng sửa tay.*"
PAGES = {
    "hoc-ba-1.0": ("Học bạ số (XML), lược đồ 1.0", ("hoc-ba-1.0.xml",)),
    "so-lop-1.0": (
        "Sổ theo dõi và đánh giá học sinh theo lớp (XML), lược đồ 1.0",
        ("so-lop-1.0-mon-hoc.xml", "so-lop-1.0-hoc-ky.xml", "so-lop-1.0-nam-hoc.xml"),
    ),
    "hoc-ba-tieu-hoc-1.0": ("Học bạ số tiểu học (XML), lược đồ 1.0", ("hoc-ba-tieu-hoc-1.0.xml",)),
    "so-lop-tieu-hoc-1.0": (
        "Sổ theo dõi và đánh giá học sinh tiểu học theo lớp (XML), lược đồ 1.0",
        (
            "so-lop-tieu-hoc-1.0-mon-hoc.xml",
            "so-lop-tieu-hoc-1.0-hoc-ky.xml",
            "so-lop-tieu-hoc-1.0-nam-hoc.xml",
        ),
    ),
}
SIGNATURE = "xmldsig-ho-so-1.0"
FACETS = {
    "pattern": "dạng `{}`",
    "minLength": "ít nhất {} ký tự",
    "maxLength": "nhiều nhất {} ký tự",
    "minInclusive": "từ {}",
    "maxInclusive": "đến {}",
}


def main() -> int:
    """Write the pages; with --check write nothing and return 1 when one is stale."""
    pages = {f"{name}.md": page(name) for name in PAGES}
    stale = [name for name, text in pages.items() if _current(REFERENCE / name) != text]
    if "--check" in sys.argv:
        for name in stale:
            print(f"docs/reference/{name} is stale: run `make docs`")
        return int(bool(stale))
    for name in stale:
        (REFERENCE / name).write_text(pages[name], "utf-8")
    return 0


def page(name: str) -> str:
    """The page of one schema: root elements, types, value lists, an example of each file."""
    title, examples = PAGES[name]
    schema = etree.parse(SCHEMAS / f"{name}.xsd").getroot()
    signature = etree.parse(SCHEMAS / f"{SIGNATURE}.xsd").getroot()
    sources = (schema, *_included(schema))
    parts = [
        f"# {title}\n",
        f"{NOTE}\n",
        f"{_words(schema)}\n",
        f"Không gian tên: `{schema.get('targetNamespace')}`. Lược đồ: `src/hocba/documents/schema/{name}.xsd`.\n",
        "Mã hoá UTF-8 không BOM, văn bản ở dạng Unicode NFC. Vùng được ký có thuộc tính `Id`; giá trị băm của vùng "
        "tính trên dạng chuẩn tắc loại trừ (Exclusive C14N) không chú thích.\n",
    ]
    for source in sources:
        for definition in source:
            if definition.tag in (f"{XS}element", f"{XS}complexType"):
                parts += _structure(definition)
    parts += ["## Chữ ký số\n", f"{_words(signature)} Lược đồ: `{SIGNATURE}.xsd`.\n", *_signature(signature)]
    parts.append("## Kiểu giá trị\n")
    parts += _simple_types(*sources)
    for example in examples:
        parts += _example(example)
    return "\n".join([*parts, *_signed_examples(str(schema.get("targetNamespace")))])


def _included(schema: etree._Element) -> list[etree._Element]:
    """The schemas without namespace that a schema includes, each once, however deep."""
    found: dict[str, etree._Element] = {}
    waiting = [schema]
    while waiting:
        for each in waiting.pop(0).findall(f"{XS}include"):
            name = each.get("schemaLocation", "")
            if name not in found:
                found[name] = etree.parse(SCHEMAS / name).getroot()
                waiting.append(found[name])
    return list(found.values())


def _structure(definition: etree._Element) -> list[str]:
    """A section for a global element or a named type, and one for each anonymous type inside it."""
    kind = "Thành phần gốc" if definition.tag == f"{XS}element" else "Kiểu"
    body = definition if definition.tag == f"{XS}complexType" else definition.find(f"{XS}complexType")
    return [f"## {kind} `{definition.get('name')}`\n", f"{_words(definition)}\n", *_table(body)]


def _signature(schema: etree._Element) -> list[str]:
    algorithms = [each.get("value", "") for each in schema.iter(f"{XS}enumeration")]
    element = schema.find(f"{XS}element")
    assert element is not None
    names = [f"`ds:{each.get('name')}`" for each in element.iter(f"{XS}element") if each.get("name")]
    return [
        "Mỗi chữ ký tham chiếu vùng được ký và thời điểm ký của chính nó (`ds:Object`, phần tử `SigningTime` thuộc "
        'không gian tên `urn:hocba:chu-ky:1.0`). Chữ ký của cơ quan tham chiếu toàn tài liệu (`URI=""`) với phép '
        "biến đổi enveloped-signature; các chữ ký khác tham chiếu `#Id` của vùng.\n",
        f"Thành phần được dùng, theo thứ tự: {', '.join(dict.fromkeys(names))}.\n",
        "Thuật toán được chấp nhận:\n",
        *(f"- `{each}`" for each in dict.fromkeys(algorithms)),
        "",
    ]


def _table(body: etree._Element | None) -> list[str]:
    if body is None:
        return []
    rows = [
        f"| `@{each.get('name')}` | {_type_of(each)} | 1 | {_words(each)} |"
        for each in body.findall(f"{XS}attribute")
    ]
    rows += _rows(body, "")
    return ["| Thành phần | Kiểu | Số lần | Ý nghĩa |", "| --- | --- | --- | --- |", *rows, ""]


def _rows(body: etree._Element, path: str) -> list[str]:
    rows = []
    for each in body.findall(f"{XS}sequence/{XS}element"):
        name = f"{path}{each.get('name') or each.get('ref')}"
        rows.append(f"| `{name}` | {_type_of(each)} | {_times(each)} | {_words(each)} |")
        inner = each.find(f"{XS}complexType")
        if inner is not None:
            rows += _rows(inner, f"{name}/")
    return rows


def _type_of(each: etree._Element) -> str:
    named = each.get("type")
    if named:
        return f"`{named}`"
    if each.get("fixed"):
        return f"`{each.get('fixed')}`"
    values = _facets(each.find(f"{XS}simpleType"))
    return "; ".join(values) or ("chữ ký số XML" if each.get("ref") else "")


def _times(each: etree._Element) -> str:
    least, most = each.get("minOccurs", "1"), each.get("maxOccurs", "1")
    return least if least == most else f"{least}–{most}"


def _simple_types(*schemas: etree._Element) -> list[str]:
    rows = ["| Kiểu | Ý nghĩa | Giá trị |", "| --- | --- | --- |"]
    for schema in schemas:
        for each in schema.findall(f"{XS}simpleType"):
            rows.append(f"| `{each.get('name')}` | {_words(each)} | {'; '.join(_facets(each))} |")
    return [*rows, ""]


def _facets(simple_type: etree._Element | None) -> list[str]:
    restriction = None if simple_type is None else simple_type.find(f"{XS}restriction")
    found = []
    for facet in () if restriction is None else restriction:
        name, value = str(facet.tag).removeprefix(XS), facet.get("value", "").replace("|", "\\|")
        if name == "enumeration":
            meaning = _words(facet)
            found.append(f"`{value}` {meaning}".rstrip())
        elif name in FACETS:
            found.append(FACETS[name].format(value))
    return found


def _words(each: etree._Element) -> str:
    text = each.findtext(f"{XS}annotation/{XS}documentation") or ""
    return " ".join(text.split()).replace("|", "\\|")


def _example(name: str) -> list[str]:
    tree = etree.parse(EXAMPLES / name)
    etree.indent(tree)
    text = etree.tostring(tree, encoding="unicode")
    return [
        f"## Ví dụ `{name}`\n",
        "Chưa có chữ ký, xuống dòng để dễ đọc; tệp thật không có khoảng trắng giữa các thành phần.\n",
        f"```xml\n{text}\n```\n",
    ]


def _signed_examples(namespace: str) -> list[str]:
    """Links to the golden files of a namespace, with how to verify them."""
    found = [path for path in sorted(GOLDEN.glob("*/*.xml")) if _namespace_of(path) == namespace]
    folders = sorted({path.parent for path in found})
    parts = [
        "## Tệp mẫu đã ký\n",
        "Tệp thật, ký bằng chứng thư số mẫu; không bao giờ được sửa, vì văn bản đã phát hành phải đọc và kiểm tra "
        "được mãi. Mỗi thư mục có chứng thư số, danh sách thu hồi, danh sách chứng thư số được phê duyệt (`trust`) và "
        "kết quả kiểm tra phải có (`expected.json`).\n",
    ]
    for folder in folders:
        files = sorted(path for path in folder.iterdir() if path.suffix in {".xml", ".pdf"})
        links = ", ".join(f"[{path.name}]({_link(path)})" for path in files)
        parts.append(f"- [{folder.name}]({_link(folder)}): {links}")
    at = json.loads((folders[0] / "expected.json").read_text("utf-8"))["at"]
    example = folders[0].relative_to(ROOT)
    command = f"hocba verify {example}/*.xml --trust {example}/trust --at {at}"
    return [*parts, f"\n```sh\n{command}\n```\n"]


def _namespace_of(path: Path) -> str | None:
    return etree.QName(etree.parse(path).getroot()).namespace


def _link(path: Path) -> str:
    return f"../../{path.relative_to(ROOT)}"


def _current(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
