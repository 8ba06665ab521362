"""Made-up schools: people, lists of people, assignments, and Excel files that are the same every time."""

from __future__ import annotations

import datetime
import io
import random
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import openpyxl

from hocba.regulations.names import sort_key

if TYPE_CHECKING:
    from pathlib import Path

Grid = list[list[Any]]

YEAR = "2024-2025"
_FAMILIES = (
    ("Nguyễn",) * 8
    + ("Trần",) * 3
    + ("Lê", "Lê", "Phạm", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Lý")
)
_MIDDLES = {
    "Nam": ("Văn", "Minh", "Gia", "Quốc", "Hữu", "Đức", "Tuấn", "Hoàng", "Thanh", "Nhật"),
    "Nữ": ("Thị", "Ngọc", "Thị Thu", "Khánh", "Bảo", "Phương", "Thuỳ", "Minh", "Quỳnh", "Thanh"),
}
_GIVEN = {
    "Nam": (
        "An",
        "Bảo",
        "Đạt",
        "Hải",
        "Huy",
        "Khang",
        "Khoa",
        "Long",
        "Nam",
        "Phúc",
        "Quân",
        "Sơn",
        "Thịnh",
        "Trí",
        "Việt",
    ),
    "Nữ": (
        "Anh",
        "Ánh",
        "Chi",
        "Dung",
        "Hà",
        "Hân",
        "Hương",
        "Linh",
        "Mai",
        "My",
        "Ngân",
        "Nhi",
        "Thảo",
        "Trâm",
        "Yến",
    ),
}
_JOBS = ("Công nhân", "Giáo viên", "Buôn bán", "Nông dân", "Lái xe", "Kỹ sư", "Nội trợ", "Bác sĩ", "Thợ may")
_WARDS = ("Phường Gò Vấp", "Phường Hạnh Thông", "Phường An Hội Tây", "Xã Củ Chi")
_GROUPS = ("Kinh",) * 18 + ("Hoa", "Khơ-me", "Chăm", "Tày")
_PROVINCES = ("079",) * 6 + ("080", "082", "038", "001")
_CATALOGUE: Grid = [
    ["Mã", "Tên dân tộc"],
    ["01", "Kinh"],
    ["02", "Tày"],
    ["04", "Hoa"],
    ["05", "Khơ-me"],
    ["17", "Chăm"],
]
REMARKS = (
    "Tiếp thu bài tốt, chủ động tham gia các hoạt động.",
    "Nắm được kiến thức, cần luyện tập thêm.",
    "Có tiến bộ; cần cẩn thận hơn khi trình bày.",
    "Cần cố gắng hơn và hoàn thành bài tập đầy đủ.",
)


@dataclass
class Person:
    """A made-up pupil or teacher."""

    code: str
    name: str
    sex: str
    birth: datetime.date
    personal_id: str
    class_name: str = ""
    ability: float = 7.0


class School:
    """One sample school in the making."""

    def __init__(self, *, name: str, code: str, level: str, seed: int) -> None:
        self.name = name
        self.code = code
        self.level = level
        self.chance = random.Random(seed)
        self.files: dict[str, dict[str, Grid]] = {}
        self.pupils: list[Person] = []
        self.staff: list[tuple[Person, str, str, str | None]] = []

    def person(self, code: str, born: int, *, sex: str | None = None) -> Person:
        """A new person born in that year."""
        chance = self.chance
        sex = sex or chance.choice(("Nam", "Nữ"))
        name = f"{chance.choice(_FAMILIES)} {chance.choice(_MIDDLES[sex])} {chance.choice(_GIVEN[sex])}"
        birth = datetime.date(born, 1, 1) + datetime.timedelta(days=chance.randrange(365))
        digit = 2 * (born // 100 - 19) + (sex == "Nữ")
        number = f"{chance.choice(_PROVINCES)}{digit}{born % 100:02d}{chance.randrange(10**6):06d}"
        return Person(code, name, sex, birth, number)

    def enrol(self, class_name: str, count: int) -> None:
        """Fill a class, in the Vietnamese order of names."""
        grade = int(class_name.rstrip("ABCD").partition("A")[0])
        born = int(YEAR[:4]) - grade - 5
        people = [self.person("", born - (self.chance.random() < 0.05)) for _ in range(count)]
        for person in sorted(people, key=lambda each: sort_key(each.name)):
            person.class_name = class_name
            person.ability = min(9.6, max(4.2, self.chance.gauss(7.4, 1.2)))
            person.code = f"79{self.code[2:4]}3{len(self.pupils) + 1:05d}"
            self.pupils.append(person)

    def hire(self, position: str, post: str, subject: str | None = None) -> Person:
        """A new member of staff."""
        born = self.chance.randint(1970, 1998)
        person = self.person(f"GV{len(self.staff) + 1:04d}", born)
        self.staff.append((person, position, post, subject))
        return person

    @property
    def classes(self) -> list[str]:
        """The classes in the order of enrolment."""
        return list(dict.fromkeys(pupil.class_name for pupil in self.pupils))

    def in_class(self, class_name: str) -> list[Person]:
        """The pupils of a class."""
        return [pupil for pupil in self.pupils if pupil.class_name == class_name]

    def titles(self, *lines: str) -> Grid:
        """The lines above a table."""
        return [[self.name.upper()], *([line] for line in lines)]

    def mark(self, ability: float) -> float:
        """A mark around an ability, as teachers give them: mostly halves."""
        value = min(10.0, max(0.0, self.chance.gauss(ability, 0.9)))
        return round(value * 2) / 2 if self.chance.random() < 0.7 else round(value, 1)

    def write(self, folder: Path) -> None:
        """Write the workbooks, each with a catalogue sheet behind the tables."""
        folder.mkdir(parents=True, exist_ok=True)
        for file, sheets in self.files.items():
            (folder / file).write_bytes(workbook_bytes(sheets | {"DanhMuc_DanToc": _CATALOGUE}))


def write_people(school: School) -> None:
    """The lists of pupils and staff; columns in another order than those of the THCS sample."""
    school.files["HocSinh.xlsx"] = {"DanhSach": _pupil_list(school)}
    header = ["STT", "Mã định danh GV", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Vị trí việc làm",
              "Chức vụ", "Môn giảng dạy", "Trạng thái", "Email"]  # fmt: skip
    rows = school.titles(f"Mã trường: {school.code}", "DANH SÁCH CÁN BỘ, GIÁO VIÊN, NHÂN VIÊN")
    rows.append(header)
    for number, (person, position, post, subject) in enumerate(school.staff, start=1):
        rows.append([number, person.code, person.name, f"{person.birth:%d/%m/%Y}", person.sex, person.personal_id,
                     position, post, subject, "Đang làm việc", f"{person.code.lower()}@truong.edu.vn"])  # fmt: skip
    school.files["GiaoVien.xlsx"] = {"DanhSach": rows}


def _pupil_list(school: School) -> Grid:
    chance = school.chance
    header = ["STT", "Mã học sinh", "Số định danh cá nhân", "Họ và tên", "Giới tính", "Ngày sinh", "Mã lớp", "Dân tộc",
              "Quốc tịch", "Nơi sinh", "Chỗ ở hiện tại", "Trạng thái HS", "Ngày nhập trạng thái", "Loại khuyết tật",
              "Họ tên cha", "Nghề nghiệp cha", "Họ tên mẹ", "Nghề nghiệp mẹ", "Số điện thoại"]  # fmt: skip
    rows = school.titles(f"Mã trường: {school.code}", f"DANH SÁCH HỌC SINH - NĂM HỌC {YEAR}")
    rows.append(header)
    for number, pupil in enumerate(school.pupils, start=1):
        father = school.person("", 1985, sex="Nam").name
        mother = school.person("", 1987, sex="Nữ").name
        street = f"{chance.randrange(1, 400)} đường số {chance.randrange(1, 30)}"
        address = f"{street}, {chance.choice(_WARDS)}, TP. Hồ Chí Minh"
        phone = f"09{chance.randrange(10**8):08d}"
        jobs = [chance.choice(_JOBS) for _ in range(2)]
        rows.append([number, pupil.code, pupil.personal_id, pupil.name, pupil.sex, f"{pupil.birth:%d/%m/%Y}",
                     pupil.class_name, chance.choice(_GROUPS), "Việt Nam", "TP. Hồ Chí Minh", address, "Đang học",
                     "05/09/2024", None, father, jobs[0], mother, jobs[1], phone])  # fmt: skip
    return rows


def write_teaching(
    school: School, teachers: dict[tuple[str, str], Person], homerooms: dict[str, Person]
) -> None:
    """Assignments and homeroom teachers; `teachers` by class and name of subject."""
    rows: Grid = [[f"PHÂN CÔNG CHUYÊN MÔN NĂM HỌC {YEAR}"],
                  ["STT", "Lớp", "Môn học", "Học kì", "Mã định danh GV", "Họ tên GV"]]  # fmt: skip
    for (class_name, subject), person in teachers.items():
        for term in (1, 2):
            rows.append([len(rows) - 1, class_name, subject, term, person.code, person.name])
    rooms: Grid = [[f"PHÂN CÔNG CHỦ NHIỆM NĂM HỌC {YEAR}"], ["STT", "Lớp", "Mã định danh GV", "Họ tên GVCN"]]
    for number, (class_name, person) in enumerate(homerooms.items(), start=1):
        rooms.append([number, class_name, person.code, person.name])
    school.files["PhanCong.xlsx"] = {"PhanCong": rows, "ChuNhiem": rooms}


def hire_leaders(school: School) -> None:
    """Principal, deputy and the office."""
    school.hire("Cán bộ quản lý", "Hiệu trưởng")
    school.hire("Cán bộ quản lý", "Phó Hiệu trưởng")
    for post in ("Nhân viên học vụ", "Nhân viên văn thư", "Quản trị viên"):
        school.hire("Nhân viên", post)


def remark(ability: float) -> str:
    """A remark that fits an ability."""
    return REMARKS[0 if ability >= 8 else 1 if ability >= 6.5 else 2 if ability >= 5 else 3]


def workbook_bytes(sheets: dict[str, Grid]) -> bytes:
    """The bytes of a workbook; times fixed, so that the same cells give the same bytes."""
    workbook = openpyxl.Workbook(write_only=True)
    moment = datetime.datetime(2025, 5, 31, 8, 0)  # noqa: DTZ001 (Excel knows no zones)
    workbook.properties.created = workbook.properties.modified = moment
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return _with_fixed_times(stream.getvalue(), moment)


def _with_fixed_times(content: bytes, moment: datetime.datetime) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, moment.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _fix_modified(data, moment)
            target.writestr(member, data)
    return stream.getvalue()


def _fix_modified(core: bytes, moment: datetime.datetime) -> bytes:
    """openpyxl writes the time of saving whatever the properties say."""
    start = core.index(b"<dcterms:modified")
    begin = core.index(b">", start) + 1
    end = core.index(b"<", begin)
    return core[:begin] + f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode() + core[end:]
