from __future__ import annotations

from datetime import date, timedelta

import pytest

from hocba.desk import preflight
from hocba.desk.channels import Channel
from hocba.desk.deadlines import Deadline
from hocba.desk.ports import Task
from hocba.desk.preflight import Circumstances, Level
from hocba.signing import certificates
from hocba.signing.trust import TrustMaterial, load
from tests.factories import authorities
from tests.unit.desk.test_packages import AT

ROOT = authorities.root()
HOLDER = ROOT.person("Trần Thị Ánh")
DER = certificates.to_der(HOLDER.certificate)
TASK = Task(
    id="t",
    title="Ký",
    slot="subject_teacher",
    position="teacher",
    school_code=authorities.SCHOOL,
    school_year="2025-2026",
    holder="GV0006",
    documents=45,
    signatures=90,
    waiting=0,
    waiting_for="",
    unit="học bạ",
)


def trust(*rows: dict[str, object]) -> TrustMaterial:
    far = AT + timedelta(days=36_500)
    return load(
        {
            "root.pem": ROOT.pem,
            "root.crl": ROOT.crl(next_update=far),
            "school.json": authorities.register(*rows),
        }
    )


APPROVED = trust(authorities.approval(HOLDER, "GV0006", "teacher"))


def examine(**changes: object) -> preflight.Preflight:
    given: dict[str, object] = {
        "task": TASK,
        "person": "Trần Thị Ánh",
        "trust": APPROVED,
        "deadline": None,
        "channel": Channel.TOKEN,
        "at": AT,
        "certificate": DER,
    }
    return preflight.examine(Circumstances(**(given | changes)))  # type: ignore[arg-type]


def level(found: preflight.Preflight, code: str) -> Level:
    (finding,) = (each for each in found.findings if each.code == code)
    return finding.level


class TestExamine:
    def test_estimates_by_the_way_of_signing(self) -> None:
        assert examine().seconds == 54
        assert examine(channel=Channel.HSM).seconds == 2

    @pytest.mark.parametrize(
        ("person", "expected"),
        [("TRẦN THỊ ÁNH", Level.OK), ("Lê Văn B", Level.WARN)],
    )
    def test_compares_the_name_and_never_stops_for_it(self, person: str, expected: Level) -> None:
        assert level(examine(person=person), "name") is expected

    def test_stops_a_certificate_approved_for_somebody_else(self) -> None:
        other = trust(authorities.approval(HOLDER, "GV0009", "teacher"))

        assert not examine(trust=other).may_open

    def test_stops_what_is_no_certificate(self) -> None:
        assert level(examine(certificate=b"x"), "certificate") is Level.STOP

    @pytest.mark.parametrize(
        ("day", "is_set", "expected"),
        [
            (date(2026, 6, 30), False, Level.OK),
            (date(2098, 6, 30), False, Level.WARN),
            (date(2098, 6, 30), True, Level.STOP),
        ],
    )
    def test_stops_for_a_day_only_when_the_operator_set_it(
        self, day: date, is_set: bool, expected: Level
    ) -> None:
        assert level(examine(deadline=Deadline(day, is_set=is_set)), "deadline") is expected

    def test_says_that_no_deadline_stands_in_the_way(self) -> None:
        (row,) = (each for each in examine(deadline=None).findings if each.code == "deadline")

        assert row.level is Level.OK
        assert "không còn hạn hoàn thành ký nào" in row.detail

    def test_says_plainly_that_the_name_is_somebody_elses(self) -> None:
        (row,) = (each for each in examine(person="Lê Văn B").findings if each.code == "name")

        assert row.detail.startswith("Không phải tên của thầy cô")

    def test_counts_the_end_of_the_approval_too(self) -> None:
        ends = (AT + timedelta(days=10)).isoformat()
        short = trust(authorities.approval(HOLDER, "GV0006", "teacher", valid_until=ends))

        found = examine(trust=short, deadline=Deadline(date(2026, 6, 30), is_set=True))

        assert level(found, "deadline") is Level.STOP


class TestOfClock:
    @pytest.mark.parametrize(
        ("seconds", "expected"),
        [
            (30, Level.OK),
            (-30, Level.OK),
            (31, Level.WARN),
            (-120, Level.WARN),
            (121, Level.STOP),
            (-86_400, Level.STOP),
        ],
    )
    def test_judges_both_ways_alike(self, seconds: int, expected: Level) -> None:
        (found,) = preflight.of_clock(AT + timedelta(seconds=seconds), at=AT)

        assert found.level is expected

    def test_says_nothing_where_no_clock_was_told(self) -> None:
        assert list(preflight.of_clock(None, at=AT)) == []
