from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization import pkcs12 as encoding

import hocba
from hocba.cli.demo_keys import DemoKeys, DemoKeysRefusedError
from hocba.signing import algorithms
from hocba.signing.errors import KeyFileError, UnsupportedKeyError
from hocba.signing.keys import pkcs12
from hocba.signing.keys.api import SigningKey
from hocba.simulators import timestamp_authority
from tests.factories import signed_xml

SOURCE = Path(hocba.__file__).parent


class TestLoad:
    @pytest.mark.parametrize("signature_id", ["ck-toan", "ck-van"])
    def test_gives_a_key_that_signs_for_its_certificate(self, signature_id: str) -> None:
        original = signed_xml.key(signature_id)
        key: SigningKey = pkcs12.load(pkcs12.dump(original, "mật khẩu", name="khóa"), "mật khẩu")
        algorithms.verify_raw(original.certificate, key.sign(b"data"), b"data")
        assert (key.certificate, key.chain) == (original.certificate, original.chain)

    def test_refuses_a_wrong_password(self) -> None:
        with pytest.raises(KeyFileError):
            pkcs12.load(pkcs12.dump(signed_xml.key("ck-van"), "đúng", name="k"), "sai")

    @pytest.mark.parametrize("data", [b"", b"PK", b"\x30\x82\x00\x01\x00"])
    def test_refuses_what_is_no_key_file(self, data: bytes) -> None:
        with pytest.raises(KeyFileError):
            pkcs12.load(data, "x")

    def test_refuses_a_file_without_key(self) -> None:
        certificate = signed_xml.key("ck-van").certificate
        data = encoding.serialize_key_and_certificates(
            b"x", None, None, [certificate], BestAvailableEncryption(b"x")
        )
        with pytest.raises(KeyFileError):
            pkcs12.load(data, "x")

    def test_refuses_a_key_off_the_list(self) -> None:
        weak = rsa.generate_private_key(65537, 1024)
        key = signed_xml.authority().issue_person(
            name="A", personal_id="079180000123", organisation="B", private_key=weak
        )
        with pytest.raises(UnsupportedKeyError):
            pkcs12.load(pkcs12.dump(key, "x", name="x"), "x")


class TestSoftwareKey:
    def test_does_not_show_its_private_key(self) -> None:
        assert "private_key" not in repr(signed_xml.key("ck-van"))


class TestWhoeverLoadsKeyFiles:
    """Keys in files are for demo and training: every program that opens one refuses a production configuration."""

    REFUSALS = frozenset({"is_production", "refuse_in_production"})

    def loaders(self) -> list[Path]:
        """Source files that call `pkcs12.load`."""
        return [
            file
            for file in sorted(SOURCE.rglob("*.py"))
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pkcs12.load"
        ]

    def test_asks_whether_this_is_production(self) -> None:
        names = {
            file: {
                node.id for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Name)
            }
            for file in self.loaders()
        }

        assert names
        assert [file for file, known in names.items() if not known & self.REFUSALS] == []

    def test_is_refused_as_a_simulator(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("HOCBA_PRODUCTION", "True")

        with pytest.raises(SystemExit, match="trình diễn"):
            timestamp_authority.main(["0", str(tmp_path)])

    def test_is_refused_as_the_keys_of_the_demo(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("HOCBA_PRODUCTION", "True")

        with pytest.raises(DemoKeysRefusedError):
            DemoKeys.open(tmp_path, now=datetime(2026, 1, 5, tzinfo=UTC))
