"""Certificates somebody is about to declare: for whom they may be, and everything that stands in the way."""

from __future__ import annotations

import base64
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocba.exchange import messages, posts
from hocba.exchange.declared_certificates import contradictions
from hocba.signing import certificates, chains
from hocba.signing.checks import Status
from hocba.signing.instants import day
from hocba.transcripts.certificates.standings import OPEN, TITLES, list_standings
from hocba.transcripts.roster import queries as roster
from hocba.transcripts.roster import trust

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from cryptography import x509

    from hocba.signing.trust import TrustMaterial
    from hocba.transcripts.certificates.standings import Standing
    from hocba.transcripts.roster.models import Staff

SEAL = ("seal",)
OF_PERSONS = ("teacher", "leader")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A certificate and for whom it is to be declared; `holder` is a staff code or the school's; "" for nobody yet."""

    certificate: x509.Certificate
    holder: str = ""
    positions: tuple[str, ...] = ()
    wanted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at and is not as it should be; `stops` the declaration, or is only said."""

    text: str
    stops: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A choice with what was found; `item` is what would be sent, None as long as nobody was chosen."""

    choice: Choice
    item: messages.DeclaredCertificate | None
    findings: tuple[Finding, ...]

    @property
    def may_be_sent(self) -> bool:
        """Whether nothing stops."""
        return self.item is not None and not any(each.stops for each in self.findings)


@dataclass(slots=True)
class Examiner:
    """What a school's certificates are held against, read once for all of them."""

    school_code: str
    at: datetime
    school_name: str = field(init=False)
    staff: dict[str, Staff] = field(init=False)
    _standings: list[Standing] = field(init=False)
    _trust: TrustMaterial = field(init=False)

    def __post_init__(self) -> None:
        self.school_name = roster.name_of_school(self.school_code)
        self.staff = {
            person.code: person for person in roster.list_staff(self.school_code).filter(active=True)
        }
        self._standings = list_standings(self.school_code, at=self.at)
        self._trust = trust.material(self.school_code)

    def suggest(self, certificate: x509.Certificate) -> Choice:
        """For whom a certificate seems to be: the school, or the one member of staff of that name."""
        if certificates.names_organisation(certificate):
            return Choice(certificate=certificate, holder=self.school_code, positions=SEAL)
        name = certificates.common_name(certificate)
        same = [each for each in self.staff.values() if certificates.same_person_name(each.name, name)]
        if len(same) != 1:
            return Choice(certificate=certificate, positions=OF_PERSONS[:1])
        leads = same[0].post in posts.LEADERS
        return Choice(
            certificate=certificate,
            holder=same[0].code,
            positions=OF_PERSONS if leads else OF_PERSONS[:1],
        )

    def examine(self, choices: Sequence[Choice]) -> list[Candidate]:
        """Everything that is wrong, with all of them at once."""
        seen = Counter(
            (certificates.fingerprint(each.certificate), each.holder) for each in choices if each.wanted
        )
        found = []
        for choice in choices:
            item = self._item(choice)
            findings = [*self._of_holder(choice, item), *self._of_certificate(choice.certificate)]
            if choice.wanted and seen[certificates.fingerprint(choice.certificate), choice.holder] > 1:
                findings.append(
                    Finding(text="Chứng thư số này được chọn nhiều lần cho cùng một người.", stops=True)
                )
            found.append(Candidate(choice=choice, item=item, findings=tuple(findings)))
        return found

    def _item(self, choice: Choice) -> messages.DeclaredCertificate | None:
        of_school = choice.holder == self.school_code
        if not of_school and choice.holder not in self.staff:
            return None
        return messages.DeclaredCertificate(
            der=base64.b64encode(certificates.to_der(choice.certificate)).decode(),
            holder=choice.holder,
            name=self.school_name if of_school else self.staff[choice.holder].name,
            kind="organisation" if of_school else "person",
            positions=SEAL if of_school else choice.positions,  # type: ignore[arg-type]
            valid_from=choice.certificate.not_valid_before_utc,
            valid_until=choice.certificate.not_valid_after_utc,
        )

    def _of_holder(self, choice: Choice, item: messages.DeclaredCertificate | None) -> Iterator[Finding]:
        if item is None:
            yield Finding(
                text="Chưa chọn người giữ, hoặc người ấy không còn làm việc tại trường.", stops=True
            )
            return
        for problem in contradictions(item, choice.certificate, school=self.school_code):
            yield Finding(text=problem[0].upper() + problem[1:], stops=True)
        if not item.positions:
            yield Finding(text="Chưa chọn vai ký.", stops=True)
        person = self.staff.get(item.holder)
        if "leader" in item.positions and person is not None and person.post not in posts.LEADERS:
            yield Finding(
                text=f"{person.name} không phải hiệu trưởng, phó hiệu trưởng: không ký vai lãnh đạo.",
                stops=True,
            )
        yield from self._of_declarations(choice)

    def _of_declarations(self, choice: Choice) -> Iterator[Finding]:
        digest = certificates.fingerprint(choice.certificate)
        for known in self._standings:
            if known.sha256 != digest or known.state not in OPEN:
                continue
            if known.holder == choice.holder:
                yield Finding(text=f"Đã khai báo rồi: {TITLES[known.state].lower()}.", stops=True)
            else:
                yield Finding(text=f"Đã khai báo cho người khác: {known.name} ({known.holder}).", stops=True)

    def _of_certificate(self, certificate: x509.Certificate) -> Iterator[Finding]:
        start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if end < self.at:
            yield Finding(text=f"Chứng thư số đã hết hạn ngày {day(end)}.", stops=True)
        if start > self.at:
            yield Finding(text=f"Chứng thư số chưa có hiệu lực, đến {day(start)} mới có.", stops=True)
        if not self._trust.chains.anchors:
            yield Finding(
                text="Chưa nhận được danh sách tin cậy của Sở nên chưa đối chiếu được nơi cấp.", stops=False
            )
            return
        if chains.weakness_of(certificate) is not None:
            return  # said already, and no path is looked for with such a key
        # Validity and key usage are asked above, in words for somebody who has not signed yet.
        _, _, chain, revocation = self._trust.check_certificate(certificate, at=self.at, now=self.at)
        if not chain.passed:
            yield Finding(text=chain.detail, stops=True)
        elif revocation.status is Status.FAILED:
            yield Finding(text="Nơi cấp đã thu hồi chứng thư số này.", stops=True)
        elif not revocation.passed:
            yield Finding(text=revocation.detail, stops=False)
