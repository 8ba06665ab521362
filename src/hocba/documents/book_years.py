"""From the verified XML file of a year to what the book of several years prints of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hocba.documents.pdf import SignedYear
from hocba.documents.verification.kinds import transcript_covers
from hocba.signing.checks import Verdict

if TYPE_CHECKING:
    from hocba.documents.verification import Report

KIND: Final = "transcript_xml"


def is_usable(report: Report) -> bool:
    """Whether the report is about a valid transcript as XML: nothing else goes into a book."""
    return report.kind == KIND and report.verdict is Verdict.VALID


def signed_year(report: Report, *, address: str) -> SignedYear:
    """What the book prints of one valid XML file; `address` is what its QR code holds.

    Raises ValueError when the report is not about one.
    """
    transcript = report.transcript
    if (
        not is_usable(report)
        or transcript is None
        or report.file_digest is None
        or report.record_digest is None
    ):
        raise ValueError("not the report about a valid transcript")
    ends = {item.role: item.signed_at for item in report.signatures if item.signed_at is not None}
    return SignedYear(
        transcript=transcript,
        file=report.file_digest,
        record=report.record_digest,
        subjects={
            row.code: [
                (item.signer, item.signed_at)
                for item in report.signatures
                if item.covers == transcript_covers("subject_teacher", row.name)
                and item.signed_at is not None
            ]
            for row in transcript.subjects
        },
        homeroom=ends["homeroom_teacher"],
        principal=ends["principal"],
        seal=ends["seal"],
        address=address,
    )
