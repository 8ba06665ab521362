"""What `hocba evaluate --help` says: the JSON of every regulation, in Vietnamese."""

from __future__ import annotations

from typing import Final

DESCRIPTION: Final = """\
Tính kết quả năm học của học sinh theo thông tư, kèm lí do bằng lời.

Đầu vào là một đối tượng JSON (một dòng hoặc nhiều dòng), hoặc JSON lines: mỗi dòng một học sinh.
Đầu ra: mỗi học sinh một đối tượng JSON trên một dòng, đúng thứ tự đầu vào. Dòng sai được báo ra
đầu ra lỗi dạng {"error": …, "line": số dòng, "problems": [{"path", "message"}]}; các dòng khác vẫn được tính.
Mã thoát: 0 nếu tất cả đều tính được, 2 nếu có đầu vào sai."""

EPILOG: Final = """\
THÔNG TƯ 22/2021 (THCS, THPT): "regulation": "TT22-2021"

  {"regulation": "TT22-2021", "level": "THCS", "grade": 9,
   "subjects": [
     {"code": "TOAN", "kind": "score",
      "terms": [{"regular": ["8.0", "9.5", "7.0", "8.5"], "midterm": "7.5", "final": "8.0"}, {…}],
      "retest": null},
     {"code": "GDTC", "kind": "comment",
      "terms": [{"regular": ["D", "D"], "midterm": "D", "final": "D"}, {…}], "retest": null}],
   "conduct": {"terms": ["TOT", "KHA"], "after_summer": null}, "absences": 3}

  level         "THCS" (lớp 6–9) hoặc "THPT" (lớp 10–12); grade là số nguyên
  subjects      các môn của riêng học sinh đó trong năm học (môn lựa chọn khác nhau giữa các học sinh)
  code          mã môn học: NGUVAN TOAN NN1 GDCD LSDL KHTN CONGNGHE TINHOC GDTC NGHETHUAT HDTNHN GDDP;
                THPT thêm LICHSU GDQPAN DIALI GDKTPL VATLI HOAHOC SINHHOC AMNHAC MITHUAT; tự chọn NN2 TDTTS
  kind          "score" (nhận xét kết hợp điểm số) hoặc "comment" (nhận xét)
  terms         đúng hai phần tử: học kì I, học kì II; null khi chưa có gì
  điểm          chuỗi có đúng một chữ số thập phân, "0.0" đến "10.0"; nhận xét "D" (Đạt), "CD" (Chưa đạt);
                null là chưa có: kết quả cần đến nó sẽ là null kèm lí do
  midterm,      ngoài điểm còn nhận "EXCUSED" (vắng có lí do, chờ kiểm tra bù) và
  final         "UNEXCUSED" (vắng không lí do hoặc không kiểm tra bù: tính 0,0 hoặc Chưa đạt)
  retest        kết quả đánh giá lại trong kì nghỉ hè; thay kết quả cả năm của môn khi xét lên lớp
  conduct       "TOT" "KHA" "DAT" "CHUA_DAT"; after_summer: kết quả sau rèn luyện trong kì nghỉ hè
  absences      tổng số buổi nghỉ học cả năm (có phép và không phép)

  Không bắt buộc:
  id            mã hồ sơ, được trả lại nguyên văn
  school_year   "2024-2025"; được đối chiếu với lộ trình áp dụng thông tư
  topic         trong một học kì: kết quả cụm chuyên đề được chọn, tính thêm một điểm thường xuyên
  parts         thay cho regular khi môn học do nhiều giáo viên dạy theo phân môn:
                [{"name": "Vật lí", "regular": ["8.0"]}, …]; điểm các phân môn tính như nhau
  recorded      thay cho cả học kì: {"recorded": "7.8"}, kết quả do trường nơi học sinh chuyển đi xác nhận
  exempt        trong một môn: các học kì được miễn, [1], [2] hoặc [1, 2]; học kì đó để null
  individual_plan   true: môn đánh giá theo kế hoạch giáo dục cá nhân (chỉ học sinh khuyết tật)
  disability    {"decision": null | "PROMOTED" | "RETAINED"}: học sinh khuyết tật, hiệu trưởng xét lên lớp

  Kết quả:
  {"subjects": [{"code": "TOAN", "terms": ["8.0", "7.9"], "year": "7.9", "after_retest": null}, …],
   "learning": {"terms": ["TOT", "KHA"], "year": "KHA", "after_retest": null,
                "adjusted_because_of": [null, "GDTC", "GDTC"]},
   "conduct": {"year": "KHA", "after_summer": null},
   "promotion": "PROMOTED", "title": null, "reasons": ["…"]}

  adjusted_because_of   môn học khiến mức được điều chỉnh (Điều 9 khoản 3) ở học kì I, học kì II, cả năm
  promotion     "PROMOTED" được lên lớp (hoàn thành chương trình), "RETEST" được đánh giá lại,
                "SUMMER_TRAINING" phải rèn luyện trong kì nghỉ hè, "RETAINED" không được lên lớp,
                null khi chưa đủ kết quả
  title         "XUAT_SAC", "GIOI" hoặc null
  explanation   chỉ có với --explain: từng bước với số liệu, điều khoản, phiên bản quy định

THÔNG TƯ 27/2020 (tiểu học): "regulation": "TT27-2020"

  {"regulation": "TT27-2020", "level": "TIEUHOC", "grade": 4,
   "subjects": [
     {"code": "TOAN", "levels": ["H", "T", "T", "T"], "tests": ["8", "9", "8", "10"]},
     {"code": "KHOAHOC", "levels": ["T", "T", "T", "T"], "tests": [null, "9", null, "9"]},
     {"code": "DAODUC", "levels": ["T", "T", "T", "T"], "tests": null}],
   "qualities": {"YEUNUOC": ["T", "T", "T", "T"], …},
   "competences": {"TUCHU": ["T", "T", "T", "T"], …},
   "after_support": null, "decision": null, "nomination": null}

  Mỗi danh sách có bốn phần tử: giữa học kì I, cuối học kì I, giữa học kì II, cuối năm học; null khi chưa có.
  code          TIENGVIET TOAN NN1 DAODUC TNXH LSDL KHOAHOC THCN (Tin học và Công nghệ) GDTC NGHETHUAT HDTN
  levels        "T" (Hoàn thành tốt), "H" (Hoàn thành), "C" (Chưa hoàn thành)
  tests         điểm kiểm tra định kì, số nguyên trong chuỗi "0" đến "10"; chỉ ở môn và lần mà lớp đó kiểm tra
  qualities     YEUNUOC NHANAI CHAMCHI TRUNGTHUC TRACHNHIEM: "T" (Tốt), "D" (Đạt), "C" (Cần cố gắng)
  competences   TUCHU GIAOTIEP GIAIQUYET NGONNGU TINHTOAN KHOAHOC THAMMI THECHAT; từ lớp 3 thêm CONGNGHE TINHOC
  Không bắt buộc (như id, school_year ở trên):
  after_support   kết quả đánh giá bổ sung: {"levels": {"TOAN": "H"}, "tests": {"TOAN": "6"}, "traits": {…}}
  decision        quyết định của người có thẩm quyền: "COMPLETED", "NOT_COMPLETED" hoặc null
  nomination      {"excellent_in": ["TOAN"], "progress_in": [], "recognised": true}: đề nghị của giáo viên
                  và sự công nhận của tập thể lớp, cần cho danh hiệu Học sinh Tiêu biểu

  Kết quả:
  {"subjects": [{"code": "TOAN", "year": "T", "test": "10", "after_support": null, "test_after_support": null}, …],
   "overall": {"year": "HOAN_THANH_XUAT_SAC", "after_support": null},
   "completion": {"proposal": "COMPLETED", "decision": null},
   "title": "XUAT_SAC", "title_needs_nomination": false, "reasons": ["…"]}

  overall       "HOAN_THANH_XUAT_SAC", "HOAN_THANH_TOT", "HOAN_THANH", "CHUA_HOAN_THANH" hoặc null
  proposal      "COMPLETED" hoàn thành chương trình lớp học, "SUPPORT" hướng dẫn rồi đánh giá bổ sung,
                "PRINCIPAL_DECIDES" hiệu trưởng quyết định; đây là đề nghị, quyết định là của con người
  title         "XUAT_SAC", "TIEU_BIEU" hoặc null; title_needs_nomination: đủ mức nhưng còn chờ đề nghị

THÔNG TƯ 43/2021 (giáo dục thường xuyên): "regulation": "TT43-2021"

  Như Thông tư 22, thêm (không bắt buộc):
  programme     "GDTX-THCS" hoặc "GDTX-THPT"
  thresholds    các ngưỡng của cơ sở: {"enough_subjects": 5, "good_enough": "8.0", …}. Số môn tối thiểu của
                thông tư này chưa được xác nhận: khi không ghi, kết quả học tập là null kèm lí do.

THÔNG TƯ 58/2011 (THCS, THPT trước lộ trình): "regulation": "TT58-2011"

  Kết quả đã ghi trên học bạ giấy, không tính lại; chỉ đối chiếu và cảnh báo.
  {"regulation": "TT58-2011", "level": "THCS", "grade": 9,
   "subjects": [{"code": "TOAN", "kind": "score", "terms": ["8.0", "8.3"], "year": "8.2"}, …],
   "averages": {"terms": ["8.0", "8.3"], "year": "8.2"},
   "learning": {"terms": ["GIOI", "GIOI"], "year": "GIOI"}, "conduct": {"terms": ["TOT", "TOT"], "year": "TOT"},
   "absences": 3, "promotion": "PROMOTED", "title": "GIOI"}
  learning GIOI KHA TB YEU KEM; conduct TOT KHA TB YEU; title "GIOI", "TIEN_TIEN" hoặc null.

THÔNG TƯ 30/2014 (tiểu học trước lộ trình): "regulation": "TT30-2014"

  {"regulation": "TT30-2014", "level": "TIEUHOC", "grade": 5,
   "subjects": [{"code": "TOAN", "level": "T", "test": "9"}, …],
   "qualities": {"…": "T"}, "competences": {"…": "D"}, "completed": true, "awards": "…"}

  Kết quả của hai thông tư này:
  {"recorded": {…}, "plausible": true, "warnings": [{"path", "message"}], "reasons": ["…"]}
"""
