"""`hocba bench NAME`: measure on this machine, with the real parts."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from hocba.cli import bench_evaluate, bench_issue
from hocba.cli.progress import write_out

if TYPE_CHECKING:
    import argparse

HELP = """Đo tốc độ trên máy này:
  issue     toàn bộ chuỗi phát hành cho N học sinh: nhập, ký sổ, ký học bạ, Sở kiểm tra và lưu trữ, xác thực
  evaluate  tính kết quả theo TT 22 cho N học sinh"""

DEFAULT_COUNTS = {"issue": 240, "evaluate": 20_000}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which measurement, of how many, and in which form."""
    parser.add_argument("name", choices=sorted(DEFAULT_COUNTS), metavar="TÊN", help="issue hoặc evaluate")
    parser.add_argument("--students", "--count", type=int, dest="count", metavar="N", help="số học sinh")
    parser.add_argument("--json", action="store_true", help="in một tài liệu JSON")


def run(args: argparse.Namespace) -> int:
    """0 when it could be measured."""
    count = DEFAULT_COUNTS[args.name] if args.count is None else args.count
    if count < 1:
        sys.stderr.write("Số học sinh phải từ 1 trở lên.\n")
        return 2
    measured = bench_issue.run_bench(count) if args.name == "issue" else bench_evaluate.run_bench(count)
    if measured is None:
        return 1
    write_out(json.dumps(measured, ensure_ascii=False) if args.json else _for_people(measured))
    return 0


def _for_people(measured: dict[str, Any]) -> str:
    lines = [
        f"{measured['name']}: {measured['count']} học sinh trong {measured['seconds']:.1f} giây, "
        f"{measured['per_second']:.1f} mỗi giây, bộ nhớ cao nhất {measured['peak_mib']:.0f} MiB, "
        f"{measured['cpu_count']} nhân"
    ]
    if measured.get("bytes_each"):
        lines.append(f"lưu trữ: {measured['bytes_each'] / 1024:.0f} KiB mỗi học bạ")
    for name, stage in measured["stages"].items():
        lines.append(
            f"  {name:<22} {stage['per_second']:>10.1f}/giây {stage['milliseconds']:>10.2f} ms mỗi học sinh"
        )
    return "\n".join(lines)
