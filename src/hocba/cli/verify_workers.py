"""Processes that judge files and may be killed: each file has so much memory and time, whatever is in it.

    with Workers(setup, jobs=2) as workers:
        for outcomes in workers.judge(groups): ...

A worker gets one group of files at a time and answers with finished text, so nothing piles up in memory. It has no
network, writes no file, and ends with its parent. What a group does to a worker touches that group alone.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import time
import warnings
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Self

from hocba import confinement
from hocba.cli import verify_inputs
from hocba.cli.verify_evidence import Bundles
from hocba.cli.verify_text import NOTHING, Unsaid, as_text, unsaid
from hocba.documents.verification import Verdict, verify_pair
from hocba.documents.verification.pairs import are_versions_of_one
from hocba.documents.verification.report import unreadable
from hocba.documents.verification.report_json import full_json
from hocba.signing.checks import Code, not_checked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from multiprocessing.connection import Connection

    from hocba.cli.verify_groups import Numbered
    from hocba.documents.verification import Report
    from hocba.exchange.transparency import NoteKey
    from hocba.signing.trust import TrustMaterial

MEMORY_BYTES = 1024 * 1024 * 1024
"""Of address space, beyond what the program itself takes."""
CPU_SECONDS_A_FILE = 15
WALL_SECONDS_A_FILE = 60.0
OPEN_FILES = 64
ENDED = "Tệp quá phức tạp nên việc kiểm tra đã được dừng. Học bạ số thật không như vậy."


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What every worker is told once: trust files by name, what is wrong with them, the moment, the output.

    `with_document` asks for the full JSON of every report beside the text, for whoever makes more of it.
    """

    trust_files: dict[str, bytes]
    trust_problem: str | None
    at: datetime
    as_json: bool
    brief: bool
    with_document: bool = False
    evidence: Bundles = field(default_factory=Bundles)
    """Bundles of evidence, as the parent found them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One file judged: its place on the command line, the verdict, and what is to be printed of it."""

    number: int
    file: str
    verdict: Verdict
    text: str
    document: dict[str, Any] | None = None
    unsaid: Unsaid = NOTHING


class Workers:
    """So many processes; a context that ends them all, also after Ctrl+C."""

    def __init__(self, setup: Setup, *, jobs: int, start_method: str | None = None) -> None:
        """`start_method` is one of multiprocessing's; "fork" where it is safe and quick, else "spawn"."""
        self._context: Any = multiprocessing.get_context(start_method or _quickest())
        self._setup = setup
        self._jobs = jobs
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()

    def judge(self, groups: Iterator[tuple[Numbered, ...]]) -> Iterator[list[Outcome]]:
        """The outcomes of every group as they come, in any order."""
        for group in groups:
            while (worker := self._idle()) is None:
                yield from self._answers()
            worker.ask(group)
        while any(worker.group for worker in self._workers):
            yield from self._answers()

    def _idle(self) -> _Worker | None:
        for worker in self._workers:
            if not worker.group:
                return worker
        if len(self._workers) < self._jobs:
            self._workers.append(_Worker(self._context, self._setup))
            return self._workers[-1]
        return None

    def _answers(self) -> Iterator[list[Outcome]]:
        """What has come by now; waits for something to come, or for the first worker's time to be over."""
        busy = [worker for worker in self._workers if worker.group]
        first_end = min(worker.deadline for worker in busy)
        wait([worker.connection for worker in busy], max(0.0, first_end - time.monotonic()))
        for worker in busy:
            # Asked anew: on a busy machine much time may pass after waiting, and who has answered is not given up.
            if worker.connection.poll():
                yield self._answer(worker)
            elif time.monotonic() >= worker.deadline:
                yield self._given_up(worker)

    def _answer(self, worker: _Worker) -> list[Outcome]:
        try:
            outcomes: list[Outcome] = worker.connection.recv()
        except (EOFError, OSError):
            return self._given_up(worker)
        worker.group = ()
        return outcomes

    def _given_up(self, worker: _Worker) -> list[Outcome]:
        """A group of several files is judged again one by one, so that only the guilty one is given up."""
        group = worker.group
        self._workers.remove(worker)
        worker.end()
        if len(group) > 1:
            return [outcome for each in group for outcome in self._alone(each)]
        return [_outcome(each, unreadable(ENDED), self._setup) for each in group]

    def _alone(self, file: Numbered) -> list[Outcome]:
        worker = _Worker(self._context, self._setup)
        try:
            worker.ask((file,))
            if worker.connection.poll(WALL_SECONDS_A_FILE):
                found: list[Outcome] = worker.connection.recv()
                return found
        except (EOFError, OSError):
            pass
        finally:
            worker.end()
        return [_outcome(file, unreadable(ENDED), self._setup)]


