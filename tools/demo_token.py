"""Put keys of the demo into a SoftHSM2 token, to try the agent and the seal in a module with them.

    python -m tools.demo_token [--state .hocba] [GV0001 79764501 …]

Says what to set and what to start. Without codes: everybody who has a key. Run again it adds what is missing. Needs
softhsm2. Never for real keys.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pkcs11
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pkcs11 import Attribute, CertificateType, ObjectClass
from pkcs11.util import ec
from pkcs11.util import rsa as rsa_keys

from hocba.signing.keys import pkcs12
from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.sites.environment import is_production, state_directory
from hocba_agent import libraries

PIN = "123456"


def main() -> int:
    """Fill one token per holder; 0 when done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("codes", nargs="*", help="mã cán bộ hoặc mã trường; để trống là tất cả")
    parser.add_argument("--state", type=Path, default=state_directory(), help="thư mục của bản trình diễn")
    chosen = parser.parse_args()
    if is_production():
        print("Khóa trong tệp chỉ dùng cho bản trình diễn.")
        return 1
    library = next((path for path in libraries.installed(()) if "softhsm" in path), None)
    keys, unknown = demo_keys(chosen.state / "keys", chosen.codes)
    if unknown:
        print(f"Bản trình diễn không có khóa của: {', '.join(unknown)}.")
    if library is None or not keys or unknown:
        print("Cần softhsm2." if library is None else "Hãy chạy make demo trước, và dùng mã nó in ra.")
        return 1
    directory = chosen.state / "tokens"
    _tell(directory, library, made=list(keys), there=fill(directory, library, keys))
    return 0


def demo_keys(directory: Path, codes: list[str]) -> tuple[dict[str, SoftwareKey], list[str]]:
    """The keys in the demo's files by code, and codes that nobody has; the systems' own are not for tokens.

    A staff code may come without its school, in any case: "gv0006" for "79764501.GV0006".
    """
    password_file = directory / "password"
    if not password_file.exists():
        return {}, codes
    files = {
        path.stem: path
        for path in sorted(directory.glob("*.p12"))
        if not path.stem.startswith(("system-", "tsa"))
    }
    wanted = {code: [stem for stem in files if is_meant(code, stem)] for code in codes}
    chosen = sorted({stem for stems in wanted.values() for stem in stems}) if codes else list(files)
    password = password_file.read_text("utf-8")
    keys = {stem: pkcs12.load(files[stem].read_bytes(), password) for stem in chosen}
    return keys, [code for code, stems in wanted.items() if not stems]


def is_meant(code: str, stem: str) -> bool:
    """Whether a code on the command line names the key file: as it is, or as the staff code behind the school's."""
    return code.casefold() in (stem.casefold(), stem.rpartition(".")[2].casefold())


def fill(directory: Path, library: str, keys: dict[str, SoftwareKey]) -> list[str]:
    """Make the tokens that are missing: one per holder, labelled with the code; the labels of all that are there."""
    (directory / "objects").mkdir(parents=True, exist_ok=True, mode=0o700)
    configuration = directory / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {directory.absolute()}/objects\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(configuration.absolute())
    there = {token.label for token in pkcs11.lib(library).get_tokens()}
    missing = {code: key for code, key in keys.items() if code not in there}
    for code in missing:
        words = ["softhsm2-util", "--init-token", "--free", "--label", code, "--pin", PIN]
        subprocess.run(
            [*words, "--so-pin", secrets.token_hex(8)], check=True, capture_output=True, timeout=30
        )
    # A library sees new tokens only when it starts again.
    pkcs11.lib(library).reinitialize()
    tokens = {token.label: token for token in pkcs11.lib(library).get_tokens()}
    for code, key in missing.items():
        with tokens[code].open(rw=True, user_pin=PIN) as session:
            session.create_object(_private_key(code, key))
            session.create_object(_certificate(code, key))
    return sorted(there | missing.keys())


def _private_key(code: str, key: SoftwareKey) -> dict[Any, Any]:

    der = key.private_key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    is_rsa = isinstance(key.private_key, rsa.RSAPrivateKey)
    decoded = rsa_keys.decode_rsa_private_key(der) if is_rsa else ec.decode_ec_private_key(der)
    return {
        **decoded,
        Attribute.TOKEN: True,
        Attribute.PRIVATE: True,
        Attribute.SENSITIVE: True,
        Attribute.EXTRACTABLE: False,
        Attribute.SIGN: True,
        Attribute.LABEL: code,
        Attribute.ID: b"\1",
    }


def _certificate(code: str, key: SoftwareKey) -> dict[Any, Any]:

    return {
        Attribute.CLASS: ObjectClass.CERTIFICATE,
        Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
        Attribute.TOKEN: True,
        Attribute.PRIVATE: False,
        Attribute.LABEL: code,
        Attribute.ID: b"\1",
        Attribute.SUBJECT: key.certificate.subject.public_bytes(),
        Attribute.VALUE: key.certificate.public_bytes(Encoding.DER),
    }


def _tell(directory: Path, library: str, *, made: list[str], there: list[str]) -> None:
    pin_file, seals = directory / "pin", directory / "seal-keys.toml"
    pin_file.touch(mode=0o600)
    pin_file.write_text(PIN)
    addresses = [
        f'{code} = "pkcs11:token={code};object={code}?module-path={library}&pin-source=file:{pin_file.absolute()}"'
        for code in there
        if code.isdecimal()
    ]
    seals.write_text("\n".join(["[schools]", *addresses, ""]))
    print(f"{', '.join(made)}: token trong {directory}, mã PIN {PIN}. Đặt biến môi trường rồi khởi động:")
    print(f"  export SOFTHSM2_CONF={(directory / 'softhsm2.conf').absolute()}")
    print("  .venv/bin/hocba-agent")
    if addresses:
        print(
            f"  HOCBA_SEAL_KEYS={seals.absolute()} .venv/bin/hocba serve   # con dấu trong thiết bị của máy chủ"
        )


if __name__ == "__main__":
    sys.exit(main())
