"""The sample school of tiểu học: grades 1, 3 and 5 in the column layout of the sector database."""

from __future__ import annotations

from typing import Any

from hocba.regulations import curriculum
from hocba.regulations.circular27 import rules
from tools.sample_people import YEAR, Grid, Person, School, hire_leaders, remark, write_people, write_teaching


def make_primary(seed: int) -> School:
    """Grades 1, 3 and 5; class teachers teach most subjects, specialists the others."""
    school = School(name="Trường Tiểu học Hoa Sữa", code="79764102", level="TIEUHOC", seed=seed)
    hire_leaders(school)
    for class_name, count in (("1A", 34), ("1B", 33), ("3A", 35), ("5A", 36)):
        school.enrol(class_name, count)
    homerooms = {name: school.hire("Giáo viên", "Giáo viên", "Tiếng Việt") for name in school.classes}
    special = {
        code: school.hire("Giáo viên", "Giáo viên", curriculum.subject(code, "TIEUHOC").name)
        for code in ("NN1", "THCN", "GDTC", "NGHETHUAT")
    }
    write_people(school)
    teachers: dict[tuple[str, str], Person] = {}
    for class_name in school.classes:
        subjects = _primary_subjects(int(class_name[0]))
        for subject in subjects:
            teachers[class_name, subject.name] = special.get(subject.code, homerooms[class_name])
        times = enumerate(("GiuaHK1", "CuoiHK1", "GiuaHK2", "CuoiNam"))
        school.files[f"KetQua_{class_name}.xlsx"] = {
            sheet: _primary_sheet(school, class_name, subjects, time) for time, sheet in times
        }
    write_teaching(school, teachers, homerooms)
    return school


def _primary_subjects(grade: int) -> list[curriculum.Subject]:
    return [
        each for each in curriculum.subjects_for("TIEUHOC", grade) if each.group_in(grade) == "compulsory"
    ]


def _primary_sheet(school: School, class_name: str, subjects: list[curriculum.Subject], time: int) -> Grid:
    grade = int(class_name[0])
    tests = rules.tests_of(grade)
    title = f"BẢNG TỔNG HỢP KẾT QUẢ ĐÁNH GIÁ GIÁO DỤC LỚP {class_name} - {rules.TIMES[time].upper()} - NĂM HỌC {YEAR}"
    rows = school.titles(title) + _primary_header(grade, subjects, time)
    for number, pupil in enumerate(school.in_class(class_name), start=1):
        row: list[Any] = [number, class_name, pupil.code, pupil.name, f"{pupil.birth:%d/%m/%Y}"]
        # Tests of tiểu học come out higher, except for the few who do not complete the grade.
        ability = min(9.9, pupil.ability + (0.9 if pupil.ability > 5.3 else -0.4))
        scores = []
        levels = []
        for subject in subjects:
            score = min(10, max(3, round(school.chance.gauss(ability, 0.6))))
            level = "T" if score >= 8 else "H" if score >= 5 else "C"
            levels.append(level)
            row.append(level)
            if time in tests.get(subject.code, ()):
                row.append(score)
                scores.append(score)
            if time == rules.YEAR_END:
                row.append(remark(score))
        traits = ["T" if school.chance.gauss(ability, 1) >= 7 else "Đ" for _ in _traits(grade)]
        row += traits
        if time == rules.YEAR_END:
            row += _year_end(school, levels, traits, scores)
        rows.append(row)
    return rows


def _traits(grade: int) -> list[str]:
    return [*rules.competences(grade).values(), *rules.qualities().values()]


def _primary_header(grade: int, subjects: list[curriculum.Subject], time: int) -> Grid:
    """Three rows, as the sector database writes them: group, subject or trait, what of it."""
    header: Grid = [[name] for name in ("STT", None, None)]
    _columns(header, ["Mã lớp", "Mã học sinh", "Họ tên", "Ngày sinh"])
    tests = rules.tests_of(grade)
    for place, subject in enumerate(subjects):
        leaves = ["Mức đạt được"]
        leaves += ["Điểm KTĐK"] if time in tests.get(subject.code, ()) else []
        leaves += ["Nhận xét"] if time == rules.YEAR_END else []
        for number, leaf in enumerate(leaves):
            header[0].append("Môn học và hoạt động giáo dục" if place == number == 0 else None)
            header[1].append(subject.name if number == 0 else None)
            header[2].append(leaf)
    groups = (
        ("Năng lực chung", rules.general_competences()),
        ("Năng lực đặc thù", rules.specific_competences(grade)),
        ("Phẩm chất chủ yếu", rules.qualities()),
    )
    for group, names in groups:
        for place, name in enumerate(names.values()):
            header[0].append(group if place == 0 else None)
            header[1].append(name)
            header[2].append(None)
    if time == rules.YEAR_END:
        _columns(header, ["Nghỉ có phép", "Nghỉ không phép", "Hoàn thành chương trình lớp học", "Lên lớp", "Xếp loại",
                          "Khen thưởng", "Nhận xét của GVCN"])  # fmt: skip
    return header


def _columns(header: Grid, names: list[str]) -> None:
    """Columns whose header is one cell over all three rows."""
    for name in names:
        for row, text in zip(header, (name, None, None), strict=True):
            row.append(text)


def _year_end(school: School, levels: list[str], traits: list[str], scores: list[int]) -> list[Any]:
    """Absences, completion, promotion, overall result (TT 27/2020 Điều 9), award, remark."""
    best = set(levels) == {"T"} and set(traits) == {"T"}
    overall = 0
    if "C" not in levels and "C" not in traits and min(scores) >= rules.PASSED_TESTS:
        overall = (
            1 + (best and min(scores) >= rules.GOOD_TESTS) + (best and min(scores) >= rules.EXCELLENT_TESTS)
        )
    done = "x" if overall else None
    award = "Học sinh Xuất sắc" if overall == 3 else None
    away = [school.chance.choice((0, 0, 1, 2, 5)), school.chance.choice((0, 0, 0, 1))]
    return [*away, done, done, rules.OVERALL_SHOWN[overall], award, remark(sum(scores) / len(scores))]
