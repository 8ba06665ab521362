"""The offline package: hashes out as a file, signatures in as a file, the same checks."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.integration.desk.benches import Bench

pytestmark = pytest.mark.django_db


def open_package(bench: Bench, holder: str | None = None, **further: str) -> str:
    """The page of a fresh offline batch."""
    file = SimpleUploadedFile("chung-thu.cer", bench.der(holder or bench.signer))
    answer = bench.client().post(f"/ky-so/viec/{bench.task}/goi-ky", {"chung_thu": file, **further})
    assert answer.status_code == 302
    found: str = answer.headers["location"]
    return found


def fetch(bench: Bench, page: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Manifest and bytes of the package."""
    with zipfile.ZipFile(io.BytesIO(bench.get(f"{page}goi-ky.zip").content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        return manifest, {item["id"]: archive.read(item["file"]) for item in manifest["items"]}


def answer_of(bench: Bench, manifest: dict[str, Any], octets: dict[str, bytes]) -> dict[str, Any]:
    return {
        "batch": manifest["batch"],
        "digest": manifest["digest"],
        "signatures": {
            name: b64encode(bench.sign_with(bench.signer, content)).decode()
            for name, content in octets.items()
        },
    }


def send(bench: Bench, page: str, content: object, *, follow: bool = True) -> str:
    """Upload an answer; the page that follows."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    file = SimpleUploadedFile("chu-ky.json", raw)
    answer = bench.client().post(f"{page}ket-qua", {"chu_ky": file}, follow=follow)
    assert answer.status_code == 200
    return str(answer.content.decode())


class TestPackage:
    def test_holds_exactly_the_bytes_to_be_signed(self, bench: Bench) -> None:
        page = open_package(bench)

        manifest, octets = fetch(bench, page)

        batch = bench.get(f"batches/{manifest['batch']}").json()
        assert batch["channel"] == "offline"
        assert len(octets) == bench.count
        assert {item["id"]: item["sha256"] for item in manifest["items"]} == {
            name: hashlib.sha256(content).hexdigest() for name, content in octets.items()
        }
        assert manifest["digest"] == batch["digest"]
        assert manifest["holder"] == bench.signer
        assert manifest["school"]["name"] not in ("", manifest["school"]["code"])

    def test_may_travel_for_days_and_then_no_more(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page = open_package(bench)
        manifest, octets = fetch(bench, page)
        now = timezone.now()
        client = bench.client()
        monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=3, minutes=1))
        client.force_login(bench.user_of(bench.signer))

        said = send(bench, page, answer_of(bench, manifest, octets))

        assert "hết hạn" in said
        assert f"Đã ký: 0/{bench.count}" in said

    @pytest.mark.parametrize("withdrawn", [False, True])
    def test_is_judged_again_when_it_comes_back(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch, withdrawn: bool
    ) -> None:
        page = open_package(bench)
        manifest, octets = fetch(bench, page)
        client, now = bench.client(), timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=2))
        client.force_login(bench.user_of(bench.signer))
        if withdrawn:
            bench.withdraw(bench.signer)

        said = send(bench, page, answer_of(bench, manifest, octets))

        assert f"Đã ký: {0 if withdrawn else bench.count}/{bench.count}" in said

    def test_is_not_given_for_a_batch_of_another_channel(self, bench: Bench) -> None:
        assert bench.get(f"{bench.open()['page']}goi-ky.zip").status_code == 404

    @pytest.mark.parametrize("content", [b"", b"no certificate", b"\x30\x82"])
    def test_asks_for_a_certificate(self, bench: Bench, content: bytes) -> None:
        file = SimpleUploadedFile("chung-thu.cer", content or b" ")
        answer = bench.client().post(
            f"/ky-so/viec/{bench.task}/goi-ky", {"chung_thu": file} if content else {}, follow=True
        )

        assert "chứng thư số" in answer.content.decode()
        assert "Lượt ký đang mở" not in bench.get("/ky-so/").content.decode()

    def test_takes_a_certificate_in_pem(self, bench: Bench) -> None:
        pem = x509.load_der_x509_certificate(bench.der(bench.signer)).public_bytes(Encoding.PEM)
        file = SimpleUploadedFile("chung-thu.pem", pem)

        answer = bench.client().post(f"/ky-so/viec/{bench.task}/goi-ky", {"chung_thu": file})

        assert fetch(bench, answer.headers["location"])[0]["certificate"] == (
            f"sha256:{hashlib.sha256(bench.der(bench.signer)).hexdigest()}"
        )

    def test_is_refused_for_a_certificate_of_somebody_else(self, bench: Bench) -> None:
        file = SimpleUploadedFile("chung-thu.cer", bench.der(bench.colleague))
        answer = bench.client().post(f"/ky-so/viec/{bench.task}/goi-ky", {"chung_thu": file}, follow=True)

        assert "không phải cho người phải ký" in answer.content.decode()


class TestAnswer:
    def test_is_taken_in_when_everything_fits(self, bench: Bench) -> None:
        page = open_package(bench)

        said = send(bench, page, answer_of(bench, *fetch(bench, page)))

        assert f"Đã nhận {bench.count} chữ ký" in said
        assert f"Đã ký: {bench.count}/{bench.count}" in said

    def test_may_come_as_a_table(self, bench: Bench) -> None:
        page = open_package(bench)
        answer = answer_of(bench, *fetch(bench, page))
        rows = ["id,signature", f"batch,{answer['batch']}", f"digest,{answer['digest']}"]
        rows += [f"{name},{value}" for name, value in answer["signatures"].items()]

        said = send(bench, page, "\r\n".join(rows).encode("utf-8-sig"))

        assert f"Đã ký: {bench.count}/{bench.count}" in said

    def test_may_come_in_parts(self, bench: Bench) -> None:
        page = open_package(bench)
        manifest, octets = fetch(bench, page)
        first, *rest = octets

        said = send(bench, page, answer_of(bench, manifest, {first: octets[first]}))
        assert f"Đã ký: 1/{bench.count}" in said
        left, _ = fetch(bench, page)
        assert [item["id"] for item in left["items"]] == rest
        assert left["digest"] == manifest["digest"]
        said = send(bench, page, answer_of(bench, manifest, octets))
        assert f"Đã ký: {bench.count}/{bench.count}" in said
        assert f"Đã nhận {bench.count - 1} chữ ký. 1 chữ ký trong tệp đã nhận từ trước." in said

    def test_of_another_batch_is_refused_in_one_sentence(self, bench: Bench) -> None:
        old = fetch(bench, open_package(bench))
        page = open_package(bench, thay="1")

        said = send(bench, page, answer_of(bench, *old))

        assert "thuộc lượt ký khác" in said
        assert f"Đã ký: 0/{bench.count}" in said

    def test_for_a_changed_list_is_refused_in_one_sentence(self, bench: Bench) -> None:
        page = open_package(bench)
        answer = answer_of(bench, *fetch(bench, page)) | {"digest": f"sha256:{'0' * 64}"}

        assert "danh sách đã bị thay đổi" in send(bench, page, answer)

    def test_with_a_wrong_value_takes_the_others(self, bench: Bench) -> None:
        page = open_package(bench)
        answer = answer_of(bench, *fetch(bench, page))
        wrong = next(iter(answer["signatures"]))
        answer["signatures"][wrong] = b64encode(b"wrong").decode()

        said = send(bench, page, answer)

        assert f"Đã nhận {bench.count - 1} chữ ký" in said
        assert "1 giá trị không nhận được" in said
        assert "Không ký được: 1" in said

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\xff\xfe",
            b"{",
            b"[]",
            b'{"batch": 1}',
            b"a,b,c",
            b'{"batch":"x","digest":"y","signatures":{"1":"?"}}',
        ],
    )
    def test_that_is_none_is_refused_in_one_sentence(self, bench: Bench, content: bytes) -> None:
        page = open_package(bench)

        said = send(bench, page, content or b" ")

        assert "Tệp chữ ký" in said
        assert f"Đã ký: 0/{bench.count}" in said
