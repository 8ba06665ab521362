"""Signing with a provider that speaks the real protocol, through the desk of each side: also when things go wrong."""

from __future__ import annotations

import dataclasses
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from hocba.desk.remote_sessions import planning, running
from hocba.desk.remote_sessions.models import RemoteChunk, RemoteSession
from hocba.desk.remote_sessions.workflow import ChunkState, State
from hocba.platform.audit.models import AuditEvent
from hocba.platform.tenancy import scope
from hocba.simulators.remote_signing_provider import RemoteSigningProvider
from tests.factories import small_school as school
from tests.fakes import remote_provider
from tests.integration.desk.benches import Bench

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db
CALLBACK = "http://testserver/ky-so/tu-xa"
ON_ONE_SIDE = pytest.mark.parametrize("bench", ["tracking"], indirect=True)
"""For what has nothing to do with the documents."""
SERVICE = "hocba.desk.remote_sessions.service.RemoteSessions"


@dataclasses.dataclass(slots=True)
class Remote:
    """The bench, the provider, and what a person does between them."""

    bench: Bench
    provider: RemoteSigningProvider

    def begin(self) -> Any:
        return self.bench.client().post(f"/ky-so/viec/{self.bench.task}/tu-xa", {"nha_cung_cap": "mo-phong"})

    def again(self) -> Any:
        return self.bench.client().post(f"{self.page}tu-xa")

    def away(self, page: Any) -> str:
        """The provider's address on the page that leads there."""
        found = re.search(r'href="(http://127[^"]+)"', page.content.decode())
        assert found, page.content.decode()
        return unescape(found.group(1))

    def agree(self, page: Any, **further: str) -> Any:
        """Agree on the provider's page and come back."""
        target, given = remote_provider.agree(self.away(page), **further)
        assert target == CALLBACK
        return self.back(given)

    def back(self, given: dict[str, str], who: str | None = None) -> Any:
        return self.bench.client(who).get(f"/ky-so/tu-xa?{urlencode(given)}")

    def work(self) -> None:
        """The job, as often as it was asked for."""
        jobs = ProcrastinateJob.objects.filter(task_name="desk.sign_remotely")
        assert jobs.exists()
        for args in jobs.values_list("args", flat=True):
            running.run(args["school_code"], args["session"])

    @property
    def row(self) -> RemoteSession:
        with scope.whole_site():
            return RemoteSession.objects.order_by("begun_at").last()  # type: ignore[return-value]

    @property
    def page(self) -> str:
        return f"/ky-so/{self.row.batch}/"

    def report(self) -> Any:
        return self.bench.get(f"batches/{self.row.batch}/report").json()

    def status(self) -> Any:
        return self.bench.get(f"batches/{self.row.batch}/remote").json()

    def chunks(self) -> list[RemoteChunk]:
        with scope.whole_site():
            return list(RemoteChunk.objects.order_by("authorisation", "number"))

    def calls(self, method: str = "signatures/signHash") -> int:
        return self.provider.calls.count(method)


Make = Callable[..., Remote]


@pytest.fixture
def make(
    bench: Bench, settings: SettingsWrapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Make]:
    """Remote signing set up with these members in the provider's profile."""
    monkeypatch.setattr(running, "PAUSES", (0.0,))
    monkeypatch.setattr(running, "CHECK_SECONDS", 0.0)
    with remote_provider.running(bench.key_of, callbacks=(CALLBACK,)) as provider:

        def made(**further: object) -> Remote:
            path = remote_provider.write_profile(tmp_path, provider, **{"service": "client", **further})
            settings.HOCBA_REMOTE_PROVIDERS = path
            settings.HOCBA_REMOTE_SIGNING = SERVICE
            return Remote(bench, provider)

        yield made


@pytest.fixture
def remote(make: Make) -> Remote:
    """Two redirects are spared: the client lists credentials; one document a call."""
    return make(chunk=1)


