from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from hocba.cli.demo_keys import DemoKeys, Holder
from hocba.cli.verify_inputs import load_trust, parse_log_keys, read_trust
from hocba.documents.verification.judging import Question
from hocba.documents.verification.standing import facts_of, is_demonstration
from hocba.exchange.transparency import open_note, sign_note
from hocba.signing import trust_list_files
from hocba.signing.revocation_sources import addresses_of

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def _private(path: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DemoKeys:
    monkeypatch.delenv("HOCBA_PRODUCTION", raising=False)
    found = DemoKeys.open(tmp_path / "keys", now=NOW)
    found.ensure([Holder(code="GV1", name="Nguyễn Thị Ánh", number="079180000001", organisation="Trường")])
    return found


class TestTrustFolder:
    @pytest.fixture
    def folder(self, keys: DemoKeys, tmp_path: Path) -> Path:
        keys.write_trust(tmp_path / "trust", now=NOW)
        keys.write_trust_list(tmp_path / "trust", now=NOW)
        keys.write_list_signer(tmp_path / "trust")
        return tmp_path / "trust"

    def test_says_to_the_verifier_that_the_services_are_for_demonstration(
        self, keys: DemoKeys, folder: Path
    ) -> None:
        material, problem = load_trust([str(folder)])

        assert problem is None
        facts = facts_of(keys.key("GV1").certificate, (), Question(trust=material, at=NOW))
        assert is_demonstration([facts])
        assert all(
            check.passed for check in material.check_certificate(keys.key("GV1").certificate, at=NOW, now=NOW)
        )

    def test_says_whose_log_to_believe(self, keys: DemoKeys, folder: Path) -> None:
        keys.write_log_key(folder, origin="log.test/so")
        files, problem = read_trust([str(folder)])

        assert problem is None
        ((key,), fault) = parse_log_keys(files)
        assert (key.name, fault) == ("log.test/so", None)
        note = sign_note("a line\n", "log.test/so", _private(keys.directory / "log.pem"))
        assert open_note(note, key) == "a line\n"

    def test_holds_what_verifies_its_list(self, folder: Path) -> None:
        signer = x509.load_pem_x509_certificate((folder / "trust-list-signers.pem").read_bytes())
        data, signature = (folder / "trust-list.json").read_bytes(), (folder / "trust-list.sig").read_bytes()

        assert trust_list_files.read_signed(data, signature, [signer]).version == int(NOW.timestamp())


class TestRevocationService:
    HOST = "http://127.0.0.1:8111"

    def test_is_named_by_the_trust_list_of_who_serves_and_by_nothing_else(
        self, keys: DemoKeys, tmp_path: Path
    ) -> None:
        found = {}
        for name, services in (("serving", self.HOST), ("files", None)):
            (tmp_path / name).mkdir()
            keys.write_trust_list(tmp_path / name, now=NOW, services=services)
            listed = trust_list_files.read((tmp_path / name / "trust-list.json").read_bytes())
            found[name] = addresses_of(listed)

        assert found == {
            "serving": {f"{self.HOST}/root.crl", f"{self.HOST}/issuing.crl", f"{self.HOST}/ocsp"},
            "files": set(),
        }
        assert self.HOST.encode() not in keys.key("GV1").certificate.public_bytes(Encoding.DER)

    def test_learns_of_a_revocation_from_the_folder(self, keys: DemoKeys) -> None:
        keys.revoke("GV1", at=NOW)

        (revoked,) = DemoKeys.open(keys.directory, now=NOW).authority.revoked
        assert (revoked.serial, revoked.at) == (keys.key("GV1").certificate.serial_number, NOW)
