"""From the sealed class record to archived transcripts, with both sides and real signatures."""

from __future__ import annotations

import pytest

from hocba.platform.tenancy import scope
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.workflow import Status
from tests.integration.transcripts import desk, world

pytestmark = pytest.mark.django_db


def test_every_transcript_is_sealed() -> None:
    of = world.keys()
    book = world.sealed_book(of, count=2)
    world.install_trust(of)
    world.install_roster(book.pupils)

    compilation = desk.take_in(book)
    desk.sign_up_to(of, compilation, "seal")

    with scope.whole_site():
        assert records.counts_of(compilation.pk) == {Status.SEALED: 2}
