from __future__ import annotations

from pathlib import Path

import pytest

from hocba_agent import config
from hocba_agent.config import Config, ConfigError


def written(directory: Path, text: str) -> Path:
    (directory / "config.toml").write_text(text, "utf-8")
    return directory


class TestLoad:
    def test_is_the_usual_without_a_file(self, tmp_path: Path) -> None:
        assert config.load(tmp_path) == Config()

    def test_reads_what_is_set(self, tmp_path: Path) -> None:
        text = "libraries = ['C:\\a.dll']\norigins = ['https://a']\nonly_listed_origins = true\nidle_minutes = 2\n"

        assert config.load(written(tmp_path, text)) == Config(
            libraries=("C:\\a.dll",), origins=("https://a",), only_listed_origins=True, idle_minutes=2
        )

    @pytest.mark.parametrize(
        "text",
        ["x", "pin = '1234'", "libraries = 'a'", "only_listed_origins = 1", "idle_minutes = 0", "idle_minutes = true",
         "prompt = 'page'", "origins = [1]"],
    )  # fmt: skip
    def test_refuses_what_it_does_not_understand(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(ConfigError, match=r"config\.toml"):
            config.load(written(tmp_path, text))


class TestHome:
    def test_is_where_the_system_keeps_settings(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("HOCBA_AGENT_HOME", raising=False)
        monkeypatch.setenv("XDG_CONFIG_HOME", "/x")
        monkeypatch.setenv("APPDATA", "/roaming")

        assert config.home() == Path("/x/hocba-agent")
        monkeypatch.setattr("sys.platform", "win32")
        assert config.home() == Path("/roaming/hocba-agent")