class TestOnTheProvidersPages:
    def test_signs_the_list_that_was_authorised(self, remote: Remote) -> None:
        page = remote.begin()
        asked = parse_qs(urlsplit(remote.away(page)).query)
        back = remote.agree(page)
        waiting = remote.status()
        remote.work()

        report = remote.report()
        assert asked["numSignatures"] == [str(remote.bench.count)]
        assert (back.status_code, back.headers["location"]) == (302, remote.page)
        assert waiting["step"] == "wait"
        assert (report["state"], report["signed"]) == ("COMPLETED", remote.bench.count)
        assert remote.calls() == remote.bench.count
        assert remote.row.state == State.DONE

    @ON_ONE_SIDE
    def test_signs_several_tasks_with_one_authorisation(self, make: Make) -> None:
        remote = make()
        remote.bench.task += f",{school.YEAR}.subject_teacher.2"
        count = remote.bench.count + 2

        page = remote.begin()
        asked = parse_qs(urlsplit(remote.away(page)).query)
        remote.agree(page)
        remote.work()

        report = remote.report()
        assert asked["numSignatures"] == [str(count)]
        assert (report["state"], report["signed"], remote.row.authorisation) == ("COMPLETED", count, 1)
        assert [group["signed"] for group in report["groups"]] == [2, 2]

    @ON_ONE_SIDE
    def test_asks_for_exactly_the_hashes_of_the_frozen_list(self, remote: Remote) -> None:
        page = remote.begin()

        listed = remote.bench.get(f"batches/{remote.row.batch}/list").json()["items"]
        told = parse_qs(urlsplit(remote.away(page)).query)["hashes"][0].split(",")
        assert [urlsafe_b64decode(each).hex() for each in told] == [item["digest"] for item in listed]

    @ON_ONE_SIDE
    def test_signs_in_there_first_where_the_provider_wants_it(self, make: Make) -> None:
        remote = make(service="person")
        listed = remote.agree(remote.begin(), account=remote.bench.signer)
        assert listed.headers["location"] == remote.page

        remote.agree(remote.again())
        remote.work()

        assert remote.report()["state"] == "COMPLETED"

    @ON_ONE_SIDE
    @pytest.mark.parametrize("version", ["1", "2"])
    def test_signs_with_pushed_requests_and_either_version(self, make: Make, version: str) -> None:
        remote = make(version=version, quirks={"pushed": True})

        remote.agree(remote.begin())
        remote.work()

        assert remote.report()["state"] == "COMPLETED"

    @ON_ONE_SIDE
    def test_forgets_its_secrets_and_gives_the_token_back(self, remote: Remote) -> None:
        remote.agree(remote.begin())
        held = bytes(remote.row.kept)
        remote.work()

        assert held
        assert not [token for token in remote.provider.grants.permits if token.encode() in held]
        assert bytes(remote.row.kept) == b""
        assert remote.row.state_digest == ""
        assert not [p for p in remote.provider.grants.permits.values() if p.scope == "credential"]

    @ON_ONE_SIDE
    def test_is_in_the_trail_from_begin_to_end(self, remote: Remote) -> None:
        remote.agree(remote.begin())
        remote.work()

        tags = AuditEvent.objects.filter(tag__startswith="desk:remote_session:").order_by("pk")
        assert [tag.rpartition(":")[2] for tag in tags.values_list("tag", flat=True)] == [
            "begun",
            "authorised",
            "ended",
        ]


