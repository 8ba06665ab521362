"""What a verifier believes: authorities, revocation lists, approved certificates; what follows for a signer.

    trust = load({"root.pem": ..., "issuing.crl": ..., "79764501.json": ...})
    checks = trust.check_certificate(certificate, extra_chain=(), at=signed_at, now=now)

Everything is judged at signing time (Quy chế Điều 7.1, 17.3); `now` says how old the evidence may be. The
caller MUST have verified the signature itself, and MUST ask `check_approval` with what the signed data says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography import x509

from hocba.signing import certificates, chains, ocsp, revocation, trust_list_files
from hocba.signing.approvals import ApprovalRegister, read_register
from hocba.signing.chains import ChainFinder, is_self_signed
from hocba.signing.checks import Check, Code, failed, not_checked, passed
from hocba.signing.instants import day
from hocba.signing.ocsp import OcspAnswers
from hocba.signing.revocation import NO_GRACE, RevocationLists
from hocba.signing.trust_list import DEMONSTRATION_RULES, ClassRule, Purpose, TrustList

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from cryptography.x509.ocsp import OCSPResponse

    from hocba.signing.approvals import Approval, Claim
    from hocba.signing.chains import Path

VALIDITY = "certificate_validity"
KEY_USAGE = "key_usage"
_FOR_DOCUMENTS = passed(KEY_USAGE, "Chứng thư số được dùng để ký văn bản.")

OCSP_SUFFIX = ".ors"
"""The registered suffix of OCSP answers (RFC 6960 appendix C.2)."""
SIGNATURE_SUFFIX = ".sig"

_NOT_TRUST = (
    "không phải chứng thư số, danh sách thu hồi, danh sách tin cậy hay danh sách chứng thư số được phê duyệt."
)


class TrustError(ValueError):
    """A trust file that cannot be used; `file` names it and the text says why, for people."""

    def __init__(self, file: str, sentence: str) -> None:
        super().__init__(f"{file}: {sentence}")
        self.file = file


@dataclass(frozen=True)
class TrustMaterial:
    """All that verification rests on, ready to be asked many times. Build it with `load`.

    With a `trust_list` only its authorities are anchors, and `rules` say which class of them may sign what.
    `grace` is for desks (`check_signer`): how much too old a revocation list may be while nobody can be reached.
    """

    chains: ChainFinder
    revocation_lists: RevocationLists
    approvals: ApprovalRegister
    trust_list: TrustList | None = None
    rules: tuple[ClassRule, ...] = DEMONSTRATION_RULES
    grace: timedelta = NO_GRACE

    def check_certificate(
        self,
        certificate: x509.Certificate,
        *,
        extra_chain: Sequence[x509.Certificate] = (),
        at: datetime,
        now: datetime,
        existed_at: datetime | None = None,
        grace: timedelta = NO_GRACE,
    ) -> tuple[Check, ...]:
        """Validity, key usage, chain and revocation at signing time `at`, judged at `now` (both aware).

        `extra_chain` are certificates the signer sent along (a CMS does): they help to find a path and are
        believed no further. `existed_at` is a proven moment at which the signature existed, if there is one.
        """
        if not certificates.is_readable(certificate):
            return (failed(chains.NAME, Code.FORMAT_FAILURE, "Không đọc được chứng thư số."),)
        chain, path = self.chains.check(certificate, extra=extra_chain, at=at)
        if path is not None and chain.passed:
            chain = self._check_authorities(path, at=at, now=now, existed_at=existed_at) or chain
        if path is None:
            revoked = not_checked(
                revocation.NAME,
                Code.NO_CERTIFICATE_CHAIN_FOUND,
                "Chưa kiểm tra được việc thu hồi vì chưa biết nơi cấp chứng thư số.",
            )
        else:
            revoked = revocation.check_path(
                path, self.revocation_lists, at=at, now=now, existed_at=existed_at, grace=grace
            )
        return (
            check_validity(certificate, at=at, now=now, existed_at=existed_at),
            check_key_usage(certificate),
            chain,
            revoked,
        )

    def check_approval(
        self,
        certificate: x509.Certificate,
        claim: Claim,
        *,
        at: datetime,
        now: datetime,
        existed_at: datetime | None = None,
    ) -> Check:
        """Whether the managing level approved this certificate for what the signed data claims; times as above."""
        return self.approvals.check(certificate, claim, at=at, now=now, existed_at=existed_at)

    def check_signer(self, certificate: x509.Certificate, claim: Claim, *, at: datetime) -> tuple[Check, ...]:
        """Whether somebody may sign with this certificate here and now, as desks ask before giving out anything."""
        return (
            *self.check_certificate(certificate, at=at, now=at, grace=self.grace),
            self.check_approval(certificate, claim, at=at, now=at),
        )

    def _check_authorities(
        self, path: Path, *, at: datetime, now: datetime, existed_at: datetime | None
    ) -> Check | None:
        """What age of keys and the trust list add to a path that holds; None when they add nothing."""
        weak = chains.fault_of_age(path, at=at, now=now, existed_at=existed_at)
        if weak is not None or self.trust_list is None:
            return weak
        return self.trust_list.check_path(
            path, purpose_of(path[0]), rules=self.rules, at=at, now=now, existed_at=existed_at
        )


def purpose_of(certificate: x509.Certificate) -> Purpose:
    """What a signer's certificate was issued for, by whom it names."""
    return Purpose.ORGANISATION if certificates.names_organisation(certificate) else Purpose.PERSON


