"""A teacher with something to sign, on either school side: what the tests of the shared desk need to know."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.utils import timezone

from hocba.exchange import messages
from hocba.platform.tenancy import scope
from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.transcripts.roster import actions as roster
from tests.factories import small_school as school
from tests.fakes.sides import Sides
from tests.integration.tracking.desk import Desk as TrackingSchool
from tests.integration.transcripts import desk as transcripts_desk
from tests.integration.transcripts import world

API = "/api/signing"


@dataclass(slots=True)
class Bench:
    """Two teachers of one school. `signer` has `count` signatures to make in the task `task`."""

    side: str
    signer: str
    colleague: str
    task: str
    count: int
    der: Callable[[str], bytes]
    sign_with: Callable[[str, bytes], bytes]
    user_of: Callable[[str], Any]
    key_of: Callable[[str], SoftwareKey | None]
    withdraw: Callable[[str], None]
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, who: str | None = None) -> Client:
        who = who or self.signer
        if who not in self.clients:
            self.clients[who] = Client()
            self.clients[who].force_login(self.user_of(who))
        return self.clients[who]

    def get(self, address: str, who: str | None = None) -> Any:
        return self.client(who).get(address if address.startswith("/") else f"{API}/{address}")

    def post(self, address: str, body: object, who: str | None = None) -> Any:
        address = address if address.startswith("/") else f"{API}/{address}"
        return self.client(who).post(address, json.dumps(body), content_type="application/json")

    def order(self, holder: str | None = None, **further: object) -> dict[str, object]:
        return {
            "task": self.task,
            "certificate": b64encode(self.der(holder or self.signer)).decode(),
            **further,
        }

    def open(self, **further: object) -> dict[str, Any]:
        answer = self.post("batches", self.order(**further))
        assert answer.status_code == 201, answer.content.decode()
        found: dict[str, Any] = answer.json()
        return found

    def values(self, items: list[dict[str, Any]], holder: str | None = None) -> dict[str, str]:
        return {
            item["id"]: b64encode(
                self.sign_with(holder or self.signer, b64decode(item["to_be_signed"]))
            ).decode()
            for item in items
        }

    def give(self, batch: dict[str, Any], values: dict[str, str], who: str | None = None) -> Any:
        return self.post(f"batches/{batch['batch']}/signatures", {"signatures": values}, who)


def tracking(sides: Sides) -> Bench:
    """GV0006 signs the TOAN sheets of the first term."""
    found = TrackingSchool.compared(sides)

    def der(holder: str) -> bytes:
        return found.holders[holder].certificate.public_bytes(serialization.Encoding.DER)

    def key_of(holder: str) -> SoftwareKey | None:
        made = found.holders.get(holder)
        if made is None:
            return None
        assert isinstance(made.key, ec.EllipticCurvePrivateKey)
        return SoftwareKey(made.certificate, made.key)

    def sign(holder: str, octets: bytes) -> bytes:
        key = found.holders[holder].key
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key.sign(octets, ec.ECDSA(hashes.SHA256()))

    return Bench(
        side="tracking",
        signer="GV0006",
        colleague="GV0007",
        task=f"{school.YEAR}.subject_teacher.1",
        count=2,
        der=der,
        sign_with=sign,
        user_of=lambda code: user(found.code, code),
        key_of=key_of,
        withdraw=found.revoke,
    )


def transcripts(sides: Sides | None = None) -> Bench:
    """GV0002 signs the rows of two subjects of two pupils."""
    from hocba.transcripts.roster import accounts

    of = world.keys()
    book = world.sealed_book(of, count=2)
    world.install_trust(of)
    world.install_roster(book.pupils)
    transcripts_desk.take_in(book)
    with scope.whole_site():
        accounts.follow_roster(world.SCHOOL.code, by="test", at=timezone.now())
    task = transcripts_desk.task_of("GV0002", "subject_teacher")
    assert task is not None
    return Bench(
        side="transcripts",
        signer="GV0002",
        colleague="GV0003",
        task=task.id,
        count=4,
        der=of.der,
        sign_with=lambda holder, octets: of.keys[holder].sign(octets),
        user_of=lambda code: user(world.SCHOOL.code, code),
        key_of=of.keys.get,
        withdraw=lambda holder: _withdraw(of, holder),
    )


def _withdraw(of: world.Keys, holder: str) -> None:
    """The Sở takes the approval of a certificate back."""
    known = world.register(of)
    rows = tuple(
        replace(row, revoked_at=known.updated_at) if row.holder == holder else row
        for row in known.certificates
    )
    with scope.whole_site():
        roster.take_over_certificates(
            world.SCHOOL.code,
            messages.to_bytes(replace(known, certificates=rows)),
            by="test",
            at=timezone.now(),
        )


def user(school_code: str, code: str) -> Any:
    from hocba.platform.accounts.models import User
    from hocba.platform.accounts.staff import username_of

    return User.objects.get(username=username_of(school_code, code))
