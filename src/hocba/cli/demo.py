"""`hocba demo`: the whole chain on a school's workbooks, real in every part but the keys."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hocba.cli import remote_signing, serve
from hocba.cli.chain import OFFICER, Chain, ChainError, total_seconds
from hocba.cli.demo_keys import DemoKeys, demo_password
from hocba.cli.desk import DeskError
from hocba.cli.processes import FOR_A_SCHOOL, House, StartError, default_ports, free_ports
from hocba.cli.progress import TerminalReport, write_out
from hocba.documents.workbooks.folder import read_folder
from hocba.documents.workbooks.reading import read_school
from hocba.sites.environment import state_directory

if TYPE_CHECKING:
    import argparse

    from hocba.documents.workbooks.values import SchoolData

HELP = """Chạy toàn bộ chuỗi trên trường mẫu: từ bảng tính đến học bạ số đã ký, đã lưu trữ và xác thực được,
rồi mở các trang để xem. Khoá và chứng thư số là của bản trình diễn, không có giá trị pháp lí."""

CLASS_RECORD, TRANSCRIPT, SEAL = "so-lop", "hoc-ba", "con-dau"

SAMPLE = Path(__file__).resolve().parents[3] / "sample" / "thcs"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """As in the design, section 9."""
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="ghi tệp XML, PDF và tệp tin cậy vào thư mục này"
    )
    parser.add_argument("--no-serve", action="store_true", help="xong thì dừng, không mở các trang")
    parser.add_argument(
        "--data", type=Path, default=SAMPLE, metavar="DIR", help="thư mục bảng tính của trường"
    )
    parser.add_argument("--json", action="store_true", help="in một tài liệu JSON thay cho bản tóm tắt")
    parser.add_argument(
        "--sign-by-hand",
        choices=[CLASS_RECORD, TRANSCRIPT, SEAL],
        help="dừng trước khi ký sổ lớp (so-lop), ký học bạ (hoc-ba) hoặc đóng dấu học bạ (con-dau) và mở các trang, "
        "để tự ký trên trang Ký số",
    )


def run(args: argparse.Namespace) -> int:
    """0 when every transcript was issued, archived and verified."""
    if args.sign_by_hand and (args.no_serve or args.out or args.json):
        sys.stderr.write(
            "--sign-by-hand mở các trang để tự ký và chưa có tệp nào: bỏ --no-serve, --out, --json.\n"
        )
        return 2
    try:
        data = read(args.data)
        if args.no_serve and not args.out:
            with tempfile.TemporaryDirectory() as out:
                return _run(args, data, Path(out))
        return _run(args, data, args.out or state_directory() / "out")
    except (ChainError, StartError, DeskError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def read(directory: Path) -> SchoolData:
    """The school's workbooks; ChainError when one problem blocks."""
    try:
        reading = read_school(read_folder(directory))
    except (ValueError, OSError) as error:
        raise ChainError(str(error)) from error
    blocking = [problem for problem in reading.problems if problem.blocking]
    if blocking or reading.data is None:
        raise ChainError(
            f"Bảng tính trong {directory} có {len(blocking)} lỗi phải sửa; xem `hocba import {directory} --dry-run`."
        )
    return reading.data


def _run(args: argparse.Namespace, data: SchoolData, out: Path) -> int:
    report = TerminalReport(quiet=args.json)
    password = demo_password(state_directory())
    ports = free_ports() if args.no_serve else default_ports()
    environment = {"HOCBA_DEMO_PASSWORD": password}
    if not args.no_serve:
        environment |= remote_signing.variables(ports)
    with House(ports=ports, environment=environment, web_workers=FOR_A_SCHOOL, stops_database=True) as house:
        report.say("[bold]Chuẩn bị[/bold] cơ sở dữ liệu và các hệ thống…")
        house.provision()
        serve.prepare_messages(house)
        if not args.no_serve:
            serve.start_revocation_service(house)
        house.start()
        keys = DemoKeys.open(state_directory() / "keys", now=datetime.now(UTC))
        chain = Chain(
            house=house,
            keys=keys,
            data=data,
            directory=args.data,
            password=password,
            report=report,
            revocation_service=None if args.no_serve else house.address("revocation"),
        )
        chain.prepare_school()
        if args.sign_by_hand:
            _prepare_signing(chain, args.sign_by_hand)
            write_out(_how_to_sign(house, args.sign_by_hand))
            _serve(house, data, password)
            return 0
        summary = run_chain(chain, out)
        _tell(args, report, chain, summary)
        if not args.no_serve:
            _serve(house, data, password)
    return 0 if summary["verified"] == summary["archived"] == summary["pupils"] else 1


