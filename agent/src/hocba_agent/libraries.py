"""Where the PKCS#11 libraries of the tokens that are sold in Việt Nam lie, by system.

The names for Windows were gathered from published integrations of the vendors' tokens; those for Linux are less
certain, since few vendors ship one. None but SoftHSM2 was tried by us. They are tried in this order and whatever is not
there is passed over; a library that is missing here goes into `libraries` of the configuration file.
On Windows a 64-bit agent can load 64-bit libraries only: those of System32.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Vendor:
    """A maker of tokens and the names of its library, without folder unless it lies in one of its own."""

    name: str
    windows: tuple[str, ...] = ()
    linux: tuple[str, ...] = ()


VENDORS: tuple[Vendor, ...] = (
    Vendor(
        "Ban Cơ yếu Chính phủ (chứng thư số chuyên dùng công vụ)",
        windows=("gca01-client.dll", "gclib.dll", "bit4ipki.dll"),
        linux=("libgca01-client.so", "libbit4ipki.so"),
    ),
    Vendor(
        "Viettel-CA",
        windows=(
            "viettel-ca_v6.dll",
            "viettel-ca_v5.dll",
            "viettel-ca_v4.dll",
            "viettel-ca_v3.dll",
            "viettel-ca_v2.dll",
            "viettel-ca.dll",
        ),
        linux=("libviettel-ca_v6.so", "libviettel-ca_v5.so", "libviettel-ca.so", "viettel-ca/libpkcs11.so"),
    ),
    Vendor(
        "VNPT-CA",
        windows=(
            "vnptca_p11_v10.dll",
            "vnptca_p11_v9.dll",
            "vnptca_p11_v8.dll",
            "vnptca_p11_v7.dll",
            "vnptca_p11_v6.dll",
            "vnpt-ca_csp11.dll",
            "vnpt-ca_v34.dll",
            "vnpt-ca_cl_v1.dll",
        ),
        linux=("libvnptca_p11_v8.so", "libvnptca_p11_v6.so", "vnpt-ca/libcryptoki.so"),
    ),
    Vendor(
        "BkavCA",
        windows=("BkavCAv2S.dll", "BkavCAv25.dll", "BkavCAv2T.dll", "BkavCA.dll", "bkavcaetoken.dll"),
        linux=("libBkavCA.so", "libbkavca.so"),
    ),
    Vendor(
        "FPT-CA",
        windows=(
            "fptca_v6.dll",
            "fptca_v5.dll",
            "fptca_v4.dll",
            "fptca_v3.dll",
            "fpt-ca.dll",
            "fpt-ca-stx.dll",
        ),
        linux=("libfptca_v3.so", "libfpt-ca.so", "fpt-ca/libpkcs11.so"),
    ),
    Vendor(
        "NewTel-CA, CA2, Vina-CA, SafeCA, I-CA, NCCA",
        windows=(
            "nca_v9.dll",
            "nca_v8.dll",
            "nca_v7.dll",
            "nca_v6.dll",
            "nca_v5.dll",
            "nca_v4.dll",
            "CA2_v34.dll",
            "CA2_csp11.dll",
            "Vina-CAv5.dll",
            "Vina-CAv4.dll",
            "Vina-CAv3.dll",
            "Vina-CA.dll",
            "safe-ca.dll",
            "ica_csp11_v1.dll",
            "ncca_csp11_v1.dll",
        ),
    ),
    Vendor(
        "SafeNet eToken",
        windows=("eTPKCS11.dll", "eToken.dll"),
        linux=("libeTPkcs11.so", "libeToken.so"),
    ),
    Vendor(
        "Feitian ePass",
        windows=("eps2003csp11v2.dll", "eps2003csp11.dll", "ngp11v211.dll", "ShuttleCsp11_3003.dll"),
        linux=("libcastle.so", "libcastle_v2.so", "libeps2003csp11.so", "libshuttle_p11v220.so"),
    ),
    Vendor("WatchData PROXKey", windows=("wdpkcs.dll", "SignatureP11.dll"), linux=("libwdpkcs.so",)),
    Vendor(
        "Bit4id", windows=("bit4xpki.dll", "bit4opki.dll"), linux=("libbit4xpki.so", "bit4id/libbit4xpki.so")
    ),
    Vendor(
        "OpenSC",
        windows=(r"{ProgramFiles}\OpenSC Project\OpenSC\pkcs11\opensc-pkcs11.dll",),
        linux=("opensc-pkcs11.so", "pkcs11/opensc-pkcs11.so"),
    ),
    Vendor(
        "SoftHSM2 (thử nghiệm)",
        windows=(r"{SystemDrive}\SoftHSM2\lib\softhsm2-x64.dll",),
        linux=("softhsm/libsofthsm2.so", "pkcs11/libsofthsm2.so"),
    ),
)

LINUX_FOLDERS = (
    "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64", "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu", "/opt/lib",
)  # fmt: skip


def candidates(system: str, environment: Mapping[str, str]) -> Iterator[tuple[str, PurePath]]:
    """Vendor and path of every library that might be there; `system` as `sys.platform` has it."""
    for vendor in VENDORS:
        if system == "win32":
            root = PureWindowsPath(environment.get("SystemRoot", r"C:\Windows"))
            places = {
                "ProgramFiles": environment.get("ProgramFiles", r"C:\Program Files"),
                "SystemDrive": environment.get("SystemDrive", "C:"),
            }
            for name in vendor.windows:
                yield vendor.name, root / "System32" / name.format(**places)
        else:
            for name in vendor.linux:
                for folder in LINUX_FOLDERS:
                    yield vendor.name, PurePosixPath(folder) / name


def installed(configured: Sequence[str]) -> list[str]:
    """Paths of the libraries of this machine: those of the configuration first, then the known ones; none twice."""
    paths = [*map(Path, configured), *(Path(path) for _, path in candidates(sys.platform, os.environ))]
    found: dict[Path, str] = {}
    for path in paths:
        if path.is_file():
            found.setdefault(path.resolve(), str(path))
    return list(found.values())
