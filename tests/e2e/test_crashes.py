"""Processes die at any moment and start again: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import hashlib
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import psycopg
import pytest
import urllib3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree

from hocba.cli.desk import DeskError
from hocba.cli.processes import WORKERS, StartError
from hocba.exchange import transparency
from hocba.platform.messages.management.commands.work import HEARTBEAT_SECONDS
from hocba.platform.tenancy import protection
from hocba.sites import databases
from tests.e2e.conftest import OTHER_PUPILS
from tests.e2e.running import UNFINISHED
from tests.factories.workbooks import OTHER_CODE, YEAR

if TYPE_CHECKING:
    from pathlib import Path

    from hocba.cli.chain import Chain
    from tests.e2e.running import Running

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SEED = int(os.environ.get("HOCBA_CRASH_SEED", "20261121"))
PATIENCE_SECONDS = 240.0
POLL_SECONDS = 0.005
SIDES = ("sector", "tracking", "transcripts", "city")
TROUBLE = (DeskError, StartError, urllib3.exceptions.HTTPError, psycopg.Error, OSError, KeyError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Victim:
    """Who dies once a count has come to a number from `least` to `most`, which the seed chooses.

    `missed_by` is a side that is to notice before the victim starts again: a message of it could not be delivered.
    """

    name: str
    side: str
    query: str
    most: int
    least: int = 1
    missed_by: str = ""


DELIVERED = (
    "select count(*) from platform_messages_outgoingmessage where state = 'DELIVERED' and school_code = %s"
)
REPORTED = DELIVERED + " and recipient = 'sector'"
MISSED = """
    select count(*) from platform_messages_outgoingmessage
    where attempts > 0 and state = 'PENDING' and school_code = %s
"""
BOOK_SIGNED = "select count(*) from tracking_sealing_documentsignature where school_code = %s"
SIGNED = "select count(*) from transcripts_issuing_signingitem where status = 'SIGNED' and school_code = %s"
SEALING = "select count(*) from transcripts_issuing_signingitem where slot = 'seal' and school_code = %s"
RENDERING = """
    select (select count(*) from procrastinate_jobs where status = 'doing')
         + (select count(*) from transcripts_issuing_rendering where school_code = %s)
