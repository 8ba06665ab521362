"""The `__main__` of hocba-verify.pyz: unpacks what a zip cannot hold open, checks it, and runs the verifier.

Compiled libraries cannot be loaded out of a zip, so everything is unpacked once into a private folder named by the
digest of the manifest; every run compares every file of that folder with the manifest before a line of it is
executed. Only the standard library is used here, and only what Python 3.7 understands, so that a machine on which
the file cannot work is told so in words.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import os
import shutil
import stat
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path
from typing import Dict  # noqa: UP035 - Python 3.7

MANIFEST = "manifest.json"
WRONG_MACHINE = 4

Files = Dict[str, str]  # noqa: UP006 - Python 3.7
"""Paths with their SHA-256, hexadecimal."""


def main() -> int:
    """Check the machine, put the unpacked files on the path, run."""
    if not use_files():
        return WRONG_MACHINE
    from hocba.cli.main import main as hocba  # noqa: PLC0415 - there only now

    if sys.argv[1:] == ["--version"]:
        return hocba(["--version"])
    return hocba(["verify", *sys.argv[1:]], program=Path(sys.argv[0]).name)


def use_files() -> bool:
    """Put the unpacked files on the path; whether this machine can run them."""
    with zipfile.ZipFile(Path(__file__).resolve().parent) as archive:
        text = archive.read(MANIFEST)
        manifest = json.loads(text.decode())
        here = {"python": "{}.{}".format(*sys.version_info[:2]), "platform": sysconfig.get_platform()}
        there = {name: manifest[name] for name in here}
        if here != there:
            sys.stderr.write(
                "Bản hocba-verify này dành cho Python {python} trên {platform}; ".format(**there)
                + "máy này chạy Python {python} trên {platform}.\n".format(**here)
                + "Hãy dùng bản dành cho máy này, hoặc cài đặt Hocba và chạy `hocba verify`.\n"
            )
            return False
        sys.path.insert(1, str(unpacked(archive, manifest["files"], hashlib.sha256(text).hexdigest())))
    sys.dont_write_bytecode = True
    return True


def unpacked(archive: zipfile.ZipFile, files: Files, name: str) -> Path:
    """The folder with exactly these files, made when there is none that is private and whole."""
    folder = cache_folder() / name
    if is_private(folder.parent) and is_private(folder) and is_whole(folder, files):
        return folder
    parent = private_parent(folder.parent)
    fresh = Path(tempfile.mkdtemp(prefix="new-", dir=str(parent)))
    for path in files:
        target = fresh / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.write_bytes(archive.read("lib/" + path))
    if not is_whole(fresh, files):
        raise SystemExit("hocba-verify: tệp chương trình đã bị hỏng; hãy lấy lại bản gốc.")
    folder = parent / name
    shutil.rmtree(str(folder), ignore_errors=True)  # damaged, or somebody changed it
    try:
        fresh.rename(folder)
    except OSError:  # another run was quicker, or the system does not let us: what was just made is as good
        atexit.register(shutil.rmtree, str(fresh), ignore_errors=True)
        return fresh
    return folder


def cache_folder() -> Path:
    """Where programs of this user keep what can be made again."""
    home = os.path.expanduser("~")  # noqa: PTH111 - raises nothing without a home
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA") or tempfile.gettempdir())
    elif sys.platform == "darwin":
        base = Path(home, "Library", "Caches")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path(home, ".cache"))
    return base / "hocba-verify"


def private_parent(folder: Path) -> Path:
    """The folder itself, made if need be; a temporary one when others may write to it or nobody can."""
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if is_private(folder) and os.access(str(folder), os.W_OK):
        return folder
    made = tempfile.mkdtemp(prefix="hocba-verify-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)


def is_private(folder: Path) -> bool:
    """Whether it is a real folder of this user that nobody else may write to."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    return os.name == "nt" or (found.st_uid == os.getuid() and not found.st_mode & 0o022)


def is_whole(folder: Path, files: Files) -> bool:
    """Whether the folder holds exactly these files, as they were, and nothing else that could be imported."""
    found: set[str] = set()
    for place, folders, names in os.walk(str(folder)):
        if any(Path(place, each).is_symlink() for each in (*folders, *names)):
            return False
        found.update(Path(place, each).relative_to(folder).as_posix() for each in names)
    return found == set(files) and all(
        hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest for path, digest in files.items()
    )


if __name__ == "__main__":
    sys.exit(main())
if __name__ == "__mp_main__":  # a worker on a system that starts workers anew
    use_files()
