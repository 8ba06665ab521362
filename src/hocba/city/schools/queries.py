"""Reading schools, their certificates, and what is trusted."""

from __future__ import annotations

import base64
import unicodedata
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import connection
from django.db.models import F, Max, Prefetch, Q
from django.utils import timezone

from hocba.city.schools.models import (
    AuthorityRevocation,
    CertificateEvent,
    CurrentTrustFile,
    DeclaredCertificate,
    School,
    TrustChange,
    TrustFile,
)
from hocba.city.schools.workflow import Status
from hocba.documents.xml.grammar import ILLEGAL
from hocba.exchange import messages
from hocba.platform.files import store
from hocba.signing import certificates, trust_list_files
from hocba.signing.trust import OCSP_SUFFIX

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hocba.signing.trust_list import TrustList

ANSWERS_STAY = timedelta(days=7)
"""So long answers stay after their certificate: evidence of what it signed last is collected meanwhile."""
Leaving = tuple[str, str, str, datetime]
"""School, holder, fingerprint, and the second in which the approval ended: as registers of schools write them."""
TRUST_LIST = "trust-list.json"
TRUST_LIST_SIGNATURE = "trust-list.sig"


def list_schools() -> QuerySet[School]:
    """Schools that declared certificates, by code."""
    rows: QuerySet[School] = School.objects.order_by("school_code")
    return rows


def list_certificates(
    *, school_code: str | None = None, status: Status | None = None
) -> QuerySet[DeclaredCertificate]:
    """Declared certificates, by school and holder; without their bytes."""
    rows: QuerySet[DeclaredCertificate] = DeclaredCertificate.objects.defer("der").order_by(
        "school_code", "holder", "id"
    )
    if school_code is not None:
        rows = rows.filter(school_code=school_code)
    return rows if status is None else rows.filter(status=status)


def list_counting(*, at: datetime) -> QuerySet[DeclaredCertificate]:
    """Certificates somebody may sign with at a moment, as far as the Sở says: some until a last day that lies ahead."""
    return list_certificates().filter(Q(status=Status.APPROVED) | Q(revoked_at__gt=at))


def counts(row: DeclaredCertificate, *, at: datetime) -> bool:
    """Whether one certificate is of those."""
    ends_later = row.revoked_at is not None and row.revoked_at > at
    return row.status == Status.APPROVED or ends_later


def trust_version() -> int:
    """Grows with every declaration, approval, refusal, revocation and trust file."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) from city_schools_trustchange")
        return int(cursor.fetchone()[0])


def changes_since(version: int) -> list[tuple[str, str]]:
    """(reason, school code) of every change after a version."""
    return list(TrustChange.objects.filter(id__gt=version).values_list("reason", "school_code"))


def certificate_changes(since: int) -> messages.CertificateChanges:
    """Which registers, and whether the trust bundle, changed after a version; the newest change of each."""
    # Before the rows: what is committed in between is then named once more to who asks from here, never left out.
    version = trust_version()
    rows = TrustChange.objects.filter(id__gt=since).values_list("school_code").annotate(newest=Max("id"))
    newest: dict[str, int] = dict(rows.order_by("newest"))
    bundle = newest.pop("", None)
    return messages.CertificateChanges(
        since=since,
        version=version,
        bundle=bundle,
        registers=tuple(
            messages.RegisterVersion(school=school, version=version) for school, version in newest.items()
        ),
    )


def trust_files() -> dict[str, bytes]:
    """The newest content of every file that trust is made of, but for answers about certificates that ended."""
    rows = CurrentTrustFile.objects.select_related("file").order_by("name")
    gone = _ended_certificates()
    return {row.name: _content_of(row.file) for row in rows if row.name not in gone}


def answer_name(sha256: str) -> str:
    """Under which name a fetched answer about a certificate is kept."""
    return f"fetched-{sha256}{OCSP_SUFFIX}"


def _ended_certificates() -> frozenset[str]:
    """Names of answers that nobody needs: their certificates ended, or lost the approval, more than a week ago."""
    names = CurrentTrustFile.objects.filter(name__startswith="fetched-", name__endswith=OCSP_SUFFIX)
    since = timezone.now() - ANSWERS_STAY
    needed = DeclaredCertificate.objects.filter(
        Q(revoked_at=None) | Q(revoked_at__gt=since), valid_until__gt=since
    )
    still = (
        {answer_name(sha256) for sha256 in needed.values_list("sha256", flat=True)}
        if names.exists()
        else set()
    )
    return frozenset(names.values_list("name", flat=True)) - still


def trust_digests() -> list[dict[str, str]]:
    """Names and digests of the files that count now, but for OCSP answers: those are thousands, and rows for ever."""
    return [
        {"name": name, "sha256": digest}
        for name, digest in newest_digests().items()
        if not name.endswith(OCSP_SUFFIX)
    ]


def newest_digests() -> dict[str, str]:
    """Digests of the files that count now, by name."""
    return dict(CurrentTrustFile.objects.order_by("name").values_list("name", "file__sha256"))


def trust_file(name: str) -> bytes | None:
    """The newest content of one file."""
    row = CurrentTrustFile.objects.select_related("file").filter(name=name).first()
    return None if row is None else _content_of(row.file)


def current_trust_list() -> TrustList | None:
    """The trust list that counts."""
    data = trust_file(TRUST_LIST)
    return None if data is None else trust_list_files.read(data)


def trust_list_history() -> list[tuple[TrustFile, TrustList]]:
    """Every version that was taken over, the newest first."""
    rows = TrustFile.objects.filter(name=TRUST_LIST).order_by("-id")
    return [(row, trust_list_files.read(_content_of(row))) for row in rows]


def list_revoked_by_authority(*, at: datetime) -> QuerySet[DeclaredCertificate]:
    """Certificates that still have the Sở's approval although their authority took them back."""
    return (
        list_counting(at=at).filter(authority_revocation__isnull=False).select_related("authority_revocation")
    )


