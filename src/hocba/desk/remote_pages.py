"""Remote signing in a browser: choose a provider, authorise there or with a code, watch the progress."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.contrib import messages as notices
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from hocba.desk import remote, standing
from hocba.desk.errors import DeskError, NotReadyError, NotYoursError
from hocba.desk.pages import REPLACE, hides_what_is_not_yours
from hocba.desk.remote import Step
from hocba.desk.rest import answers_refusals
from hocba.platform.accounts.guards import actor_of
from hocba.platform.answers import json_answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hocba.desk.ports import Desk

LONGEST_CODE = 100


class RemotePages:
    """The views of one side's desk; `urls.addresses` guards them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @hides_what_is_not_yours
    def begin(self, request: HttpRequest, task_id: str) -> HttpResponse:
        """POST a provider: open a batch and send the person to authorise it."""
        actor, now = actor_of(request), timezone.now()
        try:
            task_id = self.desk.task(actor, task_id).id
        except NotReadyError as error:  # done meanwhile: a form that was sent again
            notices.warning(request, str(error))
            return redirect(self._address("signing"))
        left_open = standing.batches_of(self.desk, actor, task_id, at=now)
        if left_open and not request.POST.get(REPLACE):
            notices.warning(request, standing.sentence(left_open[0].channel, left_open[0].opened_at))
            return redirect(self._address("signing_task", task_id))
        standing.give_up(self.desk, actor, left_open, task_id, at=now)
        provider = request.POST.get("nha_cung_cap", "")
        return self._act(
            request,
            lambda: remote.required().begin(
                self.desk,
                actor,
                task=task_id,
                provider=provider,
                return_to=self._return_to(request),
                at=timezone.now(),
            ),
            back=self._address("signing_task", task_id),
        )

    @hides_what_is_not_yours
    def again(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """POST: ask for authorisation of what is left of a batch."""
        actor = actor_of(request)
        self.desk.batch(actor, batch_id, at=timezone.now())
        return self._act(
            request,
            lambda: remote.required().again(
                self.desk, actor, batch_id, return_to=self._return_to(request), at=timezone.now()
            ),
            back=self._address("signing_batch", batch_id),
        )

    @hides_what_is_not_yours
    def code(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """POST the code that the provider sent to the person."""
        actor = actor_of(request)
        self.desk.batch(actor, batch_id, at=timezone.now())
        code = request.POST.get("ma", "")[:LONGEST_CODE]
        return self._act(
            request,
            lambda: remote.required().code(self.desk, actor, batch_id, code, at=timezone.now()),
            back=self._address("signing_batch", batch_id),
        )

    @hides_what_is_not_yours
    def returned(self, request: HttpRequest) -> HttpResponse:
        """GET: the provider's page sends the person back here."""
        given = {name: str(value) for name, value in request.GET.items()}
        return self._act(
            request,
            lambda: remote.required().returned(self.desk, actor_of(request), given, at=timezone.now()),
            back=self._address("signing"),
        )

    @answers_refusals
    def status(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """GET how far the signing at the provider is."""
        actor, now = actor_of(request), timezone.now()
        self.desk.batch(actor, batch_id, at=now)
        found = remote.required().status(self.desk, actor, batch_id, at=now)
        return json_answer(
            {
                "step": found.step.value,
                "signed": found.signed,
                "count": found.count,
                "detail": found.detail,
            }
        )

    def _act(self, request: HttpRequest, act: Callable[[], remote.Status], *, back: str) -> HttpResponse:
        """Do it and send the person where the next step is, or back with the reason."""
        try:
            found = act()
        except NotYoursError:
            raise
        except DeskError as error:
            notices.error(request, str(error))
            return redirect(back)
        page = self._address("signing_batch", found.batch) if found.batch else ""
        if found.step is not Step.REDIRECT:
            return redirect(page or back)
        # A page with a link, and no redirect: the content security policy lets forms lead nowhere else.
        context = {
            "status": found,
            "host": urlsplit(found.address).netloc,
            "batch_address": page,
            "desk_address": self._address("signing"),
        }
        return render(request, "desk/remote_away.html", context)

    def _return_to(self, request: HttpRequest) -> str:
        return str(request.build_absolute_uri(self._address("signing_remote_return")))

    def _address(self, name: str, *args: object) -> str:
        return reverse(f"{self.desk.name}_{name}", args=args)
