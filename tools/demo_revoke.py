"""Let the demo's authority revoke certificates, to see what the house makes of it.

    python -m tools.demo_revoke [--state .hocba] GV0001 …

The revocation service of a demo that serves publishes it with the next question. Never for real keys.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from hocba.cli.demo_keys import DemoKeys
from hocba.sites.environment import is_production, state_directory
from tools.demo_token import demo_keys


def main() -> int:
    """Revoke from now on; 0 when done. Again, it changes nothing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("codes", nargs="+", help="mã cán bộ hoặc mã trường")
    parser.add_argument("--state", type=Path, default=state_directory(), help="thư mục của bản trình diễn")
    chosen = parser.parse_args()
    if is_production():
        print("Khóa trong tệp chỉ dùng cho bản trình diễn.")
        return 1
    found, unknown = demo_keys(chosen.state / "keys", chosen.codes)
    if unknown:
        print(f"Bản trình diễn không có khóa của: {', '.join(unknown)}. Hãy chạy make demo trước.")
        return 1
    now = datetime.now(UTC).replace(microsecond=0)
    keys = DemoKeys.open(chosen.state / "keys", now=now)
    for code in found:
        keys.revoke(code, at=now)
    print(
        f"Nơi cấp của bản trình diễn đã thu hồi: {', '.join(found)}.\n"
        "Sở lấy danh sách thu hồi theo lịch, hoặc ngay: .venv/bin/hocba city refresh_revocation\n"
        "Các trường biết trong vòng mười phút."
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
