from __future__ import annotations

from pathlib import Path

import pytest

from hocba.channels.key_addresses import KeyAddress

GOOD = "pkcs11:token=Con%20dau;object=79764501?module-path=/usr/lib/hsm.so&pin-source=env:HSM_PIN"


class TestParse:
    def test_reads_token_key_module_and_source_of_the_pin(self) -> None:
        assert KeyAddress.parse(GOOD) == KeyAddress(
            module="/usr/lib/hsm.so",
            token="Con dau",
            serial=None,
            label="79764501",
            identifier=None,
            pin_source="env:HSM_PIN",
        )

    def test_reads_serial_numbers_and_key_identifiers(self) -> None:
        found = KeyAddress.parse(
            "pkcs11:serial=0a1b;id=%01%FF?module-path=C:\\hsm\\p11.dll&pin-source=file:/run/pin"
        )

        assert (found.serial, found.identifier, found.module) == ("0a1b", b"\x01\xff", "C:\\hsm\\p11.dll")

    @pytest.mark.parametrize(
        ("bad", "why"),
        [
            (GOOD.replace("pkcs11:", "file:"), "PKCS#11 URI"),
            (GOOD + "&pin-value=1234", "does not belong into an address"),
            (GOOD + "&module-path=/other.so", "twice"),
            (GOOD.replace("/usr/lib/hsm.so", "hsm.so"), "absolute path"),
            (GOOD.replace("token=Con%20dau;", ""), "name the token"),
            (GOOD.replace(";object=79764501", ""), "and the key"),
            (GOOD.replace("env:HSM_PIN", "|cat /etc/passwd"), "pin-source"),
            (GOOD.replace("env:HSM_PIN", "file:pin"), "pin-source"),
            (GOOD.replace("token=", "slot-id=1;token="), "not understood"),
        ],
    )
    def test_refuses(self, bad: str, why: str) -> None:
        with pytest.raises(ValueError, match=why):
            KeyAddress.parse(bad)


class TestPin:
    def test_comes_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HSM_PIN", "2468")

        assert KeyAddress.parse(GOOD).pin() == "2468"

    def test_comes_from_a_file_without_its_last_line_break(self, tmp_path: Path) -> None:
        (tmp_path / "pin").write_text("13579\n")

        assert KeyAddress.parse(GOOD.replace("env:HSM_PIN", f"file:{tmp_path}/pin")).pin() == "13579"

    def test_is_asked_for_by_name_when_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("HSM_PIN", raising=False)

        with pytest.raises(ValueError, match="env:HSM_PIN"):
            KeyAddress.parse(GOOD).pin()