@dataclass(slots=True)
class _Worker:
    """One process, the pipe to it, and what it is at work on."""

    context: Any
    setup: Setup
    group: tuple[Numbered, ...] = ()
    deadline: float = 0.0
    connection: Connection[Any, Any] = field(init=False)
    process: Any = field(init=False)

    def __post_init__(self) -> None:
        self.connection, theirs = self.context.Pipe()
        self.process = self.context.Process(target=_serve, args=(theirs, self.setup), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, group: tuple[Numbered, ...]) -> None:
        self.group = group
        self.deadline = time.monotonic() + WALL_SECONDS_A_FILE * len(group)
        self.connection.send(group)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def _quickest() -> str:
    return "fork" if sys.platform == "linux" else "spawn"


def _serve(connection: Connection[Any, Any], setup: Setup) -> None:
    """The life of a worker: give up what is not needed, then answer until the parent hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides, and ends its workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    confinement.die_with_parent()
    warnings.simplefilter("ignore")  # the library's remarks on odd certificates: what counts is in the report
    material, problem = verify_inputs.parse_trust(setup.trust_files)
    confinement.limit_memory(MEMORY_BYTES)
    confinement.limit_files(OPEN_FILES)
    confinement.forbid_network()
    log_keys, no_key = verify_inputs.parse_log_keys(setup.trust_files)
    judge = _Judge(setup, material, log_keys, setup.trust_problem or problem or no_key)
    while True:
        try:
            group: tuple[Numbered, ...] = connection.recv()
        except (EOFError, OSError):
            os._exit(0)
        confinement.allow_processor(CPU_SECONDS_A_FILE * len(group))
        try:
            connection.send(judge.outcomes(group))
        except MemoryError:
            os._exit(1)


@dataclass(frozen=True, slots=True)
class _Judge:
    """What a worker judges by, made once."""

    setup: Setup
    material: TrustMaterial
    log_keys: Sequence[NoteKey]
    problem: str | None

    def outcomes(self, group: Sequence[Numbered]) -> list[Outcome]:
        reports = [_with(self.problem, self._report(each.file)) for each in group]
        _compare_pairs(reports)
        return [_outcome(each, report, self.setup) for each, report in zip(group, reports, strict=True)]

    def _report(self, file: str) -> Report:
        if not self.setup.evidence:
            return verify_inputs.verify_file(file, self.material, self.setup.at)
        return self.setup.evidence.verify(
            file, self.material, self.setup.at, alone=not self.setup.brief, log_keys=self.log_keys
        )


def _with(problem: str | None, report: Report) -> Report:
    if problem is None or report.kind is None:
        return report
    return report.with_check(not_checked("trust", Code.NO_CERTIFICATE_CHAIN_FOUND, problem))


def _compare_pairs(reports: list[Report]) -> None:
    """Where XML and PDF of one transcript are both there, each report says whether they belong together."""
    for one, xml in enumerate(reports):
        for other, pdf in enumerate(reports):
            kinds = (xml.kind, pdf.kind)
            if kinds == ("transcript_xml", "transcript_pdf") and are_versions_of_one(xml, pdf):
                reports[one], reports[other] = verify_pair(xml, pdf)


def _outcome(each: Numbered, report: Report, setup: Setup) -> Outcome:
    document = full_json(report) if setup.as_json or setup.with_document else None
    if setup.as_json:
        text = json.dumps({"file": each.file, **(document or {})}, ensure_ascii=False)
    else:
        text = as_text(each.file, report, brief=setup.brief)
    return Outcome(
        number=each.number,
        file=each.file,
        verdict=report.verdict,
        text=text,
        document=document if setup.with_document else None,
        unsaid=unsaid(report) if setup.brief and not setup.as_json else NOTHING,
    )
