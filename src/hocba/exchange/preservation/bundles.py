"""One file for one document: the evidence, the material, the report of acceptance, the archive's evidence record.

A ZIP with fixed names (docs/reference/evidence-bundle.md). Reading limits every size before it unpacks, and takes
no name that it does not know.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from hocba.exchange.preservation.evidence import Evidence, Material
from hocba.signing import digests
from hocba.signing.evidence import records
from hocba.signing.evidence.errors import EvidenceError
from hocba.signing.evidence.records import MOST_STAMPS
from hocba.signing.revocation import LARGEST_REVOCATION_LIST

EVIDENCE = "bang-chung.json"
MATERIAL = "vat-lieu.json"
REPORT = "bao-cao.json"
RECORD = "ho-so-bang-chung.ers"
README = "DOC-TRUOC.txt"
MATERIAL_FOLDER = "vat-lieu/"
UNITS_FOLDER = "dau-thoi-gian/"
SUFFIX = ".bang-chung.zip"

LARGEST_MEMBER = LARGEST_REVOCATION_LIST
LARGEST_CONTENT = 4 * LARGEST_REVOCATION_LIST
LARGEST_BUNDLE = LARGEST_CONTENT
MOST_MEMBERS = 8 * MOST_STAMPS
"""Authorities and lists of the paths of as many stamps as a record may have."""

_FIXED = frozenset({EVIDENCE, MATERIAL, REPORT, RECORD, README})
_FOLDED = re.compile(r"(vat-lieu|dau-thoi-gian)/[0-9A-Za-z._-]{1,120}\.(pem|crl|ors|json)")
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, RuntimeError, OSError)
"""What reading a ZIP file raises for bytes that are none."""
_DATE = (1980, 1, 1, 0, 0, 0)
_README = """Hồ sơ bằng chứng của một học bạ số.

Giữ tệp này cùng với bản XML hoặc PDF của học bạ. Nó chứng minh học bạ và các chữ ký đã có từ trước một thời điểm,
kể cả khi chứng thư số nay đã hết hạn. Không giải nén hay sửa tệp. Kiểm tra ngoại tuyến:

    hocba verify HOC-BA.xml --evidence TEN-TEP.bang-chung.zip --trust THU-MUC-TIN-CAY

Tệp không chứa điểm số; bao-cao.json nêu tên những người đã ký.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The parts of a bundle as octets.

    `material` is the list of `files`, on which the validation rested; `units` are revocation lists and authorities
    for the time stamps' own units; `record` is the archive's evidence record over the document and all of this,
    once there is one.
    """

    evidence: bytes
    material: bytes = b""
    files: Mapping[str, bytes] = field(default_factory=dict)
    units: Mapping[str, bytes] = field(default_factory=dict)
    report: bytes = b""
    record: bytes = b""

    def objects(self) -> list[bytes]:
        """What an archive time stamp covers beside the document's own files."""
        return list(covered(self.evidence, self.material, self.files, self.report))


def covered(evidence: bytes, material: bytes, files: Mapping[str, bytes], report: bytes) -> Iterator[bytes]:
    """Data objects of the group of a document, beside its XML and PDF (RFC 4998 4.2)."""
    yield evidence
    yield from (part for part in (material, report) if part)
    yield from (files[name] for name in sorted(files))


def write(bundle: Bundle) -> bytes:
    """The bundle as one file; the same bundle gives the same octets. Raises EvidenceError for what `read` refuses."""
    members = {
        README: _README.encode(),
        EVIDENCE: bundle.evidence,
        MATERIAL: bundle.material,
        REPORT: bundle.report,
        RECORD: bundle.record,
        **{MATERIAL_FOLDER + name: data for name, data in bundle.files.items()},
        **{UNITS_FOLDER + name: data for name, data in bundle.units.items()},
    }
    members = {name: data for name, data in members.items() if data}
    _require_sizes([len(data) for data in members.values()])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(members.items()):
            if name not in _FIXED and not _FOLDED.fullmatch(name):
                raise ValueError(f"a bundle has no member {name!r}")
            archive.writestr(zipfile.ZipInfo(name, _DATE), data, zipfile.ZIP_DEFLATED)
    if buffer.tell() > LARGEST_BUNDLE:
        raise EvidenceError("the bundle is too large")
    return buffer.getvalue()


def read(data: bytes) -> Bundle:
    """Read a bundle. Raises EvidenceError for anything that is none, or is too large."""
    return _opened(data)


def _opened(data: bytes, *, only: str | None = None) -> Bundle:
    if len(data) > LARGEST_BUNDLE:
        raise EvidenceError("the bundle is too large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive, only)
    except _DAMAGED as error:
        raise EvidenceError("the bundle is no ZIP file that can be read") from error
    if EVIDENCE not in members:
        raise EvidenceError("the bundle holds no evidence")
    return Bundle(
        evidence=members[EVIDENCE],
        material=members.get(MATERIAL, b""),
        files=_below(MATERIAL_FOLDER, members),
        units=_below(UNITS_FOLDER, members),
        report=members.get(REPORT, b""),
        record=members.get(RECORD, b""),
    )


def describe(bundle: Bundle) -> Evidence:
    """The evidence in it, read. Raises EvidenceError."""
    return Evidence.from_bytes(bundle.evidence)


def transcript_of(data: bytes) -> str:
    """Which transcript a bundle says it is of, without unpacking the rest of it. Raises EvidenceError."""
    return describe(_opened(data, only=EVIDENCE)).transcript


def listed_files(bundle: Bundle) -> dict[str, bytes]:
    """The files of the material list, each with the digest that the list names. Raises EvidenceError."""
    found: dict[str, bytes] = {}
    for name, digest in Material.from_bytes(bundle.material).files:
        content = bundle.files.get(name)
        if content is None or digests.digest("sha256", content).hex() != digest:
            raise EvidenceError(f"the file {name!r} is missing or is another one")
        found[name] = content
    return found


def successions(bundle: Bundle) -> Iterator[tuple[bytes, bytes]]:
    """Tokens of stamps, each with the one at whose time it is judged: the next above it. Raises EvidenceError."""
    evidence = describe(bundle)
    above = _tokens(bundle.record) if bundle.record else []
    for time in filter(None, (evidence.time, evidence.material)):
        yield from pairwise([*_tokens(time.record), *above])


def _tokens(record: bytes) -> list[bytes]:
    return [stamp.token for chain in records.read(record).chains for stamp in chain]


def _members(archive: zipfile.ZipFile, only: str | None) -> dict[str, bytes]:
    entries = archive.infolist()
    _require_sizes([entry.file_size for entry in entries])
    found: dict[str, bytes] = {}
    for entry in entries:
        name = entry.filename
        if only not in (None, name):
            continue
        if name in found or (name not in _FIXED and not _FOLDED.fullmatch(name)):
            raise EvidenceError("the bundle holds something that does not belong there")
        if entry.flag_bits & 1:
            raise EvidenceError("a member of the bundle is encrypted")
        with archive.open(entry) as member:
            found[name] = member.read(LARGEST_MEMBER + 1)
        if len(found[name]) != entry.file_size:
            raise EvidenceError("a member of the bundle is not as large as it says")
    return found


def _require_sizes(sizes: Sequence[int]) -> None:
    """What `write` writes is what `read` reads: both ask here."""
    if len(sizes) > MOST_MEMBERS or sum(sizes) > LARGEST_CONTENT or max(sizes, default=0) > LARGEST_MEMBER:
        raise EvidenceError("the bundle has too many members, or too large ones")


def _below(folder: str, members: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name.removeprefix(folder): data for name, data in members.items() if name.startswith(folder)}