def _serve(house: House, data: SchoolData, password: str) -> None:
    house.stop_commands()
    remote_signing.start(house)
    write_out(_who(data, password) + serve.addresses(house))
    serve.wait_for_end(house)


def _prepare_signing(chain: Chain, document: str) -> None:
    """Everything up to the first signature on class records or transcripts, or to the seals: left to the visitor."""
    chain.enter_marks()
    if document == CLASS_RECORD:
        chain.compare_class_records()
        return
    chain.sign_class_records()
    if document == SEAL:
        chain.sign_before_the_seal()


def _how_to_sign(house: House, document: str) -> str:
    """Where something waits for a signature, and with which key it can be given."""
    side = "tracking" if document == CLASS_RECORD else "transcripts"
    who = "nhân viên văn thư" if document == SEAL else "giáo viên"
    remote = (
        "  - Ký số từ xa: chọn ngay trên trang của việc cần ký, rồi đồng ý ở trang của nhà cung cấp mô phỏng bằng\n"
        "    mật khẩu chung dưới đây; không phải cài gì (docs/how-to/remote-signing.md).\n"
    )
    return (
        f"\nCòn chờ ký: đăng nhập bằng tài khoản {who} ở {house.address(side)}/ky-so/\n"
        "Các cách ký bằng khóa trình diễn:\n"
        f"{remote if remote_signing.SETTING in house.environment else ''}"
        "  - USB token: đưa khóa vào token SoftHSM2 bằng `.venv/bin/python -m tools.demo_token` rồi mở hocba-agent\n"
        "    (docs/how-to/usb-token.md).\n"
        "  - Gói ký ngoại tuyến (docs/how-to/sign-documents.md).\n"
    )


def run_chain(chain: Chain, out: Path) -> dict[str, Any]:
    """All stages after the school is set up; the summary with the keys of the design."""
    chain.enter_marks()
    chain.sign_class_records()
    chain.sign_transcripts()
    for folder in ("xml", "pdf", "receipts", "trust", "trust-list"):
        shutil.rmtree(out / folder, ignore_errors=True)
    pairs = chain.export(out)
    verified = chain.verify(pairs, out)
    seconds = total_seconds(stage for name, stage in chain.stages.items() if name != "prepare")
    return {
        "pupils": len(chain.data.pupils),
        "issued": len(pairs),
        "archived": len(pairs),
        "verified": verified,
        "seconds": round(seconds, 1),
        "out": str(out.absolute()),
    }


def _tell(args: argparse.Namespace, report: TerminalReport, chain: Chain, summary: dict[str, Any]) -> None:
    if args.json:
        write_out(json.dumps(summary, ensure_ascii=False))
        return
    report.say(
        f"\n[bold]Xong trong {summary['seconds']} giây[/bold]: {summary['pupils']} học sinh, "
        f"{summary['archived']} học bạ số đã phát hành và lưu trữ, {summary['verified']} cặp XML–PDF xác thực hợp lệ."
    )
    if not args.no_serve or args.out:
        report.say(
            f"Tệp ở {summary['out']}; xác thực lại: hocba verify {summary['out']}/xml/*.xml "
            f"--trust {summary['out']}/trust --trust {summary['out']}/trust-list"
        )


def _who(data: SchoolData, password: str) -> str:
    wanted = ("Hiệu trưởng", "Nhân viên văn thư", "Nhân viên học vụ", "Quản trị viên")
    rows = [(row.post, f"{data.school.code}.{row.code}".lower()) for row in data.staff if row.post in wanted]
    rows.append(("Chuyên viên Sở (kho học bạ số)", OFFICER))
    homeroom = data.homerooms[0]
    rows.append((f"GVCN lớp {homeroom.class_name}", f"{data.school.code}.{homeroom.staff_code}".lower()))
    lines = [f"  {post:<38} {username}" for post, username in rows]
    return "\nTài khoản (mật khẩu chung: " + password + ")\n" + "\n".join(lines) + "\n"
