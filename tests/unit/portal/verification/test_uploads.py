from __future__ import annotations

import pytest
from django.core.files.uploadhandler import StopUpload

from hocba.portal.verification import uploads


def take(handler: uploads.InMemoryFiles, *pieces: bytes) -> object:
    handler.new_file("documents", "a.xml", "text/xml", None)
    for piece in pieces:
        handler.receive_data_chunk(piece, 0)
    return handler.file_complete(sum(map(len, pieces)))


class TestInMemoryFiles:
    def test_gives_the_bytes_as_they_came(self) -> None:
        file = take(uploads.InMemoryFiles(), b"<a>", b"</a>")

        assert (file.read(), file.size, file.name) == (b"<a></a>", 7, "a.xml")  # type: ignore[attr-defined]

    def test_keeps_nothing_of_a_file_that_is_too_large_but_its_size(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(uploads, "LARGEST_FILE", 4)

        file = take(uploads.InMemoryFiles(), b"123", b"456")

        assert (file.read(), file.size) == (b"", 6)  # type: ignore[attr-defined]

    def test_keeps_nothing_of_a_third_file(self) -> None:
        handler = uploads.InMemoryFiles()

        contents = [take(handler, b"123").read() for _ in range(3)]  # type: ignore[attr-defined]

        assert contents == [b"123", b"123", b""]

    def test_ends_a_request_that_floods(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(uploads, "LARGEST_BODY", 4)

        with pytest.raises(StopUpload):
            take(uploads.InMemoryFiles(), b"123", b"456")
