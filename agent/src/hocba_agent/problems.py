"""Everything the agent may answer instead of what was asked: a stable code, a status, and a sentence for the person."""

from __future__ import annotations

from http import HTTPStatus

TABLE: dict[str, tuple[HTTPStatus, str]] = {
    # Who asks, and how.
    "host_refused": (HTTPStatus.MISDIRECTED_REQUEST, "Địa chỉ gọi chương trình ký số không hợp lệ."),
    "origin_refused": (HTTPStatus.FORBIDDEN, "Chương trình ký số không nhận yêu cầu từ trang này."),
    "not_paired": (
        HTTPStatus.UNAUTHORIZED,
        "Trang này chưa được ghép nối với chương trình ký số cho tài khoản của thầy cô, hoặc ghép nối đã hết hạn.",
    ),
    "malformed": (HTTPStatus.BAD_REQUEST, "Yêu cầu gửi tới chương trình ký số không đúng mẫu."),
    "too_large": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Yêu cầu gửi tới chương trình ký số quá lớn."),
    "wrong_media_type": (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Yêu cầu phải có kiểu application/json."),
    "not_found": (HTTPStatus.NOT_FOUND, "Chương trình ký số không có chức năng này."),
    "busy": (
        HTTPStatus.CONFLICT,
        "Chương trình ký số đang bận một lượt khác. Hãy hoàn tất hoặc hủy lượt đó.",
    ),
    "slow_down": (
        HTTPStatus.TOO_MANY_REQUESTS,
        "Có quá nhiều yêu cầu ghép nối. Hãy chờ một phút rồi thử lại.",
    ),
    # Pairing.
    "pairing_refused": (HTTPStatus.FORBIDDEN, "Thầy cô đã từ chối ghép nối trên chương trình ký số."),
    "pairing_expired": (HTTPStatus.GONE, "Yêu cầu ghép nối đã hết hạn. Hãy ghép nối lại."),
    # The person.
    "cancelled": (HTTPStatus.CONFLICT, "Thầy cô đã hủy nhập mã PIN."),
    "no_dialog": (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Chương trình ký số không mở được cửa sổ hỏi thầy cô. Hãy mở lại chương trình từ màn hình làm việc.",
    ),
    "wrong_pin": (HTTPStatus.FORBIDDEN, "Mã PIN không đúng."),
    "pin_locked": (
        HTTPStatus.FORBIDDEN,
        "Mã PIN của thiết bị đã bị khóa. Hãy liên hệ đơn vị cấp chứng thư số để mở khóa.",
    ),
    "pin_expired": (
        HTTPStatus.FORBIDDEN,
        "Thiết bị yêu cầu đổi mã PIN trước khi ký. Hãy đổi bằng phần mềm của nhà cung cấp.",
    ),
    # The token.
    "no_library": (
        HTTPStatus.NOT_FOUND,
        "Không tìm thấy trình điều khiển PKCS#11 của USB token trên máy này. Hãy cài phần mềm của nhà cung cấp.",
    ),
    "library_broken": (
        HTTPStatus.NOT_FOUND,
        "Trình điều khiển PKCS#11 của USB token không nạp được (có thể khác loại 32/64 bit). Hãy cài lại phần mềm.",
    ),
    "no_token": (HTTPStatus.NOT_FOUND, "Không tìm thấy USB token. Hãy cắm thiết bị rồi thử lại."),
    "no_certificate": (HTTPStatus.NOT_FOUND, "Không tìm thấy chứng thư số này trong các thiết bị đang cắm."),
    "no_key": (HTTPStatus.NOT_FOUND, "Thiết bị không có khóa bí mật của chứng thư số này."),
    "key_refused": (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Khóa của chứng thư số này không dùng được: cần RSA từ 2048 bit hoặc ECDSA P-256.",
    ),
    "token_removed": (
        HTTPStatus.CONFLICT,
        "USB token đã bị rút ra. Hãy cắm lại đúng thiết bị rồi bấm ký tiếp.",
    ),
    "token_error": (HTTPStatus.BAD_GATEWAY, "USB token báo lỗi. Hãy rút ra, cắm lại rồi thử lại."),
    # The batch.
    "no_batch": (HTTPStatus.NOT_FOUND, "Lượt ký không còn mở (đã xong, đã hủy hoặc đã quá thời gian chờ)."),
    "digest_mismatch": (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Danh sách ký không khớp với mã của danh sách do hệ thống công bố. Không ký.",
    ),
    "foreign_bytes": (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Có nội dung không thuộc danh sách đã chốt khi mở lượt ký. Không ký.",
    ),
    "unexpected": (HTTPStatus.INTERNAL_SERVER_ERROR, "Chương trình ký số gặp lỗi. Hãy mở lại chương trình."),
}


class Problem(Exception):
    """A refusal with a code of `TABLE`; `details` go into the answer beside code and message."""

    def __init__(self, code: str, message: str | None = None, **details: object) -> None:
        self.status, standard = TABLE[code]
        self.code = code
        self.message = message or standard
        self.details = details
        super().__init__(code)

    def body(self) -> dict[str, object]:
        """What the page is told."""
        return {"code": self.code, "message": self.message, **self.details}
