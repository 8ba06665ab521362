"""Kinds of flaws of marks, levels, conduct and absences."""

from __future__ import annotations

from hocba.documents.workbooks.flaw import blocking, warning

RESULTS = (
    blocking(
        "mark_out_of_range",
        "Điểm ngoài thang 0–10",
        "Điểm phải từ 0 đến 10. Hãy kiểm tra, có thể thiếu dấu phẩy.",
    ),
    blocking(
        "mark_decimals",
        "Điểm có hơn một chữ số thập phân",
        "Điểm là số nguyên hoặc số có một chữ số thập phân sau khi làm tròn (TT 22/2021, Điều 5). "
        "Hãy đề nghị giáo viên làm tròn rồi nhập lại.",
    ),
    blocking("mark_not_a_mark", "Không phải điểm", "“{value}” không phải điểm. Hãy nhập lại hoặc để trống."),
    blocking(
        "mark_kind",
        "Sai hình thức đánh giá của môn",
        "{subject} đánh giá bằng {kind}, ở đây là “{value}”. Hãy nhập lại.",
    ),
    warning(
        "mark_missing", "Thiếu điểm", "Chưa có điểm “{column}” của {name}. Hãy bổ sung trước khi khoá sổ."
    ),
    warning(
        "mark_column_empty",
        "Cả cột điểm còn trống",
        "Chưa có điểm “{column}” của học sinh nào trong lớp. Hãy bổ sung trước khi khoá sổ.",
    ),
    warning(
        "regular_marks_few",
        "Thiếu cột điểm thường xuyên",
        "Bảng có {found} cột điểm thường xuyên, quy định là {expected} (TT 22/2021, Điều 6). Hãy bổ sung.",
    ),
    blocking(
        "topic_unexpected",
        "Cột chuyên đề ngoài THPT",
        "Chỉ cấp trung học phổ thông có chuyên đề học tập (TT 22/2021, Điều 6). Hãy bỏ cột “{column}”.",
    ),
    blocking(
        "test_mark_invalid",
        "Điểm kiểm tra định kì sai",
        "Điểm kiểm tra định kì của tiểu học là số nguyên từ 0 đến 10 (TT 27/2020, Điều 7). Hãy nhập lại.",
    ),
    blocking(
        "test_not_held",
        "Có điểm ở lần không kiểm tra",
        "Lần đánh giá này không có bài kiểm tra định kì môn {subject}. Hãy xoá điểm hoặc chuyển sang đúng lần.",
    ),
    blocking(
        "level_unknown", "Mức đánh giá không có", "“{value}” không phải mức đánh giá. Hãy ghi {levels}."
    ),
    blocking(
        "overall_unknown", "Kết quả giáo dục không có", "“{value}” không phải mức đánh giá kết quả giáo dục."
    ),
    blocking(
        "time_unknown",
        "Không rõ lần đánh giá",
        "Không biết bảng này là lần đánh giá nào. Hãy ghi vào tiêu đề.",
    ),
    blocking("tick_unknown", "Ô đánh dấu sai", "“{value}” không phải dấu. Hãy ghi “x” hoặc để trống."),
    blocking(
        "conduct_unknown",
        "Mức rèn luyện không có",
        "“{value}” không phải mức rèn luyện. Hãy ghi Tốt, Khá, Đạt hoặc Chưa đạt.",
    ),
    warning(
        "conduct_missing",
        "Thiếu kết quả rèn luyện",
        "Chưa có kết quả rèn luyện “{column}” của {name}. Hãy bổ sung trước khi khoá sổ.",
    ),
    blocking(
        "absences_invalid",
        "Số buổi nghỉ sai",
        "“{value}” không phải số buổi nghỉ. Hãy ghi số nguyên từ 0 trở lên, không quá số buổi học của năm.",
    ),
    blocking(
        "absences_missing", "Thiếu số buổi nghỉ", "Ô để trống. Hãy ghi 0 nếu {name} không nghỉ buổi nào."
    ),
)
