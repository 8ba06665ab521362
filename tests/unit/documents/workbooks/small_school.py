"""A flawless school of one class and three pupils, whose workbooks a test can spoil in one place."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import openpyxl

from hocba.documents.workbooks.reading import read_school

if TYPE_CHECKING:
    from hocba.documents.workbooks.values import SchoolReading

PUPILS = "HocSinh.xlsx"
STAFF = "GiaoVien.xlsx"
TEACHING = "PhanCong.xlsx"
MARKS = "SoDiem_6A1.xlsx"
SUMMARY = "TongHop_6A1.xlsx"

_NAMES = ("Trần Ngọc Dung", "Nguyễn Đức Nam", "Lê Phương Hạnh")
_SUBJECTS = {
    "NGUVAN": ("Ngữ văn", 4),
    "TOAN": ("Toán", 4),
    "NN1": ("Ngoại ngữ 1", 4),
    "GDCD": ("Giáo dục công dân", 2),
    "LSDL": ("Lịch sử và Địa lí", 4),
    "KHTN": ("Khoa học tự nhiên", 4),
    "CONGNGHE": ("Công nghệ", 2),
    "TINHOC": ("Tin học", 2),
    "GDTC": ("Giáo dục thể chất", 0),
    "NGHETHUAT": ("Nghệ thuật", 0),
    "HDTNHN": ("Hoạt động trải nghiệm, hướng nghiệp", 0),
    "GDDP": ("Nội dung giáo dục của địa phương", 0),
}

Grid = list[list[Any]]


class SmallSchool:
    """Workbooks as grids: `grids[file][sheet]` is a list of rows, the header where the samples have it."""

    def __init__(self) -> None:
        self.grids: dict[str, dict[str, Grid]] = {
            PUPILS: {"Sheet1": _pupils()},
            STAFF: {"Sheet1": _staff()},
            TEACHING: {"PhanCong": _assignments(), "ChuNhiem": _homerooms()},
            MARKS: {
                f"{code}_HK{term}": _marks(name, term, regular)
                for code, (name, regular) in _SUBJECTS.items()
                for term in (1, 2)
            },
            SUMMARY: {"TongHop": _summary()},
        }
        self.extra: dict[str, bytes] = {}

    def put(self, file: str, sheet: str, row: int, column: str, value: Any) -> None:
        """Write one cell; `row` as Excel counts, `column` by its header."""
        grid = self.grids[file][sheet]
        grid[row - 1][self.header(file, sheet).index(column)] = value

    def header(self, file: str, sheet: str) -> list[Any]:
        """The header row of a sheet."""
        return next(row for row in self.grids[file][sheet] if sum(cell is not None for cell in row) > 1)

    def drop_column(self, file: str, sheet: str, column: str) -> None:
        """Remove a column with its header."""
        header = self.header(file, sheet)
        place = header.index(column)
        for row in self.grids[file][sheet]:
            if len(row) > place:
                del row[place]

    def files(self) -> dict[str, bytes]:
        """The workbooks as Excel files."""
        return {file: _saved(repr(sheets), sheets) for file, sheets in self.grids.items()} | self.extra

    def read(self) -> SchoolReading:
        """Read the school."""
        return read_school(self.files())

    def problems(self) -> list[tuple[str, str, int | None, str | None, str]]:
        """Every problem: file, sheet, row, column, code."""
        return [(p.file, p.sheet, p.row, p.column, p.code) for p in self.read().problems]


_BOOKS: dict[str, bytes] = {}


def _saved(content: str, sheets: dict[str, Grid]) -> bytes:
    """An Excel file, written once: a test spoils one of five, and writing takes as long as reading."""
    if content not in _BOOKS:
        _BOOKS[content] = save(sheets)
    return _BOOKS[content]


def save(sheets: dict[str, Grid]) -> bytes:
    """Write grids as an Excel file."""
    workbook = openpyxl.Workbook(write_only=True)
    for name, grid in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in grid:
            sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _pupils() -> Grid:
    header = [
        "STT", "Mã lớp", "Mã học sinh", "Họ tên", "Ngày sinh", "Giới tính", "Trạng thái HS", "Ngày nhập trạng thái",
        "Dân tộc", "Loại khuyết tật", "Số định danh cá nhân", "Quốc tịch", "Nơi sinh", "Địa chỉ\n(Theo nơi ở hiện tại)",
        "Họ tên cha", "Nghề nghiệp cha", "Họ tên mẹ", "Nghề nghiệp mẹ", "Số điện thoại",
    ]  # fmt: skip
    rows: Grid = [
        ["TRƯỜNG THCS HOA PHƯỢNG"],
        ["Mã trường: 79764501"],
        ["DANH SÁCH HỌC SINH - NĂM HỌC 2024-2025"],
        header,
    ]
    for number, name in enumerate(_NAMES, start=1):
        girl = number != 2
        rows.append(
            [
                number, "6A1", f"792400000{number}", name, f"1{number}/07/2013", "Nữ" if girl else "Nam", "Đang học",
                "05/09/2024", "Kinh", None, f"0793130000{number:02d}" if girl else f"0792130000{number:02d}",
                "Việt Nam", "TP. Hồ Chí Minh", f"{number} đường số 1", "Trần Văn Cha", "Công nhân", "Lê Thị Mẹ",
                "Buôn bán", f"090000000{number}",
            ]
        )  # fmt: skip
    return rows


def _staff() -> Grid:
    header = ["STT", "Mã định danh", "Họ tên", "Email", "Ngày sinh", "Giới tính", "Số định danh cá nhân",
              "Trạng thái CB", "Vị trí việc làm", "Nhóm chức vụ", "Môn dạy"]  # fmt: skip
    rows: Grid = [["TRƯỜNG THCS HOA PHƯỢNG"], ["Mã trường: 79764501"], ["DANH SÁCH CÁN BỘ"], header]
    people = [
        ("GV0001", "Hồ Công Trí", "Nam", "079086000001", "Cán bộ quản lý", "Hiệu trưởng", None),
        ("GV0002", "Nguyễn Thị Thu Tuyết", "Nữ", "079186000002", "Giáo viên", "Giáo viên", "Ngữ văn"),
        ("GV0003", "Dương Hữu An", "Nam", "079086000003", "Giáo viên", "Giáo viên", "Toán"),
    ]
    for number, (code, name, sex, personal_id, position, post, subject) in enumerate(people, start=1):
        rows.append([number, code, name, f"gv{number}@truong.edu.vn", "21/10/1986", sex, personal_id, "Đang làm việc",
                     position, post, subject])  # fmt: skip
    return rows


def _assignments() -> Grid:
    rows: Grid = [["PHÂN CÔNG CHUYÊN MÔN NĂM HỌC 2024-2025"],
                  ["STT", "Lớp", "Môn học", "Học kì", "Mã định danh GV", "Họ tên GV"]]  # fmt: skip
    for name, _ in _SUBJECTS.values():
        for term in (1, 2):
            teacher = ("GV0002", "Nguyễn Thị Thu Tuyết") if name == "Ngữ văn" else ("GV0003", "Dương Hữu An")
            rows.append([len(rows) - 1, "6A1", name, term, *teacher])
    return rows


def _homerooms() -> Grid:
    return [["PHÂN CÔNG CHỦ NHIỆM NĂM HỌC 2024-2025"], ["STT", "Lớp", "Mã định danh GV", "Họ tên GVCN"],
            [1, "6A1", "GV0003", "Dương Hữu An"]]  # fmt: skip


def _marks(name: str, term: int, regular: int) -> Grid:
    scored = regular > 0
    columns = [f"ĐĐGtx{number}" for number in range(1, regular + 1)] + ["ĐĐGgk", "ĐĐGck"]
    if not scored:
        columns = ["TX1", "TX2", "GK", "CK"]
    title = f"SỔ THEO DÕI VÀ ĐÁNH GIÁ HỌC SINH - LỚP 6A1 - MÔN {name.upper()} - HỌC KÌ {'I' * term}"
    rows: Grid = [
        ["TRƯỜNG THCS HOA PHƯỢNG"],
        [title],
        ["TT", "Mã HS", "Họ và tên", "Ngày sinh", *columns, "Nhận xét"],
    ]
    for number, pupil in enumerate(_NAMES, start=1):
        marks = [8.5 if scored else "Đ" for _ in columns]
        rows.append([number, f"792400000{number}", pupil, f"1{number}/07/2013", *marks, "Chăm chỉ."])
    return rows


def _summary() -> Grid:
    rows: Grid = [["TRƯỜNG THCS HOA PHƯỢNG"], ["TỔNG HỢP LỚP 6A1 NĂM HỌC 2024-2025"],
                  ["TT", "Mã HS", "Họ và tên", "Rèn luyện HK I", "Rèn luyện HK II", "Nghỉ có phép", "Nghỉ không phép",
                   "Nhận xét của GVCN"]]  # fmt: skip
    for number, pupil in enumerate(_NAMES, start=1):
        rows.append([number, f"792400000{number}", pupil, "Tốt", "Khá", 1, 0, "Ngoan."])
    return rows
