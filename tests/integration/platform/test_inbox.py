"""The same Idempotency-Key gets the same answer, once there is an answer for good."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from hocba.platform.messages import ports
from hocba.platform.messages.inbox import machine
from hocba.platform.messages.models import IncomingMessage
from tests.fakes.sides import HEADER, NamedSeals

if TYPE_CHECKING:
    from django.http import HttpRequest

pytestmark = pytest.mark.django_db


class Receiver:
    """A view that gives one answer after the other."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *statuses: int) -> None:
        seals = NamedSeals("city")
        monkeypatch.setattr(ports, "seals", lambda: seals)
        self.asked = 0
        self._statuses = statuses
        self._key = str(uuid.uuid4())

    def put(self, body: bytes = b"a") -> int:
        @machine("tracking")
        def view(request: HttpRequest) -> HttpResponse:
            self.asked += 1
            return HttpResponse(b"{}", status=self._statuses[self.asked - 1])

        headers = {HEADER: "tracking", "idempotency-key": self._key}
        return view(RequestFactory().put("/x", body, content_type="text/plain", headers=headers)).status_code


class TestMachine:
    @pytest.mark.parametrize("status", [200, 201, 409, 422])
    def test_gives_a_final_answer_again_without_asking(
        self, monkeypatch: pytest.MonkeyPatch, status: int
    ) -> None:
        receiver = Receiver(monkeypatch, status)
        assert [receiver.put(), receiver.put()] == [status, status]
        assert receiver.asked == 1

    @pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
    def test_asks_afresh_after_an_answer_that_was_not_final(
        self, monkeypatch: pytest.MonkeyPatch, status: int
    ) -> None:
        receiver = Receiver(monkeypatch, status, 201)
        assert [receiver.put(), receiver.put(), receiver.put()] == [status, 201, 201]
        assert receiver.asked == 2
        assert IncomingMessage.objects.get().answer_status == 201

    def test_refuses_another_message_under_the_same_key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        receiver = Receiver(monkeypatch, 201)
        assert [receiver.put(), receiver.put(b"b")] == [201, 422]
        assert receiver.asked == 1
