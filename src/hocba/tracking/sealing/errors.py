"""What can stand in the way of signing: the desk's own refusals; every message can be shown to the signer."""

from __future__ import annotations

from hocba.desk.errors import (
    BatchOverError,
    CertificateRefusedError,
    DeskError,
    NotReadyError,
    NotYoursError,
)

__all__ = ["BatchOverError", "CertificateRefusedError", "DeskError", "NotYoursError", "OrderError"]


class OrderError(NotReadyError):
    """It is not this signature's turn, or the document cannot change its state so."""
