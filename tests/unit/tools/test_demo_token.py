from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hocba.cli.demo_keys import DemoKeys, Holder
from tests.factories import soft_tokens as tokens

pytestmark = pytest.mark.external


def ran(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words],
        env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


class TestDemoToken:
    def test_makes_tokens_that_the_agent_sees(self, tmp_path: Path) -> None:
        tokens.available()
        keys = DemoKeys.open(tmp_path / "keys", now=datetime(2026, 11, 1, tzinfo=UTC))
        keys.ensure(
            [
                Holder(
                    code="79764501.GV0006",
                    name="Vũ Văn Giang",
                    number="079085000006",
                    organisation="Trường Mẫu",
                ),
                Holder(
                    code="79764501", name="Trường Mẫu", number="79764501", organisation="Mẫu", is_seal=True
                ),
            ]
        )

        done = ran("tools.demo_token", "--state", str(tmp_path), "79764501")
        again = ran("tools.demo_token", "--state", str(tmp_path), "gv0006")
        seen = ran(
            "hocba_agent", "devices",
            SOFTHSM2_CONF=str(tmp_path / "tokens" / "softhsm2.conf"), HOCBA_AGENT_HOME=str(tmp_path),
        )  # fmt: skip

        assert done.returncode == 0, done.stderr
        assert again.returncode == 0, again.stderr
        assert "79764501.GV0006: Vũ Văn Giang (RSA-2048)" in seen.stdout
        assert "79764501" in (tmp_path / "tokens" / "seal-keys.toml").read_text("utf-8")

    def test_says_whose_key_there_is_not(self, tmp_path: Path) -> None:
        tokens.available()
        keys = DemoKeys.open(tmp_path / "keys", now=datetime(2026, 11, 1, tzinfo=UTC))
        keys.ensure([Holder(code="1.GV01", name="Vũ Văn Giang", number="079085000006", organisation="Mẫu")])

        done = ran("tools.demo_token", "--state", str(tmp_path), "GV01", "GV99")

        assert done.returncode == 1
        assert "không có khóa của: GV99" in done.stdout

    def test_is_refused_in_production(self, tmp_path: Path) -> None:
        assert ran("tools.demo_token", "--state", str(tmp_path), HOCBA_PRODUCTION="True").returncode == 1
