"""Code lists of the sector: provinces, ethnic groups, sexes, states of pupils and staff, nationality.

Sources: provinces as in TT 07/2016/TT-BCA (63, first three digits of a personal ID); ethnic groups as in
QĐ 121-TCTK/PPCĐ 1979; states as the workbooks of the sector database write them. Spelling varies between
sources, so look-ups ignore accents, capitals, blanks and punctuation and know aliases.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple


class EthnicGroup(NamedTuple):
    """One of the 54 ethnic groups: two-digit code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilState:
    """State of a pupil at the school; an attending pupil must appear in every mark book of the class."""

    name: str
    attending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffState:
    """State of a member of staff; only those at work may be assigned."""

    name: str
    working: bool


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """Lower-case letters and digits of a text without accents: "Mã học sinh" → "mahocsinh"."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("ð", "d"))
    return "".join(character for character in decomposed if character.isalnum())


PROVINCES_63: Final = {
    "001": "Hà Nội", "002": "Hà Giang", "004": "Cao Bằng", "006": "Bắc Kạn", "008": "Tuyên Quang",
    "010": "Lào Cai", "011": "Điện Biên", "012": "Lai Châu", "014": "Sơn La", "015": "Yên Bái",
    "017": "Hòa Bình", "019": "Thái Nguyên", "020": "Lạng Sơn", "022": "Quảng Ninh", "024": "Bắc Giang",
    "025": "Phú Thọ", "026": "Vĩnh Phúc", "027": "Bắc Ninh", "030": "Hải Dương", "031": "Hải Phòng",
    "033": "Hưng Yên", "034": "Thái Bình", "035": "Hà Nam", "036": "Nam Định", "037": "Ninh Bình",
    "038": "Thanh Hóa", "040": "Nghệ An", "042": "Hà Tĩnh", "044": "Quảng Bình", "045": "Quảng Trị",
    "046": "Thừa Thiên Huế", "048": "Đà Nẵng", "049": "Quảng Nam", "051": "Quảng Ngãi", "052": "Bình Định",
    "054": "Phú Yên", "056": "Khánh Hòa", "058": "Ninh Thuận", "060": "Bình Thuận", "062": "Kon Tum",
    "064": "Gia Lai", "066": "Đắk Lắk", "067": "Đắk Nông", "068": "Lâm Đồng", "070": "Bình Phước",
    "072": "Tây Ninh", "074": "Bình Dương", "075": "Đồng Nai", "077": "Bà Rịa – Vũng Tàu",
    "079": "Hồ Chí Minh", "080": "Long An", "082": "Tiền Giang", "083": "Bến Tre", "084": "Trà Vinh",
    "086": "Vĩnh Long", "087": "Đồng Tháp", "089": "An Giang", "091": "Kiên Giang", "092": "Cần Thơ",
    "093": "Hậu Giang", "094": "Sóc Trăng", "095": "Bạc Liêu", "096": "Cà Mau",
}  # fmt: skip

ETHNIC_GROUPS: Final = tuple(
    EthnicGroup(f"{number:02d}", name)
    for number, name in enumerate(
        (
            "Kinh", "Tày", "Thái", "Hoa", "Khơ-me", "Mường", "Nùng", "HMông", "Dao", "Gia-rai", "Ngái",
            "Ê-đê", "Ba-na", "Xơ-đăng", "Sán Chay", "Cơ-ho", "Chăm", "Sán Dìu", "Hrê", "Mnông", "Ra-glai",
            "Xtiêng", "Bru-Vân Kiều", "Thổ", "Giáy", "Cơ-tu", "Gié-Triêng", "Mạ", "Khơ-mú", "Co", "Tà-ôi",
            "Chơ-ro", "Kháng", "Xinh-mun", "Hà Nhì", "Chu-ru", "Lào", "La Chí", "La Ha", "Phù Lá", "La Hủ",
            "Lự", "Lô Lô", "Chứt", "Mảng", "Pà Thẻn", "Co Lao", "Cống", "Bố Y", "Si La", "Pu Péo", "Brâu",
            "Ơ Đu", "Rơ-măm",
        ),
        start=1,
    )
)  # fmt: skip

_ETHNIC_ALIASES: Final = {
    "Việt": "01", "Khmer": "05", "Khơ me": "05", "Miên": "05", "Mông": "08", "H'Mông": "08", "Mèo": "08",
    "Hán": "04", "Jrai": "10", "Gia Lai": "10", "Rhade": "12", "Rađê": "12", "Bahnar": "13", "Bana": "13",
    "Sedang": "14", "Cao Lan": "15", "Sán Chỉ": "15", "K'Ho": "16", "Cờ Ho": "16", "Chàm": "17",
    "H'rê": "19", "M'Nông": "20", "Raglay": "21", "Stiêng": "22", "X'tiêng": "22", "Vân Kiều": "23",
    "Bru": "23", "Nhắng": "25", "Katu": "26", "Giẻ Triêng": "27", "Châu Mạ": "28", "Khơ Mú": "29",
    "Cor": "30", "Cua": "30", "Tà Ôi": "31", "Pa Cô": "31", "Chơ Ro": "32", "Châu Ro": "32",
    "Sinh Mun": "34", "Churu": "36", "Cờ Lao": "47", "Bố Y": "49", "Ơđu": "53", "Rơ Măm": "54",
}  # fmt: skip

PUPIL_STATES: Final = (
    PupilState(name="Đang học", attending=True),
    PupilState(name="Chuyển đến", attending=True),
    PupilState(name="Chuyển đến kì 1", attending=True),
    PupilState(name="Chuyển đến kì 2", attending=True),
    PupilState(name="Nghỉ học xin học lại", attending=True),
    PupilState(name="Lưu ban", attending=True),
    PupilState(name="Chuyển đi", attending=False),
    PupilState(name="Chuyển đi kì 1", attending=False),
    PupilState(name="Chuyển đi kì 2", attending=False),
    PupilState(name="Thôi học", attending=False),
    PupilState(name="Bảo lưu", attending=False),
    PupilState(name="Đã tốt nghiệp", attending=False),
)

STAFF_STATES: Final = (
    StaffState(name="Đang làm việc", working=True),
    StaffState(name="Chuyển đến", working=True),
    StaffState(name="Hợp đồng", working=True),
    StaffState(name="Nghỉ thai sản", working=False),
    StaffState(name="Nghỉ không lương", working=False),
    StaffState(name="Chuyển đi", working=False),
    StaffState(name="Nghỉ hưu", working=False),
    StaffState(name="Thôi việc", working=False),
    StaffState(name="Đã nghỉ việc", working=False),
)

POSITIONS: Final = ("Cán bộ quản lý", "Giáo viên", "Nhân viên")

VIETNAM: Final = "Việt Nam"

_SEXES: Final = {"nam": "NAM", "trai": "NAM", "nu": "NU", "gai": "NU"}
_VIETNAMESE: Final = frozenset({"vietnam", "vn", "vnm"})

# Without accents no two of the 54 names coincide (a test holds that), so accents can be ignored.
_ETHNIC_BY_NAME: Final = {plain(group.name): group for group in ETHNIC_GROUPS} | {
    plain(alias): ETHNIC_GROUPS[int(code) - 1] for alias, code in _ETHNIC_ALIASES.items()
}
_ETHNIC_BY_CODE: Final = {group.code: group for group in ETHNIC_GROUPS}
_PUPIL_STATE_BY_NAME: Final = {plain(state.name): state for state in PUPIL_STATES}
_STAFF_STATE_BY_NAME: Final = {plain(state.name): state for state in STAFF_STATES}
_POSITION_BY_NAME: Final = {plain(name): name for name in POSITIONS} | {
    "cbql": POSITIONS[0],
    "gv": POSITIONS[1],
}


def ethnic_group(text: str) -> EthnicGroup | None:
    """Find an ethnic group by name, alias or two-digit code; None when there is no such group."""
    return _ETHNIC_BY_CODE.get(text.strip()) or _ETHNIC_BY_NAME.get(plain(text))


def sex(text: str) -> str | None:
    """NAM or NU for "Nam", "Nữ" and the like; None for anything else (also for 0, unknown)."""
    return _SEXES.get(plain(text))


def pupil_state(text: str) -> PupilState | None:
    """Find the state of a pupil by its name."""
    return _PUPIL_STATE_BY_NAME.get(plain(text))


def staff_state(text: str) -> StaffState | None:
    """Find the state of a member of staff by its name."""
    return _STAFF_STATE_BY_NAME.get(plain(text))


def position(text: str) -> str | None:
    """Find the kind of post (vị trí việc làm) by its name or abbreviation."""
    return _POSITION_BY_NAME.get(plain(text))


def is_vietnamese(nationality: str) -> bool:
    """Whether a nationality as written means Vietnam."""
    return plain(nationality) in _VIETNAMESE
