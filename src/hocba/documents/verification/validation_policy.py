"""The validation policy as a value: what a verifier asks for beyond what the formats fix by themselves.

This is the "validation constraints" input of ETSI EN 319 102-1 clause 5.2.4. A stricter policy is another value,
never another branch; the name stands in every report, so that a reader knows by which rules it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from hocba.signing import algorithms
from hocba.signing.algorithms import Allowance
from hocba.signing.trust_list import ClassRule
from hocba.signing.xml_gate import DEFAULT_LIMITS, Limits

CLOCK_TOLERANCE = timedelta(minutes=5)
"""A signer's clock may run ahead of the verifier's by this much."""
LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of a file that is looked at; a transcript has well under a megabyte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationPolicy:
    """What is asked for. `keys` and `digests` say until when algorithms count (None: open).

    With `approval_required` a certificate must stand in the register of approved certificates (Quy chế Điều 21.8);
    without it an absent register is listed as not checked and does not make the verdict indeterminate, while a
    register that is there and says no still does. `class_rules` say which class of authority may sign what, from when
    until when; None leaves it to the trust material. They count where there is a trust list that names classes.
    """

    name: str = "hocba-2026"
    keys: tuple[Allowance, ...] = algorithms.ALLOWED
    digests: Mapping[str, datetime | None] = field(
        default_factory=lambda: MappingProxyType({"SHA-256": None})
    )
    approval_required: bool = True
    class_rules: tuple[ClassRule, ...] | None = None
    clock_tolerance: timedelta = CLOCK_TOLERANCE
    largest_file: int = LARGEST_FILE
    xml_limits: Limits = DEFAULT_LIMITS


DEFAULT_POLICY = VerificationPolicy()
