"""XML and PDF of one transcript: do they say the same?

The XML carries the digest of the unsigned PDF, which is the beginning of the signed one; the PDF carries the
octets of the learning record. Both are under signatures, so each proves what the other must be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.signing.checks import Check, Code, failed, not_checked, passed

if TYPE_CHECKING:
    from hocba.documents.verification.report import Report

NAME = "pair"


def are_versions_of_one(xml: Report, pdf: Report) -> bool:
    """Whether both claim to be the same transcript and version, so that they are to be compared."""
    return xml.transcript_id is not None and (xml.transcript_id, xml.version) == (
        pdf.transcript_id,
        pdf.version,
    )


def check(xml: Report, pdf: Report) -> Check:
    """Whether the two belong together; both reports as `verify` gave them."""
    if xml.transcript is None or pdf.transcript is None or xml.pdf_digest is None or pdf.pdf_digest is None:
        return not_checked(
            NAME,
            Code.SIGNED_DATA_NOT_FOUND,
            "Chưa đối chiếu được bản XML với bản PDF vì có bản sai chữ ký.",
        )
    if not are_versions_of_one(xml, pdf):
        return failed(NAME, Code.PAIR_MISMATCH, "Bản XML và bản PDF là của hai học bạ hoặc hai phiên bản.")
    if xml.record_digest != pdf.record_digest:
        return failed(NAME, Code.PAIR_MISMATCH, "Bản XML và bản PDF có nội dung học tập khác nhau.")
    if (xml.pdf_digest, xml.pdf_length) != (pdf.pdf_digest, pdf.pdf_length):
        return failed(NAME, Code.PAIR_MISMATCH, "Bản PDF không phải bản mà bản XML đã ghi giá trị băm.")
    return passed(NAME, "Bản XML và bản PDF là một cặp: cùng nội dung, cùng giá trị băm đã ký.")
