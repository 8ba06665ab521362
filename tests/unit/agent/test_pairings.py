from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hocba_agent.pairings import Pairings
from hocba_agent.problems import Problem
from hocba_agent.prompts import PairingQuestion
from tests.unit.agent.conftest import ORIGIN, Person

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.fixture
def pairings(tmp_path: Path) -> Pairings:
    return Pairings(tmp_path, days=90)


def paired(pairings: Pairings, user: str = "gv0006") -> str:
    name, _ = pairings.offer(ORIGIN, user, now=NOW)
    return pairings.confirm(name, ORIGIN, Person(), now=NOW)


class TestOffer:
    def test_shows_six_digits_that_differ(self, pairings: Pairings) -> None:
        codes = {pairings.offer(ORIGIN, "gv0006", now=NOW)[1] for _ in range(4)}

        assert len(codes) > 1
        assert all(len(code) == 7 and code.replace(" ", "").isdecimal() for code in codes)

    def test_is_limited_so_that_nobody_is_worn_down(self, pairings: Pairings) -> None:
        for _ in range(5):
            pairings.offer(ORIGIN, "gv0006", now=NOW)
        with pytest.raises(Problem, match="slow_down"):
            pairings.offer("https://other.example", "gv0001", now=NOW + timedelta(seconds=59))
        pairings.offer(ORIGIN, "gv0006", now=NOW + timedelta(seconds=61))

    @pytest.mark.parametrize("user", ["", "x" * 151, "a\nb", "a\x00"])
    def test_is_refused_for_names_that_are_none(self, pairings: Pairings, user: str) -> None:
        with pytest.raises(Problem, match="malformed"):
            pairings.offer(ORIGIN, user, now=NOW)


class TestConfirm:
    def test_is_for_the_page_that_asked_and_in_time(self, pairings: Pairings) -> None:
        person = Person()
        for origin, late in (("https://evil.example", 0), (ORIGIN, 4)):
            name, _ = pairings.offer(ORIGIN, "gv0006", now=NOW)
            with pytest.raises(Problem, match="pairing_expired"):
                pairings.confirm(name, origin, person, now=NOW + timedelta(minutes=late))
        assert person.pairings == []

    def test_replaces_the_earlier_pairing_of_page_and_account(self, pairings: Pairings) -> None:
        old, new = paired(pairings), paired(pairings)

        assert pairings.find(new, ORIGIN, "gv0006", now=NOW)
        with pytest.raises(Problem, match="not_paired"):
            pairings.find(old, ORIGIN, "gv0006", now=NOW)


class TestInstance:
    def test_tells_no_two_sites_that_they_have_the_same_visitor(self, pairings: Pairings) -> None:
        assert pairings.instance(ORIGIN) == pairings.instance(ORIGIN)
        assert pairings.instance(ORIGIN) != pairings.instance("https://other.example")


class TestTheFile:
    def test_outlives_the_program(self, pairings: Pairings, tmp_path: Path) -> None:
        token = paired(pairings)
        again = Pairings(tmp_path, days=90)

        assert again.find(token, ORIGIN, "gv0006", now=NOW).user == "gv0006"
        assert again.instance(ORIGIN) == pairings.instance(ORIGIN)

    @pytest.mark.parametrize("content", ["", "{}", '{"secret": "x", "pairings": [{"id": 1}]}', "[]"])
    def test_that_is_damaged_ends_all_pairings(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "pairings.json").write_text(content)

        assert Pairings(tmp_path, days=90).all() == []

    def test_forgets_what_is_ended(self, pairings: Pairings, tmp_path: Path) -> None:
        token = paired(pairings)
        [pairing] = pairings.all()

        assert pairings.forget(pairing.id)
        assert not pairings.forget(pairing.id)
        with pytest.raises(Problem, match="not_paired"):
            Pairings(tmp_path, days=90).find(token, ORIGIN, "gv0006", now=NOW)


class TestTheFileOfTwo:
    """The running agent and the command that ends pairings, or two agents, over one file."""

    def test_ends_for_the_running_agent_what_the_command_ends(
        self, pairings: Pairings, tmp_path: Path
    ) -> None:
        ended = paired(pairings)
        command = Pairings(tmp_path, days=90)

        assert [command.forget(item.id) for item in command.all()] == [True]
        with pytest.raises(Problem, match="not_paired"):
            pairings.find(ended, ORIGIN, "gv0006", now=NOW)

    def test_does_not_get_back_what_was_ended(self, pairings: Pairings, tmp_path: Path) -> None:
        ended = paired(pairings)
        command = Pairings(tmp_path, days=90)
        command.forget(command.all()[0].id)
        kept = paired(pairings, "gv0001")

        again = Pairings(tmp_path, days=90)
        assert [item.user for item in again.all()] == ["gv0001"]
        assert again.find(kept, ORIGIN, "gv0001", now=NOW)
        with pytest.raises(Problem, match="not_paired"):
            again.find(ended, ORIGIN, "gv0006", now=NOW)

    def test_names_one_instance_before_the_first_pairing(self, tmp_path: Path) -> None:
        assert Pairings(tmp_path, days=90).instance(ORIGIN) == Pairings(tmp_path, days=90).instance(ORIGIN)

    def test_loses_no_pairing_when_many_are_made_at_once(self, tmp_path: Path) -> None:
        users = [f"gv{number:04}" for number in range(12)]
        with ThreadPoolExecutor(len(users)) as threads:
            list(threads.map(lambda user: paired(Pairings(tmp_path, days=90), user), users))

        assert sorted(item.user for item in Pairings(tmp_path, days=90).all()) == users

    def test_waits_for_another_process(self, pairings: Pairings, tmp_path: Path) -> None:
        held = (
            "import sys, time; from pathlib import Path; from hocba_agent.pairing_file import PairingFile\n"
            "def slow(there):\n    print('held', flush=True); time.sleep(0.5); return there\n"
            "PairingFile(Path(sys.argv[1])).change(slow)"
        )
        with subprocess.Popen([sys.executable, "-c", held, str(tmp_path)], stdout=subprocess.PIPE) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == b"held\n"
            token = paired(pairings)

        assert Pairings(tmp_path, days=90).find(token, ORIGIN, "gv0006", now=NOW)


class TestAsking:
    def test_is_of_one_page_at_a_time(self, pairings: Pairings) -> None:
        first, _ = pairings.offer(ORIGIN, "gv0006", now=NOW)
        second, _ = pairings.offer("https://other.example", "gv0006", now=NOW)

        class Slow(Person):
            def confirm_pairing(self, question: PairingQuestion) -> bool:
                with pytest.raises(Problem, match="busy"):
                    pairings.confirm(second, "https://other.example", Person(), now=NOW)
                return True

        assert pairings.confirm(first, ORIGIN, Slow(), now=NOW)
