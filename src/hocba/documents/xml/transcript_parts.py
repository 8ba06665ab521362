"""What transcripts of every level have in common: ids, the pupil, the course of study, what rows repeat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from hocba.documents.people import Pupil, Relative
from hocba.documents.transcript import Digest, StudyYear
from hocba.documents.xml import simple_types as t
from hocba.documents.xml.elements import Element
from hocba.documents.xml.grammar import Constant, Echo, Leaf, Optional
from hocba.documents.xml.streams import Output

if TYPE_CHECKING:
    from hocba.documents.any_level import AnyTranscript


def document_id(transcript_id: str, version: int) -> str:
    """Return the Id of the root element."""
    return f"hb-{transcript_id}-v{version}"


def record_id(transcript_id: str, version: int) -> str:
    """Return the Id of the learning record <HoSo>."""
    return f"hs-{transcript_id}-v{version}"


def subject_region_id(transcript_id: str, version: int, code: str) -> str:
    """Return the Id of the row <MonHoc> of the subject `code`."""
    return f"mh-{transcript_id}-v{version}-{code}"


def presentation_id(transcript_id: str, version: int) -> str:
    """Return the Id of <BanTheHien>."""
    return f"bth-{transcript_id}-v{version}"


@dataclass(frozen=True, slots=True)
class Presentation:
    """What <BanTheHien> says: the unsigned PDF of this version, by digest and length in bytes."""

    transcript_id: str
    version: int
    pdf_digest: Digest
    pdf_length: int


class SubjectRow(Protocol):
    """A row <MonHoc> of any level."""

    @property
    def code(self) -> str:
        """Code of the subject."""


@dataclass(frozen=True, slots=True)
class Context:
    """What inner regions repeat of the transcript they are part of."""

    transcript: AnyTranscript
    echo: str

    @classmethod
    def of(cls, transcript: AnyTranscript) -> Context:
        """Prepare the repeated text once for all rows of a transcript."""
        out = Output()
        for leaf in _ECHOED:
            leaf.write(out, transcript if leaf is not _PERSONAL_ID else transcript.pupil)
        return cls(transcript, "".join(out.parts))


def subject_ident(context: Context, row: SubjectRow) -> str:
    """Return the Id of a row, of the transcript it stands in."""
    return subject_region_id(context.transcript.id, context.transcript.version, row.code)


def record_ident(_context: Context, transcript: AnyTranscript) -> str:
    """Return the Id of a learning record."""
    return record_id(transcript.id, transcript.version)


def doubled_subjects(transcript: AnyTranscript) -> list[str]:
    """Return a problem for every subject that has several rows."""
    codes = [row.code for row in transcript.subjects]
    return [f"môn {code} có nhiều dòng" for code in dict.fromkeys(codes) if codes.count(code) > 1]


def _presentation_ident(_context: Any, presentation: Presentation) -> str:
    return presentation_id(presentation.transcript_id, presentation.version)


_PERSONAL_ID = Leaf("SoDinhDanhCaNhan", "personal_id", t.PERSONAL_ID)
_ECHOED = (
    Leaf("MaHocBa", "id", t.UUID_TEXT),
    Leaf("PhienBan", "version", t.VERSION),
    _PERSONAL_ID,
    Leaf("NamHoc", "school_year", t.SCHOOL_YEAR),
    Leaf("Lop", "class_name", t.SHORT),
)
ECHO = Echo("MaHocBa", "PhienBan", "SoDinhDanhCaNhan", "NamHoc", "Lop")


def _relative(tag: str) -> Element:
    return Element(
        tag,
        Relative,
        (Leaf("HoVaTen", "name", t.NAME), Leaf("NgheNghiep", "occupation", t.NAME, optional=True)),
    )


PUPIL = Element(
    "HocSinh",
    Pupil,
    (
        _PERSONAL_ID,
        Leaf("MaHocSinh", "code", t.IDENTIFIER, optional=True),
        Leaf("HoVaTen", "name", t.NAME),
        Leaf("NgaySinh", "birth_date", t.BIRTH_DATE),
        Leaf("GioiTinh", "sex", t.SEX),
        Leaf("DanToc", "ethnic_group", t.SHORT, optional=True),
        Leaf("QuocTich", "nationality", t.SHORT, optional=True),
        Leaf("NoiSinh", "birthplace", t.ADDRESS, optional=True),
        Leaf("NoiOHienTai", "residence", t.ADDRESS, optional=True),
        Leaf("DoiTuongChinhSach", "policy", t.ADDRESS, optional=True),
        Leaf("KhuyetTat", "disability", t.ADDRESS, optional=True),
        Optional(_relative("Cha"), "father"),
        Optional(_relative("Me"), "mother"),
        Optional(_relative("NguoiGiamHo"), "guardian"),
    ),
)

STUDY_YEAR = Element(
    "GiaiDoan",
    StudyYear,
    (
        Leaf("NamHoc", "school_year", t.SCHOOL_YEAR),
        Leaf("Lop", "class_name", t.SHORT),
        Leaf("TenTruong", "school_name", t.NAME),
        Leaf("NoiDatTruong", "place", t.ADDRESS, optional=True),
    ),
)

PRESENTATION = Element(
    "BanTheHien",
    Presentation,
    (
        Leaf("MaHocBa", "transcript_id", t.UUID_TEXT),
        Leaf("PhienBan", "version", t.VERSION),
        Constant("DinhDang", "PDF"),
        Leaf("GiaTriBam", "pdf_digest", t.DIGEST),
        Leaf("DoDai", "pdf_length", t.LENGTH),
    ),
    _presentation_ident,
)
