"""The log's mathematics, with vectors of the RFC 6962 reference implementation and of C2SP signed-note."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hocba.exchange.transparency import (
    EMPTY,
    EMPTY_ROOT,
    Checkpoint,
    Frontier,
    NoteError,
    NoteKey,
    ProofError,
    encode_leaf,
    frontier_places,
    inclusion_proof,
    leaf_hash,
    open_note,
    sign_note,
    verify_inclusion,
)

# Leaves and roots of the reference implementation's own test (certificate-transparency, merkle_tree_test).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PROOF_OF_LEAF_5_OF_8 = [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]

NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuG"
    "UgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def grow(leaves: list[bytes]) -> tuple[list[Frontier], dict[tuple[int, int], bytes], list[tuple[bytes, ...]]]:
    frontiers, nodes, proofs = [EMPTY], {}, []
    for leaf in leaves:
        growth = frontiers[-1].append(leaf_hash(leaf))
        nodes.update({(node.level, node.index): node.hash for node in growth.complete})
        frontiers.append(growth.frontier)
        proofs.append(growth.proof)
    return frontiers, nodes, proofs


class TestFrontier:
    def test_gives_the_reference_roots(self) -> None:
        frontiers, _, _ = grow(LEAVES)

        assert [frontier.root().hex() for frontier in frontiers[1:]] == ROOTS

    def test_of_no_leaf_has_the_root_of_the_empty_tree(self) -> None:
        assert EMPTY.root() == EMPTY_ROOT

    def test_can_be_rebuilt_from_stored_nodes_at_any_size(self) -> None:
        frontiers, nodes, _ = grow([bytes([n]) for n in range(40)])

        for frontier in frontiers:
            stored = [nodes[place] for place in frontier_places(frontier.size)]
            assert Frontier.at(frontier.size, stored) == frontier

    def test_refuses_a_wrong_number_of_hashes(self) -> None:
        with pytest.raises(ValueError, match="2 perfect subtrees"):
            Frontier.at(5, [EMPTY_ROOT])

    def test_never_completes_a_node_twice(self) -> None:
        frontier, seen = EMPTY, set()
        for number in range(64):
            growth = frontier.append(leaf_hash(bytes([number])))
            places = {(node.level, node.index) for node in growth.complete}
            assert not places & seen
            seen |= places
            frontier = growth.frontier


class TestInclusionProof:
    def test_is_the_reference_path(self) -> None:
        _, nodes, _ = grow(LEAVES)

        path = inclusion_proof(5, 8, lambda level, index: nodes[level, index])

        assert [step.hex() for step in path] == PROOF_OF_LEAF_5_OF_8

    def test_verifies_for_every_leaf_of_every_size(self) -> None:
        leaves = [bytes([n]) for n in range(33)]
        frontiers, nodes, _ = grow(leaves)

        for size in range(1, 34):
            for index in range(size):
                path = inclusion_proof(index, size, lambda level, place: nodes[level, place])
                verify_inclusion(leaf_hash(leaves[index]), index, size, path, frontiers[size].root())

    def test_of_the_newest_leaf_needs_no_reading(self) -> None:
        _, nodes, proofs = grow([bytes([n]) for n in range(33)])

        for index, proof in enumerate(proofs):
            assert proof == inclusion_proof(index, index + 1, lambda level, place: nodes[level, place])

    def test_refuses_a_leaf_outside_the_tree(self) -> None:
        with pytest.raises(ValueError, match="no leaf 3"):
            inclusion_proof(3, 3, lambda level, index: b"")


class TestVerifyInclusion:
    PATH = tuple(bytes.fromhex(step) for step in PROOF_OF_LEAF_5_OF_8)
    ROOT = bytes.fromhex(ROOTS[7])

    def test_accepts_the_reference_proof(self) -> None:
        verify_inclusion(leaf_hash(LEAVES[5]), 5, 8, self.PATH, self.ROOT)

    @pytest.mark.parametrize(
        ("index", "size", "path"),
        [
            (4, 8, PATH),
            (5, 16, PATH),
            (5, 8, PATH[:2]),
            (5, 8, (*PATH, PATH[0])),
            (5, 8, PATH[::-1]),
            (8, 8, PATH),
            (-1, 8, PATH),
        ],
    )
    def test_refuses_another_place_or_path(self, index: int, size: int, path: tuple[bytes, ...]) -> None:
        with pytest.raises(ProofError):
            verify_inclusion(leaf_hash(LEAVES[5]), index, size, path, self.ROOT)

    def test_refuses_another_leaf(self) -> None:
        with pytest.raises(ProofError, match="another root"):
            verify_inclusion(leaf_hash(LEAVES[4]), 5, 8, self.PATH, self.ROOT)

    def test_does_not_take_an_inner_node_for_a_leaf(self) -> None:
        _, nodes, _ = grow(LEAVES)

        with pytest.raises(ProofError):
            verify_inclusion(leaf_hash(nodes[0, 0] + nodes[0, 1]), 0, 4, self.PATH[2:], self.ROOT)


class TestLeafHash:
    def test_refuses_a_leaf_no_tile_could_carry(self) -> None:
        with pytest.raises(ValueError, match="65,535"):
            leaf_hash(bytes(65_536))


class TestEncodeLeaf:
    def test_does_not_depend_on_the_order_of_values(self) -> None:
        assert (
            encode_leaf({"b": 1, "a": "ệ"}) == encode_leaf({"a": "ệ", "b": 1}) == '{"a":"ệ","b":1}'.encode()
        )


class TestCheckpoint:
    TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

    def test_reads_and_writes_the_published_example(self) -> None:
        checkpoint = Checkpoint.read(self.TEXT)

        assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
        assert checkpoint.text() == self.TEXT

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "a\n1\n",
            TEXT.replace("20852163", "020852163"),
            TEXT.replace("20852163", "-1"),
            TEXT.replace("CsUY", "CsU"),
            TEXT.removesuffix("\n"),
            "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        ],
    )
    def test_refuses_what_is_none(self, text: str) -> None:
        with pytest.raises(NoteError):
            Checkpoint.read(text)


class TestSignedNote:
    KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))

    def test_opens_the_published_example(self) -> None:
        text = open_note(NEUMANN_NOTE, NoteKey.parse(NEUMANN))

        assert text.endswith("your problem is.\n")

    def test_opens_what_it_signed(self) -> None:
        note = sign_note(TestCheckpoint.TEXT, "log.example", self.KEY)

        assert open_note(note, NoteKey.of("log.example", self.KEY)) == TestCheckpoint.TEXT

    def test_refuses_a_changed_text(self) -> None:
        with pytest.raises(NoteError, match="does not hold"):
            open_note(NEUMANN_NOTE.replace("answer", "Answer"), NoteKey.parse(NEUMANN))

    def test_refuses_a_note_of_another_key(self) -> None:
        with pytest.raises(NoteError, match="not signed by this key"):
            open_note(NEUMANN_NOTE, NoteKey.of("PeterNeumann", self.KEY))

    @pytest.mark.parametrize(
        "note", ["", "text\n", "text\n\n", NEUMANN_NOTE + "x", NEUMANN_NOTE.replace("—", "-")]
    )
    def test_refuses_what_is_no_note(self, note: str) -> None:
        with pytest.raises(NoteError):
            open_note(note, NoteKey.parse(NEUMANN))

    @pytest.mark.parametrize("text", ["no line end", "a\tb\n"])
    def test_does_not_sign_what_is_not_whole_lines(self, text: str) -> None:
        with pytest.raises(NoteError):
            sign_note(text, "log.example", self.KEY)


class TestNoteKey:
    def test_writes_what_it_reads(self) -> None:
        assert str(NoteKey.parse(NEUMANN)) == NEUMANN

    @pytest.mark.parametrize(
        "text", ["", "a+b", NEUMANN.replace("c74f", "c74e"), NEUMANN.replace("+AR", "+Ax"), NEUMANN[:-4]]
    )
    def test_refuses_a_wrong_key(self, text: str) -> None:
        with pytest.raises(NoteError):
            NoteKey.parse(text)

    @pytest.mark.parametrize("name", ["", "a b", "a+b"])
    def test_refuses_a_name_that_breaks_the_line(self, name: str) -> None:
        with pytest.raises(NoteError):
            NoteKey.of(name, Ed25519PrivateKey.from_private_bytes(bytes(32)))
