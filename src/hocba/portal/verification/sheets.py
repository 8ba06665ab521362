"""Result sheets without the file: what the page said travels with the page, signed by us, for an hour.

Nothing is stored here. The browser that got the verdict holds the words of it in a hidden field and may ask for them on
paper; what we did not say ourselves we do not print.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.core import signing

from hocba.documents.result_sheets import Sheet, sheet_of
from hocba.documents.result_sheets.page import page
from hocba.documents.result_sheets.paper import pdf
from hocba.portal.verification.judging import PROVEN_BY
from hocba.signing import instants
from hocba.signing.checks import Verdict, indication_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

SALT: Final = "hocba.portal.result-sheet"
VALID: Final = timedelta(hours=1)
FORMATS: Final = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}
# Which row of Điều 10 a register's word belongs to (Điều 5.4, 17.3).
_ROW: Final = "status"
_WORSE: Final = ("passed", "not_checked", "failed")


class SheetExpiredError(Exception):
    """These words are not ours, or too old."""


def sealed(files: Sequence[Mapping[str, Any]]) -> str:
    """What a page says of its files as text that comes back unchanged; `files` as `presenting` made them."""
    words = [
        {
            "name": file["name"],
            "document": _without_subjects(file["document"]),
            "conclusion": file["title"],
            "meaning": file["meaning"],
        }
        for file in files
    ]
    return signing.dumps(words, salt=SALT, compress=True)


def _without_subjects(document: Mapping[str, Any]) -> dict[str, Any]:
    """A signer's certificate may carry a personal number; no sheet shows it, so it does not travel."""
    signatures = [
        each
        if each["certificate"] is None
        else {**each, "certificate": {**each["certificate"], "subject": ""}}
        for each in document["signatures"]
    ]
    return {**document, "signatures": signatures}


def opened(text: str) -> list[Sheet]:
    """The sheets of a sealed text. Raises SheetExpiredError."""
    try:
        words = signing.loads(text, salt=SALT, max_age=VALID)
    except signing.BadSignature as error:
        raise SheetExpiredError from error
    return [sheet(each) for each in words]


def sheet(file: Mapping[str, Any]) -> Sheet:
    """The sheet about one file."""
    return sheet_of(file["name"], file["document"], conclusion=file["conclusion"], meaning=file["meaning"])


def made(sheets: Sequence[Sheet], kind: str) -> bytes:
    """The sheets as a file of that kind of FORMATS."""
    return page(sheets).encode() if kind == "html" else pdf(sheets)


def with_register(
    document: Mapping[str, Any], *, verdict: str, check: Mapping[str, str], since: datetime | None = None
) -> dict[str, Any]:
    """The report with the register's word as a further check, in its row, and no longer among the unchecked.

    `since` is when the register took this very file in: proof that it existed then.
    """
    row = {name: check[name] for name in ("name", "title", "status", "detail")}
    answered = {check["name"]} if since is None else {check["name"], "proof_of_time"}
    left = [each for each in document["not_checked"] if each["name"] not in answered]
    known = {} if since is None else {"proven_at": instants.iso(since), "proven_by": PROVEN_BY}
    return {
        **document,
        **known,
        "verdict": verdict,
        "indication": indication_of(Verdict(verdict)),
        "checks": [*document["checks"], {**row, "code": None, "clause": None}],
        "items": [_with(each, check) if each["name"] == _ROW else each for each in document["items"]],
        "not_checked": [row, *left] if check["status"] == "not_checked" else left,
    }


def _with(row: Mapping[str, Any], check: Mapping[str, str]) -> dict[str, Any]:
    status = max(row["status"], check["status"], key=_WORSE.index)
    return {**row, "status": status, "detail": f"{row['detail']} {check['detail']}"}
