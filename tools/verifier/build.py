"""Build the single-file offline verifier for this Python on this machine: the same sources give the same bytes.

    python -m tools.verifier.build dist/hocba-verify.pyz

In it: `hocba verify` with what it imports and nothing more (no Django, no typesetting), the libraries it needs with
their licences, all compiled, each with its digest in a manifest that the bootstrap compares before it runs anything.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import py_compile
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.verifier import bootstrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SOURCE: Final = Path(__file__).resolve().parents[2] / "src"
SCHEMAS: Final = "hocba/documents/schema"
_STAMP: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o100644 << 16
# What the program imports, told by a process that imported it and nothing else.
_ASK: Final = (
    "import hocba.cli.main, hocba.cli.verify, sys, json; "
    "print(json.dumps(sorted(m for m in sys.modules if getattr(sys.modules[m], '__file__', None))))"
)
_LEFT_OUT: Final = (".pyi", ".h", ".pxd", ".pxi", ".rng", ".xsl", ".c", ".pyx", ".pyc", "py.typed")
_UNUSED: Final = (
    "lxml/html/",
    "lxml/isoschematron/",
    "lxml/includes/",
    "lxml/objectify",
    "lxml/sax",
    "lxml/builder",
)
_NO_PART: Final = {"setuptools"}  # imported by the environment itself
_OURS: Final = "hocba"


def main() -> int:
    """Build it where the command line says; prints its size and digest."""
    target = Path(sys.argv[1])
    files = dict(sorted(all_files().items()))
    write(target, files)
    data = target.read_bytes()
    print(
        f"{target}: {len(data) / 2**20:.1f} MiB, {len(files)} tệp, sha256:{hashlib.sha256(data).hexdigest()}"
    )
    return 0


def all_files() -> dict[str, bytes]:
    """Everything the program needs, by path."""
    modules = _modules()
    files = dict(_own(modules))
    for name in sorted(_distributions(modules)):
        files |= dict(_of_distribution(name, modules))
    compiled = {
        target: code
        for path, data in files.items()
        if path.endswith(".py")
        for target, code in _compiled(path, data)
    }
    return {**files, **compiled}


def write(target: Path, files: Mapping[str, bytes]) -> None:
    """The archive: bootstrap, manifest, and the files under lib/."""
    manifest = {
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "platform": sysconfig.get_platform(),
        "files": {path: hashlib.sha256(data).hexdigest() for path, data in files.items()},
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        file.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            _add(archive, "__main__.py", Path(bootstrap.__file__).read_bytes())
            _add(archive, bootstrap.MANIFEST, json.dumps(manifest, indent=0, sort_keys=True).encode())
            for path, data in files.items():
                _add(archive, f"lib/{path}", data)
    target.chmod(0o755)


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _STAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = _MODE
    archive.writestr(entry, data)


def _modules() -> frozenset[str]:
    done = subprocess.run([sys.executable, "-I", "-c", _ASK], capture_output=True, text=True, check=True)
    return frozenset(json.loads(done.stdout))


def _own(modules: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    for name in modules:
        if name.partition(".")[0] == _OURS:
            path = SOURCE / Path(*name.split("."))
            found = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
            yield found.relative_to(SOURCE).as_posix(), found.read_bytes()
    for schema in (SOURCE / SCHEMAS).iterdir():
        if schema.suffix == ".xsd":
            yield schema.relative_to(SOURCE).as_posix(), schema.read_bytes()


def _distributions(modules: frozenset[str]) -> set[str]:
    """Distributions that own what is imported from outside the standard library."""
    owners = importlib.metadata.packages_distributions()
    tops = {name.partition(".")[0] for name in modules} - {_OURS}
    found = {owner for top in tops - set(sys.stdlib_module_names) for owner in owners.get(top, ())}
    return found - _NO_PART


def _of_distribution(name: str, modules: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    """Its files: those of the packages that are imported, and its licences; of a package that is only a compiled

    part of another's (cffi's backend), that part alone.
    """
    distribution = importlib.metadata.distribution(name)
    for file in distribution.files or ():
        path = file.as_posix()
        top = path.partition("/")[0].partition(".")[0]
        is_licence = ".dist-info/" in path and (
            "licen" in path.lower() or path.endswith(("METADATA", "NOTICE"))
        )
        is_used = top in {module.partition(".")[0] for module in modules} and not path.endswith(_LEFT_OUT)
        if not (is_used or is_licence) or path.startswith(_UNUSED):
            continue
        if ".." not in path and "__pycache__" not in path:
            yield path, Path(str(distribution.locate_file(file))).read_bytes()


def _compiled(path: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The module compiled, so that nothing has to be written when it runs; the manifest vouches for it."""
    source = Path(path)
    with tempfile.TemporaryDirectory() as folder:
        written, code = Path(folder, "module.py"), Path(folder, "module.pyc")
        written.write_bytes(data)
        py_compile.compile(
            str(written), cfile=str(code), dfile=path, doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )  # fmt: skip
        name = f"{source.stem}.{sys.implementation.cache_tag}.pyc"
        yield (source.parent / "__pycache__" / name).as_posix(), code.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
