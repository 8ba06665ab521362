"""Make the signed example of every kind of document that has none yet, with the trust it was signed under.

    python -m tools.make_golden [NAME...]

A folder of `tests/vectors/golden`, or of `tests/vectors/golden_proofs` (see `golden_proofs.py`), is written once:
whatever is there is never written again, because files that were issued must stay readable and verifiable for ever, and
these stand for them. A new version of a schema, or a new way to write an old one, adds a folder. The keys are of a demo
authority and are forgotten when the tool ends.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import rsa
from tests.factories import class_records, documents, primary, transcripts
from tests.factories.transcripts import NOW, SCHOOL, STAFF, SchoolKeys, found_school, staff

from hocba.documents import class_record_xml
from hocba.documents.transcript import Digest, LevelSeries
from hocba.documents.verification import Verdict, verify, verify_pair
from hocba.regulations import curriculum
from hocba.signing import instants, trust
from tools import golden_proofs

if TYPE_CHECKING:
    from hocba.documents.any_level import AnySubjectSheet, AnyTermRecord, AnyTranscript, AnyYearRecord
    from hocba.documents.class_record import SubjectSheet
    from hocba.documents.people import School, StaffMember
    from hocba.documents.verification import Report

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "vectors" / "golden"
EXPECTED = "expected.json"
TRUST = "trust"
Files = dict[str, bytes]


def main(names: list[str]) -> int:
    """Make the folders named, or all that are missing; 1 when one of those named is there already."""
    writers = {name: FOLDER / name for name in MAKERS}
    writers |= {name: golden_proofs.FOLDER / name for name in golden_proofs.MAKERS}
    unknown = sorted(set(names) - set(writers))
    if unknown:
        print(f"no such kind: {', '.join(unknown)}; there are {', '.join(writers)}")
        return 1
    there = [name for name in names if writers[name].exists()]
    if there:
        print(f"never written again: {', '.join(there)}")
        return 1
    for name in names or [name for name, folder in writers.items() if not folder.exists()]:
        if name in MAKERS:
            write(FOLDER / name, MAKERS[name])
        else:
            golden_proofs.write(name)
        print(f"made {name}")
    return 0


def write(folder: Path, make: Callable[[], tuple[SchoolKeys, Files]]) -> None:
    """Write one set. Raises FileExistsError when the folder exists, ValueError when a file is not valid."""
    keys, files = make()
    trusted = keys.trust_files()
    expected = expectation(files, trust.load(trusted))
    folder.mkdir(parents=True)
    (folder / TRUST).mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    for name, data in trusted.items():
        (folder / TRUST / name).write_bytes(data)
    text = json.dumps(expected, ensure_ascii=False, indent=1, default=str)
    (folder / EXPECTED).write_text(f"{text}\n", "utf-8")


def expectation(files: Files, material: trust.TrustMaterial) -> dict[str, Any]:
    """What the verification says of the files today: the moment, and every report with the values that it read."""
    reports = {name: verify(data, trust=material, at=NOW) for name, data in files.items()}
    if {"hoc-ba.xml", "hoc-ba.pdf"} == set(files):
        pair = verify_pair(reports["hoc-ba.xml"], reports["hoc-ba.pdf"])
        reports = dict(zip(("hoc-ba.xml", "hoc-ba.pdf"), pair, strict=True))
    bad = {name: report.problems for name, report in reports.items() if report.verdict is not Verdict.VALID}
    if bad:
        raise ValueError(f"not valid: {bad}")
    return {"at": instants.iso(NOW), "files": {name: _said(report) for name, report in reports.items()}}


def _said(report: Report) -> dict[str, Any]:
    value = report.transcript or report.class_record
    assert value is not None
    return {
        "kind": report.kind,
        "file_digest": str(report.file_digest),
        "meaning_digest": report.meaning_digest and str(report.meaning_digest),
        "record_digest": report.record_digest and str(report.record_digest),
        "pdf_digest": report.pdf_digest and str(report.pdf_digest),
        "pdf_length": report.pdf_length,
        "report": report.to_json(),
        "value": asdict(value),
    }


def _transcript(school: School, value: AnyTranscript, make_key: Callable[[], Any] | None = None) -> Any:
    keys = found_school(school, make_key=make_key)
    pair = transcripts.sign_pair(keys, replace(value, school=school))
    return keys, {"hoc-ba.xml": pair.xml, "hoc-ba.pdf": pair.pdf}


def _lower_secondary() -> tuple[SchoolKeys, Files]:
    """A second version, with a retest, and keys of RSA; the other sets have keys of P-256."""
    usual = transcripts.transcript()
    rows = [row for row in usual.subjects if row.code in {"NGUVAN", "TOAN", "LSDL", "GDTC"}]
    rows[1] = replace(rows[1], term1="4.0", term2="3.4", year="3.6", after_retest="6.5")
    value = replace(
        usual,
        version=2,
        subjects=tuple(rows),
        result=replace(
            usual.result,
            learning=LevelSeries(term1="DAT", term2="CHUA_DAT", year="CHUA_DAT"),
            learning_after_retest="DAT",
            principal_remark="Đồng ý.",
        ),
        previous=Digest(algorithm="sha256", value="b" * 64),
        replaces=Digest(algorithm="sha256", value="c" * 64),
        register_number="0123/THCS",
    )
    return _transcript(SCHOOL, value, lambda: rsa.generate_private_key(65537, 2048))


def _upper_secondary() -> tuple[SchoolKeys, Files]:
    usual = transcripts.transcript()
    found = {row.code: row for row in curriculum.subjects_for("THPT", 10)}
    wanted = ("NGUVAN", "TOAN", "VATLI", "GDTC")
    kinds = {row.kind: row for row in usual.subjects}
    value = replace(
        usual,
        form="TT22-THPT",
        level="THPT",
        grade=10,
        class_name="10A1",
        subjects=tuple(
            replace(kinds[found[code].kind], code=code, name=found[code].name, teachers=(staff(teacher),))
            for code, teacher in zip(wanted, STAFF, strict=False)
        ),
        register_number="15",
    )
    return _transcript(replace(SCHOOL, name="Trường THPT Mẫu", level="THPT"), value)


def _continuing(level: str, grade: int) -> tuple[SchoolKeys, Files]:
    usual = transcripts.transcript()
    value = replace(
        usual,
        regulation="TT43-2021",
        form=f"TT43-{level}",
        level="GDTX",
        grade=grade,
        class_name=f"{grade}A1",
        subjects=usual.subjects[:3],
        principal=replace(usual.principal, title="Giám đốc"),
    )
    return _transcript(replace(SCHOOL, name="Trung tâm GDNN – GDTX Mẫu", level="GDTX"), value)


def _primary() -> tuple[SchoolKeys, Files]:
    school = replace(primary.SCHOOL, name="Trường Tiểu học Mẫu")
    return _transcript(school, primary.transcript())


def _secondary_book() -> tuple[SchoolKeys, Files]:
    teachers = {
        "TOAN": (staff("GV0002"),),
        "LSDL": (staff("GV0004"), staff("GV0005")),
        "GDTC": (staff("GV0007"),),
    }
    leader, homeroom = staff(transcripts.PRINCIPAL, "Hiệu trưởng"), staff(transcripts.HOMEROOM)
    return _book(
        SCHOOL,
        sheet=lambda code, term: _secondary_sheet(code, term, teachers[code]),
        term=lambda term: documents.term_record(term, homeroom_teacher=homeroom),
        year=lambda: documents.year_record(homeroom_teacher=homeroom, principal=leader),
        codes=tuple(teachers),
    )


def _secondary_sheet(code: str, term: int, teachers: tuple[StaffMember, ...]) -> SubjectSheet:
    """The sheet of the factory, with marks whose averages are right (Điều 9 khoản 1)."""
    sheet = documents.subject_sheet(code, term, teachers=teachers)
    marks: dict[str, Any] = {"regular": ("D", "D"), "midterm": "D", "final": "D"}
    if sheet.kind == "score" and term == 1:
        marks = {"regular": ("8.0", "8.5", "8.5"), "midterm": "7.5", "final": "8.0"}
    elif sheet.kind == "score":
        marks = {"regular": ("8.0", "8.5", "8.0"), "midterm": "8.5", "final": "9.0"}
    return replace(sheet, rows=tuple(replace(row, **marks) for row in sheet.rows))


def _primary_book() -> tuple[SchoolKeys, Files]:
    return _book(
        replace(primary.SCHOOL, name="Trường Tiểu học Mẫu"),
        sheet=primary.subject_sheet,
        term=primary.term_record,
        year=primary.year_record,
        codes=("TOAN", "GDTC"),
    )


def _book(
    school: School,
    *,
    sheet: Callable[[str, int], AnySubjectSheet],
    term: Callable[[int], AnyTermRecord],
    year: Callable[[], AnyYearRecord],
    codes: tuple[str, ...],
) -> tuple[SchoolKeys, Files]:
    """The whole book of a class: every file names the digests of those below it."""
    keys, files = found_school(school), {}
    digest = class_record_xml.file_digest

    def signed(value: Any) -> bytes:
        number = f"886313e1-3b8a-4372-9b90-{len(files):012x}"
        changes: dict[str, Any] = {"identity": replace(value.identity, school=school, id=number)}
        return class_records.sign(keys, replace(value, **changes))

    for number in (1, 2):
        for code in codes:
            files[f"mon-hoc-{code}-{number}.xml"] = signed(sheet(code, number))
        below = tuple((code, digest(files[f"mon-hoc-{code}-{number}.xml"])) for code in codes)
        files[f"hoc-ky-{number}.xml"] = signed(replace(term(number), sheets=below))
    terms = tuple((number, digest(files[f"hoc-ky-{number}.xml"])) for number in (1, 2))
    files["nam-hoc.xml"] = signed(replace(year(), terms=terms))
    return keys, files


MAKERS: dict[str, Callable[[], tuple[SchoolKeys, Files]]] = {
    "hoc-ba-thcs-1.0": _lower_secondary,
    "hoc-ba-thpt-1.0": _upper_secondary,
    "hoc-ba-gdtx-thcs-1.0": lambda: _continuing("THCS", 9),
    "hoc-ba-gdtx-thpt-1.0": lambda: _continuing("THPT", 12),
    "hoc-ba-tieu-hoc-1.0": _primary,
    "so-lop-1.0": _secondary_book,
    "so-lop-tieu-hoc-1.0": _primary_book,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
