"""`hocba worker`: background work of the sides, in this terminal."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from hocba.cli import remote_signing
from hocba.cli.processes import DOCUMENTED_PORTS, WORKERS, House

if TYPE_CHECKING:
    import argparse

HELP = "Chạy việc nền (gửi thông điệp, lập tệp) của các hệ thống cho đến khi nhấn Ctrl+C."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sides."""
    parser.add_argument("sides", nargs="*", metavar="HỆ_THỐNG", help=f"mặc định: {', '.join(WORKERS)}")


def run(args: argparse.Namespace) -> int:
    """Keep the workers running; one that ends is started again."""
    sides = args.sides or list(WORKERS)
    unknown = [side for side in sides if side not in WORKERS]
    if unknown:
        sys.stderr.write(f"Không có việc nền cho: {', '.join(unknown)}. Chọn trong: {', '.join(WORKERS)}.\n")
        return 2
    environment = remote_signing.variables(DOCUMENTED_PORTS)
    with House(ports=DOCUMENTED_PORTS, environment=environment) as house:
        for side in sides:
            house.start_worker(side)
        sys.stdout.write("Việc nền đang chạy. Nhấn Ctrl+C để dừng.\n")
        while True:
            for side in sides:
                if house.processes[f"{side}-work"].poll() is not None:
                    house.start_worker(side)
            time.sleep(1)
