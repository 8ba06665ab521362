"""Every kind of flaw the reader knows."""

from __future__ import annotations

from typing import Final

from hocba.documents.workbooks.flaw import blocking, warning
from hocba.documents.workbooks.flaws_of_results import RESULTS

_FILES = (
    blocking("directory_unreadable", "Không đọc được thư mục", "{reason}"),
    blocking(
        "directory_empty",
        "Thư mục không có bảng tính",
        "Thư mục không có tệp Excel (.xlsx) nào. Hãy chỉ đúng thư mục chứa bảng tính của trường.",
    ),
    blocking(
        "file_unreadable", "Tệp không đọc được", "{reason} Hãy mở tệp bằng Excel và lưu lại dạng .xlsx."
    ),
    blocking(
        "file_encrypted",
        "Tệp đặt mật khẩu",
        "Tệp được bảo vệ bằng mật khẩu nên không đọc được. Hãy bỏ mật khẩu rồi lưu lại dạng .xlsx.",
    ),
    blocking("file_too_large", "Tệp quá lớn", "{reason} Hãy xoá các dòng, cột, trang tính thừa rồi lưu lại."),
    blocking(
        "file_unrecognised",
        "Không tìm thấy dòng tiêu đề",
        "Không tìm thấy dòng tiêu đề của {what} trong tệp này. Hãy xuất lại tệp theo đúng mẫu.",
    ),
    warning(
        "file_ignored",
        "Tệp không thuộc bộ dữ liệu",
        "Không nhận ra nội dung của tệp nên bỏ qua tệp. Nếu cần nhập tệp này, hãy xuất lại theo đúng mẫu.",
    ),
    blocking("file_missing", "Thiếu tệp", "Thiếu {what}. Hãy bổ sung tệp này vào thư mục."),
    blocking("sheet_missing", "Thiếu trang tính", "Thiếu {what}. Hãy bổ sung trang tính này vào tệp."),
    blocking(
        "sheet_repeated",
        "Hai bảng cho cùng một nội dung",
        "Nội dung này đã có ở trang {where}. Hãy bỏ một trong hai bảng.",
    ),
    blocking(
        "column_missing",
        "Thiếu cột",
        "Không có cột “{column}” trong bảng {what}. Hãy bổ sung cột này hoặc sửa lại tên cột.",
    ),
    blocking(
        "column_repeated",
        "Cột trùng tên",
        "Có hai cột cùng nghĩa “{column}”, không biết dùng cột nào. Hãy bỏ một cột.",
    ),
    blocking(
        "school_code_missing",
        "Thiếu mã trường",
        "Phần đầu danh sách học sinh không có dòng “Mã trường: …”. Hãy ghi mã trường vào dòng trên tiêu đề.",
    ),
    blocking(
        "school_name_missing",
        "Thiếu tên trường",
        "Phần đầu danh sách học sinh không có tên trường. Hãy ghi tên trường vào dòng đầu.",
    ),
    blocking(
        "school_year_missing",
        "Thiếu năm học",
        "Phần đầu danh sách học sinh không có năm học. Hãy ghi vào tiêu đề, ví dụ “NĂM HỌC 2024-2025”.",
    ),
    blocking(
        "title_mismatch",
        "Tiêu đề không khớp",
        "Tiêu đề ghi “{value}” nhưng {where} là “{expected}”. Hãy xem có dán nhầm bảng không rồi sửa.",
    ),
)

