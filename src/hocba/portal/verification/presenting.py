"""The verdict in the order people ask: what follows, why, whose transcript, then step by step."""

from __future__ import annotations

import re
from typing import Any

from hocba.documents.verification import wording
from hocba.exchange.messages import RegisterStatus
from hocba.portal.verification import evidence, sheets

MARKS = {"valid": "✓", "invalid": "✕", "indeterminate": "?", "unreadable": "–"}
# A file that is good in itself and no longer in force is no forgery, and the page must not call it one.
OVER = {
    RegisterStatus.REVOKED: (
        "ĐÃ BỊ THU HỒI",
        "Tệp do trường phát hành và không bị sửa, nhưng học bạ này đã bị thu hồi, không còn dùng được (Điều 5.4).",
    ),
    RegisterStatus.REPLACED: (
        "ĐÃ ĐƯỢC THAY THẾ",
        "Tệp do trường phát hành và không bị sửa, nhưng đã có phiên bản mới thay thế, không dùng bản này nữa.",
    ),
}
EDITED = "Tệp đã bị sửa sau khi ký nên không có giá trị (Điều 10 Quy chế)."
# The name of a region means nothing to who reads the page; whose signature it is stands before it.
REGION = re.compile(r" của vùng “#[^”]*”")
# Said beside these facts already.
SHOWN_APART = {"Phần được ký", "Thời điểm người ký ghi", "Trạng thái", "Vì sao"}
STEPS = (
    ("Đúng cấu trúc", ("readable", "structure", "signature_profile", "record", "pdf_digest")),
    ("Không bị sửa sau khi ký", ("integrity", "coverage", "pdf_changes", "pair")),
    (
        "Đủ chữ ký, đúng người, đúng thứ tự",
        (
            "signatures_present",
            "signer_name",
            "assigned_signer",
            "distinct_signers",
            "signing_time",
            "signing_order",
            "time_evidence",
        ),
    ),
    (
        "Chứng thư số có giá trị lúc ký",
        (
            "certificate_validity",
            "key_usage",
            "certificate_chain",
            "algorithm",
            "revocation",
            "approved_certificate",
        ),
    ),
    ("Tình trạng tại Sở", ("register",)),
)
ADVICE = {
    "invalid": "Không dùng tệp này. Hãy xin lại tệp gốc từ người đưa tệp hoặc từ nhà trường.",
    "indeterminate": "Hãy kiểm tra lại sau ít phút; nếu vẫn vậy, hãy hỏi nhà trường hoặc Sở Giáo dục và Đào tạo.",
    "unreadable": "Hãy chọn đúng tệp XML hoặc PDF do nhà trường phát hành, không phải ảnh chụp hay bản in quét lại.",
}


def verdict_page(result: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """All a page needs to show a result of `actions.check_files`."""
    files = [_file(_plain(file), name) for file, name in zip(result["files"], names, strict=False)]
    worst = next(file for file in files if file["verdict"] == result["verdict"])
    return {
        "verdict": result["verdict"],
        "mark": MARKS[result["verdict"]],
        "title": worst["title"],
        "meaning": worst["meaning"],
        "advice": ADVICE.get(result["verdict"], "") if not worst["is_over"] else "",
        "files": files,
        "sealed": sheets.sealed(files),
        "evidence": evidence.buttons(files),
        "are_apart": len(files) == 2 and not any(check["name"] == "pair" for check in files[0]["checks"]),
    }


def _file(file: dict[str, Any], name: str) -> dict[str, Any]:
    over = OVER.get(file.get("register", "")) if file.get("is_sound") else None
    title, meaning = over or (
        _word(wording.VERDICTS, file["verdict"]),
        _word(wording.MEANINGS, file["verdict"]),
    )
    reasons = [] if over else _reasons(file)
    if any(check["name"] == "integrity" and check["status"] == "failed" for check in reasons):
        meaning = EDITED
    sheet = sheets.sheet({**file, "name": name, "conclusion": title, "meaning": meaning})
    return {
        **file,
        "name": name,
        "rows": sheet.items if file["kind"] else (),
        "unchecked": sheet.unchecked,
        "standard": sheet.standard,
        "notes": [note for note in file.get("notes", ()) if note not in dict(sheet.unchecked).values()],
        "signatures": [
            {**item, "facts": [fact for fact in known.facts if fact[0] not in SHOWN_APART]}
            for item, known in zip(file["signatures"], sheet.signatures, strict=True)
        ],
        "kind_title": wording.KINDS.get(file["kind"] or "", ""),
        "title": title,
        "meaning": meaning,
        "is_over": bool(over),
        "reasons": reasons,
        "steps": _steps(file),
    }


def _plain(file: dict[str, Any]) -> dict[str, Any]:
    """The file with details in the words of people."""
    signatures = [
        {**item, "items": [_worded(check) for check in item["items"]]} for item in file["signatures"]
    ]
    return {**file, "checks": [_worded(check) for check in file["checks"]], "signatures": signatures}


def _worded(check: dict[str, Any]) -> dict[str, Any]:
    return {**check, "detail": REGION.sub("", check["detail"])}


def _word(words: dict[Any, str], verdict: str) -> str:
    return {str(key): text for key, text in words.items()}[verdict]


def _reasons(file: dict[str, Any]) -> list[dict[str, Any]]:
    """What made the verdict: the failed checks, or those that could not be made when none failed."""
    failed = [check for check in file["checks"] if check["status"] == "failed"]
    found = failed or [check for check in file["checks"] if check["status"] == "not_checked"]
    return sorted(found, key=lambda check: check["name"] != "integrity")


def _steps(file: dict[str, Any]) -> list[dict[str, Any]]:
    """The checks in five plain steps; one of a name unknown here goes to the first, none is dropped."""
    named = {name for _, names in STEPS for name in names}
    steps = []
    for number, (title, names) in enumerate(STEPS):
        checks = [
            check
            for check in file["checks"]
            if check["name"] in names or (number == 0 and check["name"] not in named)
        ]
        if checks:
            steps.append({"title": title, "status": _worst(checks), "checks": checks})
    return steps


def _worst(checks: list[dict[str, Any]]) -> str:
    states = {check["status"] for check in checks}
    return next(status for status in ("failed", "not_checked", "passed") if status in states)
