from __future__ import annotations

import hashlib
import json
import uuid
from datetime import timedelta

from hocba.desk import frozen
from hocba.desk.ports import Item
from hocba.platform.files import store
from tests.unit.desk.test_packages import AT, ITEMS

HEAD = frozen.Head(
    batch=uuid.UUID(int=7),
    task="seal:1",
    title="Đóng dấu số",
    slot="seal",
    school="79764501",
    holder="79764501",
    by="79764501.vt0001",
    certificate="c" * 64,
    channel="hsm",
    opened_at=AT,
    expires_at=AT + timedelta(minutes=15),
)


def listing(*items: Item) -> frozen.Listing:
    found = frozen.Listing(skipped=[frozen.Skipped(title="Học bạ 3", reason="chưa lập được bản PDF")])
    found.add(items)
    return found


class TestListing:
    def test_digest_is_over_the_digests_in_order(self) -> None:
        whole = hashlib.sha256(b"".join(hashlib.sha256(item.to_be_signed).digest() for item in ITEMS))

        assert listing(*ITEMS).digest == f"sha256:{whole.hexdigest()}"
        assert listing(*reversed(ITEMS)).digest != listing(*ITEMS).digest

    def test_is_the_same_however_it_is_cut_into_pages(self) -> None:
        paged = listing(ITEMS[0])
        paged.add(ITEMS[1:])

        assert frozen.to_bytes(HEAD, paged) == frozen.to_bytes(HEAD, listing(*ITEMS))


class TestKeep:
    def test_names_the_stored_list_by_its_digest(self) -> None:
        name = frozen.keep(HEAD, listing(*ITEMS))

        content = store.get(name)
        assert hashlib.sha256(content).hexdigest() == name
        assert json.loads(content)["by"] == "79764501.vt0001"
        assert frozen.read(name) == (listing(*ITEMS).lines, listing().skipped)

    def test_read_of_a_batch_without_one_is_empty(self) -> None:
        assert frozen.read("") == ((), ())