_TEXT = (
    warning(
        "text_not_nfc",
        "Chữ tổ hợp dấu (Unicode tổ hợp)",
        "Chữ dùng Unicode tổ hợp; đã chuyển về Unicode dựng sẵn. Nên gõ lại bằng bảng mã Unicode dựng sẵn.",
    ),
    warning(
        "stray_blanks",
        "Thừa khoảng trắng hoặc ký tự ẩn",
        "Thừa khoảng trắng hoặc có ký tự ẩn; đã bỏ phần thừa. Nên sửa lại trong tệp gốc.",
    ),
    warning(
        "lookalike_letter",
        "Chữ trông giống nhưng sai mã",
        "Có chữ trông giống chữ “Đ” nhưng sai mã; đã hiểu là “Đ”. Nên gõ lại bằng bàn phím tiếng Việt.",
    ),
    warning(
        "decimal_comma",
        "Điểm gõ dạng chữ với dấu phẩy",
        "Điểm là chữ với dấu phẩy thập phân; đã hiểu là {meaning}. Nên nhập điểm dưới dạng số.",
    ),
    warning(
        "date_serial",
        "Ngày ghi bằng số thứ tự của Excel",
        "Ngày ghi bằng số thứ tự của Excel; đã hiểu là {meaning}. Hãy kiểm tra và ghi dạng ngày/tháng/năm.",
    ),
    warning(
        "date_cell",
        "Ngày ở kiểu ngày của Excel",
        "Ô ở kiểu ngày của Excel, không phải chữ; đã hiểu là {meaning}. Hãy xem ngày, tháng có bị đảo không.",
    ),
    blocking(
        "date_invalid", "Ngày không có thật", "“{value}” không phải là ngày. Hãy ghi dạng ngày/tháng/năm."
    ),
    blocking(
        "text_too_long", "Nội dung quá dài", "Nội dung dài {length} ký tự, tối đa {limit}. Hãy rút gọn."
    ),
    blocking(
        "formula_text",
        "Nội dung giống công thức",
        "Ô bắt đầu bằng “{first}” nên có thể bị hiểu là công thức. Hãy gõ lại thành chữ thường.",
    ),
    blocking(
        "cell_error",
        "Ô lỗi hoặc công thức chưa tính",
        "Ô chứa lỗi hoặc công thức chưa có kết quả. Hãy nhập trực tiếp giá trị vào ô.",
    ),
    blocking(
        "number_invalid",
        "Không phải số",
        "“{value}” không phải là số ở cột này. Hãy ghi một số nguyên không âm.",
    ),
    blocking("value_missing", "Thiếu thông tin bắt buộc", "Ô “{column}” để trống. Hãy bổ sung."),
)

