"""One fixed message of every type, as the golden files of `tests/vectors/messages` hold them.

`python -m tests.factories.messages` writes the files again; a change there is a change of what other vendors'
software must send and read.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from hocba.documents import class_record_xml
from hocba.exchange import messages
from hocba.exchange.messages import RegisterStatus
from tests.factories import documents, primary

FOLDER = Path(__file__).parent.parent / "vectors" / "messages"
VIETNAM = timezone(timedelta(hours=7))
AT = datetime(2025, 5, 28, 9, 30, tzinfo=VIETNAM)
DER = "MIIBszCCAVmgAwIBAgIUd2hhdGV2ZXI="
PEM = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUd2hhdGV2ZXI=\n-----END CERTIFICATE-----\n"
TEACHER_CERTIFICATE = {
    "holder": "GV0018",
    "name": "Dương Hữu An",
    "kind": "person",
    "positions": ("teacher",),
    "valid_from": AT - timedelta(days=30),
    "valid_until": AT + timedelta(days=700),
}


def roster() -> messages.Roster:
    return messages.Roster(
        school=documents.SCHOOL,
        school_year="2024-2025",
        version=3,
        issued_at=AT,
        staff=(
            messages.RosterStaff(
                member=documents.HOMEROOM,
                personal_id="079085000018",
                email="an.gv18@hoaphuong.edu.vn",
                subjects=("GDTC",),
            ),
            messages.RosterStaff(member=documents.PRINCIPAL),
        ),
        classes=(messages.RosterClass(name="6A1", grade=6),),
        pupils=tuple(
            messages.RosterPupil(pupil=documents.pupil(each), class_name="6A1", electives=electives)
            for each, electives in zip(documents.NAMES, (("NN2",), ()), strict=True)
        ),
        assignments=(
            messages.Assignment(
                class_name="6A1",
                subject_code="GDTC",
                subject_name="Giáo dục thể chất",
                kind="comment",
                term=1,
                teacher="GV0018",
            ),
        ),
        homerooms=(messages.Homeroom(class_name="6A1", teacher="GV0018"),),
    )


def reported_results() -> messages.ReportedResults:
    return messages.ReportedResults(
        school="79764501",
        school_year="2024-2025",
        class_name="6A1",
        subject_code="TOAN",
        subject_name="Toán",
        kind="score",
        term=2,
        version=12,
        updated_at=AT,
        rows=documents.subject_sheet("TOAN", 2).rows,
    )


def reported_primary_results() -> messages.ReportedPrimaryResults:
    return messages.ReportedPrimaryResults(
        school=primary.SCHOOL.code,
        school_year="2025-2026",
        class_name=primary.CLASS,
        subject_code="TOAN",
        subject_name="Toán",
        term=2,
        version=3,
        updated_at=AT,
        rows=primary.subject_sheet("TOAN", 2).rows,
    )


def returned_results() -> messages.ReturnedResults:
    return messages.ReturnedResults(
        school="79764501",
        school_year="2024-2025",
        class_name="6A1",
        sheets=(
            messages.ReturnedSheet(
                subject_code="TOAN",
                term=2,
                xml=class_record_xml.data_xml(documents.subject_sheet("TOAN", 2)).decode(),
            ),
            messages.ReturnedSheet(subject_code="GDTC", term=1, problems=("Thiếu giáo viên giảng dạy.",)),
        ),
    )


def receipt() -> messages.Receipt:
    return messages.Receipt(
        transcript_id=documents.TRANSCRIPT_ID,
        version=2,
        school="79764501",
        xml=documents.digest("1"),
        pdf=documents.digest("2"),
        record=documents.digest("3"),
        class_record=documents.digest("a"),
        accepted_at=AT,
        status=RegisterStatus.CURRENT,
        log=messages.LogInclusion(
            index=5,
            size=8,
            root=documents.digest("4"),
            proof=(documents.digest("5"), documents.digest("6"), documents.digest("7")),
            checkpoint="hocbaso.example/log/2024-2025\n8\nRERERERERERERERERERERERERERERERERERERERERUQ=\n\n— sig x\n",
        ),
    )


def class_record_notice() -> messages.ClassRecordNotice:
    def file(kind: Any, subject: str | None, term: int | None, letter: str) -> messages.ClassRecordFile:
        return messages.ClassRecordFile(
            kind=kind, subject_code=subject, term=term, digest=documents.digest(letter), length=4096
        )

    return messages.ClassRecordNotice(
        record_id=documents.YEAR_ID,
        version=1,
        school="79764501",
        school_year="2024-2025",
        class_name="6A1",
        grade=6,
        digest=documents.digest("a"),
        files=(
            file("SoNamHoc", None, None, "a"),
            file("SoHocKy", None, 1, "b"),
            file("SoMonHoc", "TOAN", 1, "c"),
        ),
        sealed_at=AT,
    )


def every() -> list[Any]:
    """One message of every type."""
    return [
        roster(),
        reported_results(),
        reported_primary_results(),
        returned_results(),
        messages.CertificateDeclaration(
            school="79764501",
            school_name=documents.SCHOOL.name,
            version=1,
            declared_at=AT,
            certificates=(messages.DeclaredCertificate(der=DER, **TEACHER_CERTIFICATE),),  # type: ignore[arg-type]
        ),
        messages.ApprovedCertificates(
            version=1,
            school="79764501",
            school_name=documents.SCHOOL.name,
            updated_at=AT,
            certificates=(
                messages.ApprovedCertificate(sha256="ab" * 32, revoked_at=None, **TEACHER_CERTIFICATE),  # type: ignore[arg-type]
            ),
        ),
        messages.DeclaredCertificates(
            school="79764501",
            certificates=(
                messages.DeclaredStanding(
                    sha256="ab" * 32,
                    holder="GV0006",
                    name="Nguyễn Thị Ánh",
                    kind="person",
                    positions=("teacher",),
                    serial="5A01",
                    issuer="CA công cộng",
                    valid_from=AT,
                    valid_until=AT,
                    status="REFUSED",
                    follows="cd" * 32,
                    revoked_at=None,
                    authority_revoked_at=None,
                    history=(
                        messages.DeclaredStep(status="DECLARED", at=AT),
                        messages.DeclaredStep(status="REFUSED", at=AT, reason="Thiếu hồ sơ"),
                    ),
                ),
            ),
        ),
        messages.DutyEnding(
            school="79764501",
            holder="GV0006",
            ends_at=AT,
            reported_at=AT,
            handed_over=True,
            record="12/BB-THCS",
        ),
        messages.CertificateChanges(
            since=7,
            version=12,
            bundle=11,
            registers=(messages.RegisterVersion(school="79764501", version=12),),
        ),
        messages.TrustBundle(version=1, issued_at=AT, anchors=(PEM,), crls=(DER,)),
        class_record_notice(),
        receipt(),
        messages.RegisterEntry(
            transcript_id=documents.TRANSCRIPT_ID,
            version=1,
            status=RegisterStatus.REPLACED,
            since=AT,
            xml=documents.digest("1"),
            pdf=documents.digest("2"),
            record=documents.digest("3"),
            replaced_by=2,
        ),
    ]


def path_of(message: Any) -> Path:
    """Where the golden file of a message's type is."""
    return FOLDER / f"{messages.type_of(type(message))}.json"


if __name__ == "__main__":
    for message in every():
        text = json.dumps(messages.to_json(message), ensure_ascii=False, indent=2)
        path_of(message).write_text(text + "\n", "utf-8")
