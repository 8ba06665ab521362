"""Time stamps and the demo authority's certificates before the openssl program."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hocba.signing import timestamp_unit, timestamps
from hocba.signing.errors import TimestampError
from hocba.signing.keys.pkcs12 import SoftwareKey
from tests.external.programs import skip_without
from tests.factories import signed_xml

pytestmark = [
    pytest.mark.external,
    skip_without("openssl", installed=shutil.which("openssl") is not None),
]

DATA = "học bạ".encode()
NOW = datetime(2026, 6, 1, tzinfo=UTC)
POLICY = "1.3.6.1.4.1.55555.1.1"


def openssl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)


REPLY = ("ts", "-reply", "-config", "unit.cnf", "-section", "unit", "-queryfile", "query", "-out", "reply")


def configure_openssl(folder: Path, unit: SoftwareKey) -> None:
    """Make openssl a time-stamp unit with that key."""
    key = unit.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(key)
    (folder / "unit.pem").write_bytes(unit.certificate.public_bytes(Encoding.PEM))
    (folder / "serial").write_text("01\n")
    (folder / "unit.cnf").write_text(
        "[tsa]\ndefault_tsa = unit\n[unit]\nserial = serial\nsigner_cert = unit.pem\ncerts = issuing.pem\n"
        f"signer_key = key.pem\nsigner_digest = sha256\ndefault_policy = {POLICY}\ndigests = sha256, sha512\n"
        "ess_cert_id_alg = sha256\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    authority = signed_xml.authority()
    for name, data in authority.certificate_pems().items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "data").write_bytes(DATA)
    return tmp_path


class TestTimestamps:
    def test_are_accepted_by_openssl_for_their_data_only(self, folder: Path) -> None:
        unit = signed_xml.authority().issue_timestamp_unit()
        request = timestamps.build_request(hashlib.sha256(DATA).digest(), nonce=2**60)
        response = timestamp_unit.issue(request, key=unit, policy=POLICY, serial=1, at=NOW)
        (folder / "query").write_bytes(request)
        (folder / "reply").write_bytes(response)
        (folder / "other").write_bytes(b"another")
        check = ("ts", "-verify", "-in", "reply", "-CAfile", "root.pem", "-attime", str(int(NOW.timestamp())))
        assert openssl(folder, *check, "-queryfile", "query").returncode == 0
        assert openssl(folder, *check, "-data", "data").returncode == 0
        assert openssl(folder, *check, "-data", "other").returncode != 0

    def test_of_openssl_are_accepted_by_us(self, folder: Path) -> None:
        """openssl stamps with the machine's time, so the unit's certificate must be valid now."""
        authority = signed_xml.authority()
        now = datetime.now(UTC)
        unit = authority.issue_timestamp_unit(valid_from=now - timedelta(days=1))
        configure_openssl(folder, unit)
        digest = hashlib.sha256(DATA).digest()
        request = timestamps.build_request(digest, nonce=77)
        (folder / "query").write_bytes(request)
        made = openssl(folder, *REPLY)
        assert made.returncode == 0, made.stderr
        token = timestamps.token_of((folder / "reply").read_bytes(), request=request)
        read = timestamps.read(token, digest, [authority.root.certificate])
        assert (read.policy, read.nonce, read.certificate) == (POLICY, 77, unit.certificate)
        assert abs(read.at - now) < timedelta(minutes=5)
        with pytest.raises(TimestampError):
            timestamps.read(token, hashlib.sha256(b"another").digest(), [authority.root.certificate])


class TestAuthorityOfOpenssl:
    def test_stamps_what_our_channel_asks_over_http(self, folder: Path) -> None:
        """openssl makes the reply, a small loopback server carries it."""
        from hocba.channels.timestamps import stamp
        from tests.unit.channels.test_timestamps import authority as serving

        now = datetime.now(UTC)
        unit = signed_xml.authority().issue_timestamp_unit(valid_from=now - timedelta(days=1))
        configure_openssl(folder, unit)

        def answer(request: bytes) -> tuple[int, bytes]:
            (folder / "query").write_bytes(request)
            made = openssl(folder, *REPLY)
            assert made.returncode == 0, made.stderr
            return 200, (folder / "reply").read_bytes()

        digest = hashlib.sha512(DATA).digest()
        root = signed_xml.authority().root.certificate
        with serving(answer) as (address, _):
            made = stamp(
                digest,
                addresses=[address],
                accept=lambda token: timestamps.read(token, digest, [root], algorithm="sha512"),
                algorithm="sha512",
            )
        assert made.stamp.certificate == unit.certificate
        (folder / "token").write_bytes(made.token)
        check = ("ts", "-verify", "-in", "token", "-token_in", "-CAfile", "root.pem", "-digest", digest.hex())
        moment = str(int(now.timestamp()) + 5)
        assert openssl(folder, *check, "-attime", moment).returncode == 0


class TestDemoAuthority:
    def test_issues_what_openssl_accepts_strictly_until_it_is_revoked(self, folder: Path) -> None:
        authority = signed_xml.authority()
        person = authority.issue_person(name="Võ Thị Sáu", personal_id="079180000999", organisation="Trường")
        (folder / "person.pem").write_bytes(person.certificate.public_bytes(Encoding.PEM))
        moment = str(int(NOW.timestamp()))
        check = (
            "verify", "-x509_strict", "-crl_check_all", "-attime", moment, "-CAfile", "root.pem", "-untrusted",
            "issuing.pem", "-CRLfile", "root.crl.pem", "-CRLfile", "issuing.crl.pem", "person.pem",
        )  # fmt: skip

        def write_lists() -> None:
            for name, data in authority.crls(NOW - timedelta(hours=1), NOW + timedelta(days=7)).items():
                (folder / name).write_bytes(data)
                openssl(folder, "crl", "-inform", "DER", "-in", name, "-out", f"{name}.pem")

        write_lists()
        accepted = openssl(folder, *check)
        assert accepted.returncode == 0, accepted.stderr
        authority.revoke(person.certificate.serial_number, at=NOW - timedelta(hours=2))
        write_lists()
        assert "certificate revoked" in openssl(folder, *check).stderr
