"""Which roles follow from a post."""

from __future__ import annotations

import pytest

from hocba.exchange import posts


class TestRolesOf:
    @pytest.mark.parametrize(
        ("post", "role"),
        [
            ("Hiệu trưởng", "principal"),
            ("Giám đốc", "principal"),
            ("Phó Hiệu trưởng", "leadership"),
            ("Phó Giám đốc", "leadership"),
        ],
    )
    def test_lets_the_head_of_a_school_or_of_a_centre_lead(self, post: str, role: str) -> None:
        assert posts.roles_of(post, teaches=False, leads_class=False) == {role}

    def test_adds_what_somebody_does_to_what_somebody_is(self) -> None:
        found = posts.roles_of("Phó Giám đốc", teaches=True, leads_class=True)

        assert found == {"leadership", "subject_teacher", "homeroom_teacher"}

    def test_gives_no_role_for_an_unknown_post(self) -> None:
        assert posts.roles_of("Bảo vệ", teaches=False, leads_class=False) == frozenset()
