"""Changes that keep a file's outer form, so that the fuzzer does not stay at the gate: XML, PDF, DER, JSON, ZIP, bytes.

Each takes bytes and a source of chance and gives other bytes; the same chance gives the same bytes. What cannot be
read in its form is changed as bytes.
"""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from lxml import etree

from hocba.signing import pdf_structure
from hocba.signing.errors import UnreadableError

Mutator = Callable[[bytes, random.Random], bytes]

TOKENS: tuple[bytes, ...] = (
    b"<!--x-->", b"<![CDATA[x]]>", b"<?x y?>", b"<!DOCTYPE a>", b"&#0;", b"&lt;", b"&x;", b'xmlns=""', b'xmlns:x="u"',
    b' Id="x"', b' xml:id="x"', b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"0001-01-01T00:00:00+07:00",
    b"9999-12-31T23:59:59-12:00", b"-1", b"0", b"1e999", b"99999999999999999999", b"NaN", b"null", b"[[[[", b"{{",
    b"%PDF-1.7\n", b"%%EOF", b"endobj\n", b"stream\n", b"/Prev 0", b"/JS(x)", b"/Length 0", b"obj<<>>", b"\\u0000",
    b"\x30\x80", b"\x00\x00", b"\x30\x84\xff\xff\xff\xff", b"\x02\x00", b"PK\x03\x04", b"sha256:", b":==:",
    b"?1", b";a;b=1", b"\n",
)  # fmt: skip


def of_bytes(data: bytes, chance: random.Random) -> bytes:
    """One to four small changes anywhere."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(out) + 1)
        length = min(len(out) - at, chance.choice((1, 1, 2, 4, 16, 200)))
        match chance.randrange(6):
            case 0 if length:
                out[at] ^= 1 << chance.randrange(8)
            case 1:
                del out[at : at + length]
            case 2:
                out[at:at] = out[at : at + length]
            case 3:
                out[at:at] = chance.choice(TOKENS)
            case 4:
                out[at : at + length] = chance.choice(TOKENS)
            case _:
                out[at : at + length] = chance.randbytes(length)
    return bytes(out)


def of_xml(data: bytes, chance: random.Random) -> bytes:
    """One to three changes of the tree."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return of_bytes(data, chance)
    certificates = [each for each in root.iter() if str(each.tag).endswith("}X509Certificate")]
    if certificates and chance.random() < 0.2:
        _change_encoded(chance.choice(certificates), chance)
        return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")
    for _ in range(chance.randint(1, 3)):
        elements = [each for each in root.iter() if isinstance(each.tag, str)]
        _change_element(chance.choice(elements), chance.choice(elements), chance)
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")


def _change_element(element: etree._Element, other: etree._Element, chance: random.Random) -> None:
    parent = element.getparent()
    match chance.randrange(10):
        case 0 if parent is not None:
            parent.remove(element)
        case 1 if parent is not None:
            element.addnext(deepcopy(element))
        case 2:
            other.insert(chance.randrange(len(other) + 1), deepcopy(element))
        case 3 if parent is not None and all(each is not element for each in (other, *other.iterancestors())):
            other.insert(0, element)
        case 4:
            element.tag = other.tag
        case 5:
            element.text = _text(element.text or "", chance)
        case 6:
            element.tail = chance.choice(("\n", "x", " ", None))
        case 7:
            name = chance.choice(
                [*element.attrib, "Id", "x", "{urn:x}Id", "{http://www.w3.org/XML/1998/namespace}id"]
            )
            element.set(name, other.get("Id") or _text(element.get(name, ""), chance))
        case 8:
            element.attrib.clear()
        case _:
            element.insert(
                0, etree.Element(str(other.tag), nsmap={None: chance.choice(("urn:x", "x", "http://x"))})
            )


def _change_encoded(element: etree._Element, chance: random.Random) -> None:
    """DER inside of base64: a hostile certificate gets past the form of the document."""
    try:
        der = b64decode(element.text or "", validate=True)
    except ValueError:
        return
    element.text = b64encode(of_der(der, chance)).decode()


