"""`hocba serve`: all sides on this machine, until Ctrl+C."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hocba.cli import remote_signing
from hocba.cli.demo_keys import DemoKeys
from hocba.cli.processes import House, StartError, default_ports
from hocba.sites.environment import SIDES, is_production, state_directory

if TYPE_CHECKING:
    import argparse

HELP = "Mở năm hệ thống (web và việc nền) trên máy này cho đến khi nhấn Ctrl+C."

TITLES = {
    "portal": "Cổng xác thực học bạ số (công khai)",
    "tracking": "Theo dõi và đánh giá học sinh",
    "transcripts": "Học bạ số của trường",
    "city": "Kho học bạ số thành phố (Sở)",
    "sector": "Cơ sở dữ liệu ngành",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: ports and databases come from the environment."""


def run(args: argparse.Namespace) -> int:
    """Prepare, start, wait."""
    try:
        ports = default_ports()
        with House(ports=ports, environment=remote_signing.variables(ports), stops_database=True) as house:
            house.provision()
            prepare_messages(house)
            start_revocation_service(house)
            house.start()
            remote_signing.start(house)
            sys.stdout.write(addresses(house))
            wait_for_end(house)
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def prepare_messages(house: House) -> None:
    """In a demo or on a developer's machine, make the keys that sign messages and stamp the log."""
    if is_production():
        return
    keys = DemoKeys.open(state_directory() / "keys", now=datetime.now(UTC))
    keys.write_message_keys(state_directory() / "messages")
    house.start_tsa(keys.directory)


def start_revocation_service(house: House) -> None:
    """Where somebody looks on, let the city fetch from a host that the demo authority's revocations reach."""
    if not is_production():
        house.start_revocation_service(state_directory() / "keys")


def addresses(house: House) -> str:
    """Where each side is, for people, and the provider of remote signing where one runs."""
    titles = {side: TITLES[side] for side in TITLES if side in SIDES}
    if remote_signing.NAME in house.processes:
        titles[remote_signing.NAME] = remote_signing.TITLE
    lines = [f"  {title:<38} {house.address(name)}/" for name, title in titles.items()]
    return "\nCác hệ thống đang mở:\n" + "\n".join(lines) + "\n\nNhấn Ctrl+C để dừng.\n"


def wait_for_end(house: House) -> None:
    """Until a signal asks to stop; raises StartError when a process ends by itself."""
    try:
        while True:
            for name, process in house.processes.items():
                if process.poll() is not None:
                    raise StartError(f"{name} đã dừng ngoài ý muốn; xem {house.log(name)}.")
            time.sleep(1)
    except KeyboardInterrupt:
        sys.stdout.write("\nĐang dừng…\n")