def list_events(pk: int) -> list[CertificateEvent]:
    """The history of a certificate, the oldest first."""
    return list(CertificateEvent.objects.filter(certificate_id=pk).order_by("id"))


def list_leavings(*, school_code: str | None = None) -> frozenset[Leaving]:
    """Approvals that ended because their holder left, not because an officer withdrew them.

    The history tells: a withdrawal counts from the moment it is written down, a last day is a day of its own.
    """
    rows = CertificateEvent.objects.filter(status=Status.REVOKED).exclude(at=F("certificate__revoked_at"))
    if school_code is not None:
        rows = rows.filter(certificate__school_code=school_code)
    found = rows.values_list(
        "certificate__school_code", "certificate__holder", "certificate__sha256", "certificate__revoked_at"
    )
    return frozenset(
        (school, holder, digest, _whole(ended))
        for school, holder, digest, ended in found
        if ended is not None
    )


def leaving_of(row: DeclaredCertificate) -> Leaving | None:
    """How `list_leavings` would name a certificate, or None while nothing ended its approval."""
    ended = row.revoked_at
    return None if ended is None else (row.school_code, row.holder, row.sha256, _whole(ended))


def get_certificate(pk: int) -> DeclaredCertificate | None:
    """One declared certificate with its bytes, and the one it follows."""
    return DeclaredCertificate.objects.select_related("follows").filter(pk=pk).first()


def list_followers(pk: int) -> list[DeclaredCertificate]:
    """Certificates that renew one."""
    return list(DeclaredCertificate.objects.defer("der").filter(follows_id=pk).order_by("id"))


def authority_revocation_of(pk: int) -> AuthorityRevocation | None:
    """That its authority took a certificate back, if it did."""
    return AuthorityRevocation.objects.filter(certificate_id=pk).first()


def approved_certificates_of(school_code: str) -> messages.ApprovedCertificates | None:
    """The register of approved certificates of a school, or None for an unknown school.

    `version` is that of the format, 1: files of this form are read offline by `hocba verify`.
    """
    school = School.objects.filter(school_code=school_code).first()
    if school is None:
        return None
    rows = list(
        list_certificates(school_code=school_code).filter(status__in=[Status.APPROVED, Status.REVOKED])
    )
    moments = [moment for row in rows for moment in (row.approved_at, row.revoked_at) if moment]
    return messages.ApprovedCertificates(
        version=1,
        school=school_code,
        school_name=school.name,
        updated_at=_whole(max(moments, default=_EPOCH)),
        certificates=tuple(_approved(row) for row in rows),
    )