def check_validity(
    certificate: x509.Certificate, *, at: datetime, now: datetime, existed_at: datetime | None = None
) -> Check:
    """Whether the certificate was in its period of validity when it signed (Quy chế Điều 7.1)."""
    start, end, period = _validity(certificate)
    if at < start:
        return failed(VALIDITY, Code.NOT_YET_VALID, f"Đã ký trước khi chứng thư số có hiệu lực ({period}).")
    if at > end:
        return failed(VALIDITY, Code.EXPIRED, f"Đã ký sau khi chứng thư số hết hạn ({period}).")
    if now <= end:
        return passed(VALIDITY, f"Chứng thư số có hiệu lực tại thời điểm ký ({period}).")
    if existed_at is not None and existed_at <= end:
        return passed(
            VALIDITY,
            f"Chứng thư số nay đã hết hạn nhưng còn hiệu lực tại thời điểm ký, có bằng chứng ({period}).",
        )
    return not_checked(
        VALIDITY,
        Code.OUT_OF_BOUNDS_NO_POE,
        f"Không chứng minh được chữ ký có trước khi chứng thư số hết hạn ({period}).",
    )


@certificates.remembered
def _validity(certificate: x509.Certificate) -> tuple[datetime, datetime, str]:
    """Begin and end of the validity, and both days for people."""
    start, end = certificates.validity(certificate)
    return start, end, f"{day(start)}–{day(end)}"


def check_key_usage(certificate: x509.Certificate) -> Check:
    """Whether the certificate's key is one to sign documents with."""
    if certificates.may_sign_documents(certificate):
        return _FOR_DOCUMENTS
    return failed(
        KEY_USAGE, Code.CHAIN_CONSTRAINTS_FAILURE, "Chứng thư số không được cấp để ký văn bản (keyUsage)."
    )


def load(files: Mapping[str, bytes], *, rules: tuple[ClassRule, ...] = DEMONSTRATION_RULES) -> TrustMaterial:
    """Sort the files of a trust folder by what they contain; raises TrustError naming the one that is broken.

    `*.json` are registers of approved certificates, or a trust list (the newest version counts; who signed it was
    asked when it was taken over); `*.ors` are OCSP answers; the others hold certificates or revocation lists, PEM
    (any number in one file) or DER. Self-signed authorities become anchors, with a trust list only those on it;
    other authorities become intermediates; certificates of persons are left aside, since trusting a folder must
    never mean trusting a signer.
    """
    found = _Folder()
    for file, data in sorted(files.items()):
        try:
            found.take(file.lower(), data)
        except certificates.UNREADABLE as error:
            raise TrustError(file, _NOT_TRUST) from error
    return found.material(rules)


@dataclass(slots=True)
class _Folder:
    """What was found so far."""

    authorities: list[x509.Certificate] = field(default_factory=list)
    lists: list[x509.CertificateRevocationList] = field(default_factory=list)
    answers: list[OCSPResponse] = field(default_factory=list)
    registers: list[tuple[str, tuple[Approval, ...]]] = field(default_factory=list)
    trust_list: TrustList | None = None

    def take(self, file: str, data: bytes) -> None:
        """Read one file; raises one of certificates.UNREADABLE. Signatures of trust lists have done their work."""
        if file.endswith(SIGNATURE_SUFFIX):
            return
        if file.endswith(OCSP_SUFFIX):
            self.answers.append(ocsp.read(data))
        elif file.endswith(".json"):
            self._take_json(data)
        else:
            found, lists = read_x509(data)
            if not all(map(certificates.is_readable, found)) or not all(map(revocation.is_readable, lists)):
                raise ValueError("a certificate or list with a part that cannot be read")
            self.authorities += filter(certificates.is_authority, found)
            self.lists += lists

    def _take_json(self, data: bytes) -> None:
        if not trust_list_files.is_trust_list(data):
            self.registers.append(read_register(data))
            return
        found = trust_list_files.read(data)
        if self.trust_list is None or found.version > self.trust_list.version:
            self.trust_list = found

    def material(self, rules: tuple[ClassRule, ...]) -> TrustMaterial:
        """Everything together."""
        anchors = [item for item in self._trusted() if is_self_signed(item)]
        others = [*self._trusted(), *self.authorities]
        return TrustMaterial(
            chains=ChainFinder(
                anchors=anchors, intermediates=[item for item in others if not is_self_signed(item)]
            ),
            revocation_lists=RevocationLists(self.lists, [OcspAnswers(self.answers)]),
            approvals=ApprovalRegister(self.registers),
            trust_list=self.trust_list,
            rules=rules,
        )

    def _trusted(self) -> list[x509.Certificate]:
        if self.trust_list is None:
            return self.authorities
        return [item for authority in self.trust_list.authorities for item in authority.certificates]


def read_x509(
    data: bytes,
) -> tuple[list[x509.Certificate], list[x509.CertificateRevocationList]]:
    """Certificates and revocation lists of a file, PEM or DER. Raises one of certificates.UNREADABLE."""
    if b"-----BEGIN" in data:
        return _read_pem(data)
    try:
        return [x509.load_der_x509_certificate(data)], []
    except ValueError:
        return [], [x509.load_der_x509_crl(data)]


def _read_pem(data: bytes) -> tuple[list[x509.Certificate], list[x509.CertificateRevocationList]]:
    found: list[x509.Certificate] = []
    lists: list[x509.CertificateRevocationList] = []
    if b"-----BEGIN CERTIFICATE-----" in data:
        found = x509.load_pem_x509_certificates(data)
    marker = b"-----BEGIN X509 CRL-----"
    for piece in data.split(marker)[1:]:
        lists.append(x509.load_pem_x509_crl(marker + piece))
    if not found and not lists:
        raise ValueError("no certificate and no revocation list in it")
    return found, lists
