"""Following what another side publishes, with what may go wrong on the way."""

from __future__ import annotations

from datetime import date

import pytest

from hocba.platform.messages import feeds
from hocba.platform.tenancy import scope

pytestmark = pytest.mark.django_db


class LostError(Exception):
    """An answer that does not come."""


class Publisher:
    """Another side: its things with their versions, and what was asked of it."""

    def __init__(self) -> None:
        self.versions: dict[str, int] = {}
        self.newest = 0
        self.asked: list[str] = []
        self.silent: set[str] = set()
        self.past_the_feed: set[str] = set()
        self.today = date(2026, 11, 22)

    def publish(self, *names: str) -> None:
        for name in names:
            self.newest += 1
            self.versions[name] = self.newest

    def list_after(self, mark: int) -> feeds.Listed:
        self.asked.append(f"after {mark}")
        if "list" in self.silent:
            raise LostError
        changed = {name: version for name, version in self.versions.items() if version > mark}
        return feeds.Listed(version=self.newest, versions=changed)

    def take(self, name: str) -> bool:
        self.asked.append(name)
        if name in self.silent:
            raise LostError
        if name in self.past_the_feed:
            feeds.take_again("things", [name])
        return True

    def follow(self, *mine: str) -> int:
        return feeds.follow(
            "things",
            ask=self.list_after,
            take=self.take,
            mine=mine or ("a", "b"),
            troubles=(LostError,),
            today=self.today,
        )

    def questions(self) -> list[str]:
        found, self.asked = self.asked, []
        return found


@pytest.fixture
def other() -> Publisher:
    made = Publisher()
    made.publish("a", "b", "c")
    made.follow()
    made.questions()
    return made


class TestFollow:
    def test_takes_at_first_all_that_is_ours(self) -> None:
        other = Publisher()
        other.publish("a", "b", "c")

        assert other.follow() == 2
        assert other.questions() == ["after 0", "a", "b"]

    def test_asks_one_question_when_nothing_changed(self, other: Publisher) -> None:
        assert other.follow() == 0
        assert other.questions() == ["after 3"]

    def test_takes_only_what_changed(self, other: Publisher) -> None:
        other.publish("b", "c")

        assert other.follow() == 1
        assert other.questions() == ["after 3", "b"]

    def test_takes_what_became_ours_after_it_was_named(self, other: Publisher) -> None:
        assert other.follow("a", "b", "c") == 1
        assert other.questions() == ["after 3", "c"]

    def test_changes_nothing_when_the_list_is_lost(self, other: Publisher) -> None:
        other.publish("a")
        other.silent = {"list"}
        with pytest.raises(LostError):
            other.follow()
        other.silent = set()
        other.questions()

        assert other.follow() == 1
        assert other.questions() == ["after 3", "a"]

    def test_asks_again_only_for_the_thing_that_was_lost(self, other: Publisher) -> None:
        other.publish("a", "b")
        other.silent = {"a"}
        assert other.follow() == 1
        other.silent = set()
        other.questions()

        assert other.follow() == 1
        assert other.questions() == ["after 5", "a"]

    def test_begins_anew_with_a_side_that_was_restored(self, other: Publisher) -> None:
        other.newest, other.versions = 1, {"a": 1}

        assert other.follow() == 1
        assert other.questions() == ["after 3", "after 0", "a"]
        with scope.whole_site():
            assert feeds.mark_of("things") == 1

    def test_takes_everything_once_a_day(self, other: Publisher) -> None:
        # Restored, and numbered past our mark before we asked.
        other.versions, other.newest = {"a": 3, "b": 2, "c": 4}, 4
        other.today = date(2026, 11, 23)

        assert other.follow() == 2
        assert other.questions() == ["after 0", "a", "b"]
        assert other.follow() == 0
        assert other.questions() == ["after 4"]

    def test_takes_everything_when_the_first_call_of_a_day_was_lost(self, other: Publisher) -> None:
        other.today, other.silent = date(2026, 11, 23), {"list"}
        with pytest.raises(LostError):
            other.follow()
        other.silent = set()
        other.questions()

        assert other.follow() == 2
        assert other.questions() == ["after 0", "a", "b"]


class TestTakeAgain:
    def test_has_the_next_call_take_it_once_more(self, other: Publisher) -> None:
        feeds.take_again("things", ["b"])

        assert other.follow() == 1
        assert other.questions() == ["after 3", "b"]
        assert other.follow() == 0

    def test_counts_while_the_thing_is_being_taken(self, other: Publisher) -> None:
        other.publish("a", "b")
        other.past_the_feed = {"a"}
        other.follow()
        other.past_the_feed = set()
        other.questions()

        assert other.follow() == 1
        assert other.questions() == ["after 5", "a"]
