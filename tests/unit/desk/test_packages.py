from __future__ import annotations

import io
import json
import uuid
import zipfile
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocba.desk import packages
from hocba.desk.channels import Channel
from hocba.desk.errors import PackageError
from hocba.desk.ports import Batch, Item, State

AT = datetime(2026, 5, 31, 9, 0, tzinfo=timezone(timedelta(hours=7)))
BATCH = Batch(
    id=uuid.UUID(int=7),
    task="seal:1",
    title="Đóng dấu số",
    slot="seal",
    position="seal",
    school_code="79764501",
    holder="79764501",
    by="79764501.vt0001",
    certificate=b"der",
    channel=Channel.OFFLINE,
    state=State.OPEN,
    digest="sha256:" + "a" * 64,
    listing="",
    opened_at=AT,
    expires_at=AT + timedelta(days=3),
)
ITEMS = [
    Item(id=str(number), place=number, title=f"Học bạ {number}", kind="xml", to_be_signed=bytes([number]))
    for number in (1, 2)
]
ANSWER = {"batch": str(BATCH.id), "digest": BATCH.digest, "signatures": {"1": "AAE="}}


class TestWrite:
    def test_gives_the_same_octets_for_the_same_items(self) -> None:
        assert packages.write(BATCH, ITEMS, school="A") == packages.write(BATCH, ITEMS, school="A")

    def test_names_the_list_its_holder_and_its_end(self) -> None:
        content = packages.write(BATCH, ITEMS, school="Trường A")

        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            assert archive.read(manifest["items"][1]["file"]) == b"\2"
            guide = archive.read("DOC-TRUOC.txt").decode()
        assert '{"batch": "mã lượt ký", "digest": "sha256:…", "signatures": {' in guide
        assert manifest["batch"] == str(BATCH.id)
        assert manifest["digest"] == BATCH.digest
        assert manifest["expires_at"] == "2026-06-03T09:00:00+07:00"
        assert manifest["school"] == {"code": "79764501", "name": "Trường A"}


class TestReadAnswer:
    def test_reads_json(self) -> None:
        found = packages.read_answer(json.dumps(ANSWER).encode())

        assert found.signatures == {"1": b"\0\1"}
        packages.check(found, BATCH)

    def test_reads_csv_with_the_mark_of_excel_and_crlf(self) -> None:
        text = f"id,signature\r\nbatch,{BATCH.id}\r\ndigest,{BATCH.digest}\r\n1,AAE=\r\n\r\n"

        found = packages.read_answer(text.encode("utf-8-sig"))

        assert found.signatures == {"1": b"\0\1"}
        packages.check(found, BATCH)

    def test_refuses_a_name_that_stands_twice(self) -> None:
        text = f"batch,{BATCH.id}\ndigest,{BATCH.digest}\n1,AAE=\n1,AAI=\n"

        with pytest.raises(PackageError):
            packages.read_answer(text.encode())

    def test_refuses_what_is_too_large_before_it_reads(self) -> None:
        with pytest.raises(PackageError, match="quá lớn"):
            packages.read_answer(b" " * (packages.LARGEST_ANSWER + 1))

    def test_refuses_a_value_longer_than_any_signature(self) -> None:
        content = json.dumps(ANSWER | {"signatures": {"1": "A" * 100_000}}).encode()

        with pytest.raises(PackageError):
            packages.read_answer(content)

    @given(st.binary(max_size=300))
    def test_answers_anything_else_with_one_sentence(self, content: bytes) -> None:
        with pytest.raises(PackageError, match=r"^Tệp chữ ký .*\.$"):
            packages.read_answer(content)

    @given(
        st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner))
    )
    def test_answers_any_json_with_one_sentence(self, document: object) -> None:
        with pytest.raises(PackageError):
            packages.read_answer(json.dumps({"signatures": document}).encode())


class TestCheck:
    @pytest.mark.parametrize(
        ("change", "words"),
        [({"batch": str(uuid.UUID(int=8))}, "lượt ký khác"), ({"digest": "sha256:0"}, "đã bị thay đổi")],
    )
    def test_refuses_what_was_made_for_another_list(self, change: dict[str, str], words: str) -> None:
        found = packages.read_answer(json.dumps(ANSWER | change).encode())

        with pytest.raises(PackageError, match=words):
            packages.check(found, BATCH)


class TestRead:
    def test_gives_back_what_was_written(self) -> None:
        found = packages.read(packages.write(BATCH, ITEMS, school="A"))

        assert (found.batch, found.digest) == (str(BATCH.id), BATCH.digest)
        assert found.items == {"1": b"\1", "2": b"\2"}
        answer = packages.read_answer(packages.answer_to_bytes(found, {"1": b"x"}))
        packages.check(answer, BATCH)
        assert answer.signatures == {"1": b"x"}

    def test_refuses_an_item_that_was_changed(self) -> None:
        target = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(packages.write(BATCH, ITEMS, school="A"))) as old,
            zipfile.ZipFile(target, "w") as new,
        ):
            for name in old.namelist():
                new.writestr(name, b"other" if name == "items/1.bin" else old.read(name))

        with pytest.raises(PackageError, match="đã bị thay đổi"):
            packages.read(target.getvalue())

    @given(st.binary(max_size=300))
    def test_refuses_anything_else(self, content: bytes) -> None:
        with pytest.raises(PackageError):
            packages.read(content)
