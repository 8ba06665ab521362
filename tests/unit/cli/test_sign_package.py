from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hocba.channels import pkcs11
from hocba.cli.main import main
from hocba.desk import packages
from hocba.signing import algorithms, certificates
from tests.factories import soft_tokens as tokens
from tests.unit.desk.test_packages import BATCH, ITEMS

pytestmark = pytest.mark.external


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package for the certificate in the token."""
    tokens.available()
    der = certificates.to_der(tokens.soft_tokens().rsa.certificate)
    path = tmp_path / "goi.zip"
    path.write_bytes(packages.write(replace(BATCH, certificate=der), ITEMS, school="A"))
    return path


@pytest.fixture
def sign(package: Path, tmp_path: Path) -> Callable[..., int]:
    pin = tmp_path / "pin"
    pin.write_text(tokens.PIN)

    def run(*words: str, label: str = "ky-so") -> int:
        key = tokens.soft_tokens().address(tokens.TEACHER, label, pin)
        return main(["sign-package", str(package), "--key", key, "--out", str(tmp_path / "out.json"), *words])

    return run


class TestSignPackage:
    def test_writes_an_answer_that_the_desk_reads(
        self, sign: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert sign("--yes") == 0

        answer = packages.read_answer((tmp_path / "out.json").read_bytes())
        packages.check(answer, BATCH)
        for item in ITEMS:
            certificate = tokens.soft_tokens().rsa.certificate
            algorithms.verify_raw(certificate, answer.signatures[item.id], item.to_be_signed)
        said = capsys.readouterr()
        assert "Đã ký 2 văn bản" in said.out
        assert BATCH.digest in said.err

    def test_asks_before_it_signs(
        self,
        sign: Callable[..., int],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("không\n"))

        assert sign() == 1
        assert not (tmp_path / "out.json").exists()
        said = capsys.readouterr().err
        assert "hết hạn 09:00:00 03/06/2026.\nMã băm danh sách: sha256:" in said
        assert "\ufffd" not in said

    def test_refuses_a_key_of_another_certificate(
        self, sign: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert sign("--yes", label="xac-thuc") == 1
        assert "không phải chứng thư số" in capsys.readouterr().err
        assert not (tmp_path / "out.json").exists()

    @pytest.mark.parametrize("place", ["nowhere/out.json", ""])
    def test_asks_no_key_when_the_answer_cannot_be_written(
        self, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
    ) -> None:
        asked: list[str] = []
        monkeypatch.setattr(pkcs11, "open_key", asked.append)

        out = tmp_path / place
        assert (
            main(
                [
                    "sign-package",
                    str(package),
                    "--key",
                    "pkcs11:?pin-source=file:/x",
                    "--out",
                    str(out),
                    "--yes",
                ]
            )
            == 1
        )
        assert asked == []

    def test_keeps_an_earlier_answer_until_the_new_one_is_whole(
        self, sign: Callable[..., int], tmp_path: Path
    ) -> None:
        (tmp_path / "out.json").write_text("earlier")

        assert sign("--yes", label="xac-thuc") == 1
        assert [path.read_text() for path in tmp_path.glob("out.json*")] == ["earlier"]
        assert sign("--yes") == 0
        assert packages.read_answer((tmp_path / "out.json").read_bytes()).batch == str(BATCH.id)

    def test_refuses_a_package_that_is_none(
        self, sign: Callable[..., int], package: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        package.write_bytes(hashlib.sha256(b"").digest())

        assert sign("--yes") == 1
        assert "không phải gói ký" in capsys.readouterr().err
