"""People and schools as a document names them: frozen values, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sex(StrEnum):
    """Giới tính, as the documents write it."""

    MALE = "NAM"
    FEMALE = "NU"


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A school (cơ sở giáo dục) at the time of the document."""

    code: str
    name: str
    level: str = "THCS"
    ward: str = ""
    province: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """A teacher or leader: `code` is the staff code of the sector database, never a personal ID."""

    code: str
    name: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """Father, mother or guardian."""

    name: str
    occupation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pupil:
    """Particulars of a pupil (lý lịch), page 1 of the form.

    `personal_id` has 12 digits (Quy chế Điều 2.6). `birth_date` is ISO 8601 and may be partial:
    "2013-07-16", "2013-07" or "2013". `ethnic_group` and `nationality` are names, as printed.
    """

    personal_id: str
    code: str
    name: str
    birth_date: str
    sex: Sex
    ethnic_group: str = ""
    nationality: str = "Việt Nam"
    birthplace: str = ""
    residence: str = ""
    policy: str = ""
    disability: str = ""
    father: Relative | None = None
    mother: Relative | None = None
    guardian: Relative | None = None
