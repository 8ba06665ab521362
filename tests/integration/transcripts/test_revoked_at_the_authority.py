"""From the authority's host to the signing desk: a certificate that was taken back signs nothing any more."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from hocba.city.schools import actions as city
from hocba.desk import opening
from hocba.desk.channels import Channel
from hocba.desk.ports import Order
from hocba.platform.tenancy import scope
from hocba.signing import demo_trust, trust_list_files
from hocba.signing.demo_ca import DemoAuthority
from hocba.simulators.revocation_service import RevocationService
from hocba.transcripts.issuing.desk import DESK
from hocba.transcripts.roster import sync
from tests.fakes.sides import Sides
from tests.integration.transcripts import desk, world

pytestmark = pytest.mark.django_db

TEACHER = "GV0002"


@pytest.fixture
def authority() -> Iterator[DemoAuthority]:
    """The school's authority, with its host on loopback; only the trust list says where that is."""
    shared = world.keys().authority
    made = replace(shared, revoked=[])
    server = RevocationService(0, lambda: made)
    made.services = server.address
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def trust_the_list_of(authority: DemoAuthority) -> None:
    at, signer = timezone.now().replace(microsecond=0), authority.issue_system("Người lập danh sách")
    listed = trust_list_files.write(
        demo_trust.trust_list(
            authority, version=1, now=at, next_update=at + timedelta(days=60), services=True
        )
    )
    with scope.whole_site():
        city.load_trust_list(
            listed,
            signer.sign(listed),
            by="test",
            at=at,
            signers=[signer.certificate],
            production=False,
        )


def preflight(of: world.Keys) -> Any:
    actor, task = world.actor(TEACHER), desk.task_of(TEACHER, "subject_teacher")
    assert task is not None
    with scope.acting_for(world.SCHOOL.code):
        found = opening.examine(
            DESK,
            actor,
            DESK.task(actor, task.id),
            order=Order(task=task.id, certificate=of.der(TEACHER), channel=Channel.PROGRAM),
            clock=None,
            at=timezone.now(),
        )
    return {each.detail for each in found.findings if each.level == "stop"}


def test_the_desk_refuses_in_preflight_what_the_authority_revoked(
    network: Sides, authority: DemoAuthority
) -> None:
    of = world.keys()
    world.install_trust(of, city=True)
    world.install_roster(world.pupils(1))
    desk.take_in(world.sealed_book(of, count=1))
    trust_the_list_of(authority)
    call_command("refresh_revocation")
    sync.sync_certificates(world.SCHOOL.code, by="sync", at=timezone.now())
    assert preflight(of) == set()

    authority.revoke(of.keys[TEACHER].certificate.serial_number, at=timezone.now().replace(microsecond=0))
    call_command("refresh_revocation")
    sync.sync_certificates(world.SCHOOL.code, by="sync", at=timezone.now())

    (reason,) = preflight(of)
    assert "thu hồi" in reason
