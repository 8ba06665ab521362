"""The sample school of THPT: grade 10 with electives, two choices within one class."""

from __future__ import annotations

from hocba.regulations import curriculum
from tools.sample_people import YEAR, Grid, Person, School, hire_leaders, remark, write_people, write_teaching

# Chosen subjects of the two classes of THPT; in 10A2 two pupils in three take the first choice.
_CHOICES = {
    "10A1": (("VATLI", "HOAHOC", "SINHHOC", "TINHOC"),),
    "10A2": (("DIALI", "GDKTPL", "TINHOC", "CONGNGHE"), ("DIALI", "GDKTPL", "AMNHAC", "MITHUAT")),
}


def make_upper_secondary(seed: int) -> School:
    """Grade 10: one class with one choice of electives, one with two."""
    school = School(name="Trường THPT Hoa Ban", code="79800310", level="THPT", seed=seed)
    hire_leaders(school)
    school.enrol("10A1", 36)
    school.enrol("10A2", 38)
    subjects = {each.code: each for each in curriculum.subjects_for("THPT", 10)}
    chosen = {code for choices in _CHOICES.values() for choice in choices for code in choice}
    taught = [each for each in subjects.values() if each.group == "compulsory" or each.code in chosen]
    specialists = {each.code: school.hire("Giáo viên", "Giáo viên", each.name) for each in taught}
    write_people(school)
    teachers: dict[tuple[str, str], Person] = {}
    for class_name in school.classes:
        takers = _takers(school, class_name, [each.code for each in taught if each.group == "compulsory"])
        sheets = {}
        for code, pupils in takers.items():
            teachers[class_name, subjects[code].name] = specialists[code]
            for term in (1, 2):
                sheets[f"{code}_HK{term}"] = _mark_sheet(school, class_name, subjects[code], term, pupils)
        school.files[f"SoDiem_{class_name}.xlsx"] = sheets
        school.files[f"TongHop_{class_name}.xlsx"] = {"TongHop": _summary(school, class_name)}
    homerooms = dict(zip(school.classes, (specialists["NGUVAN"], specialists["TOAN"]), strict=True))
    write_teaching(school, teachers, homerooms)
    return school


def _takers(school: School, class_name: str, compulsory: list[str]) -> dict[str, list[Person]]:
    """Who takes which subject, in the order of the curriculum."""
    pupils = school.in_class(class_name)
    choices = _CHOICES[class_name]
    takers: dict[str, list[Person]] = {code: list(pupils) for code in compulsory}
    for place, pupil in enumerate(pupils):
        for code in choices[(place % 3 == 2) % len(choices)]:
            takers.setdefault(code, []).append(pupil)
    return takers


def _mark_sheet(
    school: School, class_name: str, subject: curriculum.Subject, term: int, pupils: list[Person]
) -> Grid:
    scored = subject.kind == "score"
    count = curriculum.regular_marks_required(subject.code, "THPT", 10)
    columns = [f"TX{number}" for number in range(1, count + 1)] + ["GK", "CK"]
    title = f"SỔ THEO DÕI VÀ ĐÁNH GIÁ HỌC SINH - LỚP {class_name} - MÔN {subject.name.upper()} - HỌC KÌ {'I' * term}"
    rows = school.titles(title)
    rows.append(["TT", "Họ và tên", "Mã HS", "Ngày sinh", *columns, "Nhận xét"])
    taste = {pupil.code: school.chance.gauss(0, 0.7) for pupil in pupils}
    for number, pupil in enumerate(pupils, start=1):
        ability = pupil.ability + taste[pupil.code]
        passed = "Đ" if school.chance.random() < 0.985 else "CĐ"
        marks = [school.mark(ability) if scored else passed for _ in columns]
        rows.append([number, pupil.name, pupil.code, f"{pupil.birth:%d/%m/%Y}", *marks, remark(ability)])
    return rows


def _summary(school: School, class_name: str) -> Grid:
    rows = school.titles(f"TỔNG HỢP LỚP {class_name} NĂM HỌC {YEAR}")
    rows.append(["TT", "Mã HS", "Họ và tên", "Rèn luyện HK I", "Rèn luyện HK II", "Nghỉ có phép", "Nghỉ không phép",
                 "Nhận xét của GVCN"])  # fmt: skip
    for number, pupil in enumerate(school.in_class(class_name), start=1):
        conduct = [school.chance.choices(("Tốt", "Khá", "Đạt"), (8, 2, 0.4))[0] for _ in range(2)]
        away = [school.chance.choice((0, 0, 0, 1, 2, 4)), school.chance.choice((0, 0, 0, 0, 1))]
        rows.append([number, pupil.code, pupil.name, *conduct, *away, remark(pupil.ability)])
    return rows
