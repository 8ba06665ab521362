from __future__ import annotations

import os
import threading
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from hocba.channels import pkcs11 as channel
from hocba.channels.pkcs11 import ModuleKey, open_key
from hocba.channels.pkcs11_errors import KeyNotFoundError, ModuleUnavailableError, PinRefusedError
from hocba.channels.pkcs11_library import library
from hocba.documents.verification import Verdict, verify
from hocba.signing import algorithms, trust
from tests.factories import soft_tokens as tokens
from tests.factories import transcripts
from tests.factories.soft_tokens import SoftTokens

pytestmark = pytest.mark.external


@pytest.fixture(scope="module")
def soft() -> SoftTokens:
    tokens.available()
    return tokens.soft_tokens()


@pytest.fixture
def pin_file(tmp_path: Path) -> Path:
    file = tmp_path / "pin"
    file.write_text(tokens.PIN + "\n")
    return file


@pytest.fixture
def seal(soft: SoftTokens, pin_file: Path) -> ModuleKey:
    return open_key(soft.address(tokens.SEAL, "con-dau", pin_file))


class TestOpenKey:
    @pytest.mark.parametrize("label", ["ky-so", "xac-thuc"])
    def test_signs_with_rsa_and_with_p256(self, soft: SoftTokens, pin_file: Path, label: str) -> None:
        key = open_key(soft.address(tokens.TEACHER, label, pin_file))

        algorithms.verify_raw(key.certificate, key.sign(b"hoc ba"), b"hoc ba")

    def test_gives_the_certificates_above_without_the_root(self, soft: SoftTokens, seal: ModuleKey) -> None:
        assert seal.certificate == soft.seal.certificate
        assert seal.chain == soft.seal.chain[:1]

    def test_says_that_a_token_is_not_there(self, soft: SoftTokens, pin_file: Path) -> None:
        with pytest.raises(ModuleUnavailableError, match="not in the module"):
            open_key(soft.address("Nowhere", "con-dau", pin_file))

    def test_says_that_a_key_is_not_there(self, soft: SoftTokens, pin_file: Path) -> None:
        with pytest.raises(KeyNotFoundError, match="0 private keys"):
            open_key(soft.address(tokens.SEAL, "khong-co", pin_file))

    def test_says_that_a_library_cannot_be_loaded(self, pin_file: Path) -> None:
        with pytest.raises(ModuleUnavailableError, match="cannot be loaded"):
            open_key(f"pkcs11:token=a;object=b?module-path=/nowhere/lib.so&pin-source=file:{pin_file}")


class TestModuleKey:
    def test_seals_a_transcript_that_verifies(self, seal: ModuleKey) -> None:
        school = transcripts.school()
        file = transcripts.sign_xml(
            school,
            transcripts.transcript(),
            override={transcripts.SCHOOL.code: seal},  # type: ignore[dict-item]
        )

        report = verify(file, trust=trust.load(school.trust_files()), at=transcripts.NOW)

        assert report.verdict is Verdict.VALID, [check for check in report.checks if not check.passed]

    def test_hashes_for_modules_that_do_not(self, soft: SoftTokens, pin_file: Path) -> None:
        key = open_key(soft.address(tokens.TEACHER, "ky-so", pin_file), sessions=1)

        class Old:
            def sign(self, data: bytes, *, mechanism: pkcs11.Mechanism) -> bytes:
                if mechanism is pkcs11.Mechanism.SHA256_RSA_PKCS:
                    raise pkcs11.MechanismInvalid
                return bytes(real.sign(data, mechanism=mechanism))

        with key._session() as (real, _, _):
            value = channel._sign_rsa(Old(), b"x")
        algorithms.verify_raw(key.certificate, value, b"x")

    def test_signs_many_in_order(self, seal: ModuleKey) -> None:
        items = [f"văn bản {number}".encode() for number in range(60)]

        values = seal.sign_many(items)

        assert len(set(values)) == 60
        for item, value in zip(items, values, strict=True):
            algorithms.verify_raw(seal.certificate, value, item)

    def test_goes_on_after_its_sessions_are_lost(self, soft: SoftTokens, seal: ModuleKey) -> None:
        seal.sign(b"before")
        library(soft.library).restart()

        algorithms.verify_raw(seal.certificate, seal.sign(b"after"), b"after")

    def test_goes_on_when_sessions_are_lost_under_many_threads(
        self, soft: SoftTokens, seal: ModuleKey
    ) -> None:
        values: list[tuple[bytes, bytes]] = []

        def work(number: int) -> None:
            for turn in range(30):
                text = f"{number}/{turn}".encode()
                values.append((text, seal.sign(text)))

        threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        seal.close()
        for thread in threads:
            thread.join()

        assert len(values) == 90
        for text, value in values:
            algorithms.verify_raw(seal.certificate, value, text)

    def test_says_that_the_token_is_gone_and_signs_again_once_it_is_back(
        self, soft: SoftTokens, seal: ModuleKey
    ) -> None:
        away = soft.directory / "away"
        (soft.directory / "tokens").rename(away)
        (soft.directory / "tokens").mkdir()
        library(soft.library).restart()
        try:
            with pytest.raises(ModuleUnavailableError):
                seal.sign(b"gone")
        finally:
            (soft.directory / "tokens").rmdir()
            away.rename(soft.directory / "tokens")
        library(soft.library).restart()

        algorithms.verify_raw(seal.certificate, seal.sign(b"back"), b"back")

    def test_works_in_a_forked_process(self, seal: ModuleKey) -> None:
        seal.sign(b"parent")
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writer, seal.sign(b"child"))
            os._exit(0)
        os.close(writer)
        value = os.read(reader, 4_096)
        os.close(reader)
        os.waitpid(child, 0)

        algorithms.verify_raw(seal.certificate, value, b"child")
        algorithms.verify_raw(seal.certificate, seal.sign(b"parent again"), b"parent again")

    def test_never_tries_a_refused_pin_again(
        self, soft: SoftTokens, seal: ModuleKey, pin_file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tries: list[str] = []
        real = channel._sign_in
        monkeypatch.setattr(channel, "_sign_in", lambda token, pin: (tries.append(pin), real(token, pin))[1])
        seal.close()
        library(soft.library).restart()  # other keys of this process on the token sign out too
        pin_file.write_text("000000")

        for _ in range(3):
            with pytest.raises(PinRefusedError) as caught:
                seal.sign(b"x")
            assert "000000" not in str(caught.value)
        assert tries == ["000000"]

    def test_signs_with_no_other_key_that_came_in_its_place(
        self, seal: ModuleKey, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seal.close()
        real = channel._certificates
        other = transcripts.school().keys["GV0001"].certificate.public_bytes(Encoding.DER)
        monkeypatch.setattr(channel, "_certificates", lambda *given: (other, real(*given)[1]))

        with pytest.raises(KeyNotFoundError, match="another certificate"):
            seal.sign(b"x")
