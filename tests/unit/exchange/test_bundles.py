"""Several files in one body are found again, octet by octet, or the body is refused."""

from __future__ import annotations

import pytest

from hocba.exchange import bundles
from hocba.exchange.errors import MalformedBundleError

FILES = (b"<HocBa/>", b"%PDF-1.7\n", b"x")


class TestSplit:
    def test_gives_back_what_was_put_together(self) -> None:
        assert bundles.split(bundles.media_type(FILES), b"".join(FILES)) == FILES

    @pytest.mark.parametrize(
        "octets",
        ["8", "8 9", "8 9 2", "8 9 1 1", "", "0 18", "8  9 1", "08 9 1", "-8 25 1", "8,9,1", "8 9 1e0"],
    )
    def test_refuses_lengths_that_do_not_fit(self, octets: str) -> None:
        with pytest.raises(MalformedBundleError):
            bundles.split(f'{bundles.MEDIA_TYPE}; octets="{octets}"', b"".join(FILES))

    @pytest.mark.parametrize("content_type", ["", "application/xml", f"{bundles.MEDIA_TYPE}; octets=18"])
    def test_refuses_a_type_without_lengths(self, content_type: str) -> None:
        with pytest.raises(MalformedBundleError):
            bundles.split(content_type, b"".join(FILES))

    def test_refuses_more_files_than_any_message_has(self) -> None:
        count = bundles.LARGEST_COUNT + 1
        with pytest.raises(MalformedBundleError):
            bundles.split(f'{bundles.MEDIA_TYPE}; octets="{" ".join("1" * count)}"', b"x" * count)


class TestMediaType:
    @pytest.mark.parametrize("files", [(), (b"a", b""), (b"a",) * (bundles.LARGEST_COUNT + 1)])
    def test_refuses_what_could_not_be_split_again(self, files: tuple[bytes, ...]) -> None:
        with pytest.raises(ValueError, match="files"):
            bundles.media_type(files)


class TestIsBundle:
    @pytest.mark.parametrize(
        ("content_type", "expected"),
        [
            (bundles.media_type(FILES), True),
            ("application/xml", False),
            ("", False),
            (f"{bundles.MEDIA_TYPE}x", False),
        ],
    )
    def test_looks_at_the_type_alone(self, content_type: str, *, expected: bool) -> None:
        assert bundles.is_bundle(content_type) is expected
