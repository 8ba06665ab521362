"""Background work of a side: sends the outbox and runs its jobs until told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from hocba.platform.messages import actions, delivery

if TYPE_CHECKING:
    from argparse import ArgumentParser

logger = logging.getLogger(__name__)

# How long a sender sleeps when nobody wakes it: messages to be tried again become due without a notice.
IDLE_SECONDS = 1.0

# A worker that was killed stops its heartbeat: its jobs start again elsewhere after this time.
HEARTBEAT_SECONDS = 2.0
STALLED_SECONDS = 10.0


class Command(BaseCommand):
    """hocba <side> work."""

    help = "Send the outbox and run the jobs of this side."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many senders and job threads."""
        parser.add_argument("--senders", type=int, default=4)
        parser.add_argument("--jobs", type=int, default=settings.HOCBA_JOB_SLOTS)

    def handle(self, *args: object, **options: Any) -> None:
        """Run until SIGTERM or SIGINT; what is under way is finished first."""
        stop, wake = threading.Event(), threading.Condition()
        senders = [
            threading.Thread(target=_send_until, args=(stop, wake), name=f"sender-{number}", daemon=True)
            for number in range(options["senders"])
        ]
        for sender in senders:
            sender.start()
        threading.Thread(target=_listen_until, args=(stop, wake), name="listener", daemon=True).start()
        try:
            asyncio.run(_run_jobs_until_told(options["jobs"]))
        finally:
            stop.set()
            for sender in senders:
                sender.join(timeout=30)


def _send_until(stop: threading.Event, wake: threading.Condition) -> None:
    while not stop.is_set():
        try:
            sent = delivery.deliver_some()
        except Exception:
            logger.exception("sender met an error")
            close_old_connections()
            sent = 0
        if not sent:
            with wake:
                wake.wait(IDLE_SECONDS)


def _listen_until(stop: threading.Event, wake: threading.Condition) -> None:
    """Wake the senders when a transaction with a new message has committed."""
    while not stop.is_set():
        try:
            connection.ensure_connection()
            listening: Any = connection.connection
            listening.execute(f"listen {actions.CHANNEL}")
            for _ in listening.notifies(timeout=HEARTBEAT_SECONDS):
                with wake:
                    wake.notify_all()
        except Exception:
            logger.exception("listener met an error")
            connection.close()
            stop.wait(IDLE_SECONDS)


async def _run_jobs_until_told(concurrency: int) -> None:
    """Run jobs until SIGTERM or SIGINT; what is under way is finished first.

    Procrastinate stops a worker whose heartbeat or schedule meets an error, and a database that restarts is one.
    """
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    waiting = asyncio.create_task(told.wait())
    while not told.is_set():
        jobs = asyncio.create_task(_run_jobs(concurrency))
        await asyncio.wait({jobs, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if told.is_set():
            jobs.cancel()
        (outcome,) = await asyncio.gather(jobs, return_exceptions=True)
        if not told.is_set():
            problem = outcome if isinstance(outcome, BaseException) else None
            logger.error("jobs stopped; they start again", exc_info=problem)
            await asyncio.wait({waiting}, timeout=IDLE_SECONDS)


async def _run_jobs(concurrency: int) -> None:
    connector: Any = app.connector  # Django's, which knows how to make one for a worker
    with app.replace_connector(connector.get_worker_connector()) as worker:
        async with worker.open_async():
            janitor = asyncio.create_task(_restart_stalled(worker))
            try:
                await worker.run_worker_async(
                    concurrency=concurrency,
                    fetch_job_polling_interval=1.0,
                    delete_jobs="successful",
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=STALLED_SECONDS * 3,
                    shutdown_graceful_timeout=20,
                    install_signal_handlers=False,
                )
            finally:
                janitor.cancel()


async def _restart_stalled(worker: Any) -> None:
    """Every job is idempotent, so starting one again after a kill does no harm."""
    manager = worker.job_manager
    while True:
        try:
            for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
                logger.warning("job %s (%s) starts again after its worker stopped", job.id, job.task_name)
                await manager.retry_job(job)
        except Exception:
            logger.exception("janitor met an error")
        await asyncio.sleep(HEARTBEAT_SECONDS)
