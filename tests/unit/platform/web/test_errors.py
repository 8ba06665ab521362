from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from hocba.platform.accounts.actor import NOBODY
from hocba.platform.web import errors


def asked(path: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.actor = NOBODY  # type: ignore[attr-defined]
    return request


class TestHandlers:
    def test_answer_people_with_a_page_in_their_language(self) -> None:
        answers: list[HttpResponse] = [
            errors.handler403(asked("/x"), PermissionDenied()),
            errors.handler404(asked("/x"), Http404()),
            errors.handler500(asked("/x")),
        ]

        assert [answer.status_code for answer in answers] == [403, 404, 500]
        for answer in answers:
            page = answer.content.decode()
            assert "lang=vi" in page.replace('"', "")
            assert "house.css" in page
            assert "Traceback" not in page

    @pytest.mark.parametrize("path", ["/api/x", "/exchange/v1/x"])
    def test_answer_machines_with_a_problem(self, path: str) -> None:
        answer = errors.handler404(asked(path), Http404())

        assert answer.headers["Content-Type"] == "application/problem+json"
