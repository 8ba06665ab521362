"""Checking a file that somebody dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hocba.exchange.messages import RegisterStatus
from hocba.platform.audit import actions as audit
from hocba.portal.verification import published, sandbox

if TYPE_CHECKING:
    from datetime import datetime

REGISTER_TEXTS = {
    RegisterStatus.CURRENT: ("passed", "Đang có hiệu lực trong cơ sở dữ liệu học bạ số."),
    RegisterStatus.REVOKED: ("failed", "Học bạ này đã bị thu hồi; không dùng trong giao dịch (Điều 5.4)."),
    RegisterStatus.REPLACED: (
        "failed",
        "Học bạ này đã được thay thế bằng phiên bản khác; hãy dùng bản mới nhất.",
    ),
    RegisterStatus.UNKNOWN: ("not_checked", "Không có trong cơ sở dữ liệu học bạ số của thành phố."),
}
NO_ANSWER = "Chưa hỏi được cơ sở dữ liệu học bạ số của thành phố; hãy kiểm tra lại sau ít phút."
ENDED = "Tệp quá phức tạp nên việc kiểm tra đã được dừng. Học bạ số thật không như vậy."


def check_file(*, data: bytes, counterpart: bytes | None, at: datetime) -> dict[str, Any]:
    """The page's verdict over a file: judged by itself, then asked for in the register."""
    try:
        verdict = _judge(data, counterpart, at=at)
    except sandbox.JudgingEndedError:
        verdict = _unreadable(ENDED)
    verdict = _with_register(verdict, at=at)
    audit.record(
        tag="portal:file:checked",
        target=verdict["file_digest"] or "file:unreadable",
        by="public",
        at=at,
        details={"verdict": verdict["verdict"]},
    )
    return verdict


def _judge(data: bytes, counterpart: bytes | None, *, at: datetime) -> dict[str, Any]:
    try:
        files = published.trust_files(at=at)
    except published.CityUnreachableError:
        files = {}
    verdict = sandbox.judge(data, counterpart, tuple(sorted(files.items())), at=at)
    school = verdict.get("school_code")
    if not school or not files:
        return verdict
    # Only now is the school known, from signed values: judge again with its approved certificates.
    try:
        files[f"{school}.json"] = published.register_file(school, at=at)
    except published.CityUnreachableError:
        return verdict
    return sandbox.judge(data, counterpart, tuple(sorted(files.items())), at=at)


def _with_register(verdict: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    if not verdict.get("transcript_id"):
        return verdict
    try:
        found = published.registered(
            verdict["transcript_id"], verdict["version"], xml=verdict["xml"], pdf=verdict["pdf"], at=at
        )
        status, detail = REGISTER_TEXTS[found.status]
    except published.CityUnreachableError:
        status, detail = "not_checked", NO_ANSWER
    check = {
        "name": "register",
        "title": "Tình trạng trong cơ sở dữ liệu học bạ số",
        "status": status,
        "detail": detail,
        "code": "",
    }
    verdict["checks"].append(check)
    if status == "failed":
        verdict["verdict"] = "invalid"
    elif status == "not_checked" and verdict["verdict"] == "valid":
        verdict["verdict"] = "indeterminate"
    return verdict


def _unreadable(sentence: str) -> dict[str, Any]:
    check = {"name": "readable", "title": "Đọc được tệp", "status": "failed", "detail": sentence, "code": ""}
    return {
        "verdict": "unreadable",
        "kind": None,
        "checks": [check],
        "signatures": [],
        "transcript": None,
        "transcript_id": None,
        "file_digest": "",
        "notes": [],
    }