_PEOPLE = (
    blocking(
        "personal_id_lost_zero",
        "Số định danh mất số 0 đầu",
        "Số định danh cá nhân chỉ còn {length} chữ số, có lẽ Excel đã bỏ số 0 ở đầu. "
        "Hãy định dạng cột là Văn bản (Text) và gõ lại đủ 12 chữ số theo giấy khai sinh hoặc căn cước.",
    ),
    blocking(
        "personal_id_missing",
        "Thiếu số định danh cá nhân",
        "Chưa có số định danh cá nhân của {name}. Hãy bổ sung theo giấy khai sinh hoặc căn cước.",
    ),
    blocking(
        "personal_id_foreign",
        "Học sinh nước ngoài chưa có số định danh",
        "Chưa có số định danh cá nhân của {name}. Chưa có số thì chưa ký được sổ và học bạ số của học sinh. "
        "Hãy đề nghị cha mẹ học sinh làm thủ tục cấp số định danh rồi bổ sung.",
    ),
    blocking(
        "personal_id_malformed",
        "Số định danh sai dạng",
        "Số định danh cá nhân phải có đúng 12 chữ số. Hãy đối chiếu giấy khai sinh hoặc căn cước và gõ lại.",
    ),
    blocking(
        "personal_id_duplicate",
        "Trùng số định danh cá nhân",
        "Số định danh cá nhân đã dùng cho {name} ở dòng {row}. Hãy kiểm tra và sửa cho đúng người.",
    ),
    warning(
        "personal_id_of_staff",
        "Số định danh của học sinh trùng cán bộ",
        "Số định danh cá nhân của học sinh trùng với {name} trong danh sách cán bộ. Hãy kiểm tra lại.",
    ),
    warning(
        "personal_id_sex",
        "Số định danh mâu thuẫn giới tính",
        "Chữ số thứ tư của số định danh cho biết giới tính {expected} nhưng cột giới tính ghi {found}. "
        "Hãy đối chiếu giấy khai sinh và sửa số định danh hoặc giới tính.",
    ),
    warning(
        "personal_id_birth_year",
        "Số định danh mâu thuẫn năm sinh",
        "Số định danh cho biết năm sinh {expected} nhưng ngày sinh ghi năm {found}. "
        "Hãy đối chiếu giấy khai sinh và sửa số định danh hoặc ngày sinh.",
    ),
    warning(
        "personal_id_century",
        "Số định danh mâu thuẫn thế kỉ sinh",
        "Chữ số thứ tư của số định danh ứng với năm sinh {expected} nhưng ngày sinh ghi năm {found}. "
        "Hãy đối chiếu giấy khai sinh.",
    ),
    warning(
        "personal_id_province",
        "Mã nơi đăng ký khai sinh lạ",
        "Ba chữ số đầu “{prefix}” của số định danh không có trong danh mục 63 tỉnh, thành phố. "
        "Nếu không đăng ký khai sinh ở nước ngoài, hãy kiểm tra lại.",
    ),
    warning(
        "age_unusual",
        "Tuổi không hợp với khối",
        "Sinh năm {found} mà học khối {grade} (thường sinh năm {expected}). Hãy kiểm tra ngày sinh và lớp.",
    ),
    warning(
        "name_odd_characters",
        "Họ tên có ký tự lạ",
        "Họ tên có chữ số hoặc ký tự lạ. Hãy kiểm tra và sửa theo giấy khai sinh.",
    ),
    blocking("sex_unknown", "Giới tính không rõ", "“{value}” không phải giới tính. Hãy ghi “Nam” hoặc “Nữ”."),
    warning(
        "ethnic_group_unknown",
        "Dân tộc ngoài danh mục",
        "“{value}” không có trong danh mục 54 dân tộc. Hãy chọn tên theo danh mục.",
    ),
    warning(
        "particular_missing",
        "Lý lịch chưa đủ",
        "Chưa có “{column}” của {name}. Hãy bổ sung vì trang lý lịch của học bạ có mục này.",
    ),
    warning(
        "relative_missing",
        "Thiếu cha, mẹ hoặc người giám hộ",
        "Chưa có họ tên cha, mẹ hoặc người giám hộ của {name}. Hãy bổ sung.",
    ),
    warning("status_unknown", "Trạng thái lạ", "Không hiểu trạng thái “{value}”. Hãy chọn theo danh mục."),
    warning(
        "position_unknown",
        "Vị trí việc làm lạ",
        "Không hiểu vị trí việc làm “{value}”. Hãy ghi Cán bộ quản lý, Giáo viên hoặc Nhân viên.",
    ),
    warning("email_malformed", "Email sai dạng", "“{value}” không phải địa chỉ email. Hãy kiểm tra lại."),
    warning(
        "phone_malformed",
        "Số điện thoại sai dạng",
        "“{value}” không phải số điện thoại Việt Nam (10 chữ số, bắt đầu bằng 0). Hãy kiểm tra lại.",
    ),
    blocking("code_missing", "Thiếu mã", "Dòng này không có “{column}”. Hãy bổ sung."),
    blocking(
        "code_duplicate",
        "Trùng mã",
        "Mã này đã dùng cho {name} ở dòng {row}. Hãy kiểm tra và sửa cho đúng người.",
    ),
)

