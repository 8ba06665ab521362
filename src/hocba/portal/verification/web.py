"""The public pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hocba.documents.verification import wording
from hocba.platform.accounts.guards import public
from hocba.portal.verification import actions
from hocba.portal.verification.forms import FileForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MARKS = {"valid": "✓", "invalid": "✕", "indeterminate": "?", "unreadable": "–"}


@public
@csrf_exempt  # nothing is changed and nobody is signed in; a page kept open for a day must still work
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The form, and after dropping a file the verdict."""
    if request.method == "GET":
        return render(request, "portal_verification/form.html", {"form": FileForm()})
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "portal_verification/form.html", {"form": form}, status=422)
    files = form.cleaned_data["documents"]
    contents = [file.read() for file in files]
    verdict = actions.check_file(
        data=contents[0], counterpart=contents[1] if len(contents) == 2 else None, at=timezone.now()
    )
    return render(
        request,
        "portal_verification/verdict.html",
        {
            "verdict": verdict,
            "title": _title(verdict["verdict"]),
            "meaning": _meaning(verdict["verdict"]),
            "mark": MARKS[verdict["verdict"]],
            "kind": wording.KINDS.get(verdict["kind"] or "", ""),
            "names": [file.name for file in files],
            "checked_at": timezone.now(),
        },
    )


def _title(verdict: str) -> str:
    return {str(key): text for key, text in wording.VERDICTS.items()}[verdict]


def _meaning(verdict: str) -> str:
    return {str(key): text for key, text in wording.MEANINGS.items()}[verdict]
