"""Whatever is asked, the agent refuses it in its own words and signs nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocba_agent.api import ROUTES, Api, Request
from hocba_agent.config import Config
from hocba_agent.problems import TABLE, Problem
from hocba_agent.tokens import Tokens
from tests.unit.agent.conftest import ORIGIN, Person

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["user", "certificate", "title", "count", "digest", "digests", "items", "id", "to_be_signed"]
)
BODIES = st.dictionaries(FIELDS, VALUES | st.lists(st.dictionaries(FIELDS, VALUES), max_size=3), max_size=6)
PATHS = st.sampled_from(
    [
        "/v1/pairings",
        "/v1/pairings/x/confirmation",
        "/v1/batches",
        "/v1/batches/x/sign",
        "/v1/batches/x/resume",
    ]
) | st.text(max_size=40)


class NoTokens(Tokens):
    """No library at all."""

    def places(self) -> list[object]:  # type: ignore[override]
        raise Problem("no_token")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Api:
    directory: Path = tmp_path_factory.mktemp("agent")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return Api(Config(), directory, tokens=NoTokens(), prompter=Person(), clock=lambda: now)


@pytest.fixture(scope="module")
def token(api: Api) -> str:
    name, _ = api.pairings.offer(ORIGIN, "gv0006", now=datetime(2026, 11, 22, tzinfo=UTC))
    return api.pairings.confirm(name, ORIGIN, Person(), now=datetime(2026, 11, 22, tzinfo=UTC))


class TestApi:
    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(path=PATHS, body=BODIES | VALUES, raw=st.none() | st.binary(max_size=60))
    def test_never_crashes(self, api: Api, token: str, path: str, body: object, raw: bytes | None) -> None:
        headers = {
            "host": "127.0.0.1:27640", "origin": ORIGIN, "content-type": "application/json",
            "authorization": f"Bearer {token}", "hocba-user": "gv0006",
        }  # fmt: skip
        content = raw if raw is not None else json.dumps(body).encode()

        answer = api.handle(Request(method="POST", path=path, headers=headers, body=content), port=27640)

        assert answer.status != 500, answer
        assert answer.body is not None
        assert answer.status == 200 or answer.body["code"] in TABLE

    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        headers=st.dictionaries(
            st.sampled_from(["host", "origin", "authorization", "hocba-user"]), st.text(max_size=40)
        )
    )
    def test_serves_nobody_by_luck(self, api: Api, headers: dict[str, str]) -> None:
        for method, path in (("GET", "/v1/certificates"), ("POST", "/v1/batches")):
            answer = api.handle(
                Request(
                    method=method,
                    path=path,
                    headers={**headers, "content-type": "application/json"},
                    body=b"{}",
                ),
                port=27640,
            )
            assert answer.status in (401, 403, 421)

    def test_has_a_sentence_for_every_refusal(self) -> None:
        assert all(sentence.endswith(".") and sentence[0].isupper() for _, sentence in TABLE.values())
        assert len({name for _, _, name in ROUTES}) == len(ROUTES)
