"""The main job from outside, as the people of a school and the systems do it: over HTTP, with their own keys.

Workbooks → people and marks → class record signed and sealed → transcripts signed and sealed → archived by the
city → files in a folder → verified offline. Every step may be run again: what is done stays done.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import psycopg

from hocba.cli.demo_keys import Holder
from hocba.cli.desk import Desk
from hocba.documents.verification import Verdict, verify
from hocba.signing import trust
from hocba.sites import databases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from hocba.cli.demo_keys import DemoKeys
    from hocba.cli.processes import House
    from hocba.documents.workbooks.values import SchoolData, StaffRow

PATIENCE_SECONDS = 600.0

POSITIONS = {
    "Hiệu trưởng": ["teacher", "leader"],
    "Phó Hiệu trưởng": ["teacher", "leader"],
}


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
    stages: dict[str, Stage] = field(default_factory=dict)
    _desks: dict[tuple[str, str], Desk] = field(default_factory=dict)

    def prepare_school(self) -> None:
        """People into the sector database; keys, certificates declared and approved; rosters copied."""
        with self._stage("Chuẩn bị trường", "prepare", None) as done:
            self.house.run("sector", ["import_people", str(self.directory)])
            self.keys.ensure(self._holders())
            trust = self.keys.directory / "trust"
            self.keys.write_trust(trust, now=datetime.now(UTC))
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
            done(len(self.data.pupils))

    def enter_marks(self) -> None:
        """Marks, conduct and remarks into the gradebook, and on to the sector database."""
        with self._stage("Nhập điểm và đẩy lên CSDL ngành", "enter", None) as done:
            self.house.run("tracking", ["import_marks", str(self.directory)])
            self._wait_for_outbox("tracking")
            done(len(self.data.marks))

    def sign_class_records(self) -> None:
        """Every teacher, homeroom teacher, leader and the clerk sign the class record, in order."""
        with self._stage("Ký sổ theo dõi và đánh giá", "class_record", None) as done:
            self.house.run("tracking", ["compare_class_records", *self._place()])
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

    def export(self, out: Path) -> list[tuple[Path, Path]]:
        """Fetch every archived pair as the clerk, and what is needed to verify them, into a folder."""
        clerk = self._desk("transcripts", self._staff_with("Nhân viên văn thư"))
        rows: list[dict[str, Any]] = json.loads(clerk.get("/api/transcripts"))["transcripts"]
        archived = [row for row in rows if row["status"] == "ARCHIVED"]
        for folder in ("xml", "pdf", "receipts", "trust"):
            (out / folder).mkdir(parents=True, exist_ok=True)
        with self._stage("Ghi tệp", "export", len(archived)) as done:
            with ThreadPoolExecutor(max_workers=2) as pool:
                pairs = list(pool.map(lambda row: self._fetch(clerk, row, out, done), archived))
            self.keys.write_trust(out / "trust", now=datetime.now(UTC))
            register = self.house.run("city", ["export_register", "--school", self.school]).stdout
            (out / "trust" / f"{self.school}.json").write_bytes(register)
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

    def _holders(self) -> list[Holder]:
        organisation = self.data.school.name
        people = [
            Holder(code=row.code, name=row.name, number=row.personal_id or "", organisation=organisation)
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
                "der": self.keys.certificate(row.code),
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

    def _sign_all(self, side: str, done: Callable[[int], None]) -> int:
        """Let everybody sign what is ready, until nobody has anything left to sign."""
        people = [row.code for row in self._signers()] + [self._staff_with("Nhân viên văn thư")]
        signed, end = 0, time.monotonic() + PATIENCE_SECONDS
        with ThreadPoolExecutor(max_workers=2) as pool:
            while True:
                results = list(pool.map(lambda code: self._sign_ready(side, code, done), people))
                progress = sum(count for count, _ in results)
                signed += progress
                waiting = [task for _, tasks in results for task in tasks]
                if not progress and not waiting and not self._is_busy(side):
                    return signed
                if time.monotonic() > end:
                    raise ChainError(f"{side}: không ai kí tiếp được; đang chờ: {waiting[:3]}")
                if not progress:
                    time.sleep(0.2)

    def _sign_ready(self, side: str, code: str, done: Callable[[int], None]) -> tuple[int, list[str]]:
        desk, signed, waiting = self._desk(side, code), 0, []
        is_clerk = code == self._staff_with("Nhân viên văn thư")
        holder = self.school if is_clerk else code
        for task in desk.tasks():
            if not task["ready"]:
                waiting.append(f"{task['title']}: {task['waiting_for']}")
                continue
            count = desk.sign(task["id"], self.keys.key(holder), self.keys.certificate(holder))
            signed += count
            done(count)
        return signed, waiting

    def _is_busy(self, side: str) -> bool:
        """Whether messages or jobs on the way to or at the side may still bring something to sign."""
        sources = ("tracking", "transcripts") if side == "transcripts" else (side,)
        return any(self._count_pending(name) for name in sources)

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

    def _fetch(
        self, clerk: Desk, row: dict[str, Any], out: Path, done: Callable[[int], None]
    ) -> tuple[Path, Path]:
        # A code may hold a slash; it must not choose the folder.
        stem = f"{row['pupil_code']}_{self.data.school.school_year}".replace("/", "_")
        xml, pdf = out / "xml" / f"{stem}.xml", out / "pdf" / f"{stem}.pdf"
        xml.write_bytes(clerk.get(row["xml"]))
        pdf.write_bytes(clerk.get(row["pdf"]))
        (out / "receipts" / f"{stem}.json").write_bytes(clerk.get(row["receipt"]))
        done(1)
        return xml, pdf

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
        query = """
            select (select count(*) from platform_messages_outgoingmessage where state = 'PENDING')
                 + (select count(*) from procrastinate_jobs where status in ('todo', 'doing'))
        """
        with psycopg.connect(databases.url_of(side, as_owner=False)) as connection:
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
    report = verify(
        xml.read_bytes(), trust=_trust(folder), at=datetime.now(UTC), counterpart=pdf.read_bytes()
    )
    alone = verify(pdf.read_bytes(), trust=_trust(folder), at=datetime.now(UTC))
    return int(report.verdict is Verdict.VALID and alone.verdict is Verdict.VALID)


@cache
def _trust(folder: Path) -> trust.TrustMaterial:
    return trust.load({path.name: path.read_bytes() for path in sorted(folder.iterdir())})


def total_seconds(stages: Iterable[Stage]) -> float:
    """Sum of the stages' times."""
    return sum(stage.seconds for stage in stages)
