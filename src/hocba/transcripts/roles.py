"""Who may do what on the transcripts side, as data (Quy chế Điều 4.2c, 14; the matrix of roles as a table)."""

from __future__ import annotations

from enum import StrEnum

from hocba.platform.accounts.roles import Role


class Permission(StrEnum):
    """Every act that needs a right, in alphabetical order. COPIES, FILES and SIGN touch what a transcript says."""

    CERTIFICATES_MANAGE = "transcripts:certificates:manage"
    COPIES_MAKE = "transcripts:copies:make"
    COPIES_VIEW = "transcripts:copies:view"
    FILES_READ = "transcripts:files:read"
    FILES_READ_SCHOOL = "transcripts:files:read_school"
    SEND = "transcripts:files:send"
    SIGN = "transcripts:records:sign"
    SIGN_HOMEROOM = "transcripts:records:sign_homeroom"
    SIGN_PRINCIPAL = "transcripts:records:sign_principal"
    SIGN_SEAL = "transcripts:records:sign_seal"
    SIGN_SUBJECT = "transcripts:records:sign_subject"
    STATES_VIEW = "transcripts:states:view"


_ROLES = (
    Role(
        name="academic_office",
        display_name="Nhân sự học vụ",
        description="Xem và lưu trữ học bạ của cả trường.",
        permissions=frozenset({Permission.STATES_VIEW, Permission.FILES_READ, Permission.FILES_READ_SCHOOL}),
    ),
    Role(
        name="administrator",
        display_name="Quản trị viên",
        description="Xem tiến độ; không xem, không tác động nội dung học bạ.",
        permissions=frozenset({Permission.STATES_VIEW}),
    ),
    Role(
        name="clerk",
        display_name="Nhân sự văn thư",
        description="Đóng dấu số của nhà trường lên học bạ, nộp Sở, lập bản sao y và giữ sổ sao y.",
        permissions=frozenset(
            {
                Permission.STATES_VIEW,
                Permission.FILES_READ,
                Permission.FILES_READ_SCHOOL,
                Permission.SIGN,
                Permission.SIGN_SEAL,
                Permission.SEND,
                Permission.CERTIFICATES_MANAGE,
                Permission.COPIES_MAKE,
                Permission.COPIES_VIEW,
            }
        ),
    ),
    Role(
        name="group_head",
        display_name="Tổ trưởng chuyên môn",
        description="Xem tiến độ ký học bạ.",
        permissions=frozenset({Permission.STATES_VIEW}),
    ),
    Role(
        name="homeroom_teacher",
        display_name="Giáo viên chủ nhiệm",
        description="Xem và ký học bạ của lớp chủ nhiệm.",
        permissions=frozenset(
            {
                Permission.STATES_VIEW,
                Permission.FILES_READ,
                Permission.SIGN,
                Permission.SIGN_HOMEROOM,
            }
        ),
    ),
    Role(
        name="leadership",
        display_name="Phó hiệu trưởng",
        description="Xem học bạ của cả trường; ký học bạ khi được phân công là người ký.",
        permissions=frozenset(
            {
                Permission.STATES_VIEW,
                Permission.FILES_READ,
                Permission.FILES_READ_SCHOOL,
                Permission.SIGN,
                Permission.SIGN_PRINCIPAL,
                Permission.COPIES_VIEW,
            }
        ),
    ),
    Role(
        name="principal",
        display_name="Hiệu trưởng",
        description="Xem học bạ của cả trường và ký học bạ.",
        permissions=frozenset(
            {
                Permission.STATES_VIEW,
                Permission.FILES_READ,
                Permission.FILES_READ_SCHOOL,
                Permission.SIGN,
                Permission.SIGN_PRINCIPAL,
                Permission.COPIES_VIEW,
                Permission.CERTIFICATES_MANAGE,
            }
        ),
    ),
    Role(
        name="subject_teacher",
        display_name="Giáo viên bộ môn",
        description="Ký các dòng môn học mình dạy trong học bạ.",
        permissions=frozenset({Permission.STATES_VIEW, Permission.SIGN, Permission.SIGN_SUBJECT}),
    ),
)

ROLES: dict[str, Role] = {role.name: role for role in _ROLES}
