"""The offline package: a frozen list out as a ZIP, signature values in as JSON or CSV. Pure: no store, no clock.

    manifest.json   what the package is, for whom, until when, and every item with the SHA-256 of its bytes
    items/<id>.bin  the exact bytes to be signed (XML: the canonical SignedInfo; PDF: the signed attributes of the CMS)
    DOC-TRUOC.txt   what to do, in Vietnamese

The answer is `{"batch": …, "digest": …, "signatures": {id: base64}}`, or CSV lines `id,signature` after a line
`batch,<batch>` and one `digest,<digest>`. It may hold some of the items only (docs/how-to/sign-documents.md).
"""

from __future__ import annotations

import binascii
import csv
import hashlib
import io
import json
import struct
import zipfile
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hocba.desk.errors import PackageError
from hocba.signing.instants import iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hocba.desk.ports import Batch, Item

TYPE = "hocba-signing-package"
ANSWER_TYPE = "hocba-signing-answer"
VERSION = 1
LARGEST_ANSWER = 8 * 1024 * 1024
"""Bytes: ten thousand values of RSA-4096 in base64 take 7 MB."""
LONGEST_VALUE = 2048
"""Bytes of one value: RSA-8192 makes 1024."""
LARGEST_MEMBER = 32 * 1024 * 1024
"""Bytes of one file in a package."""
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, KeyError, TypeError, RecursionError,
    RuntimeError,
)  # fmt: skip
"""What reading a ZIP file and the JSON in it raises for bytes that are none."""
_MOMENT = (2000, 1, 1, 0, 0, 0)

GUIDE = """GÓI KÝ NGOẠI TUYẾN

Tệp manifest.json liệt kê các văn bản cần ký; thư mục items chứa đúng các byte cần ký của từng văn bản.
Ký từng tệp bằng khoá của người có tên trong manifest.json (mục "holder"), thuật toán SHA-256 với RSA PKCS#1 v1.5
hoặc ECDSA, rồi gửi lại một tệp JSON hoặc CSV có mã lượt ký, mã băm của danh sách và các giá trị chữ ký (base64).
Tệp JSON có dạng dưới đây; mã lượt ký và mã băm chép từ mục "batch" và "digest", mã văn bản từ mục "id" của mỗi văn bản:

{"batch": "mã lượt ký", "digest": "sha256:…", "signatures": {"mã văn bản": "giá trị chữ ký, base64"}}

Tệp CSV có dòng batch,<mã lượt ký>, dòng digest,<mã băm>, rồi mỗi dòng một <mã văn bản>,<giá trị chữ ký, base64>.
Gói hết hạn vào thời điểm ghi ở mục "expires_at". Mọi giá trị đều được kiểm tra trước khi nhận.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: for which batch and list, and the values by item."""

    batch: str
    digest: str
    signatures: Mapping[str, bytes]


def write(batch: Batch, items: Iterable[Item], *, school: str) -> bytes:
    """The package of a batch's items; the same items give the same octets."""
    target = io.BytesIO()
    lines = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in items:
            name = f"items/{item.id}.bin"
            _add(archive, name, item.to_be_signed)
            lines.append(
                {"id": item.id, "title": item.title, "kind": item.kind, "sha256": item.digest, "file": name}
            )
        _add(archive, "manifest.json", _manifest(batch, lines, school))
        _add(archive, "DOC-TRUOC.txt", GUIDE.encode())
    return target.getvalue()


