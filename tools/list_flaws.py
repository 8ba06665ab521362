"""List the flaws of the flawed sample school, by reading it another way than the importer does.

    python -m tools.list_flaws tests/vectors/flawed-school > tests/vectors/flawed-school.expected.json

Uses openpyxl, fixed columns of this very sample and none of the project's code, so that the list can be the
judge of the importer. It looks at every cell for every kind of flaw the importer knows of; a kind that never
occurs in the sample is therefore known not to occur.
"""

from __future__ import annotations

import datetime
import json
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any

import openpyxl

Flaw = dict[str, Any]

_HEADER_ROW = {"HocSinh": 4, "GiaoVien": 4, "PhanCong": 2, "SoDiem": 3, "TongHop": 3}
_SCORED = {"NGUVAN", "TOAN", "NN1", "GDCD", "LSDL", "KHTN", "CONGNGHE", "TINHOC"}
_REGULAR = {"NGUVAN": 4, "TOAN": 4, "NN1": 4, "LSDL": 4, "KHTN": 4}
_CONDUCT = {"Tốt", "Khá", "Đạt", "Chưa đạt"}
_GROUPS = {"Kinh", "Hoa", "Khơ-me", "Tày", "Chăm", "Nùng"}


def main() -> None:
    """Print the flaws of a folder as JSON."""
    folder = Path(sys.argv[1])
    flaws = sorted(
        list_flaws(folder),
        key=lambda flaw: (flaw["file"], flaw["sheet"], flaw["row"], flaw["column"], flaw["code"]),
    )
    print("[" + ",\n".join(json.dumps(flaw, ensure_ascii=False) for flaw in flaws) + "]")


def list_flaws(folder: Path) -> list[Flaw]:
    """Every flaw of every workbook in a folder laid out as the samples are."""
    pupils = {row["Mã học sinh"]: row for row in _rows(folder / "HocSinh.xlsx", "Sheet1")}
    staff = {row["Mã định danh"]: row for row in _rows(folder / "GiaoVien.xlsx", "Sheet1")}
    flaws: list[Flaw] = []
    for path in sorted(folder.glob("*.xlsx")):
        for sheet in openpyxl.load_workbook(path).sheetnames:
            if sheet.startswith("DanhMuc"):
                continue
            rows = _rows(path, sheet)
            for row in rows:
                for column, value in row.items():
                    flaws += [_flaw(path, sheet, row, column, code) for code in _writing(column, value)]
                flaws += [
                    _flaw(path, sheet, row, column, code)
                    for column, code in _meaning(path, sheet, row, pupils, staff)
                ]
            flaws += _missing(path, sheet, rows, pupils)
    return flaws


def _rows(path: Path, sheet: str) -> list[dict[str, Any]]:
    cells = list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))
    start = _HEADER_ROW[path.stem.partition("_")[0]]
    header = [" ".join(str(text).split()) for text in cells[start - 1]]
    return [
        dict(zip(header, row, strict=True)) | {"#": number}
        for number, row in enumerate(cells[start:], start + 1)
    ]


def _flaw(path: Path, sheet: str, row: dict[str, Any], column: str, code: str) -> Flaw:
    return {"file": path.name, "sheet": sheet, "row": row["#"], "column": column, "code": code}


def _tidy(value: Any) -> Any:
    return " ".join(unicodedata.normalize("NFC", value).split()) if isinstance(value, str) else value


def _writing(column: str, value: Any) -> list[str]:
    """Flaws of how a cell is written."""
    return (_date_writing(value) if column.startswith("Ngày") else []) + (
        _text_writing(column, value) if isinstance(value, str) else []
    )


def _date_writing(value: Any) -> list[str]:
    if isinstance(value, int | float):
        return ["date_serial"]
    if isinstance(value, datetime.date):
        return ["date_cell"]
    text = _tidy(value) or ""
    return [] if re.fullmatch(r"\d\d/\d\d/\d{4}", text) and _is_day(text) else ["date_invalid"]


def _text_writing(column: str, value: str) -> list[str]:
    composed = unicodedata.normalize("NFC", value)
    hidden = any(unicodedata.category(letter) in ("Cc", "Cf", "Zs") and letter != " " for letter in composed)
    checks = {
        "text_not_nfc": composed != value,
        "stray_blanks": hidden or composed != " ".join(composed.split()),
        "decimal_comma": _is_mark(column) and re.fullmatch(r"\d+,\d+", _tidy(value)) is not None,
        "formula_text": value.startswith(("=", "@")),
        "lookalike_letter": bool(set(composed) & set("ÐðƉɖ")),
    }
    return [code for code, present in checks.items() if present]


def _is_day(text: str) -> bool:
    day, month, year = map(int, text.split("/"))
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


def _is_mark(column: str) -> bool:
    return column.startswith(("ĐĐG", "TX")) or column in ("GK", "CK")


def _meaning(
    path: Path, sheet: str, row: dict[str, Any], pupils: dict[str, Any], staff: dict[str, Any]
) -> list[tuple[str, str]]:
    """Flaws of what a row says."""
    kind = path.stem.partition("_")[0]
    if kind in ("HocSinh", "GiaoVien"):
        return _person(row)
    if kind == "PhanCong":
        return _teaching(row, pupils, staff)
    found = []
    pupil = pupils.get(row["Mã HS"])
    if pupil is None:
        return [("Mã HS", "pupil_unknown")]
    if pupil["Mã lớp"] != path.stem.partition("_")[2]:
        found.append(("Mã HS", "pupil_other_class"))
    if _tidy(row["Họ và tên"]) != _tidy(pupil["Họ tên"]):
        found.append(("Họ và tên", "name_mismatch"))
    if "Ngày sinh" in row and _day(row["Ngày sinh"]) != _day(pupil["Ngày sinh"]):
        found.append(("Ngày sinh", "birth_date_mismatch"))
    if kind == "TongHop":
        return found + _summary(row)
    scored = sheet.partition("_")[0] in _SCORED
    return found + [
        (column, code)
        for column, value in row.items()
        if _is_mark(column)
        for code in _mark(value, scored=scored)
    ]


