"""The portal with a city that answers from memory, on a day when the sample's certificates hold."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from hocba.portal.verification import judging, published, sandbox
from tests.factories import transcripts
from tests.fakes.published_city import PublishedCity


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> PublishedCity:
    """The city; judging runs in this process, its own process has tests of its own."""
    found = PublishedCity()
    monkeypatch.setattr(published.client, "exchange", found.exchange)
    monkeypatch.setattr(timezone, "now", lambda: transcripts.NOW)
    monkeypatch.setattr(sandbox, "warm", lambda: None)
    monkeypatch.setattr(sandbox, "judge", _judge)
    return found


def _judge(contents: Any, trust_files: Any, *, at: Any, existed_at: Any = None) -> Any:
    return judging.judge(contents, trust_files, at, existed_at)


@pytest.fixture(scope="session")
def pair() -> transcripts.Pair:
    """XML and PDF of `transcripts.transcript()`, really signed."""
    return transcripts.sign_pair(transcripts.school(), transcripts.transcript())
