"""The schemas themselves, and how findings are told."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from lxml import etree

from hocba.documents.xml import schemas, simple_types

XS = "{http://www.w3.org/2001/XMLSchema}"
EXPLAINED = (
    "hoc-ba-1.0.xsd",
    "hoc-ba-chung-1.0.xsd",
    "hoc-ba-tieu-hoc-1.0.xsd",
    "so-lop-1.0.xsd",
    "so-lop-tieu-hoc-1.0.xsd",
    "kieu-chung-1.0.xsd",
    "kieu-tieu-hoc-1.0.xsd",
    "chu-ky-1.0.xsd",
)
OURS = (*EXPLAINED, "xmldsig-ho-so-1.0.xsd")
# Each type of a value in Python with the type of the schema that must accept exactly the same text.
PAIRS = {
    "VanBanNgan": simple_types.SHORT,
    "Ten": simple_types.NAME,
    "DiaChi": simple_types.ADDRESS,
    "NhanXet": simple_types.REMARK,
    "Uuid": simple_types.UUID_TEXT,
    "PhienBan": simple_types.VERSION,
    "GiaTriBam": simple_types.DIGEST,
    "SoDinhDanhCaNhan": simple_types.PERSONAL_ID,
    "Ma": simple_types.IDENTIFIER,
    "NgaySinh": simple_types.BIRTH_DATE,
    "QuyDinhDanhGia": simple_types.REGULATION,
    "MauHocBa": simple_types.FORM,
    "CapHoc": simple_types.LEVEL_OF_SCHOOLING,
    "CapTruong": simple_types.SCHOOL_LEVEL,
    "Khoi": simple_types.GRADE,
    "HocKy": simple_types.TERM,
    "SoBuoi": simple_types.COUNT,
    "DoDai": simple_types.LENGTH,
    "GioiTinh": simple_types.SEX,
    "MaMon": simple_types.SUBJECT_CODE,
    "HinhThucDanhGia": simple_types.KIND,
    "Diem": simple_types.MARK,
    "Muc": simple_types.LEVEL,
    "LenLop": simple_types.PROMOTION,
    "DanhHieu": simple_types.TITLE,
    "NamHoc": simple_types.SCHOOL_YEAR,
}
PRIMARY_PAIRS = {
    "QuyDinhTieuHoc": simple_types.PRIMARY_REGULATION,
    "MauTieuHoc": simple_types.PRIMARY_FORM,
    "CapTieuHoc": simple_types.PRIMARY_LEVEL,
    "KhoiTieuHoc": simple_types.PRIMARY_GRADE,
    "MucMonHoc": simple_types.SUBJECT_LEVEL,
    "MucPhamChatNangLuc": simple_types.TRAIT_LEVEL,
    "DiemKiemTra": simple_types.TEST_MARK,
    "NhomPhamChatNangLuc": simple_types.TRAIT_GROUP,
    "KetQuaGiaoDuc": simple_types.OVERALL,
    "HoanThanh": simple_types.COMPLETED,
    "LenLopTieuHoc": simple_types.PROMOTED,
}
SAMPLES = [
    *(
        "",
        " ",
        "A",
        "a",
        "x" * 30,
        "x" * 31,
        "ệ" * 100,
        "ệ" * 101,
        "y" * 200,
        "y" * 201,
        "z" * 500,
        "z" * 501,
    ),
    *(
        "w" * 2000,
        "w" * 2001,
        "0",
        "00",
        "01",
        "1",
        "2",
        "3",
        "12",
        "13",
        "999",
        "1000",
        "9999",
        "10000",
        "-1",
        "+1",
    ),
    *("1 ", " 1", "1.0", "999999999", "1000000000", "8.0", "8,0", "10.0", "10.1", "8", "D", "CD", "d", "Đ"),
    *(
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "0F8FAD5B-D9CB-469F-A165-70867728950E",
        "0f8fad5bd9cb469fa16570867728950e",
    ),
    *("sha256:" + "a" * 64, "sha256:" + "A" * 64, "sha256:" + "a" * 63, "sha1:" + "a" * 40, "a" * 64),
    *("079313224404", "79313224404", "0793132244040", "07931322440a", "٠٧٩٣١٣٢٢٤٤٠٤"),
    *(
        "2013",
        "2013-07",
        "2013-07-16",
        "2013-7",
        "2013-13",
        "2013-07-32",
        "3013",
        "16/07/2013",
        "2013-07-16\n",
    ),
    *("TT22-2021", "TT22-1999", "TT222-2021", "TT22-THCS", "TT22-MN", "TT22-2021 "),
    *("TH", "THCS", "THPT", "GDTX", "TH-THCS", "THCS-THPT", "TH-THCS-THPT", "MN", "NAM", "NU", "Nam"),
    *("TOAN", "NN1", "1NN", "toan", "A" * 20, "A" * 21, "TO AN", "GV0006", "01/A.b-c_d", "GV 06", "GV#6"),
    *("DIEM_SO", "NHAN_XET", "score", "TOT", "KHA", "DAT", "CHUA_DAT", "GIOI", "XUAT_SAC", "PROMOTED"),
    *("DUOC_LEN_LOP", "DANH_GIA_LAI", "REN_LUYEN_TRONG_HE", "KHONG_DUOC_LEN_LOP"),
    *("TT27-2020", "TT27-TH", "T", "H", "C", "5", "6", "10", "11", "9.5", "HOAN_THANH", "CHUA_HOAN_THANH"),
    *("HOAN_THANH_TOT", "HOAN_THANH_XUAT_SAC", "PHAM_CHAT", "NANG_LUC_CHUNG", "NANG_LUC_DAC_THU"),
    *("2024-2025", "1999-2000", "24-25", "2024–2025"),
]


def root_of(name: str) -> etree._Element:
    return etree.parse(schemas.FOLDER / name).getroot()


def accepts_in_python(kind: simple_types.SimpleType, text: str) -> bool:
    """Whether reading the text of an element would take it; an empty element is never taken."""
    try:
        return bool(text) and kind.encode(kind.decode(text)) == text
    except ValueError:
        return False


class TestSchemas:
    @pytest.mark.parametrize("name", OURS)
    def test_are_closed(self, name: str) -> None:
        wildcards = list(root_of(name).iter(f"{XS}any", f"{XS}anyAttribute"))
        untyped = [
            each.get("name")
            for each in root_of(name).iter(f"{XS}element", f"{XS}attribute")
            if not (each.get("type") or each.get("ref") or each.get("fixed") or len(each))
        ]

        assert (wildcards, untyped) == ([], [])

    @pytest.mark.parametrize("name", EXPLAINED)
    def test_explain_every_element_attribute_type_and_code_in_vietnamese(self, name: str) -> None:
        tags = [f"{XS}{each}" for each in ("schema", "element", "attribute", "enumeration")]
        silent = [
            each.get("name") or each.get("value")
            for each in root_of(name).iter(*tags)
            if not each.get("ref") and not each.findtext(f"{XS}annotation/{XS}documentation")
        ]

        assert silent in ([], ["PDF"], ["MON_HOC", "HOC_KY", "NAM_HOC"])

    @pytest.mark.parametrize(
        ("name", "file", "kind"),
        [
            *((name, "kieu-chung-1.0.xsd", kind) for name, kind in PAIRS.items()),
            *((name, "kieu-tieu-hoc-1.0.xsd", kind) for name, kind in PRIMARY_PAIRS.items()),
        ],
    )
    def test_take_the_same_text_as_reading_does(
        self, name: str, file: str, kind: simple_types.SimpleType
    ) -> None:
        included = (schemas.FOLDER / file).as_uri()
        compiled = etree.XMLSchema(
            etree.fromstring(
                f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:include schemaLocation="{included}"/>'
                f'<xs:element name="a" type="{name}"/></xs:schema>'
            )
        )
        for text in SAMPLES:
            element = etree.Element("a")
            element.text = text

            assert compiled.validate(element) == accepts_in_python(kind, text), repr(text)


class TestSchoolYear:
    def test_is_narrower_in_python_where_schemas_cannot_count(self) -> None:
        with pytest.raises(ValueError, match="hai năm liền nhau"):
            simple_types.SCHOOL_YEAR.decode("2024-2026")


class TestValidate:
    def test_gives_the_line_and_the_element(self) -> None:
        (problem, *_) = schemas.validate("hoc-ba-1.0.xsd", etree.fromstring("<a>\n<b/>\n</a>"))

        assert problem.line == 1
        assert problem.message == "Dòng 1: thành phần gốc “a” không thuộc lược đồ này"
        assert problem.detail.startswith("SCHEMAV_CVC_ELT_1: ")

    def test_gives_each_thread_its_own_findings(self) -> None:
        wrong = etree.fromstring("<a/>")
        found: list[int] = []

        def work() -> None:
            found.extend(len(schemas.validate("hoc-ba-1.0.xsd", wrong)) for _ in range(200))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert found == [1] * 800


_FIRST_USE = """
import threading
from hocba.documents.xml import schemas

together, found = threading.Barrier(16), []

def use():
    together.wait()
    try:
        found.append(schemas._schema("hoc-ba-1.0.xsd"))
    except Exception as error:
        found.append(error)

threads = [threading.Thread(target=use) for _ in range(16)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
raise SystemExit(any(isinstance(each, Exception) for each in found))
"""


class TestFirstUse:
    @pytest.mark.parametrize("attempt", range(5))
    def test_by_many_threads_at_once_leaves_libxml2_whole(self, attempt: int) -> None:
        """A web server restarted under load met this: without a table of types no file was valid any more."""
        done = subprocess.run([sys.executable, "-c", _FIRST_USE], check=False, capture_output=True)
        assert done.returncode == 0, (attempt, done.stderr)
