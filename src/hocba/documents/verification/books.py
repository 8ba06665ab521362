"""A sealed class record with its files: read from bytes, verified, and checked as one tree of digests.

Values come only from octets that good signatures cover.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from hocba.documents import class_record_xml, class_tree
from hocba.documents.class_record_xml import ClassRecordKind
from hocba.documents.class_tree import ClassRecordTree
from hocba.documents.verification.verifying import verify
from hocba.signing.checks import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hocba.documents.any_level import AnyClassRecord, AnySubjectSheet, AnyTermRecord, AnyYearRecord
    from hocba.documents.transcript import Digest
    from hocba.documents.verification.report import Report
    from hocba.signing.trust import TrustMaterial


@dataclass(frozen=True, slots=True)
class BookProblem:
    """One thing wrong with the book: a code for programs, a Vietnamese sentence for people."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What was found. `tree` is there only when every file could be read and `problems` is empty."""

    problems: tuple[BookProblem, ...]
    tree: ClassRecordTree | None = None
    reports: tuple[Report, ...] = ()
    files: tuple[Digest, ...] = ()


def read_book(
    year_file: bytes, *, fetch: Callable[[Digest], bytes | None], trust: TrustMaterial, at: datetime
) -> Book:
    """Verify the sealed year file and, through its digests, every file below it.

    `fetch` gives the bytes of a digest, or None when they have not arrived. Only valid files are accepted.
    """
    reader = _Reader(fetch=fetch, trust=trust, at=at)
    year = cast("AnyYearRecord | None", reader.read(year_file, ClassRecordKind.YEAR, "Sổ cả năm"))
    if year is None:
        return reader.book(None)
    terms: dict[int, AnyTermRecord] = {}
    sheets: dict[tuple[str, int], AnySubjectSheet] = {}
    for term, digest in year.terms:
        record = cast(
            "AnyTermRecord | None",
            reader.fetch_and_read(digest, ClassRecordKind.TERM, f"Sổ học kì {term}"),
        )
        if record is None:
            continue
        terms[term] = record
        for code, sheet_digest in record.sheets:
            place = f"Sổ môn {code} học kì {term}"
            sheet = reader.fetch_and_read(sheet_digest, ClassRecordKind.SUBJECT, place)
            if sheet is not None:
                sheets[code, term] = cast("AnySubjectSheet", sheet)
    if reader.problems:
        return reader.book(None)
    return reader.book(
        ClassRecordTree(
            year=year,
            year_file=reader.files[0],
            terms=terms,
            term_files=dict(year.terms),
            sheets=sheets,
            sheet_files={
                (code, term): digest for term, record in terms.items() for code, digest in record.sheets
            },
        )
    )


@dataclass(slots=True, kw_only=True)
class _Reader:
    fetch: Callable[[Digest], bytes | None]
    trust: TrustMaterial
    at: datetime
    problems: list[BookProblem] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    files: list[Digest] = field(default_factory=list)

    def fetch_and_read(self, digest: Digest, kind: ClassRecordKind, place: str) -> AnyClassRecord | None:
        data = self.fetch(digest)
        if data is None:
            self.problems.append(BookProblem("FILE_MISSING", f"{place}: chưa nhận được tệp {digest}."))
            return None
        return self.read(data, kind, place, wanted=digest)

    def read(
        self, data: bytes, kind: ClassRecordKind, place: str, *, wanted: Digest | None = None
    ) -> AnyClassRecord | None:
        report = verify(data, trust=self.trust, at=self.at)
        if report.file_digest is not None:
            self.files.append(report.file_digest)
        self.reports.append(report)
        if wanted is not None and report.file_digest != wanted:
            self.problems.append(
                BookProblem("DIGEST_MISMATCH", f"{place}: tệp không có giá trị băm đã niêm phong.")
            )
        if report.verdict is not Verdict.VALID:
            self.problems += [
                BookProblem(str(check.code or check.name), f"{place}: {check.detail}")
                for check in report.problems
            ]
            return None
        if report.class_record is None or class_record_xml.kind_of(report.class_record) is not kind:
            self.problems.append(BookProblem("WRONG_KIND", f"{place}: tệp là loại sổ khác."))
            return None
        return report.class_record

    def book(self, tree: ClassRecordTree | None) -> Book:
        if tree is not None:
            self.problems += [
                BookProblem("INCONSISTENT", problem) for problem in class_tree.problems_of(tree)
            ]
        return Book(
            problems=tuple(self.problems),
            tree=None if self.problems else tree,
            reports=tuple(self.reports),
            files=tuple(self.files),
        )
