"""The simulated provider's pages for people: sign-in, consent, and the telephone that shows one-time codes."""

from __future__ import annotations

from html import escape

from hocba.simulators.remote_signing_grants import Request

_PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>
body{{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:34rem;padding:1.5rem;color:#1c2733}}
h1{{font-size:1.35rem}} form{{display:grid;gap:.75rem;margin:1.25rem 0}} input{{font:inherit;padding:.5rem}}
button{{font:inherit;padding:.65rem 1rem;border:1px solid #1b5e3a;border-radius:.4rem;background:#fff}}
button.main{{background:#1b5e3a;color:#fff}} .note{{background:#fff6d6;padding:.6rem .8rem;border-radius:.4rem}}
.error{{background:#fde4e1;padding:.6rem .8rem;border-radius:.4rem}} code{{font-size:2rem;letter-spacing:.2em}}
</style></head><body><p class="note">Nhà cung cấp ký số từ xa <strong>mô phỏng</strong>, chỉ dùng cho bản trình diễn và
đào tạo.</p><h1>{title}</h1>{body}</body></html>"""


def consent(request: Request, name: str, *, owner: str, error: str = "") -> str:
    """Sign in for the list of certificates, or agree to the signatures asked for."""
    body = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
    if request.scope == "credential":
        title = "Cho phép ký số"
        body += (
            f"<p>Hệ thống Hocba xin ký <strong>{request.count} văn bản</strong> bằng chứng thư số của"
            f" <strong>{escape(owner)}</strong>.</p><p><small>Hệ thống ghi: {escape(request.description)}</small></p>"
            "<p>Sự cho phép này chỉ dùng được cho đúng các văn bản đó.</p>"
        )
        account = (
            f'<input type="hidden" name="account" value="{escape(request.credential.partition("-")[2])}">'
        )
        words = f"Đồng ý ký {request.count} văn bản"
    else:
        title = "Đăng nhập để xem chứng thư số"
        account = (
            '<label for="account">Tài khoản (mã viên chức hoặc mã trường)</label>'
            '<input id="account" name="account" autocomplete="username" required>'
        )
        words = "Đăng nhập"
    body += (
        f'<form method="post" action="/oauth2/consent"><input type="hidden" name="request" value="{escape(name)}">'
        f'{account}<label for="password">Mật khẩu</label><input id="password" type="password" name="password"'
        f' autocomplete="current-password" required>'
        "<small>Trong bản trình diễn: mật khẩu chung mà hocba demo đã in ra.</small>"
        f'<button class="main" name="answer" value="yes">{words}</button>'
        '<button name="answer" value="no" formnovalidate>Từ chối</button></form>'
    )
    return _PAGE.format(title=title, body=body)


def front() -> str:
    """What this is, for who opens its address."""
    body = (
        "<p>Không có việc gì để làm ở trang này. Hãy bắt đầu từ trang <strong>Ký số</strong> của hệ thống nhà trường:"
        " chọn cách ký số từ xa, hệ thống sẽ đưa bạn đến đây để xem và đồng ý.</p>"
    )
    return _PAGE.format(title="Nhà cung cấp ký số từ xa", body=body)


def telephone(account: str, code: str | None) -> str:
    """The last one-time code that was sent to somebody."""
    body = (
        f"<p>Mã xác nhận của {escape(account)}:</p><p><code>{code}</code></p>"
        if code
        else "<p>Chưa có mã nào.</p>"
    )
    return _PAGE.format(title="Điện thoại mô phỏng", body=body)


def refused(words: str) -> str:
    """A request that cannot be answered by sending the person back."""
    return _PAGE.format(title="Yêu cầu không hợp lệ", body=f"<p>{escape(words)}</p>")
