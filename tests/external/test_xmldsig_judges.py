"""Our XML signatures before judges that are not ours: the xmlsec1 program and the JDK."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import etree

from hocba.signing.xmldsig import DS
from tests.external.programs import skip_without
from tests.factories import signed_xml
from tests.factories.signed_xml import EXPECTED, signature_of, signed_document

pytestmark = pytest.mark.external

JAVA_PROGRAM = Path(__file__).parent / "java" / "CheckXmlSignatures.java"
ALL_VALID = dict.fromkeys(EXPECTED, True)
TEACHER_CHANGED = {
    **ALL_VALID,
    "ck-toan": False,
    "ck-chu-nhiem": False,
    "ck-hieu-truong": False,
    "ck-con-dau": False,
}


def altered() -> bytes:
    return signed_document().replace(b"<Diem>8.0</Diem>", b"<Diem>9.0</Diem>")


def value_altered() -> bytes:
    """Only the seal's own value is changed."""
    root = etree.fromstring(signed_document())
    value = signature_of(root, "ck-con-dau").find(f"{{{DS}}}SignatureValue")
    assert value is not None
    assert value.text
    value.text = ("A" if value.text[0] != "A" else "B") + value.text[1:]
    return etree.tostring(root)


CASES = {
    "whole.xml": (signed_document, ALL_VALID),
    "altered.xml": (altered, TEACHER_CHANGED),
    "value.xml": (value_altered, {**ALL_VALID, "ck-con-dau": False}),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, (make, _) in CASES.items():
        (tmp_path / name).write_bytes(make())
    for name, data in signed_xml.authority().certificate_pems().items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


@skip_without("xmlsec1", installed=shutil.which("xmlsec1") is not None)
class TestXmlsec1:
    @pytest.mark.parametrize("name", CASES)
    def test_agrees_on_every_signature(self, folder: Path, name: str) -> None:
        ids = [
            argument
            for element in ("HocBa", "HoSo", "MonHoc", "BanTheHien")
            for argument in ("--id-attr:Id", f"{signed_xml.NAMESPACE}:{element}")
        ] + ["--id-attr:Id", f"{DS}:Object", "--id-attr:Id", f"{DS}:Signature"]
        verdicts = {}
        for signature_id in EXPECTED:
            command = [
                "xmlsec1", "--verify", "--trusted-pem", "root.pem", "--untrusted-pem", "issuing.pem",
                "--enabled-key-data", "x509", "--enabled-reference-uris", "empty,same-doc",
                "--verification-gmt-time", "2026-06-01 00:00:00", *ids,
                "--node-xpath", f"//*[local-name()='Signature'][@Id='{signature_id}']", name,
            ]  # fmt: skip
            verdicts[signature_id] = (
                subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0
            )
        assert verdicts == CASES[name][1]


@skip_without("java", installed=shutil.which("java") is not None)
class TestJdk:
    def test_agrees_on_every_signature(self, folder: Path) -> None:
        answer = subprocess.run(
            ["java", str(JAVA_PROGRAM), *CASES], cwd=folder, capture_output=True, text=True, check=True
        )
        verdicts: dict[str, dict[str, bool]] = {}
        for line in answer.stdout.splitlines():
            name, signature_id, verdict = line.split()
            verdicts.setdefault(name, {})[signature_id] = verdict == "valid"
        assert verdicts == {name: expected for name, (_, expected) in CASES.items()}
