"""What commands that verify files are given: trust folders, a moment, files; read with a limit, never guessed."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from hocba.cli import trust_lists
from hocba.documents.verification import Report, verify
from hocba.documents.verification.report import unreadable
from hocba.documents.verification.validation_policy import LARGEST_FILE
from hocba.exchange.transparency import NoteError, NoteKey
from hocba.signing import trust

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

VIETNAM = timezone(timedelta(hours=7))
TRUST_SUFFIXES = {".pem", ".crt", ".cer", ".der", ".crl", ".ors", ".json", ".sig", ".vkey"}
LOG_KEY_SUFFIX = ".vkey"
"""A log's verifier key, name+hash+key (C2SP signed-note): whose word on approved certificates is taken."""


def add_trust_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what every command that verifies files takes."""
    parser.add_argument(
        "--trust",
        action="append",
        default=[],
        metavar="PATH",
        help="tệp PEM, hoặc thư mục chứa chứng thư (*.pem), danh sách thu hồi (*.crl), trả lời OCSP (*.ors), danh "
        "sách chứng thư số được phê duyệt (*.json), danh sách tin cậy có chữ ký (trust-list.json, trust-list.sig), "
        "khóa nhật ký của Sở (*.vkey); dùng được nhiều lần",
    )
    parser.add_argument(
        trust_lists.OPTION,
        metavar="PEM",
        help="chứng thư số của người lập danh sách tin cậy; mặc định là tệp "
        f"{trust_lists.SIGNERS} cạnh danh sách. Danh sách không xác minh được thì không được dùng",
    )
    parser.add_argument(
        "--at",
        type=_moment,
        metavar="TIME",
        help="thời điểm kiểm tra theo ISO 8601, không ghi múi giờ là giờ Việt Nam; mặc định là bây giờ",
    )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}” không phải thời điểm dạng ISO 8601, ví dụ 2026-11-21T09:00:00+07:00"
        ) from None
    if "T" not in text and " " not in text.strip():
        moment += timedelta(days=1, seconds=-1)  # a day means all of it
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=VIETNAM)


def read_trust(paths: Sequence[str], list_signer: str | None = None) -> tuple[dict[str, bytes], str | None]:
    """The bytes of the trust files by name; with any fault none, and the fault.

    A trust list that its signer did not sign is such a fault; `list_signer` names the file of who must have signed.
    """
    try:
        files = {str(path): path.read_bytes() for path in _trust_files(paths)}
        pinned = None if list_signer is None else Path(list_signer).read_bytes()
    except FileNotFoundError as error:
        return {}, f"Không tìm thấy tệp tin cậy {error.filename}."
    except OSError as error:
        return {}, f"Không đọc được tệp tin cậy {error.filename}."
    problem = trust_lists.problem_of(files, pinned)
    return ({}, problem) if problem else (files, None)


def parse_trust(files: Mapping[str, bytes]) -> tuple[trust.TrustMaterial, str | None]:
    """What the files hold; with any fault nothing, and the fault: half a trust folder proves nothing."""
    try:
        return trust.load({name: data for name, data in files.items() if not _is_key(name)}), None
    except trust.TrustError as error:
        return trust.load({}), f"Tệp tin cậy {error}"


def parse_log_keys(files: Mapping[str, bytes]) -> tuple[list[NoteKey], str | None]:
    """The keys of logs among the trust files, one a file; with any fault none, and the fault."""
    found: list[NoteKey] = []
    for name in filter(_is_log_key, files):
        try:
            found.append(NoteKey.parse(files[name].decode().strip()))
        except (NoteError, ValueError):
            return [], f"Tệp tin cậy {name}: không phải khóa kiểm tra của nhật ký (*{LOG_KEY_SUFFIX})."
    return found, None


def _is_key(name: str) -> bool:
    """Keys of who vouches for a log or a list: no authority of anybody who signs documents."""
    return _is_log_key(name) or trust_lists.is_signers(name)


def _is_log_key(name: str) -> bool:
    return name.lower().endswith(LOG_KEY_SUFFIX)


def load_trust(
    paths: Sequence[str], list_signer: str | None = None
) -> tuple[trust.TrustMaterial, str | None]:
    """Both in one: what the paths hold, or nothing and the fault."""
    files, problem = read_trust(paths, list_signer)
    material, other = parse_trust(files)
    return material, problem or other


def _trust_files(paths: Sequence[str]) -> Iterator[Path]:
    for name in paths:
        path = Path(name)
        if path.is_dir():
            suitable = (item for item in path.iterdir() if item.suffix.lower() in TRUST_SUFFIXES)
            yield from sorted(item for item in suitable if item.is_file())
        else:
            yield path
            if path.suffix.lower() == ".json":
                yield from (other for other in map(Path, trust_lists.beside(name)) if other.is_file())


def read_names(path: str | None) -> list[str]:
    """Names of files, one a line, from a file or standard input ("-"). Raises OSError."""
    if path is None:
        return []
    text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8", "surrogateescape")
    return [line for line in text.splitlines() if line]


def verify_file(file: str, material: trust.TrustMaterial, at: datetime) -> Report:
    """The report about one file; also when there is none, or it cannot be read."""
    data = read_document(Path(file))
    if isinstance(data, str):
        return unreadable(data)
    return verify(data, trust=material, at=at)


def read_document(path: Path, *, largest: int = LARGEST_FILE) -> bytes | str:
    """The bytes of a file, or a sentence saying why there are none; never reads more than is looked at."""
    try:
        if path.is_dir():
            return "Đây là thư mục, không phải tệp."
        if not path.exists():
            return "Không tìm thấy tệp."
        if not path.is_file():
            return "Đây không phải tệp thông thường."
        with path.open("rb") as file:
            return file.read(largest + 1)
    except (OSError, ValueError) as error:
        return f"Không đọc được tệp: {getattr(error, 'strerror', None) or error}."
