from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from hocba.cli import main
from hocba.cli.trust_lists import SIGNERS
from hocba.signing import demo_trust, trust_list_files
from hocba.signing.keys.pkcs12 import SoftwareKey
from tests.factories import authorities, transcripts

PAIR = transcripts.pair()
KEYS = transcripts.school()
NOW = transcripts.NOW
OTHER = authorities.make(authorities.name("Người khác"))
AUTHOR = KEYS.authority.issue_system("Người lập danh sách tin cậy")
LISTED = trust_list_files.write(
    demo_trust.trust_list(KEYS.authority, version=7, now=NOW, next_update=NOW + timedelta(days=30))
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A trust folder with a list, its signature and the certificate of who signed it."""
    trust = tmp_path / "trust"
    trust.mkdir()
    for name, data in KEYS.trust_files().items():
        (trust / name).write_bytes(data)
    (trust / "trust-list.json").write_bytes(LISTED)
    (trust / "trust-list.sig").write_bytes(AUTHOR.sign(LISTED))
    (trust / SIGNERS).write_bytes(AUTHOR.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "a.xml").write_bytes(PAIR.xml)
    (tmp_path / "author.pem").write_bytes(AUTHOR.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "other.pem").write_bytes(OTHER.pem)
    return tmp_path


def hocba(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Exit code, and what the verifier says of its trust; "" when nothing."""
    named = [str(folder / word) if "." in word else word for word in words]
    at = ["--at", NOW.isoformat(), "--json"]
    code = main.main(["verify", str(folder / "a.xml"), "--trust", str(folder / "trust"), *named, *at])
    (file,) = json.loads(capsys.readouterr().out)["files"]
    return code, " ".join(check["detail"] for check in file["checks"] if check["name"] == "trust")


class TestTrustList:
    def test_of_the_signer_beside_it_is_used(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert hocba(folder, capsys) == (0, "")

    def test_of_the_signer_who_was_named_is_used(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "trust" / SIGNERS).unlink()

        assert hocba(folder, capsys, "--trust-list-signer", "author.pem") == (0, "")

    def test_by_the_signer_beside_it_is_refused_when_another_was_named(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code, said = hocba(folder, capsys, "--trust-list-signer", "other.pem")

        assert code == 2
        assert "không do người lập đã được chỉ định ký" in said

    def test_of_a_stranger_is_refused(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        stranger = SoftwareKey(OTHER.certificate, OTHER.key)
        (folder / "trust" / "trust-list.sig").write_bytes(stranger.sign(LISTED))

        code, said = hocba(folder, capsys)

        assert code == 2
        assert "không do người lập đã được chỉ định ký" in said

    def test_that_was_altered_is_refused(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        altered = LISTED.replace(b'"version": 7', b'"version": 8')
        assert altered != LISTED
        (folder / "trust" / "trust-list.json").write_bytes(altered)

        code, said = hocba(folder, capsys)

        assert code == 2
        assert "đã bị sửa sau khi ký" in said

    @pytest.mark.parametrize(
        ("missing", "sentence"),
        [(SIGNERS, "chưa biết ai là người lập"), ("trust-list.sig", "thiếu tệp chữ ký")],
    )
    def test_that_cannot_be_verified_is_refused(
        self, folder: Path, capsys: pytest.CaptureFixture[str], missing: str, sentence: str
    ) -> None:
        (folder / "trust" / missing).unlink()

        code, said = hocba(folder, capsys)

        assert code == 2
        assert sentence in said

    @pytest.mark.parametrize(
        "content", [b"", b"-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----"]
    )
    def test_with_a_signer_that_cannot_be_read_is_refused(
        self, folder: Path, capsys: pytest.CaptureFixture[str], content: bytes
    ) -> None:
        (folder / "trust" / SIGNERS).write_bytes(content)

        code, said = hocba(folder, capsys)

        assert code == 2
        assert "Không đọc được chứng thư số của người lập" in said

    def test_given_as_a_file_takes_signature_and_signer_beside_it(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        apart = folder / "apart"
        apart.mkdir()
        for name in ("trust-list.json", "trust-list.sig", SIGNERS):
            (folder / "trust" / name).rename(apart / name)

        assert hocba(folder, capsys, "--trust", "apart/trust-list.json") == (0, "")
        (apart / "trust-list.sig").unlink()
        assert hocba(folder, capsys, "--trust", "apart/trust-list.json")[0] == 2


class TestSigners:
    def test_are_no_authorities(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Who says whom to trust is not thereby trusted to issue certificates."""
        for name in ("root.pem", "trust-list.json", "trust-list.sig"):
            (folder / "trust" / name).unlink()
        (folder / "trust" / SIGNERS).write_bytes(KEYS.authority.certificate_pems()["root.pem"])

        code, _ = hocba(folder, capsys)

        assert code == 2
