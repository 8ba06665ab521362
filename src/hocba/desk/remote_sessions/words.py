"""What people are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.channels.csc.errors import CodeRefusedError, LostAnswerError, ProviderRefusedError

if TYPE_CHECKING:
    from hocba.channels.csc.errors import CscError

SIGN_IN_THERE = "Hãy đăng nhập ở trang của nhà cung cấp để hệ thống đọc được chứng thư số của bạn."
AUTHORISE_THERE = (
    "Hãy cho phép ký {count} văn bản ở trang của nhà cung cấp; chỉ đúng các văn bản này được ký."
)
TYPE_THE_CODE = (
    "Hãy nhập mã xác nhận một lần mà nhà cung cấp gửi cho bạn để ký {count} văn bản;"
    " không nhập mã PIN hay mật khẩu."
)
CONFIRM_THERE = "Hãy xác nhận trong ứng dụng của nhà cung cấp."
NOT_CONFIRMED = "Nhà cung cấp chưa nhận được xác nhận của bạn."
SIGNING = "Nhà cung cấp đang ký; có thể đóng trang này, việc ký vẫn tiếp tục."
MORE = "Sự cho phép trước đã dùng hết: nhà cung cấp chỉ nhận từng phần. "
ENDED = "Sự cho phép đã hết hạn hoặc không còn dùng được. Phần đã ký vẫn có hiệu lực. "
SILENT = "Nhà cung cấp không trả lời. Phần đã ký vẫn có hiệu lực; hãy thử ký tiếp sau ít phút."
REFUSED = "Nhà cung cấp từ chối yêu cầu ký (mã {code}). Hãy thử lại hoặc liên hệ nhà cung cấp."
BROKEN = "Nhà cung cấp trả lời không đúng quy ước, không chữ ký nào trong câu trả lời đó được nhận."
WRONG_VALUES = (
    "Các chữ ký nhà cung cấp trả về không khớp với văn bản và chứng thư số, không chữ ký nào được nhận."
)
WRONG_CODE = "Mã xác nhận không đúng hoặc đã hết hạn, hãy nhập lại hoặc xin mã mới."
DENIED = "Bạn đã không cho phép ký ở trang của nhà cung cấp, nên không có chữ ký nào được tạo thêm."
WRONG_RETURN = "Lần quay về từ nhà cung cấp không khớp với phiên ký này, hãy cho phép lại."
NO_CERTIFICATE = "Tài khoản của bạn ở nhà cung cấp không có chứng thư số nào."
NOT_ENABLED = (
    "Khoá của chứng thư số ở nhà cung cấp đang bị khoá hoặc không ký được bằng RSA, ECDSA với SHA-256."
)
ASKS_PIN = (
    "Nhà cung cấp đòi mã PIN qua hệ thống này. Hệ thống không bao giờ nhận mã PIN;"
    " hãy dùng cách cho phép trên trang của nhà cung cấp."
)
CHANGED_LIST = "Danh sách đã lưu không khớp với lượt ký, hãy mở lượt ký mới."
NOT_ALLOWED = "Tài khoản của bạn không còn quyền ký việc này."
SOME_REFUSED = "{count} chữ ký không nhận được, xem báo cáo của lượt ký."
SIGNED = "Đã ký xong."
NO_SESSION = "Lượt ký này không có phiên ký nào của bạn với nhà cung cấp, hãy mở lượt ký mới."
OVER = "Lượt ký đã kết thúc."


def of(error: CscError) -> str:
    """What a person is told of an error of the provider."""
    if isinstance(error, LostAnswerError):
        return SILENT
    if isinstance(error, CodeRefusedError):
        return WRONG_CODE
    if isinstance(error, ProviderRefusedError):
        return REFUSED.format(code=error.code or error.status)
    return BROKEN
