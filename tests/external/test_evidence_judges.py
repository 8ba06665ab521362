"""Evidence records before Bouncy Castle, and the tokens in them before openssl."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from hocba.signing import digests
from hocba.signing.evidence import records
from tests.external.programs import skip_without
from tests.factories import preservation, transcripts
from tests.unit.signing.evidence import test_verifying as decades
from tests.unit.signing.evidence.test_verifying import FILES, REHASHED, RENEWED, STAMPED

PROGRAM = Path(__file__).parent / "java" / "CheckEvidenceRecord.java"
JARS = [Path("/usr/share/java") / f"{name}.jar" for name in ("bcpkix", "bcprov", "bcutil")]
LIBRARY = ":".join(map(str, JARS))

pytestmark = pytest.mark.external


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, content in enumerate(FILES):
        (tmp_path / f"file{number}").write_bytes(content)
    (tmp_path / "other").write_bytes(b"something else")
    return tmp_path


@dataclass(frozen=True, slots=True)
class BouncyCastle:
    """The compiled program, asked about files of a folder."""

    classes: Path

    def judge(self, folder: Path, record: bytes, at: float, *files: str) -> bool:
        (folder / "record.ers").write_bytes(record)
        command = (
            "java",
            "-cp",
            f"{self.classes}:{LIBRARY}",
            PROGRAM.stem,
            "record.ers",
            str(int(at)),
            *files,
        )
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert "Could not find" not in done.stderr, (
            done.stderr
        )  # the program itself, or a class of the library
        return done.stdout.strip() == "valid"


@pytest.fixture(scope="session")
def bouncy_castle(tmp_path_factory: pytest.TempPathFactory) -> BouncyCastle:
    """Compiled once: `java PROGRAM.java` would compile it anew for every record."""
    classes = tmp_path_factory.mktemp("classes")
    subprocess.run(["javac", "-cp", LIBRARY, "-d", classes, PROGRAM], check=True)
    return BouncyCastle(classes)


@skip_without(
    "a JDK with Bouncy Castle (libbcpkix-java)",
    installed=shutil.which("javac") is not None and all(jar.exists() for jar in JARS),
)
class TestBouncyCastle:
    def test_accepts_a_first_record_for_its_files_only(
        self, bouncy_castle: BouncyCastle, folder: Path
    ) -> None:
        at = STAMPED.timestamp() + 1
        assert bouncy_castle.judge(folder, decades.begun(), at, "file0", "file1", "file2")
        assert not bouncy_castle.judge(folder, decades.begun(), at, "file0", "other", "file2")

    def test_accepts_a_renewed_time_stamp(self, bouncy_castle: BouncyCastle, folder: Path) -> None:
        record = decades.renewed(decades.begun())
        assert bouncy_castle.judge(folder, record, RENEWED.timestamp() + 1, "file0", "file1", "file2")

    def test_accepts_a_renewed_hash_tree(self, bouncy_castle: BouncyCastle, folder: Path) -> None:
        record = decades.rehashed(decades.renewed(decades.begun()))
        assert bouncy_castle.judge(folder, record, REHASHED.timestamp() + 1, "file0", "file1", "file2")

    def test_accepts_the_archive_record_of_a_real_transcript(
        self, bouncy_castle: BouncyCastle, folder: Path
    ) -> None:
        pair = transcripts.pair()
        kept = preservation.keep(transcripts.school(), pair).rehashed(
            preservation.THIRD, preservation.REHASHED
        )
        objects = [pair.xml, pair.pdf, *kept.parts().objects()]
        for number, content in enumerate(objects):
            (folder / f"object{number}").write_bytes(content)
        names = [f"object{number}" for number in range(len(objects))]
        at = REHASHED.timestamp() + 1

        assert bouncy_castle.judge(folder, kept.record, at, *names)
        (folder / "object0").write_bytes(pair.xml + b" ")
        assert not bouncy_castle.judge(folder, kept.record, at, *names)

    def test_accepts_the_record_over_the_logs_note(self, bouncy_castle: BouncyCastle, folder: Path) -> None:
        kept = preservation.keep(transcripts.school(), transcripts.pair())
        time = kept.renewed(preservation.SECOND, preservation.RENEWED).evidence.time
        (folder / "note").write_bytes(time.note.encode())
        first = kept.evidence.time.record

        assert bouncy_castle.judge(folder, first, preservation.STAMPED.timestamp() + 1, "note")
        assert not bouncy_castle.judge(folder, first, preservation.STAMPED.timestamp() + 1, "other")


@skip_without("openssl", installed=shutil.which("openssl") is not None)
class TestOpenssl:
    def test_accepts_every_token_of_a_record(self, folder: Path) -> None:
        record = records.read(decades.rehashed(decades.renewed(decades.begun())))
        units = (decades.OLD, decades.MIDDLE, decades.LATE)
        stamps = [stamp for chain in record.chains for stamp in chain]
        for unit, stamp, at in zip(units, stamps, (STAMPED, RENEWED, REHASHED), strict=True):
            (folder / "token").write_bytes(stamp.token)
            (folder / "root.pem").write_bytes(unit.authority.certificate.public_bytes(Encoding.PEM))
            imprint = _imprint(stamp)
            moment = str(int(at.timestamp()))
            check = ("ts", "-verify", "-in", "token", "-token_in", "-CAfile", "root.pem", "-attime", moment)
            assert self.openssl(folder, *check, "-digest", imprint.hex()) == 0
            assert self.openssl(folder, *check, "-digest", bytes(len(imprint)).hex()) != 0

    def openssl(self, folder: Path, *arguments: str) -> int:
        return subprocess.run(
            ["openssl", *arguments], cwd=folder, capture_output=True, check=False
        ).returncode


def _imprint(stamp: records.ArchiveTimeStamp) -> bytes:
    from asn1crypto import cms, tsp

    info = tsp.TSTInfo.load(
        cms.ContentInfo.load(stamp.token)["content"]["encap_content_info"]["content"].contents
    )
    value = bytes(info["message_imprint"]["hashed_message"].native)
    digests.require_digest(stamp.algorithm, value)
    return value
