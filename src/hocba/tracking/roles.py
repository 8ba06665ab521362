"""Who may do what on the tracking side (Quy chế Điều 4.2c, 11, 12; the matrix of roles as a table)."""

from __future__ import annotations

from enum import StrEnum

from hocba.platform.accounts.roles import Role


class Permission(StrEnum):
    """Every act that needs a right. Those named RESULTS, FILES or SIGN show or touch results of pupils."""

    CLASSES_VIEW = "tracking:classes:view"
    FILES_READ_OWN = "tracking:files:read_own"
    FILES_READ_SCHOOL = "tracking:files:read_school"
    FILES_READ_YEAR = "tracking:files:read_year"
    HANDOVER_SEND = "tracking:handover:send"
    RESULTS_READ = "tracking:results:read"
    RESULTS_READ_CLASS = "tracking:results:read_class"
    RESULTS_READ_OWN = "tracking:results:read_own"
    RESULTS_READ_SCHOOL = "tracking:results:read_school"
    RESULTS_READ_SUBJECT = "tracking:results:read_subject"
    SIGN = "tracking:records:sign"
    SIGN_HOMEROOM = "tracking:records:sign_homeroom"
    SIGN_LEADERSHIP = "tracking:records:sign_leadership"
    SIGN_SEAL = "tracking:records:sign_seal"
    SIGN_SUBJECT = "tracking:records:sign_subject"


_ROLES = (
    Role(
        name="subject_teacher",
        display_name="Giáo viên bộ môn",
        description="Nhập, xem và ký kết quả môn học của các lớp được phân công.",
        permissions=frozenset(
            {
                Permission.CLASSES_VIEW,
                Permission.FILES_READ_OWN,
                Permission.RESULTS_READ,
                Permission.RESULTS_READ_OWN,
                Permission.SIGN,
                Permission.SIGN_SUBJECT,
            }
        ),
    ),
    Role(
        name="homeroom_teacher",
        display_name="Giáo viên chủ nhiệm",
        description="Xem kết quả cả lớp, đánh giá rèn luyện, ký từng học kì và cả năm của lớp chủ nhiệm.",
        permissions=frozenset(
            {
                Permission.CLASSES_VIEW,
                Permission.FILES_READ_OWN,
                Permission.RESULTS_READ,
                Permission.RESULTS_READ_CLASS,
                Permission.SIGN,
                Permission.SIGN_HOMEROOM,
            }
        ),
    ),
    Role(
        name="group_head",
        display_name="Tổ trưởng chuyên môn",
        description="Xem, rà soát điểm của môn mình dạy ở mọi lớp.",
        permissions=frozenset(
            {Permission.CLASSES_VIEW, Permission.RESULTS_READ, Permission.RESULTS_READ_SUBJECT}
        ),
    ),
    Role(
        name="academic_office",
        display_name="Nhân sự học vụ",
        description="Rà soát dữ liệu của cả trường và lưu trữ sổ đã ký.",
        permissions=frozenset(
            {
                Permission.CLASSES_VIEW,
                Permission.FILES_READ_SCHOOL,
                Permission.RESULTS_READ,
                Permission.RESULTS_READ_SCHOOL,
            }
        ),
    ),
    Role(
        name="clerk",
        display_name="Nhân sự văn thư",
        description="Ký bằng chữ ký số của nhà trường lên sổ cả năm, kết chuyển và ban hành.",
        permissions=frozenset(
            {
                Permission.CLASSES_VIEW,
                Permission.FILES_READ_YEAR,
                Permission.HANDOVER_SEND,
                Permission.SIGN,
                Permission.SIGN_SEAL,
            }
        ),
    ),
    Role(
        name="leadership",
        display_name="Phó hiệu trưởng",
        description="Xem kết quả của cả trường và ký xác nhận kết quả cả năm theo phân công.",
        permissions=frozenset(
            {
                Permission.CLASSES_VIEW,
                Permission.FILES_READ_SCHOOL,
                Permission.HANDOVER_SEND,
                Permission.RESULTS_READ,
                Permission.RESULTS_READ_SCHOOL,
                Permission.SIGN,
                Permission.SIGN_LEADERSHIP,
            }
        ),
    ),
    Role(
        name="principal",
        display_name="Hiệu trưởng",
        description="Xem kết quả của cả trường và ký xác nhận kết quả cả năm.",
        permissions=frozenset(
            {
                Permission.CLASSES_VIEW,
                Permission.FILES_READ_SCHOOL,
                Permission.HANDOVER_SEND,
                Permission.RESULTS_READ,
                Permission.RESULTS_READ_SCHOOL,
                Permission.SIGN,
                Permission.SIGN_LEADERSHIP,
            }
        ),
    ),
    Role(
        name="administrator",
        display_name="Quản trị viên",
        description="Quản lý tài khoản và xem tiến độ; không xem, không tác động kết quả học tập, rèn luyện.",
        permissions=frozenset({Permission.CLASSES_VIEW}),
    ),
)

ROLES: dict[str, Role] = {role.name: role for role in _ROLES}
