"""The words people read: verdicts, names of checks, roles, what a signature covers."""

from __future__ import annotations

from hocba.signing.checks import Code, Status, Verdict

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
    "certificate_validity": "Thời hạn chứng thư số",
    "key_usage": "Mục đích chứng thư số",
    "certificate_chain": "Nơi cấp chứng thư số",
    "revocation": "Thu hồi chứng thư số",
    "approved_certificate": "Chứng thư số được phê duyệt",
    "pdf_changes": "Không sửa đổi PDF sau khi ký",
    "pdf_digest": "Gắn với bản PDF",
    "pair": "Bản XML và bản PDF khớp nhau",
}
ADVICE = {
    Code.NO_CERTIFICATE_CHAIN_FOUND: "Thêm chứng thư của tổ chức chứng thực (*.pem) vào thư mục tin cậy (--trust).",
    Code.TRY_LATER: "Thêm danh sách thu hồi còn hạn (*.crl) vào thư mục tin cậy (--trust).",
    Code.APPROVAL_UNKNOWN: "Thêm danh sách chứng thư số được phê duyệt (*.json) vào thư mục tin cậy (--trust).",
    Code.REVOKED_NO_POE: "Tra cứu trên cổng của Sở, nơi lưu bằng chứng về thời điểm tiếp nhận.",
    Code.OUT_OF_BOUNDS_NO_POE: "Tra cứu trên cổng của Sở, nơi lưu bằng chứng về thời điểm tiếp nhận.",
}
ITEMS = {
    "signer": "Tên người ký, đơn vị cấp chứng thư số",
    "signing_time": "Thời gian ký",
    "status": "Trạng thái chữ ký tại thời điểm kiểm tra",
    "integrity": "Tính toàn vẹn của dữ liệu",
    "certificate": "Thông tin chứng thư số",
    "xml_structure": "Cấu trúc tệp XML",
}
