"""Pages that talk with hocba-agent, the program that signs with a USB token on the reader's own machine.

`web/hocba-agent.js` is their script's module. The agent listens on loopback only, at the first free of a few fixed
ports; the content security policy of every other page does not let them be called.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from hocba.platform.web.middleware import POLICY

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    View = Callable[..., HttpResponse]

PORTS = range(27640, 27645)
"""The same in `agent/src/hocba_agent/config.py` and in `hocba-agent.js`; a test compares the three."""

_ADDRESSES = " ".join(f"http://127.0.0.1:{port}" for port in PORTS)
POLICY_WITH_AGENT = POLICY.replace("connect-src 'self'", f"connect-src 'self' {_ADDRESSES}")


def may_call_agent(view: View) -> View:
    """Let the page of this view call the agent: decorate the guarded view, guard innermost or outermost."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        answer.headers["Content-Security-Policy"] = POLICY_WITH_AGENT
        return answer

    return opened
