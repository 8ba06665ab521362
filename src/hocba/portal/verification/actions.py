"""Checking the files that somebody dropped: judged by themselves, then asked for in the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hocba.documents.verification.report import unreadable
from hocba.documents.verification.report_json import full_json
from hocba.exchange.messages import RegisterStatus
from hocba.platform.audit import actions as audit
from hocba.portal.verification import evidence, published, sandbox, sheets

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.exchange.messages import RegisterEntry

REGISTER_TITLE = "Tình trạng trong cơ sở dữ liệu học bạ số"
REGISTER_TEXTS = {
    RegisterStatus.CURRENT: ("passed", "Đang có hiệu lực trong cơ sở dữ liệu học bạ số."),
    RegisterStatus.REVOKED: ("failed", "Học bạ này đã bị thu hồi; không dùng trong giao dịch (Điều 5.4)."),
    RegisterStatus.REPLACED: ("failed", "Học bạ này đã được thay thế; hãy dùng phiên bản mới nhất."),
    RegisterStatus.UNKNOWN: ("not_checked", "Không có trong cơ sở dữ liệu học bạ số của thành phố."),
}
OTHER_FILE = "Phiên bản này đã được đăng ký với một tệp khác: tệp này không phải tệp mà trường đã phát hành."
NO_ANSWER = "Chưa hỏi được cơ sở dữ liệu học bạ số của thành phố; hãy kiểm tra lại sau ít phút."
ENDED = "Tệp quá phức tạp nên việc kiểm tra đã được dừng. Học bạ số thật không như vậy."

WORST_FIRST = ("invalid", "unreadable", "indeterminate", "valid")
# Certificates end; that the register took the file in while they held is proof that outlives them.
NEEDS_PROOF_OF_EXISTENCE = {"OUT_OF_BOUNDS_NO_POE", "REVOKED_NO_POE"}


def check_files(contents: tuple[bytes, ...], *, at: datetime) -> dict[str, Any]:
    """The page's verdict over one or two files: the worst of theirs. Raises sandbox.BusyError."""
    try:
        files = _judge(contents, at=at)
    except sandbox.JudgingEndedError:
        files = [_stopped()]
    for file in files:
        audit.record(
            tag="portal:file:checked",
            target=file["file_digest"] or "file:unreadable",
            by="public",
            at=at,
            details={"verdict": file["verdict"]},
        )
    worst = min((file["verdict"] for file in files), key=WORST_FIRST.index)
    return {"verdict": worst, "files": files}


def _judge(contents: tuple[bytes, ...], *, at: datetime) -> list[dict[str, Any]]:
    try:
        trusted = published.trust_files(at=at)
    except published.CityUnreachableError:
        # Without the city nothing can be found valid; do not wait for it three times.
        return [_with_entry(file, None) for file in sandbox.judge(contents, (), at=at)]
    files = sandbox.judge(contents, _plain(trusted), at=at)
    # Only now are the schools known, from signed values: judge again with their approved certificates.
    approved = _approved(files, at=at)
    if approved:
        trusted |= approved
        files = sandbox.judge(contents, _plain(trusted), at=at)
    entries = [_entry(file, files, at=at) for file in files]
    existed_at = _existed_at(files, entries)
    if existed_at:
        files = sandbox.judge(contents, _plain(trusted), at=at, existed_at=existed_at)
    return [
        {**_with_entry(file, entry), "evidence": evidence.offer_for(content, entry)}
        for file, entry, content in zip(files, entries, contents, strict=True)
    ]


def _plain(files: dict[str, bytes]) -> tuple[tuple[str, bytes], ...]:
    return tuple(sorted(files.items()))


def _approved(files: list[dict[str, Any]], *, at: datetime) -> dict[str, bytes]:
    """The approved certificates of the schools in the files; a city that is silent leaves them out."""
    found = {}
    for school in {file["school_code"] for file in files if file["school_code"]}:
        try:
            found[f"{school}.json"] = published.register_file(school, at=at)
        except published.CityUnreachableError:
            continue
    return found


def _entry(file: dict[str, Any], files: list[dict[str, Any]], *, at: datetime) -> RegisterEntry | None:
    """What the register says of a file, asked together with the other half of its pair."""
    if not file["transcript_id"]:
        return None
    name = (file["transcript_id"], file["version"])
    same = [each for each in files if (each["transcript_id"], each["version"]) == name]
    try:
        return published.registered(*name, xml=_first(same, "xml"), pdf=_first(same, "pdf"), at=at)
    except published.CityUnreachableError:
        return None


def _first(files: list[dict[str, Any]], kind: str) -> Any:
    return next((file[kind] for file in files if file[kind]), None)


def _existed_at(files: list[dict[str, Any]], entries: list[RegisterEntry | None]) -> datetime | None:
    """Since when the register has all these very files, when that could change the verdict."""
    codes = {check["code"] for file in files for check in file["checks"]}
    moments = [
        entry.since for entry in entries if entry and entry.status is RegisterStatus.CURRENT and entry.since
    ]
    if not codes & NEEDS_PROOF_OF_EXISTENCE or len(moments) < len(files):
        return None
    return max(moments)


def _with_entry(file: dict[str, Any], entry: RegisterEntry | None) -> dict[str, Any]:
    """The file with the register's word as its last check, and the verdict that follows."""
    if not file["transcript_id"]:
        return file
    status, detail = _said(entry)
    check = {"name": "register", "title": REGISTER_TITLE, "status": status, "detail": detail, "code": ""}
    verdict = file["verdict"]
    if status == "failed":
        verdict = "invalid"
    elif status == "not_checked" and verdict == "valid":
        verdict = "indeterminate"
    return {
        **file,
        "verdict": verdict,
        "checks": [*file["checks"], check],
        "document": sheets.with_register(
            file["document"], verdict=verdict, check=check, since=_taken_in(entry)
        ),
        "register": str(entry.status) if entry else "",
        # Whether the file is good in itself, so that the page can say that only its time is over.
        "is_sound": file["verdict"] == "valid",
    }


def _taken_in(entry: RegisterEntry | None) -> datetime | None:
    """When the register took this very file in; in its other answers `since` is of something else."""
    return entry.since if entry is not None and entry.status is RegisterStatus.CURRENT else None


def _said(entry: RegisterEntry | None) -> tuple[str, str]:
    if entry is None:
        return "not_checked", NO_ANSWER
    if entry.status is RegisterStatus.UNKNOWN and entry.since:
        return "failed", OTHER_FILE
    status, detail = REGISTER_TEXTS[entry.status]
    if entry.status is RegisterStatus.REPLACED and entry.replaced_by:
        detail = f"Học bạ này đã được thay thế bằng phiên bản {entry.replaced_by}; hãy dùng phiên bản đó."
    return status, detail


def _stopped() -> dict[str, Any]:
    check = {"name": "readable", "title": "Đọc được tệp", "status": "failed", "detail": ENDED, "code": ""}
    return {
        "verdict": "unreadable",
        "kind": None,
        "checks": [check],
        "signatures": [],
        "transcript": None,
        "transcript_id": None,
        "file_digest": "",
        "notes": [],
        "document": full_json(unreadable(ENDED)),
    }
