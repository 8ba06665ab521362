"""A person at the signing desk: signs in, asks what there is to sign, signs with their own key.

The server sends the exact bytes to be signed and gets signatures back; it never sees a key (R36).
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import urllib3

if TYPE_CHECKING:
    from hocba.signing.keys.api import SigningKey

_FORM = {"content-type": "application/x-www-form-urlencoded"}
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


class DeskError(Exception):
    """The desk refused; the text is what it said."""


class Desk:
    """One signed-in person at one side."""

    def __init__(self, address: str, *, username: str, password: str) -> None:
        self._address = address
        self._pool = urllib3.PoolManager(retries=False, timeout=120, maxsize=2)
        self._cookies: dict[str, str] = {}
        self._sign_in(username, password)

    def tasks(self) -> list[dict[str, Any]]:
        """What this person may sign, now or later."""
        tasks: list[dict[str, Any]] = self._json("GET", "/api/signing/tasks")["tasks"]
        return tasks

    def sign(self, task: str, key: SigningKey, certificate: str) -> int:
        """Sign all documents of a task with one authorisation, page after page; how many were signed."""
        page = self._json("POST", "/api/signing/batches", {"task": task, "certificate": certificate})
        address, signed = f"/api/signing/batches/{page['batch']}/signatures", 0
        while True:
            signatures = {
                item["id"]: base64.b64encode(key.sign(base64.b64decode(item["to_be_signed"]))).decode()
                for item in page["items"]
            }
            done = self._json("POST", address, {"signatures": signatures})
            if done["refused"]:
                raise DeskError(json.dumps(done["refused"], ensure_ascii=False))
            signed += int(done["signed"])
            if not page["next"]:
                return signed
            page = self._json("GET", page["next"])

    def get(self, path: str) -> bytes:
        """Fetch a page or a file as this person."""
        status, _, body = self._call("GET", path)
        if status != 200:
            raise DeskError(f"{path}: {status}")
        return body

    def post(self, path: str, form: dict[str, str]) -> int:
        """Send the form of a page as this person; the status of the answer."""
        status, _, _ = self._call("POST", path, urlencode(form).encode(), _FORM)
        return status

    def _sign_in(self, username: str, password: str) -> None:
        _, _, page = self._call("GET", "/dang-nhap")
        token = _TOKEN.search(page)
        if token is None:
            raise DeskError("trang đăng nhập không có biểu mẫu")
        form = {"login": username, "password": password, "csrfmiddlewaretoken": token.group(1).decode()}
        status = self.post("/dang-nhap", form)
        if status != 302:
            raise DeskError(f"không đăng nhập được tài khoản {username} (mã {status})")
        # Signing in gave the session a new token.
        self._token = next((value for name, value in self._cookies.items() if name.endswith("_csrf")), "")

    def _json(self, method: str, path: str, value: object | None = None) -> dict[str, Any]:
        body = json.dumps(value).encode() if value is not None else None
        status, _, answer = self._call(
            method, path, body, {"content-type": "application/json", "x-csrftoken": self._token}
        )
        if not 200 <= status < 300:
            raise DeskError(f"{method} {path}: {status} {answer[:2000].decode('utf-8', 'replace')}")
        result: dict[str, Any] = json.loads(answer)
        return result

    def _call(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any, bytes]:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        try:
            response = self._pool.request(
                method,
                self._address + path,
                body=body,
                headers={"cookie": cookie, "referer": self._address + "/", **(headers or {})},
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise DeskError(
                f"Hệ thống ở {self._address} không trả lời; xem nhật ký của hệ thống đó rồi chạy lại lệnh."
            ) from error
        for line in response.headers.getlist("set-cookie"):
            name, _, value = line.split(";", 1)[0].partition("=")
            self._cookies[name] = value
        return response.status, response.headers, response.data
