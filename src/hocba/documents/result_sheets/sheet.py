"""From the full JSON of a report to the words of the sheet; the same for page and PDF.

The JSON is taken and not the report, so that a sheet can be made where the file no longer is: the portal forgets an
upload, and the one who asked for the verdict may still want it on paper.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from hocba.documents.verification import standard, wording
from hocba.documents.verification.standing import Standing, State
from hocba.signing import instants
from hocba.signing.checks import Check, Code, Status, Verdict
from hocba.signing.trust_list import CLASS_NAMES, AuthorityClass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TITLE: Final = "Kết quả kiểm tra học bạ số"
LONGEST: Final = 2_000
"""Characters of any one text; certificates may name anything."""

_BEYOND_LATIN: Final = frozenset("đĐ–—…“”‘’•°×")
_INSTEAD: Final = "?"
# The name of a region means nothing to who reads the sheet; whose signature it is stands beside it.
_REGION: Final = re.compile(r" của vùng “#[^”]*”")


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its outcome."""

    title: str
    status: str
    detail: str


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: whose in which role, how it was found, and what is known of it."""

    title: str
    verdict: str
    outcome: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All texts of a sheet; `verdict` and every `status` are the machine's words, for colours only."""

    verdict: str
    conclusion: str
    meaning: str
    warning: str
    standard: str
    judged_at: datetime | None
    facts: tuple[tuple[str, str], ...]
    items: tuple[Row, ...]
    signatures: tuple[Signature, ...]
    unchecked: tuple[tuple[str, str], ...]


def sheet_of(file: str, document: Mapping[str, Any], *, conclusion: str = "", meaning: str = "") -> Sheet:
    """The sheet about a file of that name; `document` is what `full_json` gave, perhaps by way of JSON.

    `conclusion` and `meaning` replace the verdict's word and sentence where the caller knows more (a register's word).
    """
    judged_at = document["judged_at"]
    verdict = Verdict(document["verdict"])
    return Sheet(
        verdict=str(verdict),
        conclusion=conclusion or wording.VERDICTS[verdict],
        meaning=meaning or _meaning(document, verdict),
        warning=_warning(document),
        standard=_standard(document),
        judged_at=None if judged_at is None else datetime.fromisoformat(judged_at),
        facts=tuple((label, printable(text)) for label, text in _facts(file, document) if text),
        items=tuple(_row(each) for each in document["items"] or document["checks"]),
        signatures=tuple(_signature(each) for each in document["signatures"]),
        unchecked=tuple((each["title"], printable(each["detail"])) for each in document["not_checked"]),
    )


def printable(text: str) -> str:
    """The text with what no page of ours prints made visible: nobody's name may break or turn a line."""
    composed = unicodedata.normalize("NFC", _REGION.sub("", text)[:LONGEST])
    return "".join(letter if _is_latin(letter) else _INSTEAD for letter in composed)


def _is_latin(letter: str) -> bool:
    base = unicodedata.normalize("NFD", letter)[0]
    return " " <= base <= "~" or letter in _BEYOND_LATIN


def _meaning(document: Mapping[str, Any], verdict: Verdict) -> str:
    ended = any(each["status"] and each["status"]["since"] for each in document["signatures"])
    if verdict is Verdict.VALID and ended:
        return wording.ENDED_SINCE
    return wording.MEANINGS[verdict]


def _warning(document: Mapping[str, Any]) -> str:
    """What whoever keeps the sheet must see first: signed with certificates for demonstrations."""
    classes = {
        each["certificate"]["authority_class"] for each in document["signatures"] if each["certificate"]
    }
    return wording.DEMONSTRATION if CLASS_NAMES[AuthorityClass.DEMONSTRATION] in classes else ""


def _standard(document: Mapping[str, Any]) -> str:
    words = [document["indication"], document["sub_indication"]]
    return " / ".join(str(word) for word in words if word)


def _facts(file: str, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Lý do chính", _reason(document)
    yield "Tệp", file
    yield "Loại tệp", wording.KINDS.get(document["kind"], "")
    yield "Giá trị băm của tệp", document["digests"]["file"] or ""
    about = document["document"]
    if about is not None:
        yield "Học sinh", about["pupil"] or ""
        yield "Trường", about["school"]
        yield "Lớp, năm học", f"{about['class_name']}, {about['school_year']}"
        yield "Mã, phiên bản", f"{about['id']}, phiên bản {about['version']}"
    said = {each["detail"] for each in document["not_checked"]}
    yield "Lưu ý", " ".join(note for note in document["notes"] if note not in said)
    yield "Kiểm tra lúc", _moment(document["judged_at"])
    if document["proven_at"]:
        proof = f" ({document['proven_by']})" if document["proven_by"] else ""
        yield "Đã có từ", f"{_moment(document['proven_at'])}{proof}"


def _reason(document: Mapping[str, Any]) -> str:
    """The sentence of the code that decided; none for a file that passed."""
    deciding = standard.deciding(_check(each) for each in document["checks"])
    return "" if deciding is None else wording.reason(deciding)


def _check(each: Mapping[str, Any]) -> Check:
    code = Code(each["code"]) if each["code"] else None
    return Check(each["name"], Status(each["status"]), each["detail"], code)


def _row(each: Mapping[str, Any]) -> Row:
    return Row(each["title"], each["status"], printable(each["detail"]))


def _signature(each: Mapping[str, Any]) -> Signature:
    role = wording.ROLES.get(each["role"], each["role"])
    facts = [(label, printable(text)) for label, text in _of_signature(each) if text]
    outcome = wording.VERDICTS[Verdict(each["verdict"])]
    return Signature(printable(f"{role}: {each['signer']}"), each["verdict"], outcome, tuple(facts))


def _of_signature(each: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Phần được ký", "; ".join(each["covers"])
    yield "Thời điểm người ký ghi", _moment(each["signed_at"])
    yield "Thời điểm có bằng chứng", _moment(each["proven_at"])
    certificate = each["certificate"]
    if certificate is not None:
        start, end = (_day(certificate[name]) for name in ("valid_from", "valid_until"))
        yield "Chứng thư số", f"số {certificate['serial']}, hạn {start}–{end}, {certificate['algorithm']}"
        root = f" (gốc: {certificate['root']})" if certificate["root"] else ""
        yield "Nơi cấp", f"{certificate['issuer']}{root}"
        yield "Loại dịch vụ", certificate["authority_class"]
    status = each["status"]
    if status is not None:
        since = datetime.fromisoformat(status["since"]) if status["since"] else None
        yield (
            "Trạng thái",
            Standing(then=State(status["then"]), now=State(status["now"]), since=since).sentence,
        )
    if each["verdict"] != Verdict.VALID:
        yield "Vì sao", each["detail"]


def _moment(text: str | None) -> str:
    return "" if not text else instants.moment(datetime.fromisoformat(text))


def _day(text: str) -> str:
    return instants.day(datetime.fromisoformat(text))
