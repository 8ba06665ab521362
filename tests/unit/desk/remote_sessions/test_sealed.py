from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from hocba.desk.remote_sessions import sealed
from hocba.desk.remote_sessions.sealed import Kept

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

MINE, OTHER = UUID(int=1), UUID(int=2)
KEPT = Kept(
    state="trang-thai", verifier="nguoi-kiem", token="ma-truy-cap", sad="du-lieu-kich-hoat", handle="tay-cam"
)


class TestSeal:
    def test_gives_back_all_that_was_kept(self) -> None:
        assert sealed.unseal(MINE, sealed.seal(MINE, KEPT)) == KEPT

    def test_shows_nothing_of_it(self) -> None:
        content = sealed.seal(MINE, KEPT)

        for secret in (KEPT.state, KEPT.verifier, KEPT.token, KEPT.sad, KEPT.handle):
            assert secret.encode() not in content
            assert secret not in repr(KEPT)

    def test_is_different_each_time(self) -> None:
        assert sealed.seal(MINE, KEPT) != sealed.seal(MINE, KEPT)


class TestUnseal:
    def test_remembers_nothing_of_an_empty_row(self) -> None:
        assert sealed.unseal(MINE, b"") == Kept()

    def test_opens_in_no_other_session(self) -> None:
        assert sealed.unseal(OTHER, sealed.seal(MINE, KEPT)) == Kept()

    def test_opens_under_no_other_secret_key(self, settings: SettingsWrapper) -> None:
        content = sealed.seal(MINE, KEPT)
        settings.SECRET_KEY = "another"

        assert sealed.unseal(MINE, content) == Kept()

    @pytest.mark.parametrize("place", [0, 12, -1])
    def test_opens_nothing_that_was_changed(self, place: int) -> None:
        content = bytearray(sealed.seal(MINE, KEPT))
        content[place] ^= 1

        assert sealed.unseal(MINE, bytes(content)) == Kept()

    def test_opens_nothing_that_was_cut(self) -> None:
        assert sealed.unseal(MINE, sealed.seal(MINE, KEPT)[:20]) == Kept()
