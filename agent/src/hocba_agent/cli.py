"""The command `hocba-agent`: serve, say which tokens are there, list and end pairings."""

from __future__ import annotations

import argparse
import http.client
import io
import json
import logging
import signal
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hocba_agent import __version__, config, libraries, prompts, window
from hocba_agent.api import Api
from hocba_agent.pairing_file import PairingFileError
from hocba_agent.pairings import Pairings
from hocba_agent.problems import Problem
from hocba_agent.server import Listening, PortsTakenError
from hocba_agent.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OWN_ORIGIN = "http://localhost"
"""As which a second agent asks whether there is a first."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a Windows console may not know our letters
            stream.reconfigure(encoding="utf-8", errors="replace")
    chosen = _parser().parse_args(arguments)
    if chosen.command == "window":
        return window.main()
    logging.basicConfig(
        level=logging.DEBUG if chosen.verbose else logging.INFO, format="%(asctime)s %(message)s"
    )
    directory = config.home()
    try:
        settings = config.load(directory)
    except config.ConfigError as error:
        _say(str(error))
        return 2
    if chosen.command == "devices":
        return _devices(settings)
    try:
        if chosen.command == "pairings":
            return _pairings(settings, directory, chosen.end)
        return _serve(settings, directory, chosen.port)
    except PairingFileError as error:
        _say(f"Không đọc hoặc ghi được tệp ghép nối trong {directory}: {error}")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hocba-agent", description="Chương trình ký số bằng USB token cho các trang của Hocba."
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--verbose", action="store_true", help="ghi từng yêu cầu (không ghi nội dung)")
    parser.set_defaults(command="serve", port=None)
    commands = parser.add_subparsers(dest="command", metavar="LỆNH")
    serve = commands.add_parser("serve", help="chờ các trang gọi (mặc định)")
    serve.add_argument("--port", type=int, help="cổng thay cho dãy 27640–27644")
    commands.add_parser("devices", help="liệt kê trình điều khiển, thiết bị và chứng thư số")
    pairings = commands.add_parser("pairings", help="liệt kê hoặc kết thúc ghép nối")
    pairings.add_argument("--end", metavar="MÃ", help="kết thúc ghép nối có mã này; «all» là tất cả")
    commands.add_parser("window")
    return parser


def _serve(settings: config.Config, directory: Path, port: int | None) -> int:
    ports = config.PORTS if port is None else (port,)
    api = Api(
        settings,
        directory,
        tokens=Tokens(settings.libraries),
        prompter=prompts.choose(settings.prompt),
        clock=lambda: datetime.now(UTC),
    )
    if running := _running(api.pairings.instance(OWN_ORIGIN), ports):
        _say(f"Chương trình ký số đang chạy ở cổng {running}.")
        return 0
    try:
        listening = Listening(api, ports)
    except PortsTakenError:
        _say(f"Các cổng {ports[0]}–{ports[-1]} đều đang bị chương trình khác dùng.")
        return 1
    try:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # before it says that it is there
        _say(f"Chương trình ký số Hocba {__version__} đang chờ ở http://127.0.0.1:{listening.port}")
        if not libraries.installed(settings.libraries):
            _say(Problem("no_library").message)
        listening.wait()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        listening.stop()
    return 0


def _running(instance: str, ports: Sequence[int]) -> int | None:
    """The port at which this account's agent answers already."""
    for port in ports:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/v1/status", headers={"Origin": OWN_ORIGIN})
            answer = json.loads(connection.getresponse().read(4_096))
        except (OSError, ValueError, http.client.HTTPException):
            continue
        finally:
            connection.close()
        if isinstance(answer, dict) and answer.get("instance") == instance:
            return port
    return None


def _devices(settings: config.Config) -> int:
    for path in libraries.installed(settings.libraries):
        _say(f"Trình điều khiển: {path}")
    try:
        places = Tokens(settings.libraries).places()
    except Problem as problem:
        _say(problem.message)
        return 1
    for place in places:
        certificate = place.certificate
        _say(f"{place.token_label}: {certificate.name} ({certificate.key}), do {certificate.issuer} cấp,")
        _say(f"    đến {certificate.not_after:%d/%m/%Y}, số {certificate.serial}")
    return 0


def _pairings(settings: config.Config, directory: Path, end: str | None) -> int:
    pairings = Pairings(directory, days=settings.pairing_days)
    if end is not None:
        ended = [item.id for item in pairings.all() if end in (item.id, "all") and pairings.forget(item.id)]
        _say(f"Đã kết thúc {len(ended)} ghép nối.")
        return 0 if ended else 1
    for item in pairings.all():
        _say(f"{item.id}  {item.origin}  {item.user}  đến {item.expires[:10]}")
    return 0


def _say(line: str) -> None:
    if sys.stdout is not None:  # started without a console
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
