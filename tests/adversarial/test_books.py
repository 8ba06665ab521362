"""A sealed class book put together from genuine files that do not belong together: the tree of digests tells."""

from __future__ import annotations

import pytest

from hocba.documents import class_record_xml
from hocba.documents.transcript import Digest
from hocba.documents.verification.books import Book, read_book
from tests.factories import golden

SETS = ("so-lop-1.0", "so-lop-tieu-hoc-1.0")


def files_of(name: str) -> dict[str, str]:
    """Every file of a book below its year, by digest."""
    below = [file for file in golden.XML if file.startswith(f"{name}/") and not file.endswith("nam-hoc.xml")]
    return {str(class_record_xml.file_digest(golden.octets(file))): file for file in below}


def read(name: str, *, instead: dict[str, str | None], year: str | None = None) -> Book:
    """The book with other files in the places of some."""
    known = files_of(name)

    def fetch(digest: Digest) -> bytes | None:
        file = known[str(digest)]
        given = instead.get(file, file)
        return None if given is None else golden.octets(given)

    return read_book(
        golden.octets(year or f"{name}/nam-hoc.xml"),
        fetch=fetch,
        trust=golden.material(name),
        at=golden.moment(name),
    )


@pytest.mark.parametrize("name", SETS)
class TestBook:
    def test_of_its_own_files_is_one_whole(self, name: str) -> None:
        """Otherwise the refusals below would show nothing."""
        assert read(name, instead={}).problems == ()

    def test_with_any_file_exchanged_for_any_other_is_refused(self, name: str) -> None:
        """Terms swapped, a sheet of another subject or term, the year below itself, a file of another school's book."""
        strangers = [
            *files_of(name).values(),
            f"{name}/nam-hoc.xml",
            *files_of(SETS[name == SETS[0]]).values(),
        ][::2]
        for file in files_of(name).values():
            for other in strangers:
                if other == file:
                    continue
                book = read(name, instead={file: other})

                assert "DIGEST_MISMATCH" in {problem.code for problem in book.problems}, (file, other)
                assert book.tree is None

    def test_with_any_file_left_out_is_refused(self, name: str) -> None:
        for file in files_of(name).values():
            book = read(name, instead={file: None})

            assert "FILE_MISSING" in {problem.code for problem in book.problems}
            assert book.tree is None

    def test_that_opens_with_another_kind_of_file_is_refused(self, name: str) -> None:
        for file in files_of(name).values():
            book = read(name, instead={}, year=file)

            assert {problem.code for problem in book.problems} == {"WRONG_KIND"}
            assert book.tree is None
