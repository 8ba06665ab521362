"""A school at work: people sign in, enter, sign with their own keys."""

from __future__ import annotations

import json
from base64 import b64encode
from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from hocba.exchange import messages
from hocba.platform.messages import ports
from hocba.platform.tenancy import scope
from hocba.sector.assignments import actions as sector
from hocba.tracking.gradebook import actions as gradebook
from hocba.tracking.gradebook import entries, primary_actions, primary_entries
from hocba.tracking.roster import sync
from hocba.tracking.sealing import fetching
from tests.factories import authorities
from tests.factories import small_school as school
from tests.fakes import saved_worlds
from tests.fakes.sides import Sides, deliver

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from hocba.documents.workbooks.values import SchoolData

TEACHERS = ["GV0006", "GV0007", "GV0008", "GV0009"]


class Desk:
    """The school of `small_school`, or another with its staff, and everybody's certificates."""

    def __init__(self, sides: Sides, code: str, data: SchoolData | None = None) -> None:
        self.sides = sides
        self.code = code
        self.data = data or replace(school.data(code), marks=school.marks(), summaries=school.summaries())
        self.clients: dict[str, Client] = {}
        self.root = authorities.root()
        self.holders = {each: self.root.person(f"Người {each}") for each in [*school.POSTS, code]}
        self.register = authorities.register(
            *(authorities.approval(self.holders[each], each, "teacher") for each in TEACHERS),
            authorities.approval(self.holders["GV0001"], "GV0001", "leader"),
            authorities.approval(self.holders[code], code, "seal"),
            school=code,
        )
        self.trust_bundle = self.publish()

    @classmethod
    def of_school(cls, sides: Sides, code: str = school.CODE, data: SchoolData | None = None) -> Desk:
        desk = cls(sides, code, data)
        sector.apply_import(desk.data, by="test", at=school.AT)
        desk.answer_for_the_others()
        sync.sync_roster(code, school.YEAR, by="test", at=school.AT)
        sync.sync_certificates(code, by="test", at=school.AT)
        return desk

    @classmethod
    def at_work(cls, sides: Sides) -> Desk:
        """The school of `small_school` with nothing entered; quick, and only where there is nothing yet."""
        return cls._saved(sides, "at work", lambda: cls.of_school(sides))

    @classmethod
    def compared(cls, sides: Sides) -> Desk:
        """The same with everything entered and compared, so that teachers can sign; as quick."""

        def build() -> Desk:
            desk = cls.of_school(sides)
            desk.enter()
            desk.compare()
            return desk

        return cls._saved(sides, "compared", build)

    @classmethod
    def sealed(cls, sides: Sides) -> Desk:
        """The same with everything signed and sealed; as quick."""

        def build() -> Desk:
            desk = cls.compared(sides)
            desk.sign_all()
            return desk

        return cls._saved(sides, "sealed", build)

    @classmethod
    def _saved(cls, sides: Sides, stage: str, build: Callable[[], Desk]) -> Desk:
        """A desk of this test's own over rows that may have been written before."""
        made, asked, bodies = saved_worlds.built_once(
            (cls, stage), lambda: (build(), tuple(sides.asked), tuple(sides.bodies))
        )
        desk = copy(made)
        desk.sides, desk.clients, desk.holders = sides, {}, dict(made.holders)
        desk.root = replace(made.root, revoked=list(made.root.revoked))
        sides.asked[:], sides.bodies[:] = asked, bodies
        desk.answer_for_the_others()
        return desk

    def answer_for_the_others(self) -> None:
        """The city as below; the transcripts side takes everything in."""
        self.sides.answers["city"] = self.city
        self.sides.answers["transcripts"] = lambda request: ports.Answer(status=201, headers={}, body=b"{}")

    def city(self, request: ports.Request) -> ports.Answer:
        """What the Sở trusts, whom it approved, and yes to everything else."""
        published = {"trust": self.trust_bundle, "certificates": self.register}
        what, _, since = request.url.rpartition("/")[2].partition("?since=")
        if what == "certificate-changes":
            return ports.Answer(status=200, headers={}, body=self.changes(int(since)))
        body = published.get(what, b"{}")
        return ports.Answer(status=200, headers={}, body=body)

    def changes(self, since: int) -> bytes:
        """Of the Sở: only the trust bundle ever changes, after the register of the first day."""
        version = messages.from_bytes(messages.TrustBundle, self.trust_bundle).version + 1
        first = messages.RegisterVersion(school=self.code, version=1)
        return messages.to_bytes(
            messages.CertificateChanges(
                since=since,
                version=version,
                bundle=version if version > since else None,
                registers=(first,) if since == 0 else (),
            )
        )

    def publish(self) -> bytes:
        """The authority's newest list; signed anew each time, hence kept."""
        far = datetime(2099, 1, 1, tzinfo=authorities.VIETNAM)
        return messages.to_bytes(
            messages.TrustBundle(
                version=1,
                issued_at=school.AT,
                anchors=(self.root.pem.decode(),),
                crls=(b64encode(self.root.crl(next_update=far)).decode(),),
            )
        )

    def revoke(self, holder: str) -> None:
        """The authority revokes a certificate, and the Sở publishes the list."""
        self.root.revoke(self.holders[holder], school.AT)
        self.trust_bundle = self.publish()
        sync.sync_certificates(self.code, by="test", at=school.AT)

    def enter(self) -> None:
        """Everything into the gradebook, and out to the sector side."""
        with scope.acting_for(self.code):
            place = {"school_code": self.code, "school_year": school.YEAR, "by": "test", "at": school.AT}
            gradebook.enter_marks(entries=entries.marks_from(self.data.marks), **place)
            gradebook.enter_summaries(entries=entries.summaries_from(self.data.summaries), **place)
            of_primary = primary_entries.marks_from(self.data.primary)
            primary_actions.enter_primary_marks(entries=of_primary, **place)
            year_ends = primary_entries.summaries_from(self.data.primary)
            primary_actions.enter_primary_summaries(entries=year_ends, **place)
        deliver()

    def compare(self) -> Counter[str]:
        return fetching.compare_classes(self.code, school.YEAR, by="test", at=school.AT)

    def client(self, staff_code: str) -> Client:
        """Somebody of the school, signed in."""
        from hocba.platform.accounts.models import User
        from hocba.platform.accounts.staff import username_of

        if staff_code not in self.clients:
            client = self.clients[staff_code] = Client()
            client.force_login(User.objects.get(username=username_of(self.code, staff_code)))
        return self.clients[staff_code]

    def tasks(self, staff_code: str) -> list[dict[str, Any]]:
        return self.client(staff_code).get("/api/signing/tasks").json()["tasks"]

    def open(self, staff_code: str, task: str, holder: str | None = None) -> Any:
        """Open a batch; the answer as it came."""
        der = self.holders[holder or staff_code].certificate.public_bytes(serialization.Encoding.DER)
        return self.client(staff_code).post(
            "/api/signing/batches",
            json.dumps({"task": task, "certificate": b64encode(der).decode()}),
            content_type="application/json",
        )

    def signatures(self, opened: dict[str, Any], holder: str) -> dict[str, str]:
        key = self.holders[holder].key
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return {
            item["id"]: b64encode(
                key.sign(b64decode(item["to_be_signed"]), ec.ECDSA(hashes.SHA256()))
            ).decode()
            for item in opened["items"]
        }

    def give(self, staff_code: str, batch: str, signatures: dict[str, str]) -> Any:
        return self.client(staff_code).post(
            f"/api/signing/batches/{batch}/signatures",
            json.dumps({"signatures": signatures}),
            content_type="application/json",
        )

    def sign(self, staff_code: str, task: str, holder: str | None = None) -> dict[str, Any]:
        """Open and complete one task."""
        opened = self.open(staff_code, task, holder)
        assert opened.status_code == 201, opened.content.decode()
        given = self.give(
            staff_code, opened.json()["batch"], self.signatures(opened.json(), holder or staff_code)
        )
        assert given.status_code == 200, given.content.decode()
        answer: dict[str, Any] = given.json()
        return answer

    def sign_all(self) -> None:
        """Everybody in the order of the circular."""
        year = school.YEAR
        for term in (1, 2):
            for teacher in TEACHERS:
                self.sign(teacher, f"{year}.subject_teacher.{term}")
        for term in (1, 2, 0):
            for teacher in ("GV0008", "GV0009"):
                self.sign(teacher, f"{year}.homeroom_teacher.{term}")
        self.sign("GV0001", f"{year}.principal.0")
        self.sign("GV0004", f"{year}.seal.0", holder=self.code)

    def sign_everything_ready(self) -> None:
        """Everybody signs what is ready, until nobody has anything to sign."""
        teaching = {row.staff_code for row in (*self.data.assignments, *self.data.homerooms)}
        people = {each: each for each in [*sorted(teaching), "GV0001"]} | {"GV0004": self.code}
        signed = True
        while signed:
            signed = False
            for staff_code, holder in people.items():
                for task in self.tasks(staff_code):
                    if task["ready"]:
                        self.sign(staff_code, task["id"], holder=holder)
                        signed = True


def b64decode(text: str) -> bytes:
    import base64

    return base64.b64decode(text)
