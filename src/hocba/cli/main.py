"""Entry point of `hocba`: finds the command, runs it, and lets no traceback reach a person."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from importlib import import_module

from hocba import __version__

# Command, module. A module offers HELP, add_arguments(parser) and run(args) -> exit code, and is imported only
# when it is called, so that `hocba verify` starts without Django.
COMMANDS = {
    "demo": "hocba.cli.demo",
    "import": "hocba.cli.import_school",
    "evaluate": "hocba.cli.evaluate",
    "verify": "hocba.cli.verify",
    "transcript-book": "hocba.cli.transcript_book",
    "sign-package": "hocba.cli.sign_package",
    "serve": "hocba.cli.serve",
    "worker": "hocba.cli.worker",
    "bench": "hocba.cli.bench",
}
SIDES = ("sector", "tracking", "transcripts", "city", "portal")

USAGE = """Hocba: hệ thống theo dõi, đánh giá học sinh và học bạ số

Lệnh:
  hocba demo       chạy toàn bộ chuỗi trên trường mẫu rồi mở các trang
  hocba import     đọc và kiểm tra bảng tính của trường
  hocba evaluate   tính kết quả theo thông tư từ JSON
  hocba verify     xác thực học bạ số XML hoặc PDF, không cần mạng
  hocba transcript-book  ghép học bạ số nhiều năm học của một học sinh thành một tệp PDF để đọc
  hocba sign-package  ký gói ký ngoại tuyến của bàn ký số bằng token hoặc HSM
  hocba serve      mở năm hệ thống
  hocba worker     chạy việc nền của các hệ thống
  hocba bench      đo tốc độ
  hocba <hệ thống> <lệnh Django>   ví dụ: hocba city migrate
                   hệ thống: sector, tracking, transcripts, city, portal

Thêm --help sau mỗi lệnh để xem cách dùng.
"""


def main(arguments: list[str] | None = None, *, program: str = "") -> int:
    """Run one command and return its exit code; `program` is what its help calls it, when it is not `hocba`."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in {"-h", "--help", "help"}:
        sys.stdout.write(USAGE)
        return 0 if words else 2
    if words[0] in {"--version", "version"}:
        sys.stdout.write(f"hocba {__version__}\n")
        return 0
    name, rest = words[0], words[1:]
    # Being asked to end must run what cleans up (processes, temporary folders), as Ctrl+C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if name in SIDES:
            return _run_site(name, rest)
        if name not in COMMANDS:
            sys.stderr.write(f"Không có lệnh “{name}”. Gõ `hocba --help` để xem các lệnh.\n")
            return 2
        return _run_command(name, rest, program or f"hocba {name}")
    except KeyboardInterrupt:
        sys.stderr.write("Đã dừng theo yêu cầu.\n")
        return 130
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing is left to say, and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run_command(name: str, rest: list[str], program: str) -> int:
    module = import_module(COMMANDS[name])
    parser = argparse.ArgumentParser(
        prog=program, description=module.HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    module.add_arguments(parser)
    code: int = module.run(parser.parse_args(rest))
    return code


def _run_site(side: str, rest: list[str]) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = f"hocba.sites.{side}"
    management = import_module("django.core.management")
    management.execute_from_command_line([f"hocba {side}", *rest])
    return 0


if __name__ == "__main__":
    sys.exit(main())
