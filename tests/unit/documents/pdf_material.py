"""Transcripts for the form: an ordinary one, one with everything too long, one with hardly anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hocba.documents.pdf import UnsignedPdf, render
from hocba.documents.people import Pupil, Relative, School, Sex, StaffMember
from hocba.documents.primary import PrimaryTranscript
from hocba.documents.transcript import (
    Digest,
    LevelSeries,
    StudyYear,
    SubjectResult,
    Transcript,
    YearResult,
)
from hocba.regulations import curriculum
from hocba.signing.instants import VIETNAM

RECORD_DIGEST = "sha256:" + "3f" * 32
SIGNED_AT = datetime(2025, 5, 28, 10, 11, 12, tzinfo=VIETNAM)
ADDRESS = "https://hocba.example/xac-minh/0b3c1d9e-7a31-4a0e-9c55-1f6f3c2d7a00"
TEACHER = StaffMember(code="GV0003", name="Nguyễn Đức Anh")
SECOND_TEACHER = StaffMember(code="GV0004", name="Lê Thị Cẩm Tú")
_NAMES = [
    "Ngữ văn", "Toán", "Ngoại ngữ 1", "Giáo dục công dân", "Lịch sử và Địa lí", "Khoa học tự nhiên", "Công nghệ",
    "Tin học", "Giáo dục thể chất", "Nghệ thuật", "Hoạt động trải nghiệm, hướng nghiệp",
    "Nội dung giáo dục của địa phương",
]  # fmt: skip


def subject(index: int, name: str) -> SubjectResult:
    comment = index >= 8
    return SubjectResult(
        code=f"MON{index}",
        name=name,
        kind="comment" if comment else "score",
        term1="D" if comment else "7.5",
        term2="CD" if comment else "8.0",
        year="D" if comment else "10.0",
        remark="Có tiến bộ so với đầu năm; cần cẩn thận hơn khi tính toán.",
        teachers=(TEACHER, SECOND_TEACHER) if index == 5 else (TEACHER,),
    )


def ordinary() -> Transcript:
    return Transcript(
        id="0b3c1d9e-7a31-4a0e-9c55-1f6f3c2d7a00",
        version=2,
        regulation="TT22-2021",
        form="TT22-THCS",
        level="THCS",
        grade=6,
        class_name="6A1",
        school_year="2024-2025",
        school=School(
            code="79764501",
            name="Trường THCS Hoa Phượng",
            ward="Phường Gò Vấp",
            province="Thành phố Hồ Chí Minh",
        ),
        pupil=Pupil(
            personal_id="079313224404",
            code="7924000001",
            name="Trần Ngọc Dung",
            birth_date="2013-07-16",
            sex=Sex.FEMALE,
            ethnic_group="Kinh",
            birthplace="TP. Hồ Chí Minh",
            residence="242 đường số 25, Phường Gò Vấp",
            father=Relative(name="Trần Gia Kiên", occupation="Công nhân"),
            mother=Relative(name="Nguyễn Thị Ngọc Chi", occupation="Buôn bán"),
        ),
        course_of_study=(
            StudyYear(school_year="2024-2025", class_name="6A1", school_name="Trường THCS Hoa Phượng"),
        ),
        subjects=tuple(subject(index, name) for index, name in enumerate(_NAMES)),
        result=YearResult(
            conduct=LevelSeries(term1="KHA", term2="TOT", year="TOT"),
            learning=LevelSeries(term1="DAT", term2="CHUA_DAT", year="DAT"),
            absences_excused=2,
            absences_unexcused=1,
            promotion="PROMOTED",
            title="GIOI",
            homeroom_remark="Trung thực, có trách nhiệm.",
            principal_remark="Đồng ý.",
        ),
        homeroom_teacher=StaffMember(code="GV0006", name="Phan Thị Thuỳ Linh"),
        principal=StaffMember(code="GV0001", name="Hồ Công Trí", title="Hiệu trưởng"),
        class_record=Digest(algorithm="sha256", value="a" * 64),
        register_number="15",
    )


def extreme() -> Transcript:
    usual = ordinary()
    long_name = "Tôn Nữ Công Tằng Hoàng Nguyễn Thị Ngọc Phương Thảo Nguyên Quỳnh Anh"
    remarks = ["Em có nhiều tiến bộ trong học tập. " * 29, "W" * 1000, "Ệ" * 1000]
    subjects = [
        replace(
            subject(index, f"Môn học có tên rất dài để xem bảng có giữ được không số {index}"),
            remark=remarks[index % 3][:1000],
            after_retest="6.0",
        )
        for index in range(17)
    ]
    return replace(
        usual,
        school=replace(usual.school, name="Trường " + "Tiểu học, Trung học cơ sở Quốc tế Hoa Phượng " * 3),
        pupil=replace(
            usual.pupil,
            name=long_name,
            residence="242 đường số 25, Phường Gò Vấp, " * 8,
            policy="Con của người hưởng chính sách như thương binh, " * 5,
            disability="Khuyết tật vận động",
            guardian=Relative(name=long_name, occupation="Công nhân " * 8),
        ),
        course_of_study=usual.course_of_study * 12,
        subjects=tuple(subjects),
        result=replace(
            usual.result,
            homeroom_remark="Trung thực, có trách nhiệm. " * 36,
            principal_remark="Đồng ý với đánh giá. " * 48,
            certificates="Chứng chỉ IC3 " * 14,
            competitions="Giải Ba cuộc thi " * 14,
            awards="Học sinh tiêu biểu " * 14,
        ),
        principal=StaffMember(code="GV0001", name=long_name),
    )


def minimal() -> Transcript:
    usual = ordinary()
    nothing = LevelSeries(term1=None, term2=None, year=None)
    return replace(
        usual,
        school=School(code="1", name="Ánh Dương"),
        pupil=Pupil(personal_id="0" * 12, code="", name="An", birth_date="2013", sex=Sex.MALE),
        course_of_study=(),
        subjects=(replace(usual.subjects[0], term1=None, term2=None, year=None, remark="", teachers=()),),
        result=YearResult(conduct=nothing, learning=nothing),
        register_number="",
    )


def upper_secondary() -> Transcript:
    """THPT: the subjects of grade 10 with a choice of four, one of which is assessed by remarks only."""
    usual = ordinary()
    taught = curriculum.subjects_for("THPT", 10)
    chosen = {"VATLI", "HOAHOC", "SINHHOC", "AMNHAC"}
    return replace(
        usual,
        form="TT22-THPT",
        level="THPT",
        grade=10,
        class_name="10A1",
        school=replace(usual.school, name="Trường THPT Hoa Phượng", level="THPT"),
        subjects=tuple(
            replace(subject(9 if found.kind == "comment" else 0, found.name), code=found.code)
            for found in reversed(taught)
            if found.group_in(10) == "compulsory" or found.code in chosen
        ),
    )


def continuing(form: str = "TT43-THPT") -> Transcript:
    """A learner of a centre of continuing education."""
    usual = ordinary()
    return replace(
        usual,
        regulation="TT43-2021",
        form=form,
        level="GDTX",
        grade=10 if form == "TT43-THPT" else 6,
        school=replace(usual.school, name="Trung tâm GDNN – GDTX Gò Vấp", level="GDTX"),
        subjects=usual.subjects[:7],
        principal=replace(usual.principal, title="Giám đốc"),
    )


def continuing_lower() -> Transcript:
    return continuing("TT43-THCS")


def wordy_upper_secondary() -> Transcript:
    """Seventeen subjects, remarks of a thousand letters, several teachers each: in the groups of THPT."""
    usual, long = upper_secondary(), extreme()
    taught = curriculum.subjects_for("THPT", 10)
    return replace(
        long,
        form=usual.form,
        level=usual.level,
        grade=usual.grade,
        subjects=tuple(
            replace(row, code=found.code, teachers=(TEACHER, SECOND_TEACHER))
            for row, found in zip(long.subjects, taught, strict=False)
        ),
    )


def rendered(transcript: Transcript | PrimaryTranscript, *, signed: bool = True) -> UnsignedPdf:
    signatures = {
        row.code: [(teacher.name, SIGNED_AT) for teacher in row.teachers] for row in transcript.subjects
    }
    return render(
        transcript,
        record=f"<HoSo>{transcript.pupil.name}</HoSo>".encode(),
        record_digest=RECORD_DIGEST,
        subject_signatures=signatures if signed else {},
        verify_url=ADDRESS,
    )
