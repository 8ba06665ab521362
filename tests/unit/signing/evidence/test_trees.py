from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocba.signing.evidence import trees
from hocba.signing.evidence.errors import EvidenceError


def digest(number: int) -> bytes:
    return hashlib.sha256(b"%d" % number).digest()


class TestBuild:
    def test_of_one_digest_is_that_digest(self) -> None:
        tree = trees.build("sha256", [{digest(1)}])

        assert (tree.root, tree.reduced(0)) == (digest(1), ())

    def test_of_three_groups_is_the_example_of_the_standard(self) -> None:
        """RFC 4998 4.2: d1, the group d2 of three, and d3."""
        h1, a, b, c, h3 = (digest(number) for number in range(5))
        tree = trees.build("sha256", [{h1}, {a, b, c}, {h3}])

        h2 = hashlib.sha256(b"".join(sorted((a, b, c)))).digest()
        h12 = hashlib.sha256(b"".join(sorted((h1, h2)))).digest()
        assert tree.root == hashlib.sha256(b"".join(sorted((h12, h3)))).digest()
        assert tree.reduced(0) == (tuple(sorted((h1, h2))), (h3,))
        assert tree.reduced(1) == (tuple(sorted((a, b, c))), (h1,), (h3,))
        assert tree.reduced(2) == (tuple(sorted((h12, h3))),)

    @given(st.lists(st.integers(1, 4), min_size=1, max_size=40), st.sampled_from(["sha256", "sha3_512"]))
    def test_every_group_leads_to_the_root(self, sizes: list[int], algorithm: str) -> None:
        made = iter(range(1000))
        groups = [
            {hashlib.new(algorithm, b"%d" % next(made)).digest() for _ in range(size)} for size in sizes
        ]
        tree = trees.build(algorithm, groups)

        for place, group in enumerate(groups):
            lists = tree.reduced(place)
            if not lists:
                assert group == {tree.root}
                continue
            assert group <= set(lists[0])
            assert trees.root_of(algorithm, lists) == tree.root

    @pytest.mark.parametrize("groups", [[], [set()], [{b"short"}]])
    def test_refuses_what_makes_no_tree(self, groups: list[set[bytes]]) -> None:
        with pytest.raises(ValueError, match=r"needs groups|has 32 bytes"):
            trees.build("sha256", groups)


class TestRootOf:
    @pytest.mark.parametrize(
        "lists",
        [(), ((),), ((digest(1),),), ((digest(1), b"x"),), ((digest(1), digest(2)),) * 65],
        ids=["none", "empty", "one-member", "no-digest", "too-deep"],
    )
    def test_refuses(self, lists: tuple[tuple[bytes, ...], ...]) -> None:
        with pytest.raises(EvidenceError):
            trees.root_of("sha256", lists)
