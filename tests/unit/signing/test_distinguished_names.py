from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from hocba.signing.distinguished_names import is_written, parse, parts_of

NAME = x509.Name(
    [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, 'Trường "Hoa Mai", cơ sở 2'),
        x509.NameAttribute(NameOID.COMMON_NAME, "Nguyễn Thị Ánh"),
        x509.NameAttribute(NameOID.USER_ID, "CCCD:079185000123"),
    ]
)
UID = "0.9.2342.19200300.100.1.1"
QUOTED = 'O="Trường ""Hoa Mai"", cơ sở 2"'
ESCAPED = 'Trường \\"Hoa Mai\\"\\, cơ sở 2'


class TestIsWritten:
    @pytest.mark.parametrize(
        "text",
        [
            NAME.rfc4514_string(),
            # .NET: the certificate's order reversed or not, quotes, OIDs, blanks after commas
            f"OID.{UID}=CCCD:079185000123, CN=Nguyễn Thị Ánh, {QUOTED}, C=VN",
            f"C=VN, {QUOTED}, CN=Nguyễn Thị Ánh, {UID}=CCCD:079185000123",
            # bytes escaped as OpenSSL does, a DER string, lower-case keywords
            f"uid=CCCD:079185000123,cn=Nguy\\E1\\BB\\85n Th\\E1\\BB\\8B \\C3\\81nh,o={ESCAPED},c=VN",
            f"{UID}=#0c11{b'CCCD:079185000123'.hex()},CN=Nguyễn Thị Ánh,O={ESCAPED},C=VN",
        ],
    )
    def test_accepts_every_toolkits_writing(self, text: str) -> None:
        assert is_written(text, parts_of(NAME))

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "CN=Nguyễn Thị Ánh",
            "CN=Nguyễn Thị Ánh,UID=CCCD:079185000123,O=Trường,C=VN",
            'CN=Nguyễn Thị Ánh,UID=CCCD:079185000123,O="Trường ""Hoa Mai"", cơ sở 2",C=VN',  # neither order
            NAME.rfc4514_string() + ",DC=x",
            NAME.rfc4514_string().replace("CN=", "OU="),
            NAME.rfc4514_string().replace("Ánh", "Anh"),
            NAME.rfc4514_string() + "\\",
            "no name at all",
        ],
    )
    def test_refuses_another_name(self, text: str) -> None:
        assert not is_written(text, parts_of(NAME))

    def test_never_matches_an_empty_subject(self) -> None:
        assert not is_written("", parts_of(x509.Name([])))

    def test_reads_decomposed_letters_as_composed(self) -> None:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ánh")])

        assert is_written("CN=A\u0301nh", parts_of(name))

    def test_keeps_parts_with_two_values_together(self) -> None:
        pair = x509.RelativeDistinguishedName(
            [x509.NameAttribute(NameOID.COMMON_NAME, "A"), x509.NameAttribute(NameOID.USER_ID, "1")]
        )

        assert is_written("UID=1+CN=A", parts_of(x509.Name([pair])))
        assert not is_written("UID=1,CN=A", parts_of(x509.Name([pair])))


class TestParse:
    @pytest.mark.parametrize("text", ["CN", "XYZ=1", 'CN="a', "CN=#0c", "CN=#0c05ab", "CN=#zz", "CN=a\\"])
    def test_refuses_what_is_no_name(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            parse(text)
