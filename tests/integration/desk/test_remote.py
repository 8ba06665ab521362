"""Remote signing through its port: a provider of the test holds the key, the desk does the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from hocba.desk.channels import Channel
from hocba.desk.errors import ChannelError, NotYoursError
from hocba.desk.ports import Desk, Order
from hocba.desk.remote import Provider, Status, Step
from hocba.platform.accounts.actor import Actor
from tests.integration.desk.benches import Bench

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


class Remote:
    """Signs at once what was authorised with the code 4711; one session."""

    bench: Bench
    way = Step.CODE
    owner = ""
    batch: UUID
    is_down = False

    def providers(self) -> Sequence[Provider]:
        return [Provider(id="thu", title="Nhà cung cấp thử")]

    def begin(
        self, desk: Desk, actor: Actor, *, task: str, provider: str, return_to: str, at: datetime
    ) -> Status:
        if provider != "thu":
            raise ChannelError("Không có nhà cung cấp này.")
        der = Remote.bench.der(Remote.bench.signer)
        opened = desk.open(actor, Order(task=task, certificate=der, channel=Channel.REMOTE), at=at)
        Remote.owner, Remote.batch = actor.name, opened.batch.id
        address = f"https://ky.example/?back={return_to}"
        return Status(batch=opened.batch.id, step=Remote.way, address=address)

    def again(self, desk: Desk, actor: Actor, batch_id: UUID, *, return_to: str, at: datetime) -> Status:
        return Status(batch=batch_id, step=Remote.way, address="https://ky.example/again")

    def returned(self, desk: Desk, actor: Actor, given: Mapping[str, str], *, at: datetime) -> Status:
        if given.get("state") != "s" or actor.name != Remote.owner:
            raise NotYoursError
        return self.code(desk, actor, Remote.batch, given["code"], at=at)

    def code(self, desk: Desk, actor: Actor, batch_id: UUID, code: str, *, at: datetime) -> Status:
        if code != "4711":
            raise ChannelError("Mã xác nhận không đúng.")
        items = desk.pending(actor, batch_id, after=0, limit=500, at=at)
        values = {item.id: Remote.bench.sign_with(Remote.bench.signer, item.to_be_signed) for item in items}
        desk.complete(actor, batch_id, values, at=at)
        return Status(batch=batch_id, step=Step.DONE, signed=len(items), count=len(items))

    def status(self, desk: Desk, actor: Actor, batch_id: UUID, *, at: datetime) -> Status:
        if Remote.is_down:
            raise ChannelError("Nhà cung cấp không trả lời.")
        return Status(batch=batch_id, step=Remote.way, count=2, detail="Nhập mã đã gửi tới điện thoại.")


@pytest.fixture
def remote(bench: Bench, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch) -> Bench:
    settings.HOCBA_REMOTE_SIGNING = f"{__name__}.Remote"
    monkeypatch.setattr(Remote, "bench", bench, raising=False)
    return bench


def begin(bench: Bench, provider: str = "thu") -> Any:
    return bench.client().post(f"/ky-so/viec/{bench.task}/tu-xa", {"nha_cung_cap": provider})


class TestRemote:
    def test_is_signed_with_a_code(self, remote: Bench) -> None:
        page = begin(remote).headers["location"]
        assert "Nhập mã đã gửi" in remote.get(page).content.decode()

        wrong = remote.client().post(f"{page}ma-xac-nhan", {"ma": "1"}, follow=True).content.decode()
        right = remote.client().post(f"{page}ma-xac-nhan", {"ma": "4711"}, follow=True).content.decode()

        assert "Mã xác nhận không đúng" in wrong
        assert f"Đã ký: {remote.count}/{remote.count}" in right
        assert "Ký số từ xa" in right

    def test_is_signed_after_the_providers_page(self, remote: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Remote, "way", Step.REDIRECT)

        away = begin(remote).content.decode()
        stranger = remote.get("/ky-so/tu-xa?state=s&code=4711", remote.colleague)
        back = remote.client().get("/ky-so/tu-xa?state=s&code=4711", follow=True).content.decode()

        assert 'href="https://ky.example/?back=http://testserver/ky-so/tu-xa"' in away
        assert stranger.status_code == 404
        assert f"Đã ký: {remote.count}/{remote.count}" in back

    def test_can_be_gone_on_with(self, remote: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        page = begin(remote).headers["location"]
        monkeypatch.setattr(Remote, "is_down", True)
        shown = remote.get(page).content.decode()
        monkeypatch.setattr(Remote, "way", Step.REDIRECT)

        again = remote.client().post(f"{page}tu-xa")

        assert "Nhà cung cấp không trả lời" in shown
        assert f"Xác nhận ký {remote.count} văn bản" in shown
        assert 'href="https://ky.example/again"' in again.content.decode()

    def test_tells_the_page_how_far_it_is(self, remote: Bench) -> None:
        batch = begin(remote).headers["location"].split("/")[2]

        found = remote.get(f"batches/{batch}/remote")

        assert found.json() == {
            "step": "code",
            "signed": 0,
            "count": 2,
            "detail": "Nhập mã đã gửi tới điện thoại.",
        }
        assert remote.get(f"batches/{batch}/remote", remote.colleague).status_code == 404

    def test_says_why_a_provider_refuses(self, remote: Bench) -> None:
        answer = remote.client().get(begin(remote, "khong-co").headers["location"])

        assert "Không có nhà cung cấp này" in answer.content.decode()

    def test_is_not_offered_where_it_is_not_set_up(self, bench: Bench) -> None:
        assert "Ký số từ xa" not in bench.get(f"/ky-so/viec/{bench.task}/").content.decode()
        answer = bench.client().get(begin(bench).headers["location"])
        assert "chưa kết nối nhà cung cấp" in answer.content.decode()