"""
ARCHIVED = "select count(*) from city_archive_archivedtranscript where school_code = %s"

BOOK_SIGNATURES = 24 + 2 + 3
SIGNATURES_BEFORE_SEAL = OTHER_PUPILS * (12 + 2 + 2)
VICTIMS = {
    "enter": [
        Victim(name="sector", side="tracking", query=REPORTED, least=0, most=0, missed_by="tracking"),
        Victim(name="tracking-work", side="tracking", query=REPORTED, least=0, most=20),
    ],
    "class_record": [
        Victim(name="tracking", side="tracking", query=BOOK_SIGNED, most=BOOK_SIGNATURES - 2),
        Victim(name="postgres", side="tracking", query=BOOK_SIGNED, most=BOOK_SIGNATURES - 2),
        Victim(
            name="tracking-work",
            side="tracking",
            query=BOOK_SIGNED,
            least=BOOK_SIGNATURES,
            most=BOOK_SIGNATURES,
        ),
        Victim(
            name="transcripts",
            side="tracking",
            query=BOOK_SIGNED,
            least=BOOK_SIGNATURES,
            most=BOOK_SIGNATURES,
        ),
    ],
    "sign": [
        Victim(name="transcripts", side="transcripts", query=SIGNED, most=SIGNATURES_BEFORE_SEAL - 20),
        Victim(name="postgres", side="transcripts", query=SIGNED, most=SIGNATURES_BEFORE_SEAL - 20),
        Victim(name="transcripts-work", side="transcripts", query=RENDERING, most=1),
    ],
    "archive": [
        Victim(name="transcripts", side="transcripts", query=SEALING, most=1),
        Victim(name="transcripts-work", side="city", query=ARCHIVED, most=OTHER_PUPILS - 2),
        Victim(name="city", side="transcripts", query=SEALING, most=1, missed_by="transcripts"),
        Victim(name="city-work", side="city", query=ARCHIVED, most=OTHER_PUPILS - 2),
        Victim(name="postgres", side="city", query=ARCHIVED, most=OTHER_PUPILS - 2),
    ],
}


@dataclass
class Killer:
    """Kills at its moments and starts again, while somebody works."""

    running: Running
    rng: random.Random
    killed: list[tuple[str, str]] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    def during(self, stage: str, work: Callable[[], None]) -> None:
        """Work until it is done, while the victims of the stage die; people try again when something failed."""
        threads = [
            threading.Thread(
                target=self._kill, args=(stage, victim, self.rng.randint(victim.least, victim.most))
            )
            for victim in VICTIMS[stage]
        ]
        for thread in threads:
            thread.start()
        try:
            _until_done(work)
        finally:
            for thread in threads:
                thread.join(PATIENCE_SECONDS)
        if self.failures:
            raise self.failures[0]
        # What is done is done: doing it once more must change nothing.
        _until_done(work)

    def _kill(self, stage: str, victim: Victim, moment: int) -> None:
        try:
            self._wait_for(victim, moment)
            self.running.kill(victim.name)
            self.killed.append((stage, victim.name))
            if victim.missed_by:
                self._wait_for(replace(victim, side=victim.missed_by, query=MISSED), 1)
            self.running.restart(victim.name)
        except BaseException as error:
            self.failures.append(error)

    def _wait_for(self, victim: Victim, moment: int) -> None:
        """Until the victim's count has come to its moment; the database may be down meanwhile."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                with psycopg.connect(
                    databases.url_of(victim.side, as_owner=False), autocommit=True
                ) as connection:
                    connection.execute("select set_config('hocba.school', '*', false)")
                    while time.monotonic() < end:
                        found = connection.execute(victim.query, [OTHER_CODE]).fetchone()
                        if found and found[0] >= moment:
                            return
                        time.sleep(POLL_SECONDS)
            except psycopg.Error:
                time.sleep(0.3)
        raise AssertionError(f"the moment of {victim.name} never came")


