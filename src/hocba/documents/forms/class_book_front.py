"""The first pages of the book of a class: cover, guidance, inner cover, particulars of the pupils."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hocba.documents import labels
from hocba.documents.forms import wording
from hocba.documents.forms.booklets import Cover, Prose
from hocba.documents.forms.tables import Cell, Column, Table
from hocba.documents.people import Sex

if TYPE_CHECKING:
    from hocba.documents.forms.class_book import BookPupil, ClassBook
    from hocba.documents.people import Relative

FORM: Final = (
    "(Theo mẫu ban hành kèm theo Thông tư số 22/2021/TT-BGDĐT ngày 20 tháng 7 năm 2021 "
    "của Bộ trưởng Bộ Giáo dục và Đào tạo)"
)
_POINTS: Final = (
    "Sổ theo dõi và đánh giá học sinh (theo lớp học) do nhà trường quản lí, là hồ sơ ghi quá trình và kết quả rèn "
    "luyện, học tập của học sinh trong lớp theo từng học kì và cả năm học.",
    "Giáo viên chủ nhiệm ghi sơ yếu lí lịch, theo dõi chuyên cần, tổng hợp kết quả rèn luyện và học tập; kiểm tra việc "
    "ghi sổ của giáo viên môn học.",
    "Giáo viên môn học trực tiếp ghi điểm, mức đánh giá của môn học, hoạt động giáo dục do mình phụ trách, thống nhất "
    "với sổ của giáo viên, và kí tên dưới danh sách. Môn học do nhiều giáo viên dạy thì tất cả các giáo viên đó "
    "cùng kí.",
    "Không ghi bằng mực đỏ, trừ khi sửa chữa. Khi sửa, gạch ngang nội dung cũ, ghi nội dung mới vào phía trên bên "
    "phải, kí xác nhận bên cạnh hoặc ở cột Ghi chú. Trên hệ thống điện tử, việc sửa được Hiệu trưởng cho phép và được "
    "lưu vết đầy đủ.",
    "Kết quả rèn luyện, học tập chỉ được cung cấp cho chính học sinh hoặc cha mẹ, người giám hộ của học sinh đó.",
    "Hiệu trưởng kiểm tra việc ghi sổ hằng tháng, ghi nhận xét, kí tên, đóng dấu; phê duyệt kết quả cuối năm học.",
)
_LEGEND: Final = (
    "ĐĐGtx, ĐĐGgk, ĐĐGck: điểm đánh giá thường xuyên, giữa kì, cuối kì.",
    "ĐTBmhkI, ĐTBmhkII, ĐTBmcn: điểm trung bình môn học kì I, học kì II, cả năm.",
    "Đ: Đạt; CĐ: Chưa đạt. Dấu “–”: học sinh không học môn học đó.",
    "TS: tổng số buổi nghỉ; P: nghỉ có phép; K: nghỉ không phép.",
)


def cover(book: ClassBook) -> Cover:
    """The cover."""
    return Cover(
        issuer="BỘ GIÁO DỤC VÀ ĐÀO TẠO",
        title="SỔ THEO DÕI VÀ ĐÁNH GIÁ HỌC SINH",
        subtitle="(THEO LỚP HỌC)",
        form=FORM,
        lines=(
            *wording.school_lines(book.school),
            ("Lớp", book.class_name),
            ("Năm học", labels.school_year(book.school_year)),
            ("Giáo viên chủ nhiệm", book.homeroom_teacher.name),
        ),
    )


def guidance() -> Prose:
    """The six points of guidance, in the sense of the form, and the signs used."""
    return Prose(title="HƯỚNG DẪN SỬ DỤNG", points=_POINTS, legend_title="Các kí hiệu", legend=_LEGEND)


def inner_cover(book: ClassBook) -> Table:
    """Class, number of pupils, homeroom teacher, and the teachers of every subject."""
    girls = sum(each.pupil.sex is Sex.FEMALE for each in book.pupils)
    rows = tuple(
        (number, name, _teachers(book, code, 1), _teachers(book, code, 2), "")
        for number, (code, name, _kind) in enumerate(book.subjects, start=1)
    )
    return Table(
        name="Bìa lót",
        title="LỚP VÀ GIÁO VIÊN",
        facts=(
            wording.class_and_year(book.class_name, book.school_year),
            f"Sĩ số: {len(book.pupils)} học sinh, trong đó nữ: {girls}",
            f"Giáo viên chủ nhiệm: {book.homeroom_teacher.name}",
        ),
        columns=(
            wording.NUMBER,
            Column(head=("Môn học, hoạt động giáo dục",), share=1.1, left=True),
            Column(head=("Giáo viên môn học", "Học kì I"), share=1, left=True),
            Column(head=("Giáo viên môn học", "Học kì II"), share=1, left=True),
            Column(head=("Ghi chú",), width=24),
        ),
        rows=rows,
        size=10.5,
        row_height=7,
        empty="Chưa có phân công giảng dạy.",
        signatures=(wording.homeroom(book.homeroom_teacher), wording.principal(book.principal)),
    )


def particulars(book: ClassBook) -> tuple[Table, Table]:
    """Sơ yếu lí lịch on two pages that lie side by side in the paper book."""
    title = "SƠ YẾU LÍ LỊCH CỦA HỌC SINH"
    facts = (wording.class_and_year(book.class_name, book.school_year),)
    left = Table(
        name="Sơ yếu lí lịch (1)",
        title=title,
        facts=facts,
        landscape=True,
        columns=(
            wording.NUMBER,
            wording.pupil_name(48),
            Column(head=("Ngày, tháng, năm sinh",), width=21),
            Column(head=("Nơi sinh",), share=1, left=True),
            Column(head=("Nam/ nữ",), width=12),
            Column(head=("Dân tộc",), width=20),
            Column(head=("Đối tượng ưu tiên",), width=32, left=True),
            Column(head=("Địa chỉ gia đình",), share=2, left=True),
        ),
        rows=tuple(_first_row(number, each) for number, each in enumerate(book.pupils, start=1)),
        empty="Chưa có học sinh.",
    )
    parents = "Họ và tên, nghề nghiệp, điện thoại, email"
    right = Table(
        name="Sơ yếu lí lịch (2)",
        title=title,
        facts=facts,
        landscape=True,
        columns=(
            wording.NUMBER,
            wording.pupil_name(48),
            Column(head=("Cha hoặc người giám hộ", parents), share=1.2, left=True),
            Column(head=("Mẹ", parents), share=1.2, left=True),
            Column(head=("Những thay đổi cần chú ý trong năm",), share=1, left=True),
        ),
        rows=tuple(_second_row(number, each) for number, each in enumerate(book.pupils, start=1)),
        empty="Chưa có học sinh.",
        signatures=(wording.homeroom(book.homeroom_teacher), wording.principal(book.principal)),
    )
    return left, right


def _teachers(book: ClassBook, code: str, term: int) -> str:
    sheet = book.sheet(code, term)
    return ", ".join(teacher.name for teacher in sheet.teachers) if sheet else ""


def _first_row(number: int, each: BookPupil) -> tuple[Cell, ...]:
    pupil = each.pupil
    policy = "; ".join(part for part in (pupil.policy, pupil.disability) if part)
    return (
        number,
        pupil.name,
        labels.birth_date(pupil.birth_date),
        pupil.birthplace,
        labels.SEXES[pupil.sex],
        pupil.ethnic_group,
        policy,
        pupil.residence,
    )


def _second_row(number: int, each: BookPupil) -> tuple[Cell, ...]:
    pupil = each.pupil
    fathers = [_person("", pupil.father, each.father_contact)]
    fathers.append(_person("Người giám hộ: ", pupil.guardian, each.guardian_contact))
    return (
        number,
        pupil.name,
        "\n".join(text for text in fathers if text),
        _person("", pupil.mother, each.mother_contact),
        each.changes,
    )


def _person(label: str, person: Relative | None, contact: str) -> str:
    if person is None and not contact:
        return ""
    parts = ([person.name, person.occupation] if person else []) + [contact]
    return label + ", ".join(part for part in parts if part)