@ON_ONE_SIDE
class TestWithACode:
    def test_signs_after_the_code(self, make: Make) -> None:
        remote = make(flow="explicit")
        assert remote.begin().headers["location"] == remote.page
        shown = remote.bench.get(remote.page).content.decode()
        code = remote.provider.grants.one_time[remote.bench.signer]

        remote.bench.client().post(f"{remote.page}ma-xac-nhan", {"ma": code})
        remote.work()

        assert "không nhập mã PIN" in shown
        assert remote.report()["state"] == "COMPLETED"

    def test_asks_again_after_a_wrong_code(self, make: Make) -> None:
        remote = make(flow="explicit")
        remote.begin()

        said = remote.bench.client().post(f"{remote.page}ma-xac-nhan", {"ma": "sai"}, follow=True)
        assert "không đúng hoặc đã hết hạn" in said.content.decode()
        remote.again()
        code = remote.provider.grants.one_time[remote.bench.signer]
        remote.bench.client().post(f"{remote.page}ma-xac-nhan", {"ma": code})
        remote.work()

        assert remote.report()["state"] == "COMPLETED"

    def test_never_takes_a_pin(self, make: Make) -> None:
        remote = make(flow="explicit")
        remote.provider.grants.faults.asks_pin = True

        said = remote.bench.client().get(remote.begin().headers["location"]).content.decode()

        assert "không bao giờ nhận mã PIN" in said

    def test_waits_for_a_person_who_confirms_elsewhere(self, make: Make) -> None:
        remote = make(flow="explicit")
        remote.provider.grants.faults.waits = 3
        remote.begin()
        code = remote.provider.grants.one_time[remote.bench.signer]
        remote.bench.client().post(f"{remote.page}ma-xac-nhan", {"ma": code})
        remote.work()

        assert remote.calls("credentials/authorizeCheck") == 3
        assert remote.report()["state"] == "COMPLETED"

    def test_extends_an_authorisation_that_ends_soon(self, make: Make) -> None:
        remote = make(flow="explicit", chunk=1, quirks={"extends": True})
        remote.provider.grants.faults.sad_life = timedelta(seconds=30)
        remote.begin()
        code = remote.provider.grants.one_time[remote.bench.signer]
        remote.bench.client().post(f"{remote.page}ma-xac-nhan", {"ma": code})
        remote.provider.grants.faults.sad_life = timedelta(minutes=5)
        remote.work()

        assert remote.calls("credentials/extendTransaction") == 1
        assert remote.report()["state"] == "COMPLETED"


class TestLostAnswer:
    def test_is_asked_for_again(self, remote: Remote) -> None:
        remote.agree(remote.begin())
        remote.provider.grants.faults.lose = 1
        remote.work()

        assert remote.calls() == remote.bench.count + 1
        assert remote.report()["state"] == "COMPLETED"

    @ON_ONE_SIDE
    def test_is_asked_for_a_few_times_and_then_left_to_the_person(self, remote: Remote) -> None:
        remote.agree(remote.begin())
        remote.provider.grants.faults.lose = running.TRIES
        remote.work()
        assert (remote.row.state, remote.status()["step"]) == (State.PAUSED, "ask_again")
        assert remote.calls() == running.TRIES

        went_on = remote.again()
        remote.work()

        # The authorisation still holds: nobody is sent to the provider again.
        assert went_on.headers["location"] == remote.page
        assert remote.report()["state"] == "COMPLETED"
        assert remote.row.authorisation == 1

    @ON_ONE_SIDE
    def test_goes_back_to_the_person_where_a_hash_is_signed_but_once(self, remote: Remote) -> None:
        remote.agree(remote.begin())
        remote.provider.grants.faults.lose, remote.provider.grants.faults.once = 1, True
        remote.work()
        assert remote.row.state == State.AUTHORISING

        remote.agree(remote.again())
        remote.work()

        assert remote.report()["state"] == "COMPLETED"