def _until_done(work: Callable[[], None]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return work()
        except TROUBLE:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def _sign_all_but_the_seal(running: Running, chain: Chain) -> None:
    """Teachers, homeroom teacher and principal sign what there is, until the seal alone is missing."""
    end = time.monotonic() + PATIENCE_SECONDS
    query = "select count(*) filter (where status = 'PRINCIPAL_SIGNED') from transcripts_records_transcriptversion"
    while running.rows("transcripts", query, school=OTHER_CODE) != [(len(chain.data.pupils),)]:
        assert time.monotonic() < end, "the transcripts are not signed"
        for person in chain._signers():
            chain._sign_ready("transcripts", person.code, lambda _: None)


HEARD = "select count(*) > 0 from procrastinate_workers where last_heartbeat > now() - interval '3 seconds'"


class TestDatabaseAway:
    def test_workers_wait_for_it_and_go_on(self, running: Running) -> None:
        """Longer than several heartbeats of a worker; nobody starts it again."""
        running.kill("postgres")
        time.sleep(3 * HEARTBEAT_SECONDS)
        running.restart("postgres")
        end = time.monotonic() + PATIENCE_SECONDS
        for side in WORKERS:
            while running.rows(side, HEARD) != [(True,)]:
                assert time.monotonic() < end, f"the worker of {side} did not come back"
                time.sleep(0.2)


@pytest.fixture(scope="module")
def survived(other_prepared: Chain, started: Running) -> tuple[Chain, Killer, list[tuple[Path, Path]]]:
    """The second school has gone the whole way through all the crashes."""
    chain, killer = other_prepared, Killer(started, random.Random(SEED))
    with started.at_home():
        killer.during("enter", chain.enter_marks)
        killer.during("class_record", chain.sign_class_records)
        killer.during("sign", lambda: _sign_all_but_the_seal(started, chain))
        killer.during("archive", chain.sign_transcripts)
        for side in SIDES:
            started.wait_until_idle(side)
        pairs = chain.export(started.folder / "out-crashes")
    return chain, killer, pairs


@pytest.fixture
def chain(survived: tuple[Chain, Killer, object], running: Running) -> Chain:
    return survived[0]


@pytest.fixture
def pairs(survived: tuple[object, object, list[tuple[Path, Path]]]) -> list[tuple[Path, Path]]:
    return survived[2]


class TestAfterAllCrashes:
    def test_every_process_that_matters_was_killed(self, survived: tuple[object, Killer, object]) -> None:
        assert Counter(survived[1].killed) == Counter(
            (stage, victim.name) for stage, victims in VICTIMS.items() for victim in victims
        )

    def test_the_crashes_met_work_under_way(self, running: Running, chain: Chain) -> None:
        """Else this would be a test of nothing: both senders had to send again."""
        again = "select count(*) > 0 from platform_messages_outgoingmessage where attempts > 1"
        assert [running.rows(side, again) for side in ("tracking", "transcripts")] == [[(True,)]] * 2

    def test_every_transcript_is_archived_once(self, running: Running, chain: Chain) -> None:
        rows = running.rows(
            "city",
            "select personal_id, version, transcript_id from city_archive_archivedtranscript",
            school=OTHER_CODE,
        )
        assert sorted(row[0] for row in rows) == sorted(pupil.personal_id for pupil in chain.data.pupils)
        assert {row[1] for row in rows} == {1}
        states = "select status, count(*) from transcripts_records_transcriptversion group by status"
        assert running.rows("transcripts", states, school=OTHER_CODE) == [("ARCHIVED", len(rows))]

    def test_every_transcript_has_one_leaf_in_the_log(self, running: Running, chain: Chain) -> None:
        leaves = [json.loads(bytes(content)) for (content,) in _leaves(running)]
        ours = [leaf["transcript"] for leaf in leaves if leaf["school"] == OTHER_CODE]
        query = "select transcript_id::text from city_archive_archivedtranscript"
        assert sorted(ours) == sorted(row[0] for row in running.rows("city", query, school=OTHER_CODE))
        assert len(ours) == len(chain.data.pupils)

    def test_the_log_is_whole_and_signed(self, running: Running, chain: Chain) -> None:
        frontier = transparency.EMPTY
        for (content,) in _leaves(running):
            frontier = frontier.append(transparency.leaf_hash(bytes(content))).frontier
        note = running.rows("city", "select note from city_archive_checkpoint order by size desc limit 1")[0][
            0
        ]
        checkpoint = transparency.Checkpoint.read(transparency.open_note(note, _log_key(running, note)))
        assert (checkpoint.size, checkpoint.root) == (frontier.size, frontier.root())

    def test_every_receipt_proves_its_place_in_the_log(
        self, running: Running, pairs: list[tuple[Path, Path]]
    ) -> None:
        for xml, pdf in pairs:
            receipt = json.loads((xml.parents[1] / "receipts" / f"{xml.stem}.json").read_bytes())
            place = receipt["log"]
            leaf = transparency.issued_leaf(
                transcript_id=receipt["transcript_id"],
                version=receipt["version"],
                school=receipt["school"],
                xml=_digest(xml),
                pdf=_digest(pdf),
                accepted_at=receipt["accepted_at"],
            )
            proof = [_bytes(step) for step in place["proof"]]
            root = _bytes(place["root"])
            transparency.verify_inclusion(
                transparency.leaf_hash(leaf), place["index"], place["size"], proof, root
            )
            note = transparency.open_note(place["checkpoint"], _log_key(running, place["checkpoint"]))
            assert transparency.Checkpoint.read(note).root == root

    def test_nobody_signed_anything_twice(self, running: Running, pairs: list[tuple[Path, Path]]) -> None:
        for xml, _ in pairs:
            signatures = (
                etree.parse(str(xml)).getroot().findall(".//{http://www.w3.org/2000/09/xmldsig#}Signature")
            )
            names = [signature.get("Id") for signature in signatures]
            assert len(names) == len(set(names)) == 15
        query = "select document_id, slot, holder, count(*) from tracking_sealing_documentsignature group by 1, 2, 3"
        rows = running.rows("tracking", query, school=OTHER_CODE)
        assert {count for *_, count in rows} == {1}
        assert len(rows) == BOOK_SIGNATURES

    def test_every_file_is_valid(self, chain: Chain, pairs: list[tuple[Path, Path]]) -> None:
        assert chain.verify(pairs, pairs[0][0].parents[1]) == len(chain.data.pupils) == len(pairs)

    def test_the_marks_are_those_of_the_workbooks(self, running: Running, chain: Chain) -> None:
        query = """
            select sheet.subject_code, sheet.term, pupil_code, regular, midterm, final
            from sector_results_reportedresult join sector_results_reportedsheet sheet on sheet.id = sheet_id
        """
        found = {(*row[:3], *row[3], *row[4:]) for row in running.rows("sector", query, school=OTHER_CODE)}
        assert found == {
            (row.subject_code, row.term, row.pupil_code, *row.regular, row.midterm, row.final)
            for row in chain.data.marks
        }

    @pytest.mark.parametrize("side", SIDES)
    def test_nothing_waits_and_nothing_was_refused(self, running: Running, chain: Chain, side: str) -> None:
        assert running.rows(side, UNFINISHED) == [(0,)]
        refused = "select path, answer_status from platform_messages_outgoingmessage where state = 'REFUSED'"
        assert running.rows(side, refused) == []
        assert running.rows(side, "select task_name from procrastinate_jobs where status = 'failed'") == []

    def test_the_city_kept_each_message_once(self, running: Running, chain: Chain) -> None:
        query = """
            select count(*), count(distinct path) from platform_messages_incomingmessage
            where answer_status = 201 and path like '/exchange/v1/transcripts/%%' and sender = 'transcripts'
        """
        ((messages, paths),) = running.rows("city", query)
        archived = running.rows("city", "select count(*) from city_archive_archivedtranscript")[0][0]
        assert messages == paths == archived


class TestImportingAgain:
    def test_changes_nothing(self, running: Running, chain: Chain) -> None:
        before = _contents(running)
        running.house.run("sector", ["import_people", str(chain.directory)])
        running.house.run("tracking", ["sync_roster", "--school", OTHER_CODE, "--school-year", YEAR])
        running.house.run("tracking", ["import_marks", str(chain.directory)])
        running.wait_until_idle("tracking")
        assert _contents(running) == before


def _contents(running: Running) -> dict[str, str]:
    """A digest of every table that holds rows of the school, at both ends of the import."""
    found = {}
    for side in ("sector", "tracking"):
        for table in protection.school_tables():
            if table.startswith(f"{side}_"):
                query = f"select md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) from \"{table}\" t"
                found[table] = running.rows(side, query, school=OTHER_CODE)[0][0]
    return found


def _leaves(running: Running) -> list[tuple[bytes]]:
    return running.rows("city", "select content from city_archive_logleaf order by index")  # type: ignore[return-value]


def _log_key(running: Running, note: str) -> transparency.NoteKey:
    key = load_pem_private_key((running.state / "keys" / "log.pem").read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return transparency.NoteKey.of(note.partition("\n")[0], key)


def _digest(path: Path) -> str:
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def _bytes(digest: str) -> bytes:
    return bytes.fromhex(digest.removeprefix("sha256:"))
