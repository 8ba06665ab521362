"""Transcripts of tiểu học for the form: ordinary ones of a low and of the last grade, one with everything too long."""

from __future__ import annotations

from dataclasses import replace

from hocba.documents.people import Pupil, School, Sex, StaffMember
from hocba.documents.primary import PrimarySubjectResult, PrimaryTranscript, PrimaryYearResult, TraitResult
from hocba.documents.transcript import StudyYear
from tests.unit.documents import pdf_material

TEACHER = StaffMember(code="GV0003", name="Nguyễn Đức Anh")
SUBJECTS = (
    ("TIENGVIET", "Tiếng Việt", "9"), ("TOAN", "Toán", "10"), ("NN1", "Ngoại ngữ 1", "9"),
    ("DAODUC", "Đạo đức", None), ("LSDL", "Lịch sử và Địa lí", "8"), ("KHOAHOC", "Khoa học", "9"),
    ("THCN", "Tin học và Công nghệ", "8"), ("GDTC", "Giáo dục thể chất", None),
    ("NGHETHUAT", "Nghệ thuật (Âm nhạc, Mĩ thuật)", None), ("HDTN", "Hoạt động trải nghiệm", None),
)  # fmt: skip
TRAITS = (
    ("QUALITY", ("Yêu nước", "Nhân ái", "Chăm chỉ", "Trung thực", "Trách nhiệm")),
    ("GENERAL", ("Tự chủ và tự học", "Giao tiếp và hợp tác", "Giải quyết vấn đề và sáng tạo")),
    ("SPECIFIC", ("Ngôn ngữ", "Tính toán", "Khoa học", "Công nghệ", "Tin học", "Thẩm mĩ", "Thể chất")),
)


def traits(remark: str = "") -> tuple[TraitResult, ...]:
    return tuple(
        TraitResult(
            code=f"{group}{index}", name=name, group=group, level="D" if index == 1 else "T", remark=remark
        )
        for group, names in TRAITS
        for index, name in enumerate(names)
    )


def fifth_grade() -> PrimaryTranscript:
    usual = pdf_material.ordinary()
    return PrimaryTranscript(
        id=usual.id,
        version=2,
        regulation="TT27-2020",
        form="TT27-TH",
        level="TH",
        grade=5,
        class_name="5A",
        school_year="2024-2025",
        school=replace(usual.school, name="Trường Tiểu học Hoa Sen", level="TH"),
        pupil=replace(usual.pupil, birth_date="2014-07-16"),
        course_of_study=tuple(
            StudyYear(
                school_year=f"{year}-{year + 1}",
                class_name=f"{grade}A",
                school_name="Trường Tiểu học Hoa Sen",
                place="Phường Gò Vấp",
            )
            for grade, year in zip(range(1, 6), range(2020, 2025), strict=True)
        ),
        subjects=tuple(
            PrimarySubjectResult(
                code=code,
                name=name,
                level="H" if test == "8" else "T",
                test=test,
                remark="Đọc to, rõ ràng; viết đúng chính tả, biết trình bày bài sạch đẹp.",
                teachers=(TEACHER, pdf_material.SECOND_TEACHER) if code == "NGHETHUAT" else (TEACHER,),
            )
            for code, name, test in SUBJECTS
        ),
        traits=traits(),
        result=PrimaryYearResult(
            overall="HOAN_THANH_TOT",
            completed=True,
            promoted=True,
            award="Học sinh Tiêu biểu hoàn thành tốt trong học tập và rèn luyện",
            absences_excused=2,
            absences_unexcused=1,
            homeroom_remark="Ngoan, lễ phép, biết giúp đỡ bạn bè.",
        ),
        homeroom_teacher=usual.homeroom_teacher,
        principal=usual.principal,
        class_record=usual.class_record,
        register_number="128",
    )


def first_grade() -> PrimaryTranscript:
    usual = fifth_grade()
    remarks = ("Biết yêu quý thầy cô, bạn bè.", "Chủ động hơn trong học tập.", "Có tiến bộ về ngôn ngữ.")
    of_group = dict(zip(("QUALITY", "GENERAL", "SPECIFIC"), remarks, strict=True))
    return replace(
        usual,
        grade=1,
        class_name="1B",
        course_of_study=usual.course_of_study[-1:],
        subjects=tuple(row for row in usual.subjects if row.code not in {"NN1", "LSDL", "KHOAHOC", "THCN"}),
        traits=tuple(
            replace(trait, remark=of_group[trait.group])
            for trait in usual.traits
            if trait.name not in {"Công nghệ", "Tin học"}
        ),
        result=replace(usual.result, completed=False, promoted=False, overall="CHUA_HOAN_THANH", award=""),
    )


def wordy() -> PrimaryTranscript:
    """Everything too long, and a remark of its own for every quality and competence."""
    usual = fifth_grade()
    long = pdf_material.extreme()
    remarks = ["Em có nhiều tiến bộ trong học tập. " * 29, "W" * 1000, "Ệ" * 1000]
    return replace(
        usual,
        school=long.school,
        pupil=replace(long.pupil, birth_date="2014"),
        course_of_study=usual.course_of_study * 2,
        subjects=tuple(
            replace(
                usual.subjects[index % 10],
                code=f"MON{index}",
                name=f"Môn học có tên rất dài để xem bảng có giữ được không số {index}",
                remark=remarks[index % 3][:1000],
                teachers=(TEACHER, pdf_material.SECOND_TEACHER, TEACHER),
            )
            for index in range(13)
        ),
        traits=tuple(
            replace(trait, remark=f"{trait.name}: " + remarks[index % 3][:600])
            for index, trait in enumerate(usual.traits)
        ),
        result=replace(usual.result, award="Học sinh tiêu biểu " * 14, homeroom_remark=remarks[0][:1000]),
        principal=long.principal,
    )


def bare() -> PrimaryTranscript:
    usual = fifth_grade()
    return replace(
        usual,
        school=School(code="1", name="Ánh Dương", level="TH"),
        pupil=Pupil(personal_id="0" * 12, code="", name="An", birth_date="2013", sex=Sex.MALE),
        course_of_study=(),
        subjects=(replace(usual.subjects[0], level=None, test=None, remark="", teachers=()),),
        traits=(),
        result=PrimaryYearResult(overall=None, completed=None, promoted=None),
        register_number="",
    )
