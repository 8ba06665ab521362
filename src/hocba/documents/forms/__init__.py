"""Class-level official forms: values in, PDF (PDF/A-3a, PDF/UA-1) or Excel workbook out."""

from hocba.documents.forms.class_book import (
    AbsentDay,
    BookPupil,
    ClassBook,
    InconsistentClassBook,
    Inspection,
    class_book,
)
from hocba.documents.forms.class_book_form import class_book_pdf, class_book_xlsx
from hocba.documents.forms.homeroom_lists import homeroom_lists_pdf, homeroom_lists_xlsx
from hocba.documents.forms.primary_summary import (
    PrimaryPupil,
    PrimarySummary,
    primary_summary_pdf,
    primary_summary_xlsx,
)
from hocba.documents.forms.report_slips import report_slips_pdf
from hocba.documents.forms.teacher_book import TeacherBook, teacher_book_pdf, teacher_book_xlsx

__all__ = [
    "AbsentDay",
    "BookPupil",
    "ClassBook",
    "InconsistentClassBook",
    "Inspection",
    "PrimaryPupil",
    "PrimarySummary",
    "TeacherBook",
    "class_book",
    "class_book_pdf",
    "class_book_xlsx",
    "homeroom_lists_pdf",
    "homeroom_lists_xlsx",
    "primary_summary_pdf",
    "primary_summary_xlsx",
    "report_slips_pdf",
    "teacher_book_pdf",
    "teacher_book_xlsx",
]
