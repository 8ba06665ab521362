"""The main job on one class, step by step over HTTP; what was refused on the way is kept for the tests to read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.people import People, Refused, System, refusal_of
from tests.e2e.running import shared
from tests.factories.workbooks import CLASS, CLERK, CODE, PRINCIPAL, YEAR

if TYPE_CHECKING:
    from pathlib import Path

    from hocba.cli.chain import Chain
    from hocba.platform.messages.ports import Answer
    from tests.e2e.running import Running

PUPILS = 8
SLOTS = ("subject_teacher", "homeroom_teacher", "principal", "seal")


@dataclass
class Walk:
    """One class from its workbooks to the files in a folder."""

    running: Running
    chain: Chain
    people: People
    refused: dict[tuple[str, ...], Refused] = field(default_factory=dict)
    unsealed: Answer | None = None
    pairs: list[tuple[Path, Path]] = field(default_factory=list)
    transcripts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def out(self) -> Path:
        return self.running.folder / "out"

    @property
    def homeroom(self) -> str:
        return self.chain.data.homerooms[0].staff_code

    @property
    def teachers(self) -> list[str]:
        return sorted({row.staff_code for row in self.chain.data.assignments})

    def go(self) -> None:
        self.chain.prepare_school()
        self.chain.enter_marks()
        self.running.house.run("tracking", ["compare_class_records", "--school", CODE, "--school-year", YEAR])
        self._sign_in_order("tracking")
        self.running.wait_until_idle("tracking")
        self.running.wait_until_idle("transcripts")
        self._sign_in_order("transcripts")
        self.running.wait_until_idle("transcripts")
        self.transcripts = self.list_transcripts()
        self.pairs = self.chain.export(self.out)

    def list_transcripts(self) -> list[dict[str, Any]]:
        answer = self.people.desk("transcripts", CLERK).get("/api/transcripts")
        rows: list[dict[str, Any]] = json.loads(answer)["transcripts"]
        return rows

    def signer(self, slot: str) -> str:
        return {"homeroom_teacher": self.homeroom, "principal": PRINCIPAL, "seal": CLERK}[slot]

    def year_record(self) -> tuple[str, bytes]:
        """The class record of the year as it stands now: its id and its file."""
        query = "select uuid from tracking_sealing_document where kind = 'SoNamHoc' and school_code = %s"
        ((name,),) = self.running.rows("tracking", query, CODE)
        return str(name), self.people.desk("tracking", PRINCIPAL).get(f"/so/{name}.xml")

    def _sign_in_order(self, side: str) -> None:
        for number, slot in enumerate(SLOTS):
            self.running.wait_until_idle(side)
            for later in SLOTS[max(number + 1, 1) :]:
                self._try_early(side, slot, later)
            if side == "tracking" and slot == "seal":
                self._send_unsealed()
            for code in self.teachers if slot == "subject_teacher" else [self.signer(slot)]:
                self._sign_all(side, code, slot)

    def _try_early(self, side: str, waiting: str, later: str) -> None:
        """Whoever comes later tries to sign before the slot that is waited for has signed."""
        code, task = self.signer(later), f"{YEAR}.{later}.{1 if later == 'homeroom_teacher' else 0}"
        if side == "transcripts":
            (found,) = self.people.tasks(side, code, later)
            assert not found["ready"], found
            task = found["id"]
        self.refused[side, later, "before", waiting] = refusal_of(
            lambda: self.people.sign(side, code, task, holder=CODE if later == "seal" else code)
        )

    def _sign_all(self, side: str, code: str, slot: str) -> None:
        """Everything the person has to sign; what waits for something else of this very slot comes up after it."""
        while tasks := self.people.tasks(side, code, slot):
            ready = [task for task in tasks if task["ready"]]
            if not ready:
                self.running.wait_until_idle(side)
                ready = [task for task in self.people.tasks(side, code, slot) if task["ready"]]
            assert ready, f"{code} cannot sign: {tasks}"
            for task in ready:
                if slot == "subject_teacher" and (side, "stolen") not in self.refused:
                    other = next(each for each in self.teachers if each != code)
                    self.refused[side, "stolen"] = refusal_of(
                        lambda task=task, other=other: self.people.sign(side, code, task["id"], holder=other)
                    )
                assert self.people.sign(side, code, task["id"], holder=CODE if slot == "seal" else code)

    def _send_unsealed(self) -> None:
        """The tracking system hands over the record of the year before it is sealed, its files first."""
        system = System(self.running, "tracking")
        query = (
            "select file_digest from tracking_sealing_document where school_code = %s and kind <> 'SoNamHoc'"
        )
        for (digest,) in self.running.rows("tracking", query, CODE):
            content = (self.running.state / "files/tracking" / digest[:2] / digest[2:4] / digest).read_bytes()
            sent = system.send("transcripts", "PUT", f"/exchange/v1/files/{digest}", content)
            assert sent.status in {200, 201}, sent
        name, content = self.year_record()
        self.unsealed = system.send("transcripts", "PUT", f"/exchange/v1/class-records/{name}", content)


def walked(config: pytest.Config) -> Walk:
    """The walk of this test process, made by the first who asks."""
    if _KEY not in config.stash:
        running = shared(config)
        with running.at_home():
            chain = running.school(CODE, PUPILS)
            assert {pupil.class_name for pupil in chain.data.pupils} == {CLASS}
            walk = Walk(running, chain, People(chain))
            walk.go()
        config.stash[_KEY] = walk
    return config.stash[_KEY]


_KEY = pytest.StashKey[Walk]()
