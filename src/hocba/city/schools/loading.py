"""Taking over what trust is made of: authorities, the signed trust list, revocation lists and OCSP answers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from hocba.city.schools import queries
from hocba.city.schools.errors import EmptyTrustFolderError, TrustListRefusedError
from hocba.city.schools.models import CurrentTrustFile, TrustFile
from hocba.city.schools.revocations import notice_revocations
from hocba.city.schools.versions import announce, one_at_a_time
from hocba.platform.audit import actions as audit
from hocba.platform.files import store
from hocba.signing import ocsp, revocation_sources, trust, trust_list_files
from hocba.signing.trust_list import AuthorityClass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from cryptography import x509

    from hocba.signing.trust_list import TrustList

SUFFIXES = frozenset({".pem", ".crl", ".ors", ".json", ".sig"})


@transaction.atomic
def load_trust(
    files: Mapping[str, bytes],
    *,
    by: str,
    at: datetime,
    signers: Sequence[x509.Certificate] = (),
    production: bool = False,
) -> int:
    """Take over authorities, revocation lists, answers, and the trust list; how many files are new or changed.

    A trust list (*.json, with its *.sig) must be signed by one of the pinned `signers` and be newer than the one at
    hand. In production there must be one, and none of the class of demonstrations on it.
    Raises signing.trust.TrustError naming a broken file, EmptyTrustFolderError, TrustListRefusedError.
    """
    if not files:
        raise EmptyTrustFolderError
    one_at_a_time()
    wanted = _with_trust_list(files, signers, production=production)
    trust.load(wanted)
    known = queries.newest_digests()
    fresh = [
        TrustFile(
            name=name, sha256=hashlib.sha256(content).hexdigest(), content=content, loaded_at=at, loaded_by=by
        )
        for name, content in sorted(wanted.items())
        if known.get(name) != hashlib.sha256(content).hexdigest()
    ]
    if fresh:
        _add(fresh)
        announce("authorities", "", at=at)
        audit.record_all(
            targets=[f"trust_file:{row.name}" for row in fresh], tag="schools:trust_file:loaded", by=by, at=at
        )
        notice_revocations(by=by, at=at)
    return len(fresh)


def load_trust_list(
    data: bytes,
    signature: bytes,
    *,
    by: str,
    at: datetime,
    signers: Sequence[x509.Certificate],
    production: bool,
) -> int:
    """Take over a trust list alone; what is no trust list is refused. Raises as `load_trust`."""
    if not trust_list_files.is_trust_list(data):
        raise TrustListRefusedError("Tệp gửi lên không phải danh sách tin cậy.")
    files = {queries.TRUST_LIST: data, queries.TRUST_LIST_SIGNATURE: signature}
    return load_trust(files, by=by, at=at, signers=signers, production=production)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Names of fetched files: those that say something new, and those that are older than the copy at hand."""

    new: frozenset[str]
    older: frozenset[str]


@transaction.atomic
def keep_fetched(files: Mapping[str, bytes], *, by: str, at: datetime) -> Kept:
    """Keep lists and answers that were fetched and judged by the caller.

    No copy at hand gives way to an older one. Only here can that be seen: of two runs, or of a host's two machines,
    either may be the first, and after this lock there is an order.
    """
    one_at_a_time()
    known = queries.newest_digests()
    changed = [name for name in sorted(files) if known.get(name) != store.digest_of(files[name])]
    older = frozenset(name for name in changed if name in known and not _is_news(name, files[name]))
    rows = [
        TrustFile(name=name, sha256=store.put(files[name]), content=b"", loaded_at=at, loaded_by=by)
        for name in changed
        if name not in older
    ]
    if rows:
        _add(rows)
        announce("authorities", "", at=at)
    return Kept(new=frozenset(row.name for row in rows), older=older)


def _is_news(name: str, content: bytes) -> bool:
    """Whether a file may follow the one of its name at hand, which was judged too when it came."""
    at_hand = queries.trust_file(name)
    if at_hand is None:
        return True
    if name.endswith(trust.OCSP_SUFFIX):
        return ocsp.supersedes(content, at_hand)
    return revocation_sources.supersedes(content, at_hand)


def _add(rows: list[TrustFile]) -> None:
    TrustFile.objects.bulk_create(rows)
    CurrentTrustFile.objects.bulk_create(
        [CurrentTrustFile(name=row.name, file=row) for row in rows],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["file"],
    )


def _with_trust_list(
    files: Mapping[str, bytes], signers: Sequence[x509.Certificate], *, production: bool
) -> dict[str, bytes]:
    """The files, with the trust list under its one name, once it may be taken over."""
    names = [name for name in files if name.endswith(".json") and trust_list_files.is_trust_list(files[name])]
    others = {
        name: content
        for name, content in files.items()
        if not name.endswith((".json", trust.SIGNATURE_SUFFIX))
    }
    current = queries.current_trust_list()
    if not names:
        if production and current is None:
            raise TrustListRefusedError(
                "Hệ thống chính thức cần danh sách tin cậy đã ký (*.json và *.sig) trước khi nạp tệp khác."
            )
        return others
    if len(names) > 1:
        raise TrustListRefusedError(f"Chỉ nạp mỗi lần một danh sách tin cậy: {', '.join(sorted(names))}.")
    data, signature = files[names[0]], files.get(names[0].removesuffix(".json") + trust.SIGNATURE_SUFFIX, b"")
    _require_acceptable(_read(data, signature, signers), data, current, production=production)
    return {**others, queries.TRUST_LIST: data, queries.TRUST_LIST_SIGNATURE: signature}


def _read(data: bytes, signature: bytes, signers: Sequence[x509.Certificate]) -> TrustList:
    if not signers:
        raise TrustListRefusedError(
            "Chưa cấu hình chứng thư của người ký danh sách tin cậy (HOCBA_TRUST_LIST_SIGNERS)."
        )
    try:
        return trust_list_files.read_signed(data, signature, signers)
    except trust_list_files.UnsignedTrustListError as error:
        raise TrustListRefusedError(
            "Danh sách tin cậy không có chữ ký (*.sig) của người ký đã được cấu hình."
        ) from error
    except trust_list_files.TrustListError as error:
        raise TrustListRefusedError(f"Không đọc được danh sách tin cậy: {error}") from error


def _require_acceptable(
    found: TrustList, data: bytes, current: TrustList | None, *, production: bool
) -> None:
    if current is not None and found.version <= current.version:
        same = queries.newest_digests().get(queries.TRUST_LIST) == hashlib.sha256(data).hexdigest()
        if not same:
            raise TrustListRefusedError(
                f"Danh sách tin cậy phiên bản {found.version} không mới hơn phiên bản {current.version} đang dùng."
            )
    demonstration = AuthorityClass.DEMONSTRATION
    if production and any(item.authority_class is demonstration for item in found.authorities):
        raise TrustListRefusedError("Hệ thống chính thức không nhận nơi cấp chứng thư trình diễn.")
