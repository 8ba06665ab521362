"""Documents that the city really registered, a time-stamp authority with a clock to turn, and what keeps evidence."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from hocba.channels import timestamps as channel
from hocba.city.archive import stamping
from hocba.city.preservation import collecting, queries, renewing
from hocba.city.registration import actions as registration
from hocba.city.schools import actions as schools
from hocba.documents.verification import Verdict
from hocba.documents.verification.validation_policy import VerificationPolicy
from hocba.exchange import messages
from hocba.exchange.preservation.verifying import verify_with
from hocba.platform.files import store
from hocba.platform.tenancy import scope
from hocba.signing import timestamp_unit, trust
from hocba.signing.errors import TimestampError
from hocba.signing.evidence.policy import AlgorithmPolicy
from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.transcripts.records import queries as versions
from tests.factories.evidence import Unit, unit, year
from tests.fakes.sides import Sides
from tests.integration.transcripts import desk, world

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

WEAK = AlgorithmPolicy().with_end("sha256", year(2040))
STRICT = VerificationPolicy(digests=MappingProxyType({"SHA-256": year(2040)}))
SECOND = unit("hai", start=year(2028), end=year(2040))
THIRD = unit("ba", start=year(2035), end=year(2060), digest="sha512")


class Clock:
    """The time-stamp authority: whose key, and what time it is there."""

    def __init__(self, key: SoftwareKey) -> None:
        self.key, self.at, self.digest, self.silent = key, None, "sha256", False
        self.asked = 0

    def turn(self, by: Unit, at: datetime) -> None:
        """Years later: another unit, which the city trusts with the revocation list of the day."""
        self.key, self.at, self.digest = by.key, at, by.digest
        with scope.whole_site():
            schools.load_trust(by.trust_files(at - timedelta(days=1)), by="officer", at=at)

    def post(self, address: str, request: bytes) -> bytes:
        self.asked += 1
        if self.silent:
            raise TimestampError("no answer")
        return timestamp_unit.issue(
            request,
            key=self.key,
            policy="1.2.3",
            serial=self.asked,
            at=self.at or timezone.now(),
            signed_with=self.digest,
        )


@pytest.fixture
def clock(settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch) -> Clock:
    settings.HOCBA_TSA_URL = "http://tsa.test"
    stamping.forget()
    made = Clock(world.keys().authority.issue_timestamp_unit())
    monkeypatch.setattr(channel, "_post", made.post)
    return made


@dataclass(frozen=True)
class Signed:
    """A sealed version as the school sends it."""

    transcript_id: uuid.UUID
    version: int
    xml: bytes
    pdf: bytes

    @property
    def issued(self) -> SimpleNamespace:
        """Digests of its files, as the school's own row has them."""
        return SimpleNamespace(xml_digest=store.digest_of(self.xml), pdf_digest=store.digest_of(self.pdf))


@dataclass(frozen=True)
class ClassOfTwo:
    """A sealed class record and the versions made of it."""

    book: world.SealedBook
    versions: list[Signed]


@pytest.fixture(scope="session")
def signed() -> list[ClassOfTwo]:
    """Signed once, by the first test that asks; rows are gone after each test, octets stay good."""
    return []


def sign_class() -> ClassOfTwo:
    of = world.keys()
    book = world.sealed_book(of, count=2)
    world.install_roster(book.pupils)
    compilation = desk.take_in(book)
    desk.sign_up_to(of, compilation, "seal")
    with scope.whole_site():
        return ClassOfTwo(
            book,
            [
                Signed(
                    each.transcript_id,
                    each.version,
                    store.get(each.issued.xml_digest),
                    store.get(each.issued.pdf_digest),
                )
                for each in versions.list_versions(compilation.pk)
            ],
        )


@pytest.fixture
def registered(network: Sides, clock: Clock, signed: list[ClassOfTwo]) -> list[Signed]:
    """Two versions that the city registered."""
    world.install_trust(world.keys(), city=True)
    if not signed:
        signed.append(sign_class())
    (found,) = signed
    world.give_to_city(found.book)
    with scope.whole_site():
        for each in found.versions:
            registration.register_transcript(
                transcript_id=each.transcript_id,
                version=each.version,
                xml=each.xml,
                pdf=each.pdf,
                pdf_digest=each.issued.pdf_digest,
                by="side:transcripts",
                at=timezone.now(),
            )
    return found.versions


def collect() -> int:
    return collecting.collect(by="test", at=timezone.now())


def preserved() -> None:
    """Stamped, collected, and the material's own entry stamped."""
    stamping.stamp_newest(by="test", at=timezone.now())
    assert collect() == 2
    assert stamping.stamp_newest(by="test", at=timezone.now() + timedelta(minutes=5))


def bundle_of(version: Any) -> bytes:
    with scope.whole_site():
        return queries.bundle_of(version.transcript_id, version.version)


def renew(at: datetime, policy: AlgorithmPolicy = WEAK) -> renewing.Outcome:
    return renewing.renew(by="test", at=at, policy=policy)


def receivers_trust(at: datetime, *units: Unit) -> trust.TrustMaterial:
    """What somebody far from the city has: the root, the register, the units' authorities with lists of the day."""
    of = world.keys()
    files = {"root.pem": of.authority.certificate_pems()["root.pem"]}
    files["register.json"] = messages.to_bytes(world.register(of))
    for each in units:
        files |= each.trust_files(at - timedelta(days=1))
    return trust.load(files)


def verdict(version: Any, at: datetime, *units: Unit, kind: str = "xml") -> Verdict:
    data = store.get(getattr(version.issued, f"{kind}_digest"))
    report = verify_with(
        data, bundle_of(version), trust=receivers_trust(at, *units), at=at, algorithms=WEAK, policy=STRICT
    )
    return report.verdict
