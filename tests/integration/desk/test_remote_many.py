"""A thousand hashes under one authorisation, in chunks, with an answer lost on the way."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from hocba.desk import frozen, ports
from hocba.desk.channels import Channel
from hocba.desk.remote_sessions import answering, asking, keeping, providers, running
from hocba.desk.remote_sessions.models import RemoteChunk, RemoteSession
from hocba.desk.remote_sessions.workflow import ChunkState, State
from hocba.platform.accounts import queries as accounts
from hocba.platform.tenancy import scope
from hocba.signing import algorithms, certificates
from tests.fakes import remote_provider
from tests.integration.desk.benches import Bench

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("bench", ["tracking"], indirect=True)]
COUNT, CHUNK = 1000, 100


class ManyDocuments:
    """A desk whose documents are numbers; values are verified as the sides do."""

    name = "many"
    permission = ""
    signed: dict[str, bytes]
    made: ports.Batch

    def batch(self, actor: Any, batch_id: uuid.UUID, *, at: datetime) -> ports.Batch:
        return self.made

    def results(self, actor: Any, batch_id: uuid.UUID) -> Mapping[str, ports.Result]:
        return {name: ports.Result(is_signed=True) for name in self.signed}

    def complete(
        self, actor: Any, batch_id: uuid.UUID, signatures: Mapping[str, bytes], *, at: datetime
    ) -> ports.Outcome:
        leaf = certificates.load(self.made.certificate)
        for name, value in signatures.items():
            algorithms.verify_raw(leaf, value, name.encode())
        self.signed.update(signatures)
        return ports.Outcome(signed=len(signatures), refused=())


DESK = ManyDocuments()


def listing_of(names: list[str]) -> frozen.Listing:
    found = frozen.Listing()
    found.lines = [
        frozen.Line(id=name, title=name, kind="xml", digest=hashlib.sha256(name.encode()).hexdigest())
        for name in names
    ]
    return found


def batch_of(bench: Bench, listing: frozen.Listing, actor: Any, at: datetime) -> ports.Batch:
    batch_id, certificate = uuid.uuid4(), bench.der(bench.signer)
    head = frozen.Head(
        batch=batch_id, task="t", title="t", slot="s", school=actor.school_code, holder=bench.signer, by=actor.name,
        certificate=hashlib.sha256(certificate).hexdigest(), channel="remote", opened_at=at, expires_at=at,
    )  # fmt: skip
    return ports.Batch(
        id=batch_id, task="t", title="t", slot="s", position="teacher", school_code=actor.school_code,
        holder=bench.signer, by=actor.name, certificate=certificate, channel=Channel.REMOTE, state=ports.State.OPEN,
        digest=listing.digest, listing=frozen.keep(head, listing), opened_at=at, expires_at=at + timedelta(hours=1),
    )  # fmt: skip


def test_a_thousand_hashes_are_signed_in_chunks(
    bench: Bench, settings: SettingsWrapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "PAUSES", (0.0,))
    user, at = bench.user_of(bench.signer), timezone.now()
    actor = accounts.actor_of(user, on=timezone.localdate())
    names = [f"van-ban-{number}" for number in range(COUNT)]
    DESK.signed, DESK.permission = {}, next(iter(actor.permissions))
    settings.HOCBA_DESKS = {"many": f"{__name__}.DESK"}
    with remote_provider.running(bench.key_of) as provider, scope.acting_for(actor.school_code):
        settings.HOCBA_REMOTE_PROVIDERS = remote_provider.write_profile(
            tmp_path, provider, chunk=CHUNK, most_hashes=COUNT, quirks={"pushed": True}
        )
        DESK.made = batch_of(bench, listing_of(names), actor, at)
        row = RemoteSession.objects.create(
            school_code=actor.school_code, desk="many", provider="mo-phong", account=user.pk, by=actor.name, task="t",
            state=State.AUTHORISING, batch=DESK.made.id, return_to=remote_provider.CALLBACK,
            credential=f"khoa-{bench.signer}", multisign=10_000, count=COUNT, begun_at=at, changed_at=at,
        )  # fmt: skip
        caller = providers.caller("mo-phong")
        asking.ask(row, DESK, actor, DESK.made, caller=caller, before="", at=at)  # type: ignore[arg-type]
        _, given = remote_provider.agree(answering.address(row, caller))
        row = keeping.of_state(DESK, actor, given["state"])  # type: ignore[arg-type]
        answering.take_return(row, DESK, actor, caller, given, at=at)  # type: ignore[arg-type]
        provider.grants.faults.lose = 1

        running.run(actor.school_code, str(row.pk))

        states = set(RemoteChunk.objects.values_list("state", flat=True))
    assert sorted(DESK.signed) == sorted(names)
    assert states == {ChunkState.STORED}
    assert provider.calls.count("signatures/signHash") == COUNT // CHUNK + 1
