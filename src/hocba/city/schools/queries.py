"""Reading schools, their certificates, and what is trusted."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import connection

from hocba.city.schools.models import DeclaredCertificate, School, TrustChange, TrustFile
from hocba.city.schools.workflow import Status
from hocba.exchange import messages

if TYPE_CHECKING:
    from django.db.models import QuerySet


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


def trust_version() -> int:
    """Grows with every approval, revocation and trust file."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) from city_schools_trustchange")
        return int(cursor.fetchone()[0])


def changes_since(version: int) -> list[tuple[str, str]]:
    """(reason, school code) of every change after a version."""
    return list(TrustChange.objects.filter(id__gt=version).values_list("reason", "school_code"))


def trust_files() -> dict[str, bytes]:
    """The newest content of every file of authorities and revocation lists."""
    rows = TrustFile.objects.order_by("name", "-id").distinct("name")
    return {row.name: bytes(row.content) for row in rows}


def trust_digests() -> list[dict[str, str]]:
    """Names and digests of the files that count now."""
    rows = TrustFile.objects.order_by("name", "-id").distinct("name").only("name", "sha256")
    return [{"name": row.name, "sha256": row.sha256} for row in rows]


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


def trust_bundle() -> messages.TrustBundle:
    """Authorities and revocation lists for the other sides."""
    anchors: list[str] = []
    lists: list[str] = []
    for name, content in sorted(trust_files().items()):
        if name.endswith(".crl"):
            lists.append(base64.b64encode(_der_of_list(content)).decode())
        else:
            anchors += [
                item.public_bytes(Encoding.PEM).decode() for item in x509.load_pem_x509_certificates(content)
            ]
    newest = TrustChange.objects.filter(reason="authorities").order_by("-id").first()
    return messages.TrustBundle(
        version=newest.pk if newest else 0,
        issued_at=_whole(newest.at if newest else _EPOCH),
        anchors=tuple(anchors),
        crls=tuple(lists),
    )


_EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+07:00")


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


def _der_of_list(content: bytes) -> bytes:
    if b"-----BEGIN" in content:
        return x509.load_pem_x509_crl(content).public_bytes(Encoding.DER)
    return x509.load_der_x509_crl(content).public_bytes(Encoding.DER)
