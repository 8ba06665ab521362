"""Write docs/reference from the code, or with --check say whether it is stale."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "hocba"
REFERENCE = ROOT / "docs" / "reference"
SIDES = ("sector", "tracking", "transcripts", "city", "portal")
REPORT_INTRODUCTION = """
`hocba verify --json` writes `{"files": [...]}` with one object a file, in the order of the command line; `--report
FILE.json` writes one such object. Keys are only ever added. The words are those of ETSI EN 319 102-1 beside our own
verdicts (decision 0052). Times are ISO 8601 with +07:00. There is no field for marks or for the pupil's personal
number; what a certificate says of its holder stands in `subject`.
"""
NOTE = "\n*Generated from the code by `make docs`; do not edit.*\n"


def main() -> int:
    """Write every page; with --check write nothing and return 1 when one is stale."""
    with tempfile.TemporaryDirectory() as state:
        os.environ |= {"HOCBA_STATE": state, "DJANGO_SETTINGS_MODULE": "hocba.sites.everything"}
        django = importlib.import_module("django")
        django.setup()
        pages = {
            "states.md": states(),
            "roles.md": roles(),
            "addresses.md": addresses(),
            "settings.md": settings(),
            "command-line.md": command_line(),
            "verification-report.md": verification_report(),
        }
    stale = [name for name, text in pages.items() if _differs(REFERENCE / name, text)]
    if "--check" not in sys.argv:
        for name in stale:
            (REFERENCE / name).write_text(pages[name], "utf-8")
        stale = []
    others = _run_schema_docs()
    for name in stale:
        print(f"docs/reference/{name} is stale: run `make docs`")
    return int(bool(stale) or others != 0)


def states() -> str:
    """Every workflow table as a diagram."""
    parts = ["# States\n", NOTE]
    for path in sorted(SOURCE.rglob("workflow.py")):
        name = ".".join(("hocba", *path.relative_to(SOURCE).with_suffix("").parts))
        module = importlib.import_module(name)
        for table_name, table in _tables(module):
            title = name.removeprefix("hocba.").removesuffix(".workflow")
            parts.append(f"\n## {title}{table_name}\n\n```mermaid\nstateDiagram-v2\n")
            for state, following in table.items():
                parts += [f"    {state} --> {target}\n" for target in sorted(following)]
                if not following:
                    parts.append(f"    {state} --> [*]\n")
            parts.append("```\n")
    return "".join(parts)


def roles() -> str:
    """Roles and their permissions, side by side."""
    parts = ["# Roles and permissions\n", NOTE]
    for side in SIDES:
        table = importlib.import_module(f"hocba.{side}.roles").ROLES
        if not table:
            continue
        permissions = sorted({p for role in table.values() for p in role.permissions})
        parts.append(f"\n## {side}\n\n| Role | {' | '.join(f'`{p}`' for p in permissions)} |\n")
        parts.append("| --- |" + " :-: |" * len(permissions) + "\n")
        for role in table.values():
            cells = " | ".join("✓" if p in role.permissions else "" for p in permissions)
            parts.append(f"| {role.display_name} (`{role.name}`) | {cells} |\n")
    return "".join(parts)


def addresses() -> str:
    """Every address with its guard."""
    resolvers = importlib.import_module("django.urls")
    parts = ["# Addresses\n", NOTE, "\n| Address | Guard |\n| --- | --- |\n"]
    rows = sorted(set(_walk(resolvers.get_resolver(), "")))
    parts += [f"| `/{path}` | `{guard}` |\n" for path, guard in rows]
    return "".join(parts)


def verification_report() -> str:
    """The JSON of `hocba verify`, from the table that the code checks itself against."""
    report = importlib.import_module("hocba.documents.verification.report_json")
    standard = importlib.import_module("hocba.documents.verification.standard")
    wording = importlib.import_module("hocba.documents.verification.wording")
    codes = importlib.import_module("hocba.signing.checks").Code
    parts = ["# The report of a verification\n", NOTE, REPORT_INTRODUCTION]
    for name, keys in report.SCHEMA.items():
        parts.append(f"\n## {name}\n\n| Key | Meaning |\n| --- | --- |\n")
        parts += [f"| `{key}` | {meaning} |\n" for key, meaning in keys.items()]
    parts.append(f"\n## Checks\n\n| Name | For people | {standard.NAME} |\n| --- | --- | --- |\n")
    parts += [
        f"| `{name}` | {title} | {standard.CLAUSES.get(name, 'Quy chế')} |\n"
        for name, title in wording.CHECKS.items()
    ]
    parts.append("\n## Codes\n\n| Code | Sub-indication | For people |\n| --- | --- | --- |\n")
    parts += [
        f"| `{code}` | `{standard.sub_indication(code)}` | {wording.REASONS[code]} |\n" for code in codes
    ]
    return "".join(parts)


def settings() -> str:
    """Every environment variable that the code reads."""
    names: dict[str, set[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_setting(node.value):
                names.setdefault(node.value, set()).add(str(path.relative_to(SOURCE)))
    parts = ["# Settings (environment variables)\n", NOTE]
    parts.append(
        "\nEach may also come from a file named in `NAME_FILE`, where it is a secret or an address.\n"
    )
    parts.append(
        "Per side, with the side's name in capitals: `HOCBA_<SIDE>_URL`, `HOCBA_<SIDE>_DATABASE_URL`,\n"
    )
    parts.append(
        "`HOCBA_<SIDE>_OWNER_DATABASE_URL`, `HOCBA_<SIDE>_SECRET_KEY`.\n\n| Name | Read in |\n| --- | --- |\n"
    )
    parts += [
        f"| `{name}` | {', '.join(f'`{f}`' for f in sorted(files))} |\n"
        for name, files in sorted(names.items())
    ]
    return "".join(parts)


def command_line() -> str:
    """The help of every command, as it prints it."""
    environment = {**os.environ, "COLUMNS": "110"}
    parts = ["# Command line\n", NOTE]
    for command in ("", "demo", "import", "evaluate", "verify", "serve", "worker", "bench"):
        words = [word for word in (command, "--help") if word]
        done = subprocess.run(
            [sys.executable, "-m", "hocba.cli", *words],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        parts.append(f"\n## hocba {command}".rstrip() + f"\n\n```\n{done.stdout.rstrip()}\n```\n")
    return "".join(parts)


def _tables(module: object) -> list[tuple[str, dict[object, frozenset[object]]]]:
    found = []
    for name in dir(module):
        if name == "TRANSITIONS" or name.endswith("_TRANSITIONS"):
            label = name.removesuffix("TRANSITIONS").rstrip("_").lower()
            found.append((f" ({label})" if label else "", getattr(module, name)))
    return found


def _walk(resolver: object, prefix: str) -> list[tuple[str, str]]:
    rows = []
    for entry in resolver.url_patterns:  # type: ignore[attr-defined]
        path = prefix + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            rows += _walk(entry, path)
        else:
            rows.append((path, str(getattr(entry.callback, "guard", "none"))))
    return rows


def _is_setting(text: str) -> bool:
    return text.startswith("HOCBA_") and text.isupper() and text.replace("_", "").isalnum()


def _differs(path: Path, text: str) -> bool:
    return not path.exists() or path.read_text("utf-8") != text


def _run_schema_docs() -> int:
    arguments = [sys.executable, "-m", "tools.generate_schema_docs", *sys.argv[1:]]
    return subprocess.run(arguments, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
