from __future__ import annotations

import re
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from hocba.platform.accounts.guards import public
from hocba.platform.web import agent, middleware

SCRIPT = Path(agent.__file__).parent / "static" / "web" / "hocba-agent.js"


@agent.may_call_agent
@public
def page(_: HttpRequest) -> HttpResponse:
    return HttpResponse("trang ký")


class TestMayCallAgent:
    def test_opens_the_policy_to_the_ports_of_the_agent_and_to_nothing_else(self) -> None:
        answer = middleware.ContentSecurityPolicy(page)(RequestFactory().get("/"))

        policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
        assert policy.pop("connect-src").split() == [
            "'self'",
            *(f"http://127.0.0.1:{port}" for port in agent.PORTS),
        ]
        assert f"{'; '.join(f'{name} {value}' for name, value in policy.items())}" == "; ".join(
            part for part in middleware.POLICY.split("; ") if not part.startswith("connect-src")
        )

    def test_keeps_the_guard_of_the_view(self) -> None:
        assert getattr(page, "guard", None) == "public"

    def test_knows_the_ports_that_the_script_tries(self) -> None:
        listed = re.search(r"PORTS = Object\.freeze\(\[([\d, ]+)\]\)", SCRIPT.read_text("utf-8"))

        assert listed
        assert [int(port) for port in listed.group(1).split(",")] == list(agent.PORTS)
