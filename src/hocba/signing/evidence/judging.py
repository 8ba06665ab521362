"""Whether a time stamp still proves its time at a later moment, the control time.

The control time of a stamp is the time of the stamp over it, and now for the newest: a unit's certificate that
ended, a key that became too short, a digest that became weak do no harm once the next stamp is in place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hocba.signing import algorithms, certificates, instants, revocation, timestamps
from hocba.signing.checks import Check, Code
from hocba.signing.errors import TimestampError
from hocba.signing.evidence.errors import EvidenceError
from hocba.signing.evidence.policy import AlgorithmPolicy
from hocba.signing.timestamps import Timestamp
from hocba.signing.trust import TrustMaterial
from hocba.signing.trust_list import Purpose

if TYPE_CHECKING:
    from hocba.signing.chains import Path


CLOCKS = timedelta(minutes=5)
"""How far the clock of a unit may run ahead of ours when its token comes in."""


@dataclass(frozen=True, slots=True)
class UnitJudge:
    """Judges tokens by what is trusted and by the algorithms that count."""

    trust: TrustMaterial
    policy: AlgorithmPolicy = field(default_factory=AlgorithmPolicy)

    def judge(self, token: bytes, digest: bytes, algorithm: str, *, control: datetime) -> Timestamp:
        """What the token proves, seen from the control time.

        Raises:
            EvidenceError: the token is for other data, its unit is not trusted, revoked or past its end by the
                control time, or one of its algorithms is.
        """
        try:
            stamp = timestamps.parse(token, digest, algorithm=algorithm)
        except TimestampError as error:
            raise EvidenceError(
                str(error), code=Code.SIG_CRYPTO_FAILURE, sentence="Dấu thời gian không khớp hoặc bị hỏng."
            ) from error
        if stamp.at > control:
            raise EvidenceError(
                "the time stamp is later than its control time",
                code=Code.TIMESTAMP_ORDER_FAILURE,
                sentence="Các dấu thời gian không theo thứ tự thời gian.",
            )
        self.policy.require_strong(stamp.relies_on, control)
        self._require_path(stamp, control)
        return stamp

    def accept(self, token: bytes, digest: bytes, algorithm: str, *, at: datetime) -> Timestamp:
        """What a token that was just made says, for whoever keeps it: by a trusted unit, now, and not revoked.

        Without a fresh revocation list it is kept all the same: a later list will speak of that moment too.
        Raises EvidenceError.
        """
        try:
            return self.judge(token, digest, algorithm, control=at + CLOCKS)
        except EvidenceError as error:
            if error.code is not Code.TRY_LATER:
                raise
            return timestamps.parse(token, digest, algorithm=algorithm)

    def good_until(self, stamp: Timestamp) -> datetime:
        """By when the stamp must be under another one: the first end of a certificate or key of its path.

        Ends of digests may be decided later, so they are asked for by `relies_on`. Raises EvidenceError for a unit
        that is not trusted.
        """
        path = self._path(stamp)
        certificates_of = path[:-1] or path
        ends = [each.not_valid_after_utc for each in certificates_of]
        return min([*ends, *filter(None, map(algorithms.accepted_until, certificates_of))])

    def relies_on(self, stamp: Timestamp) -> frozenset[str]:
        """Every digest that the stamp and the path above it rest on. Raises EvidenceError as `good_until`."""
        return stamp.relies_on | _issuing_digests(self._path(stamp))

    def _require_path(self, stamp: Timestamp, control: datetime) -> None:
        path = self._path(stamp)
        for certificate in path[:-1] or path:
            if not certificates.valid_at(certificate, control):
                name = certificates.common_name(certificate)
                raise EvidenceError(
                    f"the certificate of {name} ended before the next time stamp",
                    code=Code.OUT_OF_BOUNDS_NO_POE,
                    sentence=f"Chứng thư “{name}” của dấu thời gian ngày {instants.day(stamp.at)} đã hết hạn "
                    "trước khi bằng chứng được gia hạn.",
                )
            self.policy.require_strong_key(certificate, control)
        self.policy.require_strong(_issuing_digests(path), control)
        self._require_listed(path, stamp, control)
        check = revocation.check_path(
            path, self.trust.revocation_lists, at=stamp.at, now=control, existed_at=None
        )
        if not check.passed:
            raise _from(check, stamp)

    def _path(self, stamp: Timestamp) -> Path:
        check, path = self.trust.chains.check(stamp.certificate, extra=stamp.embedded, at=stamp.at)
        if path is None or not check.passed:
            raise _from(check, stamp)
        return path

    def _require_listed(self, path: Path, stamp: Timestamp, control: datetime) -> None:
        """With a trust list, the authority must be on it for time stamps, and not be withdrawn by then."""
        listed = self.trust.trust_list
        if listed is None:
            return
        check = listed.check_path(
            path, Purpose.TIMESTAMP, rules=self.trust.rules, at=stamp.at, now=control, existed_at=stamp.at
        )
        if not check.passed:
            raise _from(check, stamp)


def _issuing_digests(path: Path) -> frozenset[str]:
    """Digests by which certificates are signed; the anchor is believed for itself."""
    used = [each.signature_hash_algorithm for each in path[:-1]]
    return frozenset("none" if each is None else each.name.replace("-", "_") for each in used)


def _from(check: Check, stamp: Timestamp) -> EvidenceError:
    unit = certificates.common_name(stamp.certificate)
    return EvidenceError(
        f"the time-stamp unit {unit} is not to be believed: {check.code}",
        code=check.code or Code.NO_CERTIFICATE_CHAIN_FOUND,
        sentence=f"Dấu thời gian của “{unit}” ngày {instants.day(stamp.at)}: {check.detail}",
    )