class TestCrash:
    def test_between_intent_and_answer_asks_once_more(
        self, remote: Remote, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        remote.agree(remote.begin())
        with monkeypatch.context() as crash:
            crash.setattr(running.signing, "sign_hashes", _crash)
            with pytest.raises(KeyboardInterrupt):
                remote.work()
        assert remote.chunks()[0].state == ChunkState.ASKED

        remote.work()

        assert remote.report()["state"] == "COMPLETED"

    def test_between_answer_and_result_does_not_ask_again(
        self, remote: Remote, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        remote.agree(remote.begin())
        with monkeypatch.context() as crash:
            crash.setattr(running, "_complete", _crash)
            with pytest.raises(KeyboardInterrupt):
                remote.work()
        assert remote.chunks()[0].state == ChunkState.ANSWERED

        remote.work()

        assert remote.calls() == remote.bench.count
        assert remote.report()["state"] == "COMPLETED"


@ON_ONE_SIDE
class TestEndedAuthorisation:
    def test_goes_back_to_the_person_with_what_is_left(self, remote: Remote) -> None:
        remote.agree(remote.begin())
        first = _sign_one(remote)
        remote.provider.grants.expire_all()
        remote.work()
        assert (remote.row.state, remote.row.signed) == (State.AUTHORISING, first)
        assert "hết hạn" in remote.status()["detail"]

        page = remote.again()
        asked = parse_qs(urlsplit(remote.away(page)).query)
        remote.agree(page)
        remote.work()

        assert asked["numSignatures"] == [str(remote.bench.count - first)]
        assert remote.report()["state"] == "COMPLETED"

    def test_is_seen_before_the_provider_is_asked(
        self, remote: Remote, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        remote.agree(remote.begin())
        later = timezone.now() + timedelta(minutes=6)
        monkeypatch.setattr(timezone, "now", lambda: later)
        remote.work()

        assert remote.calls() == 0
        assert remote.row.state == State.AUTHORISING

    def test_is_asked_for_in_portions_that_the_credential_allows(self, make: Make) -> None:
        remote = make(chunk=5)
        remote.provider.grants.faults.multisign = remote.bench.count - 1
        remote.agree(remote.begin())
        remote.work()
        assert remote.row.state == State.AUTHORISING

        remote.agree(remote.again())
        remote.work()

        assert remote.row.authorisation == 2
        assert remote.report()["state"] == "COMPLETED"


class TestDishonestProvider:
    @pytest.mark.parametrize("fault", ["other_hash", "other_key"])
    def test_signs_nothing_with_wrong_values(self, remote: Remote, fault: str) -> None:
        remote.agree(remote.begin())
        setattr(remote.provider.grants.faults, fault, True)
        remote.work()

        report = remote.report()
        assert (report["signed"], report["state"]) == (0, "OPEN")
        assert remote.row.state == State.FAILED
        assert remote.calls() == 1
        assert "không khớp" in remote.status()["detail"]

    @ON_ONE_SIDE
    def test_signs_nothing_with_fewer_values_than_hashes(self, make: Make) -> None:
        remote = make()
        remote.agree(remote.begin())
        remote.provider.grants.faults.fewer = True
        remote.work()

        assert remote.report()["signed"] == 0
        assert remote.row.state == State.FAILED

    @ON_ONE_SIDE
    def test_is_said_to_have_refused_and_can_be_asked_again(self, remote: Remote) -> None:
        remote.agree(remote.begin())
        remote.provider.grants.faults.refuse = True
        remote.work()
        assert "access_denied" in remote.status()["detail"]

        remote.provider.grants.faults.refuse = False
        remote.agree(remote.again())
        remote.work()

        assert remote.report()["state"] == "COMPLETED"


@ON_ONE_SIDE
class TestOtherPeople:
    def test_do_not_sign_with_their_credential(self, make: Make) -> None:
        remote = make(service="person")

        said = remote.agree(remote.begin(), account=remote.bench.colleague)

        assert remote.row.batch is None
        page = remote.bench.client().get(said.headers["location"]).content.decode()
        assert "không phải cho người phải ký" in page

    def test_do_not_come_back_into_my_session(self, remote: Remote) -> None:
        _, given = remote_provider.agree(remote.away(remote.begin()))

        assert remote.back(given, remote.bench.colleague).status_code == 404
        assert remote.row.state == State.AUTHORISING
        assert remote.back(given).status_code == 302
        assert remote.row.state == State.SIGNING

    def test_do_not_see_my_session(self, remote: Remote) -> None:
        remote.begin()

        assert (
            remote.bench.get(f"batches/{remote.row.batch}/remote", remote.bench.colleague).status_code == 404
        )
        assert remote.bench.client(remote.bench.colleague).post(f"{remote.page}tu-xa").status_code == 404


@ON_ONE_SIDE
class TestReturn:
    def test_with_another_state_is_refused(self, remote: Remote) -> None:
        _, given = remote_provider.agree(remote.away(remote.begin()))

        remote.back({**given, "state": given["state"] + "x"})

        assert remote.row.state == State.AUTHORISING
        assert remote.calls("oauth2/token") == 1

    def test_counts_once(self, remote: Remote) -> None:
        _, given = remote_provider.agree(remote.away(remote.begin()))
        remote.back(given)
        remote.work()
        remote.again()

        remote.back(given)

        assert remote.calls("oauth2/token") == 2

    def test_from_an_older_page_is_refused(self, remote: Remote) -> None:
        old = remote.begin()
        remote.again()

        remote.agree(old)

        assert remote.row.state == State.AUTHORISING

    def test_with_a_code_of_another_verifier_is_refused(self, remote: Remote) -> None:
        page = remote.begin()
        stolen = remote.away(page)
        challenge = parse_qs(urlsplit(stolen).query)["code_challenge"][0]
        _, given = remote_provider.agree(stolen.replace(challenge, "A" * 43))

        remote.back(given)

        assert remote.row.state == State.AUTHORISING

    def test_with_a_refusal_says_so(self, remote: Remote) -> None:
        _, given = remote_provider.agree(remote.away(remote.begin()), answer="no")

        said = remote.bench.client().get(remote.back(given).headers["location"]).content.decode()

        assert "không cho phép ký" in said

    @pytest.mark.parametrize("state", ["", "x", "0" * 32, "00000000-0000-0000-0000-000000000000.a"])
    def test_without_a_session_is_not_found(self, remote: Remote, state: str) -> None:
        assert remote.back({"state": state, "code": "x"}).status_code == 404


@ON_ONE_SIDE
class TestStop:
    def test_ends_the_job_and_its_secrets(self, remote: Remote) -> None:
        remote.agree(remote.begin())
        remote.bench.post(f"batches/{remote.row.batch}/stop", {})
        remote.work()

        assert remote.calls() == 0
        assert remote.row.state == State.STOPPED
        assert bytes(remote.row.kept) == b""

    def test_comes_by_itself_for_what_was_left_behind(self, remote: Remote) -> None:
        remote.agree(remote.begin())
        now = timezone.now() + timedelta(hours=2)
        running.end_forgotten(before=now - timedelta(hours=1), at=now)

        assert remote.row.state == State.STOPPED
        assert bytes(remote.row.kept) == b""

    def test_comes_when_the_person_lost_the_right(self, remote: Remote) -> None:
        remote.agree(remote.begin())
        user = remote.bench.user_of(remote.bench.signer)
        user.is_active = False
        user.save()
        remote.work()

        assert remote.calls() == 0
        assert remote.row.state == State.STOPPED


@ON_ONE_SIDE
class TestChangedList:
    def test_is_not_authorised(self, remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
        """The stored list must be the one whose digest the batch has."""
        real = planning.frozen.read

        def other(name: str) -> Any:
            lines, skipped = real(name)
            return [*lines[1:], dataclasses.replace(lines[0], digest="0" * 64)], skipped

        monkeypatch.setattr(planning.frozen, "read", other)

        page = remote.bench.client().get(remote.begin().headers["location"]).content.decode()

        assert "không khớp với lượt ký" in page


def _crash(*args: object, **kwargs: object) -> Any:
    raise KeyboardInterrupt


def _sign_one(remote: Remote) -> int:
    """Let the job work for one chunk."""
    row = remote.row
    for _ in range(2):  # ask, then store
        with scope.acting_for(row.school_code):
            act = running._next(row.pk, at=timezone.now())
        assert act is not None
        act()
    return remote.row.signed