_LINKS = (
    blocking(
        "class_unknown", "Lớp không có", "Không có lớp “{value}” trong danh sách học sinh. Hãy sửa tên lớp."
    ),
    blocking(
        "class_name_invalid",
        "Tên lớp sai dạng",
        "“{value}” không cho biết khối lớp. Hãy ghi tên lớp dạng “6A1”.",
    ),
    blocking(
        "subject_unknown",
        "Môn học không có",
        "Không có môn học “{value}” trong chương trình. Hãy sửa tên môn.",
    ),
    blocking("term_unknown", "Học kì sai", "“{value}” không phải học kì. Hãy ghi 1 hoặc 2."),
    blocking(
        "staff_unknown",
        "Mã cán bộ không có",
        "Không có mã “{value}” trong danh sách cán bộ. Hãy sửa mã cán bộ.",
    ),
    blocking(
        "staff_name_mismatch",
        "Tên giáo viên không khớp mã",
        "Mã {staff_code} là của {expected} nhưng ở đây ghi “{value}”. Hãy sửa mã hoặc tên.",
    ),
    warning(
        "staff_not_working",
        "Phân công cho người đã nghỉ",
        "{name} đang ở trạng thái “{status}” nhưng vẫn được phân công. Hãy kiểm tra lại.",
    ),
    blocking(
        "assignment_duplicate",
        "Phân công lặp lại",
        "Dòng này lặp lại phân công ở dòng {row}. Hãy bỏ một dòng.",
    ),
    blocking(
        "homeroom_missing", "Lớp chưa có chủ nhiệm", "Lớp {value} chưa có giáo viên chủ nhiệm. Hãy phân công."
    ),
    blocking(
        "homeroom_duplicate",
        "Lớp có hai chủ nhiệm",
        "Lớp {value} đã có giáo viên chủ nhiệm ở dòng {row}. Hãy giữ một người.",
    ),
    blocking(
        "subject_without_teacher",
        "Môn chưa có giáo viên",
        "Chưa phân công giáo viên: {value}. Hãy bổ sung vào bảng phân công.",
    ),
    warning(
        "taught_by_homeroom_teacher",
        "Môn do giáo viên chủ nhiệm dạy",
        "Bảng phân công không nêu giáo viên: {value}. Môn này được phân cho giáo viên chủ nhiệm; nếu không đúng, hãy "
        "bổ sung vào bảng phân công.",
    ),
    blocking(
        "pupil_unknown",
        "Học sinh không có trong danh sách",
        "Không có mã “{value}” trong danh sách học sinh. Hãy sửa mã hoặc bổ sung học sinh.",
    ),
    blocking(
        "pupil_code_lost_zero",
        "Mã học sinh mất số 0 đầu",
        "Mã học sinh mất số 0 ở đầu, có lẽ là “{expected}”. Hãy định dạng cột là Văn bản (Text) và gõ lại.",
    ),
    blocking(
        "pupil_other_class",
        "Học sinh của lớp khác",
        "{name} thuộc lớp {expected}, không thuộc lớp của bảng này. Hãy chuyển sang đúng lớp.",
    ),
    blocking(
        "pupil_repeated", "Học sinh lặp lại trong bảng", "Học sinh này đã có ở dòng {row}. Hãy bỏ một dòng."
    ),
    blocking(
        "pupil_missing",
        "Học sinh thiếu trong bảng của lớp",
        "{name} có trong danh sách lớp nhưng không có trong bảng này. Hãy bổ sung.",
    ),
    blocking(
        "electives_wrong",
        "Sai số môn học lựa chọn",
        "Theo sổ điểm, {name} học các môn lựa chọn: {value}. {advice} Hãy kiểm tra sổ điểm của các môn lựa chọn.",
    ),
    blocking(
        "electives_differ",
        "Môn học lựa chọn khác nhau giữa hai học kì",
        "Theo sổ điểm, {name} có môn lựa chọn chỉ học một học kì: {value}. Hãy kiểm tra sổ điểm của các môn này.",
    ),
    warning(
        "name_mismatch",
        "Họ tên khác danh sách học sinh",
        "Danh sách học sinh ghi “{expected}”. Hãy sửa cho thống nhất.",
    ),
    warning(
        "birth_date_mismatch",
        "Ngày sinh khác danh sách học sinh",
        "Danh sách học sinh ghi ngày sinh {expected}, ở đây là {found}. Hãy sửa cho thống nhất.",
    ),
)

FLAWS: Final = {flaw.code: flaw for flaw in _FILES + _TEXT + _PEOPLE + _LINKS + RESULTS}
