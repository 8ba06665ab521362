"""The main job from outside, as the people of a school and the systems do it: over HTTP, with their own keys.

Workbooks → people and marks → class record signed and sealed → transcripts signed and sealed → archived by the
city → files in a folder → verified offline. Every step may be run again: what is done stays done.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, LiteralString, Protocol

import psycopg

from hocba.cli.demo_keys import Holder
from hocba.cli.desk import Desk
from hocba.cli.verify_inputs import load_trust
from hocba.documents.verification import Verdict, verify_both
from hocba.exchange import posts
from hocba.signing import trust
from hocba.sites import databases
from hocba.sites.environment import log_origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hocba.cli.demo_keys import DemoKeys
    from hocba.cli.processes import House
    from hocba.documents.workbooks.values import SchoolData, StaffRow

PATIENCE_SECONDS = 600.0

POSITIONS = {post: ["teacher", "leader"] for post in posts.LEADERS}


_MESSAGES = "select count(*) from platform_messages_outgoingmessage where state = 'PENDING'"
_JOBS = "select count(*) from procrastinate_jobs where status in ('todo', 'doing')"

OFFICER = "so.chuyenvien"


class ChainError(Exception):
    """The chain stopped; the text says where and what to look at."""


class Report(Protocol):
    """Who is told how far the chain is."""

    def begin(self, stage: str, total: int | None) -> None:
        """A stage starts; `total` is what it counts to, if known."""
        ...

    def advance(self, count: int = 1) -> None:
        """Some of it is done."""
        ...

    def end(self) -> None:
        """The stage is over."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How long a stage took and how many things it did."""

    seconds: float
    count: int


