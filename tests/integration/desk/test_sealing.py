"""The school's seal from a key in a module at the server, asked for by the clerk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from hocba.channels import seal_keys
from hocba.channels.pkcs11_errors import ModuleUnavailableError
from hocba.desk import sealing
from hocba.platform.tenancy import scope
from hocba.transcripts.issuing import tasks
from hocba.transcripts.records.models import TranscriptVersion
from hocba.transcripts.roster import accounts, trust
from tests.integration.desk import benches
from tests.integration.transcripts import desk, world

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.transcripts_urls")]


class Module:
    """The keys of a module, as `seal_keys.SealKeys` gives them."""

    def __init__(self, keys: dict[str, Any]) -> None:
        self.keys = keys
        self.asked: list[int] = []
        self.is_down = False

    def __contains__(self, school: str) -> bool:
        return school in self.keys

    def key(self, school: str) -> Module:
        if self.is_down:
            raise ModuleUnavailableError("unplugged")
        self.held = self.keys[school]
        return self

    @property
    def certificate(self) -> Any:
        return self.held.certificate

    def sign_many(self, items: Sequence[bytes]) -> list[bytes]:
        self.asked.append(len(items))
        return [self.held.sign(item) for item in items]


@pytest.fixture
def of() -> world.Keys:
    return world.keys()


@pytest.fixture
def module(of: world.Keys, monkeypatch: pytest.MonkeyPatch) -> Module:
    found = Module({world.SCHOOL.code: of.keys[world.SCHOOL.code]})
    monkeypatch.setattr(seal_keys, "of", lambda path: found)
    return found


@pytest.fixture
def task(of: world.Keys, settings: SettingsWrapper) -> str:
    """A class of two whose transcripts wait for the seal."""
    settings.HOCBA_SIDE = "transcripts"
    trust.forget()
    book = world.sealed_book(of, count=2)
    world.install_trust(of)
    world.install_roster(book.pupils)
    desk.sign_up_to(of, desk.take_in(book), "principal")
    with scope.whole_site():
        accounts.follow_roster(world.SCHOOL.code, by="test", at=timezone.now())
    found = desk.task_of(world.CLERK, "seal")
    assert found is not None
    return found.id


@pytest.fixture
def clerk(task: str) -> Client:
    client = Client()
    client.force_login(benches.user(world.SCHOOL.code, world.CLERK))
    return client


def open_batch(clerk: Client, task: str) -> str:
    answer = clerk.post(f"/ky-so/viec/{task}/con-dau")
    assert answer.status_code == 302
    page: str = answer.headers["location"]
    return page


def seal_all(clerk: Client, page: str) -> int:
    """Have chunks sealed until there is no next one; how many documents that were."""
    address: str | None = f"/api/signing/batches/{page.split('/')[2]}/seal"
    signed = 0
    while address:
        answer = clerk.post(address, "{}", content_type="application/json").json()
        assert answer["refused"] == []
        signed += answer["signed"]
        address = answer["next"]
    return signed


def states() -> set[str]:
    with scope.whole_site():
        return set(TranscriptVersion.objects.values_list("status", flat=True))


class TestSeal:
    def test_is_applied_in_chunks_until_nothing_is_left(
        self, clerk: Client, task: str, module: Module, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sealing, "CHUNK", 3)
        page = open_batch(clerk, task)

        assert (seal_all(clerk, page), module.asked) == (4, [3, 1])
        assert states() == {"SEALED"}
        assert "Đã ký: 4/4" in clerk.get(page).content.decode()

    def test_is_applied_to_several_classes_in_one_list(
        self, clerk: Client, task: str, module: Module, of: world.Keys, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sealing, "CHUNK", 5)
        book = world.sealed_book(of, class_name="6A2", count=1, first=10)
        world.install_roster(book.pupils, class_name="6A2", version=2)
        desk.sign_up_to(of, desk.take_in(book), "principal")
        with scope.acting_for(world.SCHOOL.code):
            waiting = [each.id for each in tasks.list_tasks(world.actor(world.CLERK))]
        page = open_batch(clerk, ",".join(waiting))

        assert (len(waiting), task in waiting) == (2, True)
        assert (seal_all(clerk, page), module.asked) == (6, [5, 1])
        assert states() == {"SEALED"}
        report = clerk.get(f"/api/signing/batches/{page.split('/')[2]}/report").json()
        assert (report["state"], sorted(group["signed"] for group in report["groups"])) == (
            "COMPLETED",
            [2, 4],
        )

    def test_works_without_javascript(self, clerk: Client, task: str, module: Module) -> None:
        page = open_batch(clerk, task)

        answer = clerk.post(f"{page}con-dau", follow=True)

        assert "Đã ký xong" in answer.content.decode()
        assert states() == {"SEALED"}

    def test_that_does_not_answer_is_said_and_nothing_is_lost(
        self, clerk: Client, task: str, module: Module
    ) -> None:
        page = open_batch(clerk, task)
        module.is_down = True

        answer = clerk.post(f"{page}con-dau", follow=True)
        assert "không trả lời" in answer.content.decode()
        assert clerk.post(f"/api/signing/batches/{page.split('/')[2]}/seal").status_code == 503
        assert "không trả lời" in clerk.get(f"/ky-so/viec/{task}/?thay=1").content.decode()

        module.is_down = False
        assert "Đã ký xong" in clerk.post(f"{page}con-dau", follow=True).content.decode()

    def test_of_another_certificate_than_the_batch_was_opened_for_is_refused(
        self, clerk: Client, task: str, module: Module, of: world.Keys
    ) -> None:
        page = open_batch(clerk, task)
        module.keys[world.SCHOOL.code] = of.keys[world.PRINCIPAL]

        assert clerk.post(f"/api/signing/batches/{page.split('/')[2]}/seal").status_code == 503
        assert states() == {"PRINCIPAL_SIGNED"}

    def test_is_offered_only_where_it_is_set_up(
        self, clerk: Client, task: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(seal_keys, "of", lambda path: Module({}))

        assert "thiết bị HSM" not in clerk.get(f"/ky-so/viec/{task}/").content.decode()
        answer = clerk.post(f"/ky-so/viec/{task}/con-dau", follow=True)
        assert "chưa có con dấu số trong thiết bị" in answer.content.decode()

    def test_is_never_applied_for_somebody_without_the_right(self, task: str, module: Module) -> None:
        client = Client()
        client.force_login(benches.user(world.SCHOOL.code, world.PRINCIPAL))

        assert client.post(f"/ky-so/viec/{task}/con-dau").status_code == 404
        assert module.asked == []

    def test_is_never_applied_in_a_batch_of_another_channel(
        self, clerk: Client, task: str, module: Module, of: world.Keys
    ) -> None:
        opened = desk.open_batch(of, world.CLERK, "seal")
        with scope.whole_site():
            type(opened.batch).objects.update(opened_by=f"{world.SCHOOL.code}.{world.CLERK}".lower())

        assert clerk.post(f"/api/signing/batches/{opened.batch.pk}/seal").status_code == 404
        assert module.asked == []