def _text(text: str, chance: random.Random) -> str:
    token = "".join(
        each for each in chance.choice(TOKENS).decode("utf-8", "ignore") if each >= " " or each == "\n"
    )
    at = chance.randrange(len(text) + 1)
    return chance.choice((token, text[:at] + token + text[at:], text[:at], text[at:], text * 3))


def of_pdf(data: bytes, chance: random.Random) -> bytes:
    """One revision with other objects and right tables, a revision more or less, or changed bytes."""
    try:
        file = pdf_structure.read(data)
        count = chance.randrange(len(file.revisions))
        if chance.random() < 0.2:
            return of_bytes(data, chance)
        if chance.random() < 0.2:
            return _with_other_cms(data, chance)
        if count == 0 or chance.random() < 0.1:
            return data[: file.revisions[count].end]
        before, revision = file.up_to(count), file.revisions[count]
        bodies = {number: file.up_to(count + 1).body(number) for number in revision.offsets}
        number = chance.choice([*bodies, *before.last.offsets])
        body = bodies.get(number) or before.body(number)
        bodies[chance.choice((number, number, before.last.root, revision.size))] = _pdf_object(body, chance)
        rest = data[revision.end :] if chance.random() < 0.5 else b""
        return before.data + pdf_structure.increment(before.last, bodies) + rest
    except (UnreadableError, ValueError, IndexError):
        return of_bytes(data, chance)


def _with_other_cms(data: bytes, chance: random.Random) -> bytes:
    """The CMS of one signature changed as DER, in the room that was reserved for it."""
    found = chance.choice(list(re.finditer(rb"/Contents<((?:[0-9a-f]{2})+)>", data)))
    cms = of_der(bytes.fromhex(found[1].decode()).rstrip(b"\0"), chance)
    room = len(found[1])
    return data[: found.start(1)] + cms.hex().encode().ljust(room, b"0")[:room] + data[found.end(1) :]


_PDF_TOKENS = (
    b"/OpenAction 1 0 R", b"/Annots[]", b"/V 1 0 R", b"(", b")", b"<<", b">>", b"[", b"]", b"0 R", b"1.2.3", b".",
    b"-1", b"/Rect[0 0 0 0]", b"/T(CoQuan)", b"/Kids[1 0 R]", b"\nendobj\n", b"stream\n", b"<FEFFD800>",
    b"/ByteRange[0 0 0 0]",
)  # fmt: skip


def _pdf_object(body: bytes, chance: random.Random) -> bytes:
    pieces = re.split(rb"(?<=[\]>)R ])|(?=[/\[<(])", body)
    at = chance.randrange(len(pieces))
    match chance.randrange(4):
        case 0:
            del pieces[at]
        case 1:
            pieces.insert(at, chance.choice(_PDF_TOKENS))
        case 2:
            pieces[at] = chance.choice((*_PDF_TOKENS, chance.choice(pieces)))
        case _:
            pieces[at] = of_bytes(pieces[at], chance)
    return b"".join(pieces)


def of_der(data: bytes, chance: random.Random) -> bytes:
    """One element of the tree changed, dropped, repeated or exchanged, all lengths around it right again."""
    tree = _der_tree(data)
    if not tree or chance.random() < 0.15:
        return of_bytes(data, chance)
    path = tree
    while chance.random() > 0.15:
        inner = [each[1] for each in path if isinstance(each[1], list) and each[1]]
        if not inner:
            break
        path = chance.choice(inner)
    at = chance.randrange(len(path))
    match chance.randrange(6):
        case 0:
            del path[at]
        case 1:
            path.insert(at, deepcopy(path[at]))
        case 2:
            path[at] = deepcopy(chance.choice(path))
        case 3:
            path[at] = (chance.randrange(256), path[at][1])
        case 4:
            path.append(
                (
                    chance.choice((2, 3, 4, 5, 6, 0x18, 0x30, 0x31, 0xA0)),
                    chance.randbytes(chance.randrange(20)),
                )
            )
        case _:
            value = path[at][1]
            path[at] = (path[at][0], of_bytes(value, chance) if isinstance(value, bytes) else [])
    return _der_bytes(tree)


