"""Schools, declared certificates with their history, and files of trusted authorities."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hocba.city.schools.workflow import Status
from hocba.platform.tenancy.rows import AppendOnly, SchoolScoped


class School(SchoolScoped):
    """A school that declared certificates; its name as it stands in the register."""

    name = models.CharField(max_length=200)
    declaration_version = models.PositiveBigIntegerField()
    declaration_digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["school_code"], name="city_school_once")]

    def __str__(self) -> str:
        return f"{self.school_code} {self.name}"


class DeclaredCertificate(SchoolScoped):
    """A certificate a school declared for a holder; `positions` are teacher, leader, seal.

    `follows` is the holder's certificate that this one renews; both may be approved for a while.
    """

    sha256 = models.CharField(max_length=64)
    der = models.BinaryField()
    holder = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    positions = models.JSONField()
    valid_until = models.DateTimeField()
    status = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Status])
    declared_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=120, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=120, blank=True)
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followers"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["school_code", "sha256", "holder"],
                condition=Q(status__in=["DECLARED", "APPROVED"]),
                name="city_certificate_declared_once",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by="")
                | Q(approved_at__isnull=False) & ~Q(approved_by=""),
                name="city_certificate_approval_whole",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by="") | Q(revoked_at__isnull=False) & ~Q(revoked_by=""),
                name="city_certificate_revocation_whole",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["DECLARED", "REFUSED"], approved_at=None)
                | Q(status="APPROVED", approved_at__isnull=False, revoked_at=None)
                | Q(status="REVOKED", approved_at__isnull=False, revoked_at__isnull=False),
                name="city_certificate_status_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.sha256[:12]} {self.status}"


class CertificateEvent(AppendOnly):
    """One step in the life of a declared certificate; the history an inspector reads."""

    certificate = models.ForeignKey(DeclaredCertificate, on_delete=models.PROTECT, related_name="events")
    status = models.CharField(max_length=10)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.status}"


class AuthorityRevocation(AppendOnly):
    """That the authority took a certificate back, as its list or answer says: noticed once, and for ever."""

    certificate = models.OneToOneField(
        DeclaredCertificate, on_delete=models.PROTECT, related_name="authority_revocation"
    )
    revoked_at = models.DateTimeField()
    noticed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.revoked_at:%Y-%m-%d}"


class TrustFile(AppendOnly):
    """A file that trust is made of, as loaded or fetched; the newest of a name counts.

    Authorities (*.pem), revocation lists (*.crl), OCSP answers (*.ors), the trust list (*.json, *.sig). What was
    fetched has its bytes in the file store, under `sha256`, and no `content` here.
    """

    name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class CurrentTrustFile(models.Model):
    """Which file of a name counts: the newest. Files are rows for ever, and nobody goes through them all to see it."""

    name = models.CharField(max_length=100, primary_key=True)
    file = models.ForeignKey(TrustFile, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name


class TrustChange(AppendOnly):
    """Its newest id is the version of everything verification rests on; processes compare it with theirs."""

    reason = models.CharField(max_length=40)
    school_code = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.id} {self.reason}"