def _manifest(batch: Batch, lines: list[dict[str, Any]], school: str) -> bytes:
    document = {
        "type": TYPE,
        "version": VERSION,
        "batch": str(batch.id),
        "title": batch.title,
        "digest": batch.digest,
        "algorithm": "SHA-256",
        "holder": batch.holder,
        "school": {"code": batch.school_code, "name": school},
        "certificate": f"sha256:{hashlib.sha256(batch.certificate).hexdigest()}",
        "opened_at": iso(batch.opened_at),
        "expires_at": iso(batch.expires_at),
        "items": lines,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, content, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package as its signer gets it. `certificate` is "sha256:<hex of DER>", `items` the bytes by item."""

    batch: str
    title: str
    digest: str
    holder: str
    certificate: str
    expires_at: str
    items: Mapping[str, bytes]


def read(content: bytes) -> Package:
    """Read a package and compare every item with its digest. Raises PackageError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            manifest = json.loads(_member(archive, "manifest.json"))
            if (manifest["type"], manifest["version"]) != (TYPE, VERSION):
                raise ValueError("another kind of file")
            items = {str(line["id"]): _checked(archive, line) for line in manifest["items"]}
        texts = {
            name: str(manifest[name])
            for name in ("batch", "title", "digest", "holder", "certificate", "expires_at")
        }
    except _DAMAGED as error:
        raise PackageError("Tệp này không phải gói ký, hoặc đã bị thay đổi.") from error
    return Package(items=items, **texts)


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > LARGEST_MEMBER:
        raise ValueError(f"{name} is too large")
    return archive.read(name)


def _checked(archive: zipfile.ZipFile, line: Mapping[str, Any]) -> bytes:
    content = _member(archive, line["file"])
    if hashlib.sha256(content).hexdigest() != line["sha256"]:
        raise ValueError(f"{line['id']} was changed")
    return content


def answer_to_bytes(package: Package, signatures: Mapping[str, bytes]) -> bytes:
    """The answer file of a package, JSON."""
    values = {name: b64encode(value).decode() for name, value in signatures.items()}
    document = {
        "type": ANSWER_TYPE,
        "version": VERSION,
        "batch": package.batch,
        "digest": package.digest,
        "signatures": values,
    }
    return json.dumps(document, indent=1).encode()


def read_answer(content: bytes) -> Answer:
    """Read an answer file. Raises PackageError with one sentence for the person who sent it."""
    if len(content) > LARGEST_ANSWER:
        raise PackageError("Tệp chữ ký quá lớn.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PackageError("Tệp chữ ký không phải JSON hay CSV mã UTF-8.") from error
    return _from_json(text) if text.lstrip().startswith("{") else _from_csv(text)


def check(answer: Answer, batch: Batch) -> None:
    """Refuse an answer that was made for another list. Raises PackageError."""
    if answer.batch != str(batch.id):
        raise PackageError("Tệp chữ ký này thuộc lượt ký khác, không nhận được ở đây.")
    if answer.digest != batch.digest:
        raise PackageError(
            "Mã băm của danh sách trong tệp chữ ký không khớp với lượt ký: danh sách đã bị thay đổi."
        )


def _from_json(text: str) -> Answer:
    try:
        document = json.loads(text)
        values = document["signatures"]
        if not isinstance(values, dict):
            raise TypeError("signatures")
        return Answer(
            batch=str(document["batch"]),
            digest=str(document["digest"]),
            signatures={name: _value(value) for name, value in values.items()},
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PackageError(
            "Tệp chữ ký không đúng mẫu: cần “batch”, “digest” và “signatures” (mã văn bản và giá trị base64)."
        ) from error


def _from_csv(text: str) -> Answer:
    found: dict[str, str] = {}
    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            if not row or row[:2] == ["id", "signature"]:
                continue
            name, value = row
            if name in found:
                raise ValueError(f"twice: {name}")
            found[name] = value.strip()
        batch, digest = found.pop("batch"), found.pop("digest")
        return Answer(
            batch=batch, digest=digest, signatures={name: _value(value) for name, value in found.items()}
        )
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        raise PackageError(
            "Tệp chữ ký không đúng mẫu: cần dòng “batch,…”, dòng “digest,…” rồi mỗi dòng một mã và giá trị base64."
        ) from error


def _value(value: object) -> bytes:
    if not isinstance(value, str) or len(value) > LONGEST_VALUE * 2:
        raise TypeError("a value is base64 text")
    try:
        return b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