def declared_certificates_of(school_code: str) -> messages.DeclaredCertificates | None:
    """Everything a school declared with its history, the newest first, or None for an unknown school."""
    if not School.objects.filter(school_code=school_code).exists():
        return None
    rows = (
        DeclaredCertificate.objects.filter(school_code=school_code)
        .select_related("authority_revocation", "follows")
        .defer("follows__der")
        .prefetch_related(Prefetch("events", queryset=CertificateEvent.objects.order_by("id")))
        .order_by("-id")
    )
    return messages.DeclaredCertificates(
        school=school_code, certificates=tuple(_standing(row) for row in rows)
    )


def issuers_of(school_code: str) -> frozenset[bytes]:
    """Encoded names of the authorities that issued what was ever approved for a school."""
    rows = DeclaredCertificate.objects.filter(
        school_code=school_code, status__in=[Status.APPROVED, Status.REVOKED]
    )
    return frozenset(
        x509.load_der_x509_certificate(bytes(der)).issuer.public_bytes()
        for der in rows.values_list("der", flat=True)
    )


def trust_bundle() -> messages.TrustBundle:
    """Everything that trust is made of, for the other sides."""
    anchors: list[str] = []
    lists: list[str] = []
    answers: list[str] = []
    files = trust_files()
    for name, content in sorted(files.items()):
        if name.endswith(".crl"):
            lists.append(_base64(_der_of_list(content)))
        elif name.endswith(OCSP_SUFFIX):
            answers.append(_base64(content))
        elif name.endswith(".pem"):
            anchors += [
                item.public_bytes(Encoding.PEM).decode() for item in x509.load_pem_x509_certificates(content)
            ]
    newest = TrustChange.objects.filter(reason="authorities").order_by("-id").first()
    return messages.TrustBundle(
        version=newest.pk if newest else 0,
        issued_at=_whole(newest.at if newest else _EPOCH),
        anchors=tuple(anchors),
        crls=tuple(lists),
        ocsp=tuple(answers),
        trust_list=_base64(files[TRUST_LIST]) if TRUST_LIST in files else None,
        trust_list_signature=_base64(files[TRUST_LIST_SIGNATURE]) if TRUST_LIST in files else None,
    )


_EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+07:00")


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _content_of(row: TrustFile) -> bytes:
    return bytes(row.content) or store.get(row.sha256)


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _approved(row: DeclaredCertificate) -> messages.ApprovedCertificate:
    assert row.approved_at is not None  # noqa: S101 (a constraint of the table)
    return messages.ApprovedCertificate(
        sha256=row.sha256,
        holder=row.holder,
        name=row.name,
        kind=row.kind,  # type: ignore[arg-type]
        positions=tuple(row.positions),
        valid_from=_whole(row.approved_at),
        valid_until=_whole(row.valid_until),
        revoked_at=_whole(row.revoked_at) if row.revoked_at else None,
    )


def _standing(row: DeclaredCertificate) -> messages.DeclaredStanding:
    certificate = certificates.load(bytes(row.der))
    revocation = getattr(row, "authority_revocation", None)
    return messages.DeclaredStanding(
        sha256=row.sha256,
        holder=row.holder,
        name=row.name,
        kind=row.kind,  # type: ignore[arg-type]
        positions=tuple(row.positions),
        serial=f"{certificate.serial_number:X}",
        issuer=_line(certificates.issuer_name(certificate)),
        valid_from=_whole(certificate.not_valid_before_utc),
        valid_until=_whole(row.valid_until),
        status=row.status,  # type: ignore[arg-type]
        follows=row.follows.sha256 if row.follows else None,
        revoked_at=_whole(row.revoked_at) if row.revoked_at else None,
        authority_revoked_at=_whole(revocation.revoked_at) if revocation else None,
        history=tuple(
            messages.DeclaredStep(
                status=event.status,  # type: ignore[arg-type]
                at=_whole(event.at),
                reason=_line(event.reason),
            )
            for event in row.events.all()
        ),
    )


def _line(text: str) -> str:
    """Text that somebody typed, as a message may carry it: NFC, on one line, without control characters."""
    return " ".join(ILLEGAL.sub(" ", unicodedata.normalize("NFC", text)).split())


def _der_of_list(content: bytes) -> bytes:
    if b"-----BEGIN" in content:
        return x509.load_pem_x509_crl(content).public_bytes(Encoding.DER)
    return x509.load_der_x509_crl(content).public_bytes(Encoding.DER)
