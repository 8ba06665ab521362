"""Whose signature a trust list must bear before a command believes it (decision 0046).

Beside the list lies its signature under the same name (`trust-list.sig`). Who has to have signed is told by an option,
or by `trust-list-signers.pem` beside the list, which counts only when the option is not given.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from hocba.signing import trust_list_files
from hocba.signing.certificates import UNREADABLE
from hocba.signing.trust import SIGNATURE_SUFFIX, read_x509

if TYPE_CHECKING:
    from collections.abc import Mapping

OPTION = "--trust-list-signer"
SIGNERS = "trust-list-signers.pem"
"""PEM, one certificate or several; pinned for trust lists alone, never an authority."""


def is_signers(name: str) -> bool:
    """Whether a file among the trust files says whose signature counts under a list."""
    return PurePath(name).name.lower() == SIGNERS


def beside(name: str) -> tuple[str, str]:
    """Where the signature of a list lies, and the certificates of who may sign it."""
    path = PurePath(name)
    return str(path.with_suffix(SIGNATURE_SUFFIX)), str(path.with_name(SIGNERS))


def problem_of(files: Mapping[str, bytes], pinned: bytes | None) -> str | None:
    """Why a trust list among the files (octets by path) must not be believed; None when each is verified or none is.

    `pinned` are the certificates that the option named, PEM or DER.
    """
    listed = (name for name, data in files.items() if _is_list(name, data))
    return next(filter(None, (_problem(name, files, pinned) for name in listed)), None)


def _is_list(name: str, data: bytes) -> bool:
    return name.lower().endswith(".json") and trust_list_files.is_trust_list(data)


def _problem(name: str, files: Mapping[str, bytes], pinned: bytes | None) -> str | None:
    signature, signers = beside(name)
    known = pinned if pinned is not None else files.get(signers)
    if known is None:
        return (
            f"Không dùng danh sách tin cậy {name}: chưa biết ai là người lập. Hãy chỉ chứng thư số của người lập "
            f"bằng {OPTION}, hoặc đặt cạnh danh sách với tên {SIGNERS}."
        )
    if signature not in files:
        return f"Không dùng danh sách tin cậy {name}: thiếu tệp chữ ký {signature}."
    try:
        certificates, _ = read_x509(known)
        trust_list_files.read_signed(files[name], files[signature], certificates)
    except trust_list_files.UnsignedTrustListError:
        return (
            f"Không dùng danh sách tin cậy {name}: danh sách đã bị sửa sau khi ký, hoặc không do người lập đã được "
            "chỉ định ký."
        )
    except trust_list_files.TrustListError:
        return f"Không dùng danh sách tin cậy {name}: danh sách không đúng quy cách."
    except UNREADABLE:
        return f"Không đọc được chứng thư số của người lập danh sách tin cậy {name}."
    return None