def _der_tree(data: bytes, depth: int = 0) -> list[Any] | None:
    found: list[Any] = []
    at = 0
    while at < len(data):
        if at + 2 > len(data) or data[at] & 0x1F == 0x1F:
            return None
        length, start = data[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7F
            if not 1 <= size <= 3:
                return None
            length, start = int.from_bytes(data[start : start + size], "big"), start + size
        if start + length > len(data):
            return None
        content = data[start : start + length]
        opened = (
            _der_tree(content, depth + 1)
            if depth < 20 and (data[at] & 0x20 or data[at] == 4) and content
            else None
        )
        found.append((data[at], content if opened is None else opened))
        at = start + length
    return found


def _der_bytes(tree: list[Any]) -> bytes:
    out = b""
    for tag, value in tree:
        content = _der_bytes(value) if isinstance(value, list) else value
        size = (len(content).bit_length() + 7) // 8
        length = (
            bytes([len(content)])
            if len(content) < 0x80
            else bytes([0x80 | size]) + len(content).to_bytes(size, "big")
        )
        out += bytes([tag]) + length + content
    return out


_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, 10**400, 1.5, "", "x", "\x00", "é", "0001-01-01T00:00:00+07:00",
    "9999-12-31T23:59:59-12:00", "2025-01-01", "sha256:" + "0" * 64, [], {}, [[]], {"type": "x"}, ["x"] * 50,
)  # fmt: skip


def of_json(data: bytes, chance: random.Random) -> bytes:
    """One value of the document exchanged, dropped or repeated."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return of_bytes(data, chance)
    for _ in range(chance.randint(1, 3)):
        document = _change_value(document, chance)
    text = json.dumps(document, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    return of_bytes(text, chance) if chance.random() < 0.1 else text


def _change_value(value: Any, chance: random.Random) -> Any:
    if not isinstance(value, dict | list) or not value or chance.random() < 0.1:
        text = _text(value, chance) if isinstance(value, str) else chance.choice(_VALUES)
        return deepcopy(chance.choice((text, chance.choice(_VALUES))))
    key: Any = chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
    match chance.randrange(8):
        case 0:
            del value[key]
        case 1 if isinstance(value, list):
            value.append(deepcopy(value[key]))
        case 1 if isinstance(value, dict):
            value[f"{key}x"] = value[key]
        case _:
            value[key] = _change_value(value[key], chance)
    return value


def of_zip(data: bytes, chance: random.Random) -> bytes:
    """One member changed, dropped, renamed or repeated, and the archive packed again."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(name, archive.read(name)) for name in archive.namelist()]
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError, EOFError):
        return of_bytes(data, chance)
    if not members or chance.random() < 0.1:
        return of_bytes(data, chance)
    at = chance.randrange(len(members))
    name, content = members[at]
    match chance.randrange(8):
        case 0:
            del members[at]
        case 1:
            members[at] = (chance.choice(members)[0], content)
        case 2:
            members[at] = (name, chance.choice(members)[1])
        case _:
            members[at] = (name, _fitting(name)(content, chance))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for each, inside in dict(members).items():
            archive.writestr(zipfile.ZipInfo(each), inside)
    return out.getvalue()


def _fitting(name: str) -> Mutator:
    ends: dict[str, Mutator] = {
        ".xml": of_xml,
        ".rels": of_xml,
        ".json": of_json,
        ".ers": of_der,
        ".ors": of_der,
    }
    return next((mutator for end, mutator in ends.items() if name.endswith(end)), of_bytes)


def spliced(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """A run of one input in the place of a run of another."""
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    source = chance.randrange(len(other) + 1)
    return data[:start] + other[source : source + chance.randrange(2000)] + data[end:]


def mixed(mutator: Mutator, seeds: Sequence[bytes]) -> Mutator:
    """That mutator, and now and then a splice with a seed."""

    def change(data: bytes, chance: random.Random) -> bytes:
        if seeds and chance.random() < 0.08:
            return spliced(data, chance.choice(seeds), chance)
        return mutator(data, chance)

    return change
