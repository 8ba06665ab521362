from __future__ import annotations

from dataclasses import replace

import pytest

from hocba.desk.errors import NotReadyError
from hocba.desk.joint import choices
from hocba.desk.joint import tasks as joint_tasks
from tests.unit.desk.test_preflight import TASK

MATHS = replace(TASK, id="a", title="Toán, lớp 6A1")
BIOLOGY = replace(TASK, id="b", title="Sinh học, lớp 6A2", documents=40, signatures=40)
SEAL = replace(TASK, id="c", title="Đóng dấu lớp 6A1", slot="seal", position="seal", holder=TASK.school_code)
LAST_YEAR = replace(TASK, id="d", school_year="2024-2025")


class TestNamesOf:
    def test_gives_each_once_in_order(self) -> None:
        assert joint_tasks.names_of("b,a,b") == ["b", "a"]

    def test_takes_as_many_as_a_list_may_have_and_refuses_one_more(self) -> None:
        names = [str(number) for number in range(joint_tasks.MOST)]

        assert joint_tasks.names_of(joint_tasks.name_of([*names, "0"])) == names
        with pytest.raises(NotReadyError, match=f"nhiều nhất {joint_tasks.MOST} việc"):
            joint_tasks.names_of(joint_tasks.name_of([*names, "more"]))


class TestTogether:
    def test_are_one_task_with_everything_to_sign(self) -> None:
        found = joint_tasks.together([MATHS, BIOLOGY])

        assert (found.id, found.slot, found.holder) == ("a,b", TASK.slot, TASK.holder)
        assert (found.documents, found.signatures, found.parts) == (85, 130, (MATHS, BIOLOGY))

    @pytest.mark.parametrize("other", [SEAL, LAST_YEAR], ids=["two holders", "two school years"])
    def test_are_refused_when_one_certificate_and_year_do_not_do(self, other: joint_tasks.Task) -> None:
        with pytest.raises(NotReadyError, match="một chứng thư số, cho một năm học"):
            joint_tasks.together([MATHS, other])


class TestTitleOf:
    def test_names_every_task_where_there_is_room(self) -> None:
        assert (
            joint_tasks.title_of([MATHS.title, BIOLOGY.title]) == "2 việc: Toán, lớp 6A1; Sinh học, lớp 6A2"
        )

    def test_says_how_many_are_left_out(self) -> None:
        title = joint_tasks.title_of(["x" * 90] * 10)

        assert title.endswith("; và 8 việc khác")

    def test_never_grows_too_long(self) -> None:
        lengths = [
            len(joint_tasks.title_of(["x" * size] * 30)) for size in range(joint_tasks.LONGEST_TITLE + 50)
        ]

        assert max(lengths) <= joint_tasks.LONGEST_TITLE


class TestChoicesOf:
    def test_makes_a_group_for_each_certificate_and_year(self) -> None:
        more = replace(SEAL, id="e")

        found = choices.choices_of([MATHS, SEAL, BIOLOGY, more, LAST_YEAR], lambda name: f"/{name}/")

        assert [[row["address"] for row in each["tasks"]] for each in found] == [
            ["/a/", "/b/"],
            ["/c/", "/e/"],
            ["/d/"],
        ]
        assert [each["title"] for each in found] == [
            "Năm học 2025-2026",
            "Năm học 2025-2026, con dấu của nhà trường",
            "Năm học 2024-2025",
        ]
        assert [each["may_choose"] for each in found] == [True, True, False]

    def test_offers_nothing_to_choose_where_a_single_task_is_ready(self) -> None:
        (found,) = choices.choices_of([MATHS, replace(BIOLOGY, documents=0)], str)

        assert not found["may_choose"]
