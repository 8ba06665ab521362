"""Drives the signing desk as the people of the school do, through the actions."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from hocba.desk.channels import Channel
from hocba.desk.ports import Order
from hocba.platform.tenancy import scope
from hocba.transcripts.intake import actions as intake
from hocba.transcripts.issuing import actions, jobs, tasks
from hocba.transcripts.records.models import Compilation
from tests.integration.transcripts import world

TEACHERS = ("GV0001", "GV0002", "GV0003", "GV0004", "GV0005")


def take_in(book: world.SealedBook, at: datetime | None = None) -> Compilation:
    book.store_children()
    with scope.whole_site():
        intake.take_in(
            record_id=book.record_id, content=book.year, by="side:tracking", at=at or timezone.now()
        )
        return Compilation.objects.get(class_record_id=book.record_id)


def task_of(code: str, slot: str) -> tasks.Task | None:
    with scope.acting_for(world.SCHOOL.code):
        return next((t for t in tasks.list_tasks(world.actor(code)) if t.slot.name == slot), None)


def order(task: str, certificate: bytes) -> Order:
    return Order(task=task, certificate=certificate, channel=Channel.PROGRAM)


def open_batch(of: world.Keys, code: str, slot: str, at: datetime | None = None) -> actions.OpenedBatch:
    task = task_of(code, slot)
    assert task is not None, f"{code} has no task {slot}"
    with scope.acting_for(world.SCHOOL.code):
        return actions.open_batch(
            order=order(task.id, of.der(task.holder)), actor=world.actor(code), at=at or timezone.now()
        )


def signatures(of: world.Keys, opened: actions.OpenedBatch) -> dict[int, bytes]:
    key = of.keys[opened.batch.holder]
    return {item.pk: key.sign(bytes(item.to_be_signed)) for item in opened.items}


def complete(
    code: str, opened: actions.OpenedBatch, values: dict[int, bytes], at: datetime | None = None
) -> actions.Outcome:
    with scope.acting_for(world.SCHOOL.code):
        return actions.complete_batch(
            batch_id=opened.batch.pk, signatures=values, actor=world.actor(code), at=at or timezone.now()
        )


def sign(of: world.Keys, code: str, slot: str) -> actions.Outcome:
    opened = open_batch(of, code, slot)
    return complete(code, opened, signatures(of, opened))


def render(compilation: Compilation) -> None:
    jobs.render_class(compilation.school_code, compilation.pk)


def sign_up_to(of: world.Keys, compilation: Compilation, last: str) -> None:
    """Let everybody sign, in order, up to and with a slot."""
    for teacher in TEACHERS:
        sign(of, teacher, "subject_teacher")
    render(compilation)
    for code, slot in (
        (world.HOMEROOM, "homeroom_teacher"),
        (world.PRINCIPAL, "principal"),
        (world.CLERK, "seal"),
    ):
        if last == "subject_teacher":
            return
        sign(of, code, slot)
        if slot == last:
            return


def later(minutes: int) -> datetime:
    return timezone.now() + timedelta(minutes=minutes)
