"""The file of providers: everything wrong is said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from hocba.channels.csc import profiles
from hocba.channels.csc.errors import ProfileError

GOOD = """
[providers.mot]
title = "Một"
base_url = "https://rs.example.vn/csc/v2/"
oauth_url = "https://rs.example.vn/oauth2"
client_id = "hocba"
client_secret_file = "{secret}"
"""


def load(tmp_path: Path, content: str, *, production: bool = True) -> dict[str, profiles.Profile]:
    (tmp_path / "secret").write_text(" kín \n", "utf-8")
    path = tmp_path / "providers.toml"
    path.write_text(content.replace("{secret}", str(tmp_path / "secret")), "utf-8")
    return profiles.load(path, production=production)


class TestLoad:
    def test_gives_a_profile_with_its_secret_out_of_sight(self, tmp_path: Path) -> None:
        found = load(tmp_path, GOOD + "[providers.mot.quirks]\nraw_ecdsa = true")["mot"]

        assert (found.title, found.base_url, found.client_secret) == (
            "Một",
            "https://rs.example.vn/csc/v2",
            "kín",
        )
        assert found.raw_ecdsa
        assert "kín" not in repr(found)

    def test_says_everything_that_is_wrong_at_once(self, tmp_path: Path) -> None:
        bad = """
[providers."a b"]
title = 3
base_url = "http://rs.example.vn/csc/v2"
oauth_url = "https://u:p@rs.example.vn/x?y=1"
client_secret_file = "/nowhere"
flow = "magic"
chunk = 0
user_id = "{password}"
spare = 1
quirks = { fast = true, pushed = 1 }
"""
        with pytest.raises(ProfileError) as error:
            load(tmp_path, GOOD + bad)

        said = "\n".join(error.value.problems)
        for word in ("id must", "title", "base_url must begin", "oauth_url must be", "client_id is missing", "flow",
                     "chunk", "user_id", "spare", "quirk fast", "quirk pushed"):  # fmt: skip
            assert word in said, word

    @pytest.mark.parametrize("content", ["", "x = 1", "[providers]", GOOD + "[other]\na = 1", "\x00"])
    def test_refuses_a_file_of_another_shape(self, tmp_path: Path, content: str) -> None:
        with pytest.raises(ProfileError):
            load(tmp_path, content)

    def test_says_when_the_secret_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ProfileError, match="client_secret_file cannot be read"):
            load(tmp_path, GOOD.replace("{secret}", str(tmp_path / "none")))

    def test_takes_http_only_for_the_simulator(self, tmp_path: Path) -> None:
        local = GOOD.replace("https://rs.example.vn", "http://127.0.0.1:8111")

        assert load(tmp_path, local, production=False)["mot"].base_url == "http://127.0.0.1:8111/csc/v2"
        with pytest.raises(ProfileError, match="never in production"):
            load(tmp_path, local)
