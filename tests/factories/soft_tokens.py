"""Tokens that really speak PKCS#11: SoftHSM2, with keys of the school in `transcripts` and of its own authority.

One set per process, since a PKCS#11 library is initialised once per process:

    "The cua co Giang"   GV0006's key "ky-so" (RSA-2048), and "xac-thuc" of the same person (P-256)
    "Con dau"            the seal of school 79764501 (P-256, as in `transcripts.school()`) with its authority
    "Hoi PIN tung lan"   GV0001's key that asks for the PIN at every signature (CKA_ALWAYS_AUTHENTICATE)
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hocba.signing.keys.pkcs12 import SoftwareKey
from tests.factories import transcripts

PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)
PIN = "123456"
TEACHER, SEAL, ASKING = "The cua co Giang", "Con dau", "Hoi PIN tung lan"


@dataclass(frozen=True)
class SoftTokens:
    """Where the library is, and whose keys lie in the tokens."""

    library: str
    agent_library: str
    """The same once more, for whoever initialises it in another way."""
    directory: Path
    rsa: SoftwareKey
    elliptic: SoftwareKey
    seal: SoftwareKey
    asking: SoftwareKey

    def address(self, token: str, label: str, pin_file: Path) -> str:
        """The PKCS#11 URI of a key."""
        quoted = token.replace(" ", "%20")
        return f"pkcs11:token={quoted};object={label}?module-path={self.library}&pin-source=file:{pin_file}"


def available() -> str:
    """The library; without it the test is skipped, unless HOCBA_REQUIRE_EXTERNAL=True."""
    found = next((place for place in PLACES if Path(place).exists()), "")
    if not found or not shutil.which("softhsm2-util"):
        if os.environ.get("HOCBA_REQUIRE_EXTERNAL") == "True":
            pytest.fail("softhsm2 not installed, and HOCBA_REQUIRE_EXTERNAL=True asks for it")
        pytest.skip("softhsm2 not installed")
    return found


@cache
def soft_tokens() -> SoftTokens:
    """The tokens of this process, made when first asked for."""
    directory = Path(tempfile.mkdtemp(prefix="hocba-tokens-"))
    # A copy is another library to the process: whoever initialises the original does not disturb it.
    library = str(shutil.copy(available(), directory / "tokens.so"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    (directory / "tokens").mkdir()
    configuration = directory / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {directory}/tokens\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    school = transcripts.school()
    made = SoftTokens(
        library=library,
        agent_library=str(shutil.copy(library, directory / "agent.so")),
        directory=directory,
        rsa=_person("Vũ Văn Giang", rsa.generate_private_key(public_exponent=65537, key_size=2048)),
        elliptic=_person("Vũ Văn Giang", ec.generate_private_key(ec.SECP256R1())),
        seal=school.keys[transcripts.SCHOOL.code],
        asking=_person("Nguyễn Thị Ánh", rsa.generate_private_key(public_exponent=65537, key_size=2048)),
    )
    for label in (TEACHER, SEAL, ASKING):
        _run("--init-token", "--free", "--label", label, "--so-pin", "87654321", "--pin", PIN)
    _import(directory, TEACHER, "ky-so", "01", made.rsa)
    _import(directory, TEACHER, "xac-thuc", "02", made.elliptic)
    _import(directory, SEAL, "con-dau", "03", made.seal)
    _add_certificates(made)
    return made


def _person(name: str, private_key: Any) -> SoftwareKey:
    return transcripts.school().authority.issue_person(
        name=name, personal_id="079085000009", organisation=transcripts.SCHOOL.name, private_key=private_key
    )


def _import(directory: Path, token: str, label: str, identifier: str, key: SoftwareKey) -> None:
    file = directory / f"{label}.pem"
    file.write_bytes(key.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _run("--import", str(file), "--token", token, "--label", label, "--id", identifier, "--pin", PIN)
    file.unlink()


def _run(*words: str) -> None:
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True, timeout=30)


def _add_certificates(made: SoftTokens) -> None:
    import pkcs11

    library = pkcs11.lib(made.agent_library)
    wanted: dict[str, list[tuple[str, bytes, x509.Certificate]]] = {
        TEACHER: [("ky-so", b"\1", made.rsa.certificate), ("xac-thuc", b"\2", made.elliptic.certificate)],
        SEAL: [
            ("con-dau", b"\3", made.seal.certificate),
            ("CA", b"\x0a", made.seal.chain[0]),
            ("CA goc", b"\x0b", made.seal.chain[1]),
        ],
        ASKING: [("hoi-pin", b"\4", made.asking.certificate)],
    }
    for token, entries in wanted.items():
        with library.get_token(token_label=token).open(rw=True, user_pin=PIN) as session:
            for label, identifier, certificate in entries:
                session.create_object(_certificate(label, identifier, certificate))
            if token == ASKING:
                session.create_object(_asking_key(made.asking))
    library.finalize()  # the next to use it begins with the tokens as they are now


def _certificate(label: str, identifier: bytes, certificate: x509.Certificate) -> dict[Any, Any]:
    from pkcs11 import Attribute, CertificateType, ObjectClass

    return {
        Attribute.CLASS: ObjectClass.CERTIFICATE,
        Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
        Attribute.TOKEN: True,
        Attribute.PRIVATE: False,
        Attribute.LABEL: label,
        Attribute.ID: identifier,
        Attribute.SUBJECT: certificate.subject.public_bytes(),
        Attribute.VALUE: certificate.public_bytes(Encoding.DER),
    }


def _asking_key(key: SoftwareKey) -> dict[Any, Any]:
    from pkcs11 import Attribute
    from pkcs11.util.rsa import decode_rsa_private_key

    der = key.private_key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return {
        **decode_rsa_private_key(der),
        Attribute.TOKEN: True,
        Attribute.PRIVATE: True,
        Attribute.SENSITIVE: True,
        Attribute.LABEL: "hoi-pin",
        Attribute.ID: b"\4",
        Attribute.ALWAYS_AUTHENTICATE: True,
        Attribute.SIGN: True,
    }
