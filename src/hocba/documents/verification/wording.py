"""The words people read: verdicts, names of checks, roles, what a signature covers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocba.signing.checks import Code, Status, Verdict

if TYPE_CHECKING:
    from hocba.documents.verification.report import Report
    from hocba.signing.checks import Check

VERDICTS = {
    Verdict.VALID: "HỢP LỆ",
    Verdict.INVALID: "KHÔNG HỢP LỆ",
    Verdict.INDETERMINATE: "CHƯA ĐỦ CĂN CỨ KẾT LUẬN",
    Verdict.UNREADABLE: "KHÔNG ĐỌC ĐƯỢC TỆP",
}
MEANINGS = {
    Verdict.VALID: "Toàn vẹn, đủ chữ ký theo quy định, chứng thư số có hiệu lực tại thời điểm ký.",
    Verdict.INVALID: "Văn bản không có giá trị (Điều 10 Quy chế).",
    Verdict.INDETERMINATE: "Không được coi là hợp lệ cho đến khi xác minh thêm.",
    Verdict.UNREADABLE: "Tệp không phải học bạ số, sổ điện tử dạng XML hoặc PDF, hoặc đã bị hỏng.",
}
ENDED_SINCE = (
    "Có chứng thư số nay không còn hiệu lực, nhưng còn hiệu lực tại thời điểm ký, có bằng chứng về thời điểm."
)
DEMONSTRATION = "Chứng thư số thuộc loại trình diễn, không có giá trị pháp lý."
REASONS = {
    Code.FORMAT_FAILURE: "Cấu trúc tệp hoặc chữ ký không đúng quy định.",
    Code.HASH_FAILURE: "Nội dung đã bị thay đổi sau khi ký.",
    Code.SIG_CRYPTO_FAILURE: "Giá trị chữ ký không khớp với chứng thư số.",
    Code.REVOKED: "Đã ký sau khi chứng thư số bị thu hồi.",
    Code.EXPIRED: "Đã ký sau khi chứng thư số hết hạn.",
    Code.NOT_YET_VALID: "Đã ký trước khi chứng thư số có hiệu lực.",
    Code.CHAIN_CONSTRAINTS_FAILURE: "Chứng thư số không đáp ứng yêu cầu của chuỗi chứng thực.",
    Code.NO_CERTIFICATE_CHAIN_FOUND: "Chứng thư số không do tổ chức được tin cậy cấp.",
    Code.CRYPTO_CONSTRAINTS_FAILURE: "Thuật toán hoặc khóa ký yếu, không được chấp nhận.",
    Code.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: "Thuật toán ký không còn đủ an toàn, thiếu bằng chứng chữ ký có từ trước.",
    Code.OUT_OF_BOUNDS_NO_POE: "Không chứng minh được chữ ký có trước khi chứng thư số hết hạn.",
    Code.REVOKED_NO_POE: "Không chứng minh được chữ ký có trước khi chứng thư số bị thu hồi.",
    Code.NO_POE: "Không có bằng chứng dùng được về thời điểm ký.",
    Code.TRY_LATER: "Chưa có thông tin thu hồi mới; hãy kiểm tra lại sau.",
    Code.NO_SIGNING_CERTIFICATE_FOUND: "Không đọc được chứng thư số của người ký.",
    Code.SIGNED_DATA_NOT_FOUND: "Không tìm thấy dữ liệu được ký.",
    Code.TIMESTAMP_ORDER_FAILURE: "Thời điểm hoặc thứ tự ký không đúng quy định.",
    Code.WRONG_COVERAGE: "Chữ ký không ký đúng vùng dữ liệu theo quy định.",
    Code.UNSIGNED_CONTENT: "Tệp có nội dung không nằm trong vùng được ký.",
    Code.MISSING_SIGNATURE: "Thiếu chữ ký theo quy định.",
    Code.NO_SIGNATURE_FOUND: "Tệp không có chữ ký số.",
    Code.WRONG_ROLE: "Người ký không đúng vai trò.",
    Code.WRONG_SIGNER: "Người ký không phải người phải ký.",
    Code.CERT_NOT_APPROVED: "Chứng thư số chưa được cấp quản lý phê duyệt (Điều 21.8).",
    Code.APPROVAL_UNKNOWN: "Chưa có danh sách chứng thư số được phê duyệt để đối chiếu.",
    Code.PAIR_MISMATCH: "Bản XML và bản PDF không khớp nhau.",
    Code.UNREADABLE: "Tệp không phải học bạ số hoặc đã bị hỏng.",
}
"""What each code means in one sentence, whatever the file."""
STATUSES = {
    Status.PASSED: "đạt",
    Status.FAILED: "không đạt",
    Status.NOT_CHECKED: "chưa kiểm tra được",
}
KINDS = {
    "transcript_xml": "Học bạ số (XML)",
    "transcript_pdf": "Học bạ số (PDF)",
    "class_record_xml": "Sổ theo dõi và đánh giá học sinh (XML)",
}
ROLES = {
    "subject_teacher": "Giáo viên môn học",
    "homeroom_teacher": "Giáo viên chủ nhiệm",
    "principal": "Lãnh đạo nhà trường",
    "seal": "Nhà trường (con dấu số)",
}
CHECKS = {
    "readable": "Đọc được tệp",
    "structure": "Cấu trúc tệp",
    "signatures_present": "Đủ chữ ký theo quy định",
    "signature_profile": "Chữ ký đúng quy cách",
    "integrity": "Tính toàn vẹn",
    "record": "Nội dung đọc từ vùng đã ký",
    "coverage": "Mọi nội dung đều được ký",
    "signer_name": "Tên người ký khớp chứng thư số",
    "assigned_signer": "Đúng người, đúng vai ký",
    "distinct_signers": "Mỗi người ký phần việc của mình",
    "signing_time": "Thời điểm ký",
    "signing_order": "Thứ tự ký",
    "algorithm": "Thuật toán ký",
    "certificate_validity": "Thời hạn chứng thư số",
    "key_usage": "Mục đích chứng thư số",
    "certificate_chain": "Nơi cấp chứng thư số",
    "revocation": "Thu hồi chứng thư số",
    "approved_certificate": "Chứng thư số được phê duyệt",
    "pdf_changes": "Không sửa đổi PDF sau khi ký",
    "pdf_digest": "Gắn với bản PDF",
    "pair": "Bản XML và bản PDF khớp nhau",
    "trust": "Dữ liệu tin cậy",
    "time_evidence": "Bằng chứng về thời gian",
    "log_inclusion": "Có trong nhật ký của Sở",
}
ADVICE = {
    Code.NO_CERTIFICATE_CHAIN_FOUND: "Thêm chứng thư của tổ chức chứng thực (*.pem) vào thư mục tin cậy (--trust).",
    Code.TRY_LATER: "Thêm danh sách thu hồi còn hạn (*.crl) vào thư mục tin cậy (--trust).",
    Code.APPROVAL_UNKNOWN: "Thêm danh sách chứng thư số được phê duyệt (*.json) vào thư mục tin cậy (--trust).",
    Code.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: "Tra cứu trên cổng của Sở, nơi lưu bằng chứng về thời điểm tiếp nhận.",
    Code.REVOKED_NO_POE: "Tra cứu trên cổng của Sở, nơi lưu bằng chứng về thời điểm tiếp nhận.",
    Code.OUT_OF_BOUNDS_NO_POE: "Tra cứu trên cổng của Sở, nơi lưu bằng chứng về thời điểm tiếp nhận.",
}
ITEMS = {
    "signer": "Tên chữ ký số: người ký và đơn vị cấp",
    "signing_time": "Thời gian ký số",
    "status": "Trạng thái chữ ký số",
    "integrity": "Tính toàn vẹn của dữ liệu",
    "certificate": "Chứng thư số",
    "xml_structure": "Cấu trúc tệp XML",
}


_OWN_REASON = "time_evidence"
"""The check whose sentence is the reason itself: what its codes say is said there of evidence, not of the file."""
_WITH_CODE = re.compile(r" \[[A-Z_]+\]$")


def reason(check: Check) -> str:
    """Why a check that did not pass decided, in one sentence; nothing for one that passed."""
    if check.name == _OWN_REASON and not check.passed:
        return _WITH_CODE.sub("", check.detail)
    return "" if check.code is None else REASONS[check.code]


def meaning(report: Report) -> str:
    """What the verdict over a file means, in one or two sentences."""
    if report.verdict is Verdict.VALID and _has_ended(report):
        return ENDED_SINCE
    return MEANINGS[report.verdict]


def _has_ended(report: Report) -> bool:
    standings = (item.standing for item in report.signatures)
    return any(each is not None and each.since is not None for each in standings)