@dataclass
class Chain:
    """One school, one school year."""

    house: House
    keys: DemoKeys
    data: SchoolData
    directory: Path
    password: str
    report: Report
    revocation_service: str | None = None
    """Where the city is told to ask for revocation; None where nobody would answer it afterwards."""
    stages: dict[str, Stage] = field(default_factory=dict)
    _desks: dict[tuple[str, str], Desk] = field(default_factory=dict)
    _connections: dict[str, psycopg.Connection[Any]] = field(default_factory=dict)

    def prepare_school(self) -> None:
        """People into the sector database; keys, certificates declared and approved; rosters copied; all signed in."""
        with self._stage("Chuẩn bị trường", "prepare", None) as done:
            self.house.run("sector", ["import_people", str(self.directory)])
            self.keys.ensure(self._holders())
            trust = self.keys.directory / "trust"
            self.keys.write_trust(trust, now=datetime.now(UTC))
            self.keys.write_trust_list(trust, now=datetime.now(UTC), services=self.revocation_service)
            self.house.run("city", ["load_trust", str(trust)])
            officer = ["create_account", OFFICER, "--name", "Chuyên viên Sở", "--role", "city_officer"]
            self.house.run("city", officer, HOCBA_NEW_PASSWORD=self.password)
            with ThreadPoolExecutor(max_workers=2) as pool:
                list(pool.map(self._sync_roster, ("tracking", "transcripts")))
            declaration = self.keys.directory / f"declaration-{self.school}.json"
            declaration.write_text(json.dumps(self._declaration(), ensure_ascii=False), "utf-8")
            self.house.run("transcripts", ["declare_certificates", str(declaration)])
            self._wait_for_outbox("transcripts")
            self.house.run("city", ["approve_certificates", "--school", self.school, "--by", "demo"])
            with ThreadPoolExecutor(max_workers=2) as pool:
                list(pool.map(self._sync_certificates, ("tracking", "transcripts")))
                list(pool.map(self._sign_in_all, ("tracking", "transcripts")))
            done(len(self.data.pupils))

    def enter_marks(self) -> None:
        """Marks, conduct and remarks into the gradebook, and on to the sector database."""
        with self._stage("Nhập điểm và đẩy lên CSDL ngành", "enter", None) as done:
            self.house.run("tracking", ["import_marks", str(self.directory)])
            self._wait_for_outbox("tracking")
            done(len(self.data.marks) + len(self.data.primary))

    def compare_class_records(self) -> None:
        """What was entered against what the sector database gives back; what agrees may be signed."""
        self.house.run("tracking", ["compare_class_records", *self._place()])

    def sign_class_records(self) -> None:
        """Every teacher, homeroom teacher, leader and the clerk sign the class record, in order."""
        with self._stage("Ký sổ theo dõi và đánh giá", "class_record", None) as done:
            self.compare_class_records()
            self._sign_all("tracking", done)
            self._wait_for_outbox("tracking")

    def sign_transcripts(self) -> None:
        """The same people sign the transcripts; the seal comes last."""
        total = len(self.data.pupils)
        with self._stage("Ký học bạ số", "sign", None) as done:
            self._sign_all("transcripts", done)
        with self._stage("Nộp Sở: kiểm tra và lưu trữ", "archive", total) as done:
            self._wait_for_outbox("transcripts", done)
            done(0)

    def sign_before_the_seal(self) -> None:
        """Everybody but the clerk signs the transcripts."""
        with self._stage("Ký học bạ số, trừ con dấu", "sign", None) as done:
            self._sign_all("transcripts", done, leave_out=self._staff_with("Nhân viên văn thư"))

    def export(self, out: Path) -> list[tuple[Path, Path]]:
        """Fetch every archived pair as the clerk, and what is needed to verify them, into a folder."""
        clerk = self._desk("transcripts", self._staff_with("Nhân viên văn thư"))
        for folder in ("xml", "pdf", "receipts", "trust"):
            (out / folder).mkdir(parents=True, exist_ok=True)
        with (
            self._stage("Ghi tệp", "export", len(self.data.pupils)) as done,
            ThreadPoolExecutor(max_workers=1) as pool,
        ):
            register = pool.submit(self.house.run, "city", ["export_register", "--school", self.school])
            classes: list[dict[str, Any]] = json.loads(clerk.get("/api/transcripts"))["classes"]
            pairs = [
                pair
                for found in classes
                if found["school_year"] == self.data.school.school_year
                for pair in self._fetch(clerk.get(found["files"]), out, done)
            ]
            self.keys.write_trust(out / "trust", now=datetime.now(UTC))
            # Beside the folder whose contents the design fixes: of which class the authorities are, whose log it is.
            (out / "trust-list").mkdir(parents=True, exist_ok=True)
            self.keys.write_trust_list(out / "trust-list", now=datetime.now(UTC))
            self.keys.write_list_signer(out / "trust-list")
            self.keys.write_log_key(out / "trust-list", origin=log_origin("city"))
            (out / "trust" / f"{self.school}.json").write_bytes(register.result().stdout)
        return pairs

    def verify(self, pairs: list[tuple[Path, Path]], out: Path) -> int:
        """Verify every pair offline; how many are valid as XML and as PDF."""
        with self._stage("Xác thực độc lập", "verify", len(pairs)) as done:
            valid = 0
            with ProcessPoolExecutor(max_workers=2) as pool:
                for verdict in pool.map(
                    _verify_pair, [(*pair, out / "trust") for pair in pairs], chunksize=8
                ):
                    valid += verdict
                    done(1)
        return valid

    @property
    def school(self) -> str:
        """Code of the school."""
        return self.data.school.code

    def key_name(self, holder: str) -> str:
        """The name of a holder's demo key: staff codes are a school's own, another school has the same ones."""
        return holder if holder == self.school else f"{self.school}.{holder}"

    def _holders(self) -> list[Holder]:
        organisation = self.data.school.name
        people = [
            Holder(
                code=self.key_name(row.code),
                name=row.name,
                number=row.personal_id or "",
                organisation=organisation,
            )
            for row in self._signers()
        ]
        seal = Holder(
            code=self.school, name=organisation, number=self.school, organisation=organisation, is_seal=True
        )
        return [*people, seal]

    def _signers(self) -> list[StaffRow]:
        return [row for row in self.data.staff if row.position in {"Giáo viên", "Cán bộ quản lý"}]

    def _declaration(self) -> dict[str, Any]:
        people = [
            {
                "holder": row.code,
                "name": row.name,
                "kind": "person",
                "positions": POSITIONS.get(row.post, ["teacher"]),
                "der": self.keys.certificate(self.key_name(row.code)),
            }
            for row in self._signers()
        ]
        seal = {
            "holder": self.school,
            "name": self.data.school.name,
            "kind": "organisation",
            "positions": ["seal"],
            "der": self.keys.certificate(self.school),
        }
        return {
            "school": self.school,
            "school_name": self.data.school.name,
            "certificates": [*people, seal],
        }

    def _sync_roster(self, side: str) -> None:
        option = ["--without-certificates"] if side == "tracking" else []
        self.house.run(side, ["sync_roster", *self._place(), *option])

    def _sync_certificates(self, side: str) -> None:
        if side == "tracking":
            self.house.run(side, ["sync_roster", *self._place(), "--only-certificates"])
        else:
            self.house.run(side, ["sync_certificates", "--school", self.school])

    def _place(self) -> list[str]:
        return ["--school", self.school, "--school-year", self.data.school.school_year]

    def _sign_in_all(self, side: str) -> None:
        """Everybody who signs signs in."""
        for code in self._in_order_of_signing():
            self._desk(side, code)

    def _sign_all(self, side: str, done: Callable[[int], None], *, leave_out: str = "") -> int:
        """Let everybody, or all but one, sign what is ready, until nobody has anything left to sign."""
        everybody = [code for code in self._in_order_of_signing() if code != leave_out]
        late = [code for code in self._signers_after_others() if code != leave_out]
        # Class records come up for these while others sign; transcripts are all there from the start, for everybody.
        coming = set(late) if side == "tracking" else set()
        asked, signed, end = everybody, 0, time.monotonic() + PATIENCE_SECONDS
        with ThreadPoolExecutor(max_workers=2) as pool:
            while True:
                results = list(pool.map(lambda code: self._sign_ready(side, code, done), asked))
                progress = sum(count for count, _ in results)
                signed += progress
                waiting = {code: tasks for code, (_, tasks) in zip(asked, results, strict=True) if tasks}
                if not progress and not waiting and not self._is_busy(side):
                    return signed
                if time.monotonic() > end:
                    raise ChainError(f"{side}: không ai ký tiếp được; đang chờ: {list(waiting.values())[:3]}")
                again = waiting.keys() | (coming if progress else ())
                asked = [code for code in everybody if code in again] or late
                if not progress:
                    time.sleep(0.2)

    def _in_order_of_signing(self) -> list[str]:
        """Who only teaches, homeroom teachers, leaders, the clerk: so that few have to be asked twice."""
        late = self._signers_after_others()
        return [*(row.code for row in self._signers() if row.code not in late), *late]

    def _signers_after_others(self) -> list[str]:
        """Homeroom teachers, leaders and the clerk: what they sign comes up while others sign."""
        leaders = [row.code for row in self.data.staff if row.post in POSITIONS]
        homeroom = dict.fromkeys(
            row.staff_code for row in self.data.homerooms if row.staff_code not in leaders
        )
        return [*homeroom, *leaders, self._staff_with("Nhân viên văn thư")]

    def _sign_ready(self, side: str, code: str, done: Callable[[int], None]) -> tuple[int, list[str]]:
        desk, signed, waiting = self._desk(side, code), 0, []
        is_clerk = code == self._staff_with("Nhân viên văn thư")
        key_name = self.key_name(self.school if is_clerk else code)
        for task in desk.tasks():
            if not task["ready"]:
                waiting.append(f"{task['title']}: {task['waiting_for']}")
                continue
            count = desk.sign(task["id"], self.keys.key(key_name), self.keys.certificate(key_name))
            signed += count
            done(count)
        return signed, waiting

    def _is_busy(self, side: str) -> bool:
        """Whether messages on the way to the side, or its jobs, may still bring something to sign."""
        arriving = self._count("tracking", _MESSAGES) if side == "transcripts" else 0
        return arriving + self._count(side, _JOBS) > 0

    def _desk(self, side: str, code: str) -> Desk:
        if (side, code) not in self._desks:
            self._desks[side, code] = Desk(
                self.house.address(side), username=f"{self.school}.{code}".lower(), password=self.password
            )
        return self._desks[side, code]

    def _staff_with(self, post: str) -> str:
        for row in self.data.staff:
            if row.post == post:
                return row.code
        raise ChainError(f"danh sách cán bộ không có {post}")

    def _fetch(self, archive: bytes, out: Path, done: Callable[[int], None]) -> list[tuple[Path, Path]]:
        """Unpack the files of a class; the pairs that the city has archived, which are those with a receipt."""
        with zipfile.ZipFile(io.BytesIO(archive)) as files:
            receipts = [name for name in files.namelist() if name.startswith("receipts/")]
            stems = [PurePosixPath(name).stem for name in receipts]
            for stem in stems:
                for folder, extension in (("xml", "xml"), ("pdf", "pdf"), ("receipts", "json")):
                    content = files.read(f"{folder}/{stem}.{extension}")
                    (out / folder / f"{stem}.{extension}").write_bytes(content)
                done(1)
        return [(out / "xml" / f"{stem}.xml", out / "pdf" / f"{stem}.pdf") for stem in stems]

    def _wait_for_outbox(self, side: str, done: Callable[[int], None] | None = None) -> None:
        end, before = time.monotonic() + PATIENCE_SECONDS, self._count_pending(side)
        while (left := self._count_pending(side)) > 0:
            if done and before > left:
                done(before - left)
                before = left
            if time.monotonic() > end:
                raise ChainError(f"{side}: {left} thông điệp chưa gửi được")
            time.sleep(0.05)

    def _count_pending(self, side: str) -> int:
        return self._count(side, _MESSAGES) + self._count(side, _JOBS)

    def _count(self, side: str, query: LiteralString) -> int:
        connection = self._connections.get(side)
        if connection is None or connection.broken or connection.closed:
            connection = psycopg.connect(databases.url_of(side, as_owner=False), autocommit=True)
            self._connections[side] = connection
        found = connection.execute(query).fetchone()
        return int(found[0]) if found else 0

    @contextmanager
    def _stage(self, title: str, name: str, total: int | None) -> Iterator[Callable[[int], None]]:
        counts: list[int] = []

        def done(count: int) -> None:
            counts.append(count)
            self.report.advance(count)

        self.report.begin(title, total)
        start = time.perf_counter()
        yield done
        self.stages[name] = Stage(seconds=time.perf_counter() - start, count=sum(counts))
        self.report.end()


def _verify_pair(pair: tuple[Path, Path, Path]) -> int:
    """1 when XML and PDF are both valid and belong together."""
    xml, pdf, folder = pair
    reports = verify_both(xml.read_bytes(), pdf.read_bytes(), trust=_trust(folder), at=datetime.now(UTC))
    return int(all(report.verdict is Verdict.VALID for report in reports))


@cache
def _trust(folder: Path) -> trust.TrustMaterial:
    material, problem = load_trust([str(folder)])
    if problem is not None:
        raise ValueError(problem)
    return material


def total_seconds(stages: Iterable[Stage]) -> float:
    """Sum of the stages' times."""
    return sum(stage.seconds for stage in stages)
