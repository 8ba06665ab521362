"""What a verdict does not rest on, said openly: what could not be checked, and what nobody looked at.

Never empty. A reader who takes "hợp lệ" for more than it is would be misled by a report that only lists what passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hocba.signing.checks import Check, Code, Status, not_checked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hocba.documents.verification.report import Report

TITLES: Final[Mapping[str, str]] = {
    "register": "Tình trạng trong cơ sở dữ liệu học bạ số",
    "log": "Nhật ký công khai của Sở",
    "counterpart": "Bản còn lại của học bạ",
    "class_record": "Sổ theo dõi và đánh giá của lớp",
    "proof_of_time": "Bằng chứng về thời điểm ký",
    "pages": "Chữ in trên các trang PDF",
    "paper": "Bản in trên giấy",
}
"""Names of what is never checked by the engine itself, for people; the others are names of checks."""

_REGISTER: Final = (
    "Chưa tra cơ sở dữ liệu học bạ số: chưa biết học bạ còn hiệu lực, đã bị thu hồi hay thay thế."
)
_LOG: Final = "Chưa kiểm tra bằng chứng rằng việc phát hành đã được ghi vào nhật ký công khai."
_LOG_AFTER_EVIDENCE: Final = (
    "Việc phát hành nằm trong mốc nhật ký đã đóng dấu thời gian (gói bằng chứng); chưa đối chiếu mốc đó với nhật ký "
    "đang công khai trên mạng."
)
_LOG_WITHOUT_KEY: Final = (
    "Việc phát hành nằm trong mốc nhật ký đã đóng dấu thời gian (gói bằng chứng); chưa kiểm tra chữ ký của nhật ký "
    "trên mốc đó vì không có khóa nhật ký của Sở (*.vkey)."
)
_COUNTERPART: Final = {
    "transcript_xml": "Bản PDF không được đưa kèm nên không đối chiếu hai bản.",
    "transcript_pdf": "Bản XML không được đưa kèm nên không đối chiếu hai bản.",
}
_CLASS_RECORD: Final = "Chưa đối chiếu kết quả với sổ của lớp đã đóng dấu; Sở làm việc này khi tiếp nhận."
_TIME: Final = "Thời điểm ký do người ký ghi; không có dấu thời gian hay xác nhận tiếp nhận để chứng minh."
_PAGES: Final = (
    "Không đọc lại chữ in trên trang: chữ ký bảo đảm trang không bị sửa, nội dung lấy từ dữ liệu đính kèm."
)
_PAPER: Final = "Chỉ tệp điện tử được kiểm tra; bản in, ảnh chụp hay bản quét không kiểm tra được chữ ký số."


def of(report: Report) -> tuple[Check, ...]:
    """Everything of a report that was not checked, the checks that were tried first."""
    tried = [check for check in report.checks if check.status is Status.NOT_CHECKED]
    names = {check.name for check in report.checks}
    never = (check for check in _never(report) if check.name not in names)
    return (*tried, *never)


def _never(report: Report) -> Iterator[Check]:
    if report.kind in _COUNTERPART:
        yield _left("register", _REGISTER)
        yield _left("log", _of_log(report))
        if not any(check.name == "pair" for check in report.checks):
            yield _left("counterpart", _COUNTERPART[str(report.kind)])
        yield _left("class_record", _CLASS_RECORD)
    if report.kind is not None and (report.question is None or report.question.existed_at is None):
        yield _left("proof_of_time", _TIME)
    if report.kind == "transcript_pdf":
        yield _left("pages", _PAGES)
    if _approval_left_out(report):
        yield _left("approved_certificate", "Chính sách kiểm tra không đòi hỏi danh sách phê duyệt của Sở.")
    yield _left("paper", _PAPER)


def _of_log(report: Report) -> str:
    """What evidence left open: it proves the issuing below a stamped checkpoint, and with the log's key whose it is."""
    proven = {check.name for check in report.checks if check.passed}
    if "log_inclusion" in proven:
        return _LOG_AFTER_EVIDENCE
    return _LOG_WITHOUT_KEY if "time_evidence" in proven else _LOG


def _approval_left_out(report: Report) -> bool:
    return report.question is not None and not report.question.policy.approval_required


def _left(name: str, detail: str) -> Check:
    return not_checked(name, Code.SIGNED_DATA_NOT_FOUND, detail)
