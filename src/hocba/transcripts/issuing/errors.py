"""Why the signing desk refuses: the desk's own errors, and the base of what else can go wrong in this app."""

from __future__ import annotations

from hocba.desk.errors import (
    BatchOverError,
    CertificateRefusedError,
    DeskError,
    NotReadyError,
    NotYoursError,
)

__all__ = ["BatchOverError", "CertificateRefusedError", "DeskError", "NotReadyError", "NotYoursError"]
