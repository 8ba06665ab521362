"""What can stand in the way of signing; every message can be shown to the signer."""

from __future__ import annotations


class SealingError(Exception):
    """Base of all refusals of this app."""


class OrderError(SealingError):
    """It is not this signature's turn, or the document cannot change its state so."""


class NotYoursError(SealingError):
    """The task or the batch belongs to somebody else."""


class CertificateRefusedError(SealingError):
    """The certificate may not sign here and now; the text gives every reason."""


class BatchClosedError(SealingError):
    """The batch was replaced by a newer one, or its time is over."""
