"""`hocba sign-package`: signs an offline package of the signing desk with a key in a token or module (PKCS#11).

Exit: 0 the answer is written; 1 the package, the key or the certificate does not fit; nothing is written then.
"""

from __future__ import annotations

import errno
import getpass
import os
import sys
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from hocba.channels import pkcs11
from hocba.channels.pkcs11_errors import ModuleError
from hocba.cli.terminal import plain
from hocba.desk import packages
from hocba.desk.errors import PackageError
from hocba.signing import certificates
from hocba.signing.errors import SigningError
from hocba.signing.instants import moment

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from hocba.desk.packages import Package
    from hocba.signing.keys.api import SigningKey

HELP = """ký gói ký ngoại tuyến của bàn ký số bằng khoá trong token hoặc HSM (PKCS#11)

Khoá ghi theo RFC 7512: pkcs11:token=…;object=…?module-path=/đường/dẫn/thư-viện.so
Không có pin-source thì chương trình hỏi mã PIN; mã PIN không được ghi lại ở đâu."""

_PIN = "HOCBA_PACKAGE_PIN"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("package", metavar="ZIP", help="gói ký tải từ bàn ký số")
    parser.add_argument("--key", required=True, metavar="PKCS11-URI", help="khoá sẽ ký")
    parser.add_argument(
        "--out", required=True, metavar="JSON", help="tệp chữ ký sẽ ghi, để gửi lại bàn ký số"
    )
    parser.add_argument("--yes", action="store_true", help="không hỏi lại trước khi ký")


def run(args: argparse.Namespace) -> int:
    """Check the package, sign all its items, write the answer; returns the exit code."""
    try:
        package = packages.read(Path(args.package).read_bytes())
        _show(package)
        if not args.yes and not _agreed():
            return _refuse("Chưa ký gì.")
        with _answer_file(Path(args.out)) as file:
            key = pkcs11.open_key(_with_pin(args.key))
            _check(package, key)
            values = key.sign_many(list(package.items.values()))
            file.write(packages.answer_to_bytes(package, dict(zip(package.items, values, strict=True))))
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}.")
    except PackageError as error:
        return _refuse(str(error))
    except ModuleError as error:
        return _refuse(f"Không ký được bằng khoá đã nêu: {error}.")
    except (SigningError, ValueError) as error:
        return _refuse(f"Khoá đã nêu không dùng được: {error}.")
    finally:
        os.environ.pop(_PIN, None)
    sys.stdout.write(plain(f"Đã ký {len(values)} văn bản, ghi vào {args.out}.") + "\n")
    return 0


@contextmanager
def _answer_file(path: Path) -> Iterator[IO[bytes]]:
    """The file to write, opened before anything is signed, and at its place only when it is whole."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    fresh = path.with_name(f"{path.name}.new")
    try:
        with fresh.open("wb") as file:
            yield file
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _show(package: Package) -> None:
    lines = (
        f"{package.title}: {len(package.items)} văn bản, người ký {package.holder}, hết hạn {_moment(package)}.",
        f"Mã băm danh sách: {package.digest}",
    )
    sys.stderr.write("".join(f"{plain(line)}\n" for line in lines))


def _moment(package: Package) -> str:
    """When the package ends as people write it; as it stands where that is no moment."""
    try:
        return moment(datetime.fromisoformat(package.expires_at))
    except ValueError:
        return package.expires_at


def _agreed() -> bool:
    sys.stderr.write("Ký tất cả? Gõ “ký” rồi Enter: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"ký", "ky"}


def _with_pin(uri: str) -> str:
    """The address with where its PIN comes from; asked for where it names nothing."""
    if "pin-source=" in uri:
        return uri
    os.environ[_PIN] = getpass.getpass("Mã PIN: ")
    return f"{uri}{'&' if '?' in uri else '?'}pin-source=env:{_PIN}"


def _check(package: Package, key: SigningKey) -> None:
    if package.certificate != f"sha256:{certificates.fingerprint(key.certificate)}":
        raise PackageError("Chứng thư số của khoá không phải chứng thư số mà gói ký này đã lập cho.")


def _refuse(sentence: str) -> int:
    sys.stderr.write(plain(sentence) + "\n")
    return 1