def _day(value: Any) -> str:
    if isinstance(value, int | float):
        return f"{datetime.date(1899, 12, 30) + datetime.timedelta(days=int(value)):%d/%m/%Y}"
    return str(_tidy(value))


def _person(row: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    if row["Giới tính"] not in ("Nam", "Nữ"):
        found.append(("Giới tính", "sex_unknown"))
    if "Dân tộc" in row and row["Dân tộc"] not in _GROUPS:
        found.append(("Dân tộc", "ethnic_group_unknown"))
    if "Mã lớp" in row:
        usual = 2024 - int(row["Mã lớp"][0]) - 5
        if not -1 <= usual - int(_day(row["Ngày sinh"])[-4:]) <= 3:
            found.append(("Ngày sinh", "age_unusual"))
    return found + [("Số định danh cá nhân", code) for code in _number(row)]


def _number(row: dict[str, Any]) -> list[str]:
    number = row["Số định danh cá nhân"]
    if number is None:
        return ["personal_id_missing"]
    text = str(number)
    if len(text) == 11 and text.isdigit():
        return ["personal_id_lost_zero"]
    if len(text) != 12 or not text.isdigit():
        return ["personal_id_malformed"]
    year = int(_day(row["Ngày sinh"])[-4:])
    checks = {
        "personal_id_sex": int(text[3]) % 2 != {"Nam": 0, "Nữ": 1}.get(row["Giới tính"]),
        "personal_id_century": int(text[3]) // 2 != year // 100 - 19,
        "personal_id_birth_year": int(text[4:6]) != year % 100,
    }
    return [code for code, present in checks.items() if present]


def _teaching(row: dict[str, Any], pupils: dict[str, Any], staff: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    if row["Lớp"] not in {pupil["Mã lớp"] for pupil in pupils.values()}:
        found.append(("Lớp", "class_unknown"))
    code = row["Mã định danh GV"]
    name_column = "Họ tên GV" if "Họ tên GV" in row else "Họ tên GVCN"
    if code not in staff:
        found.append(("Mã định danh GV", "staff_unknown"))
    elif _tidy(staff[code]["Họ tên"]) != _tidy(row[name_column]):
        found.append((name_column, "staff_name_mismatch"))
    if row.get("Học kì", 1) not in (1, 2):
        found.append(("Học kì", "term_unknown"))
    return found


def _summary(row: dict[str, Any]) -> list[tuple[str, str]]:
    found = [
        (column, "conduct_unknown")
        for column in row
        if column.startswith("Rèn") and row[column] not in _CONDUCT
    ]
    for column in row:
        if column.startswith("Nghỉ") and not (isinstance(row[column], int) and 0 <= row[column] <= 300):
            found.append((column, "absences_invalid"))
    return found


def _mark(value: Any, *, scored: bool) -> list[str]:
    if value is None:
        return ["mark_missing"]
    if not scored:
        return [] if value in ("Đ", "CĐ") else ["mark_kind"]
    if isinstance(value, str):
        if value in ("Đ", "CĐ"):
            return ["mark_kind"]
        if not re.fullmatch(r"\d+([,.]\d+)?", _tidy(value)):
            return ["mark_not_a_mark"]
        value = float(_tidy(value).replace(",", "."))
    if not 0 <= value <= 10:
        return ["mark_out_of_range"]
    return [] if abs(value * 10 - round(value * 10)) < 1e-9 else ["mark_decimals"]


def _missing(path: Path, sheet: str, rows: list[dict[str, Any]], pupils: dict[str, Any]) -> list[Flaw]:
    """Flaws of a whole sheet; none of them has a row, so they would stand out in the list."""
    if path.stem in ("HocSinh", "GiaoVien"):
        return _repeated(path, sheet, rows)
    if path.stem.partition("_")[0] not in ("SoDiem", "TongHop"):
        return []
    class_name = path.stem.partition("_")[2]
    named = [row["Mã HS"] for row in rows]
    absent = [code for code, pupil in pupils.items() if pupil["Mã lớp"] == class_name and code not in named]
    whole = {"#": 0}
    found = [_flaw(path, sheet, whole, code, "pupil_missing") for code in absent]
    if len(set(named)) != len(named):
        found.append(_flaw(path, sheet, whole, "", "pupil_repeated"))
    if path.stem.startswith("SoDiem"):
        subject = sheet.partition("_")[0]
        three = subject == "CONGNGHE" and class_name[0] in "89"
        needed = _REGULAR.get(subject, 3 if three else 2)
        if sum(column.startswith(("ĐĐGtx", "TX")) for column in rows[0]) < needed:
            found.append(_flaw(path, sheet, whole, "", "regular_marks_few"))
    return found


def _repeated(path: Path, sheet: str, rows: list[dict[str, Any]]) -> list[Flaw]:
    found = []
    code = "Mã học sinh" if "Mã học sinh" in rows[0] else "Mã định danh"
    for column, flaw in ((code, "code_duplicate"), ("Số định danh cá nhân", "personal_id_duplicate")):
        seen: set[Any] = {None}
        for row in rows:
            if row[column] in seen - {None}:
                found.append(_flaw(path, sheet, row, column, flaw))
            seen.add(row[column])
    return found


if __name__ == "__main__":
    main()
