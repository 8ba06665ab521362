"""OCSP answers, revocation lists, trust lists and weak certificates before the openssl program."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from hocba.signing import chains, demo_trust, ocsp, trust, trust_list_files
from hocba.signing.checks import Code
from hocba.signing.demo_ca import DemoAuthority
from hocba.signing.keys.pkcs12 import SoftwareKey
from tests.external.programs import skip_without

pytestmark = [
    pytest.mark.external,
    skip_without("openssl", installed=shutil.which("openssl") is not None),
]

NOW = datetime.now(UTC).replace(microsecond=0)
"""openssl judges by the machine's clock."""


def openssl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def authority() -> DemoAuthority:
    return DemoAuthority.create(NOW - timedelta(days=2), "CA thử")


@pytest.fixture(scope="module")
def person(authority: DemoAuthority) -> SoftwareKey:
    return authority.issue_person(name="Trần Văn Bình", personal_id="079085000001", organisation="Trường")


@pytest.fixture
def folder(tmp_path: Path, authority: DemoAuthority, person: SoftwareKey) -> Path:
    files = {
        **authority.certificate_pems(),
        **authority.crls(NOW - timedelta(hours=1), NOW + timedelta(days=1)),
        "person.pem": person.certificate.public_bytes(Encoding.PEM),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def write_key(folder: Path, name: str, key: SoftwareKey) -> None:
    (folder / f"{name}.pem").write_bytes(key.certificate.public_bytes(Encoding.PEM))
    (folder / f"{name}.key").write_bytes(
        key.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )


class TestOcsp:
    @pytest.mark.parametrize("sha1", [False, True])
    @pytest.mark.parametrize("revoked", [False, True])
    def test_answers_of_the_simulator_are_what_openssl_reads(
        self, folder: Path, authority: DemoAuthority, sha1: bool, revoked: bool
    ) -> None:
        own = authority.issue_person(name="An", personal_id="079085000002", organisation="Trường")
        (folder / "own.pem").write_bytes(own.certificate.public_bytes(Encoding.PEM))
        if revoked:
            authority.revoke(own.certificate.serial_number, at=NOW - timedelta(hours=2))
        request = ocsp.build_request(own.certificate, authority.issuing.certificate, sha1=sha1)
        answer = demo_trust.answer(
            request, authority, known=None, responder=authority.issue_ocsp_responder(),
            now=NOW, next_update=NOW + timedelta(hours=1),
        )  # fmt: skip
        (folder / "answer.ors").write_bytes(answer)

        done = openssl(
            folder, "ocsp", "-respin", "answer.ors", "-issuer", "issuing.pem",
            "-sha1" if sha1 else "-sha256", "-cert", "own.pem", "-CAfile", "root.pem",
        )  # fmt: skip
        assert "Response verify OK" in done.stderr, done.stderr
        assert f"own.pem: {'revoked' if revoked else 'good'}" in done.stdout

    def test_answers_of_openssl_count_for_us(
        self, folder: Path, authority: DemoAuthority, person: SoftwareKey
    ) -> None:
        write_key(folder, "responder", authority.issue_ocsp_responder())
        request = ocsp.build_request(person.certificate, authority.issuing.certificate, nonce=b"n" * 16)
        (folder / "request.der").write_bytes(request)
        ends = person.certificate.not_valid_after_utc
        serial = f"{person.certificate.serial_number:X}"
        serial = serial.zfill(len(serial) + len(serial) % 2)

        def ask(status: str) -> ocsp.Listing:
            (folder / "index.txt").write_text(
                f"{status}\t{ends:%y%m%d%H%M%SZ}\t"
                + (f"{NOW - timedelta(hours=3):%y%m%d%H%M%SZ}" if status == "R" else "")
                + f"\t{serial}\tunknown\t/CN=person\n"
            )
            done = openssl(
                folder, "ocsp", "-index", "index.txt", "-rsigner", "responder.pem", "-rkey", "responder.key",
                "-CA", "issuing.pem", "-reqin", "request.der", "-respout", "response.der", "-ndays", "1",
                "-rmd", "sha256",
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            return ocsp.check_answer(
                (folder / "response.der").read_bytes(),
                person.certificate,
                authority.issuing.certificate,
                now=datetime.now(UTC),
                nonce=b"n" * 16,
            )

        assert ask("V").revoked_at is None
        assert ask("R").revoked_at == NOW - timedelta(hours=3)


class TestRevocationLists:
    @pytest.mark.parametrize("name", ["root", "issuing"])
    def test_are_verified_by_openssl(self, folder: Path, name: str) -> None:
        done = openssl(
            folder, "crl", "-in", f"{name}.crl", "-inform", "DER", "-CAfile", f"{name}.pem", "-noout"
        )

        assert "verify OK" in done.stderr

    def test_of_openssl_are_judged_alike(self, folder: Path, person: SoftwareKey) -> None:
        """One certificate, one list that names it: both say that it is revoked."""
        authority = DemoAuthority.create(NOW - timedelta(days=2), "CA khác")
        own = authority.issue_person(name="An", personal_id="079085000002", organisation="Trường")
        authority.revoke(own.certificate.serial_number, at=NOW - timedelta(hours=5))
        files = {
            **authority.certificate_pems(),
            **authority.crls(NOW - timedelta(hours=1), NOW + timedelta(days=1)),
        }
        (folder / "own.pem").write_bytes(own.certificate.public_bytes(Encoding.PEM))
        pems = [files["root.pem"], files["issuing.pem"]]
        lists = [
            x509.load_der_x509_crl(files[name]).public_bytes(Encoding.PEM)
            for name in ("root.crl", "issuing.crl")
        ]
        (folder / "all.pem").write_bytes(b"".join([*pems, *lists]))

        done = openssl(folder, "verify", "-crl_check_all", "-CAfile", "all.pem", "own.pem")
        checks = trust.load(files).check_certificate(own.certificate, at=NOW, now=NOW)
        assert "certificate revoked" in done.stderr
        assert checks[-1].code is Code.REVOKED


class TestTrustLists:
    def test_are_verified_by_openssl_with_the_pinned_key_alone(
        self, folder: Path, authority: DemoAuthority, person: SoftwareKey
    ) -> None:
        listed = trust_list_files.write(
            demo_trust.trust_list(authority, version=1, now=NOW, next_update=NOW + timedelta(days=1))
        )
        (folder / "list.json").write_bytes(listed)
        (folder / "list.sig").write_bytes(person.sign(listed))
        key = person.certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (folder / "signer.pub").write_bytes(key)
        check = ("dgst", "-sha256", "-verify", "signer.pub", "-signature", "list.sig", "list.json")

        assert openssl(folder, *check).returncode == 0
        (folder / "list.json").write_bytes(listed + b" ")
        assert openssl(folder, *check).returncode != 0

    def test_signed_by_openssl_are_taken(
        self, folder: Path, authority: DemoAuthority, person: SoftwareKey
    ) -> None:
        write_key(folder, "signer", person)
        data = trust_list_files.write(
            demo_trust.trust_list(authority, version=7, now=NOW, next_update=NOW + timedelta(days=1))
        )
        (folder / "list.json").write_bytes(data)
        openssl(folder, "dgst", "-sha256", "-sign", "signer.key", "-out", "list.sig", "list.json")

        signature = (folder / "list.sig").read_bytes()
        assert trust_list_files.read_signed(data, signature, [person.certificate]).version == 7


class TestWeakCertificates:
    @pytest.mark.parametrize(("digest", "weak"), [("-sha1", True), ("-sha256", False)])
    def test_signed_with_sha1_are_named_and_refused(
        self, folder: Path, authority: DemoAuthority, digest: str, weak: bool
    ) -> None:
        write_key(folder, "ca", authority.issuing)
        openssl(
            folder,
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "w.key",
            "-out",
            "w.csr",
            "-subj",
            "/CN=An",
        )
        (folder / "ext").write_text(
            "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
        )
        done = openssl(
            folder, "x509", "-req", "-in", "w.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            digest, "-days", "30", "-extfile", "ext", "-out", "w.pem",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        certificate = x509.load_pem_x509_certificate((folder / "w.pem").read_bytes())

        said = chains.weakness_of(certificate)
        assert (said is not None) is weak
        files = {
            **authority.certificate_pems(),
            **authority.crls(NOW - timedelta(hours=1), NOW + timedelta(days=1)),
        }
        at = datetime.now(UTC)
        chain = trust.load(files).check_certificate(certificate, at=at, now=at)[2]
        if weak:
            assert "thuật toán yếu, không được chấp nhận (nơi cấp ký bằng SHA1" in chain.detail
            assert chain.code is Code.CRYPTO_CONSTRAINTS_FAILURE
        else:
            assert chain.passed
