from __future__ import annotations

import re
import time
from contextlib import ExitStack
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.utils import timezone
from pypdf import PdfReader

from hocba.documents.xml.files import digest_of
from hocba.exchange.messages import RegisterStatus
from hocba.platform.audit.queries import list_events_of
from hocba.portal.verification import published, sandbox, sheets, uploads
from hocba.portal.verification.models import PublishedCopy
from tests.factories import transcripts
from tests.fakes.published_city import PublishedCity

VALUE = transcripts.transcript()


@pytest.fixture(autouse=True)
def _as_portal() -> Any:
    with override_settings(ROOT_URLCONF="hocba.sites.portal_urls", HOCBA_SIDE="portal"):
        yield


def drop(*contents: bytes, names: tuple[str, ...] = (), **fields: str) -> Any:
    files = [
        SimpleUploadedFile(name, content)
        for name, content in zip(names or ("mot.xml", "hai.pdf", "ba.xml"), contents, strict=False)
    ]
    return Client().post("/", {"documents": files, **fields})


def verdict_of(page: Any) -> str:
    found = re.search(r'data-verdict="(\w+)"', page.content.decode())
    return found[1] if found else f"no verdict, status {page.status_code}"


def verdicts_of_files(page: Any) -> list[str]:
    return re.findall(r'data-file="(\w+)"', page.content.decode())


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def sealed_of(page: Any) -> str:
    found = re.search(r'name="ket_qua" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def printed(answer: Any) -> str:
    reader = PdfReader(BytesIO(answer.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


class TestResultSheet:
    def test_prints_what_the_page_said_without_the_file(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)

        answer = Client().post("/ket-qua", {"ket_qua": sealed_of(drop(pair.xml)), "dang": "pdf"})

        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Cache-Control"] == "no-store"
        text = printed(answer)
        for wanted in ("HỢP LỆ", "mot.xml", "Trần Minh Anh", "Đang có hiệu lực trong cơ sở dữ liệu"):
            assert wanted in text
        assert "079214000123" not in text

    def test_says_that_a_good_file_was_revoked(self, city: PublishedCity, pair: transcripts.Pair) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf, status=RegisterStatus.REVOKED)

        text = printed(Client().post("/ket-qua", {"ket_qua": sealed_of(drop(pair.xml))}))

        assert "ĐÃ BỊ THU HỒI" in text
        assert "không đạt" in text

    def test_carries_no_personal_number_even_unseen(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)

        carried = str(signing.loads(sealed_of(drop(pair.xml, pair.pdf)), salt=sheets.SALT))

        assert "Trần Minh Anh" in carried
        assert not re.search(r"(?<![0-9a-f])\d{12}(?![0-9a-f])", carried.replace(VALUE.id, ""))

    @pytest.mark.parametrize("kind", ["pdf", "html"])
    def test_waits_its_turn_with_the_checking_of_files(
        self, city: PublishedCity, pair: transcripts.Pair, monkeypatch: pytest.MonkeyPatch, kind: str
    ) -> None:
        sealed = sealed_of(drop(pair.xml))
        monkeypatch.setattr(sandbox, "WAIT_SECONDS", 0.01)

        with ExitStack() as others:
            for _ in range(sandbox.CHILDREN):
                others.enter_context(sandbox.turn())
            refused = Client().post("/ket-qua", {"ket_qua": sealed, "dang": kind})
        after = Client().post("/ket-qua", {"ket_qua": sealed, "dang": kind})

        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
        assert after.status_code == 200

    def test_has_a_page_too(self, city: PublishedCity, pair: transcripts.Pair) -> None:
        answer = Client().post("/ket-qua", {"ket_qua": sealed_of(drop(pair.xml, pair.pdf)), "dang": "html"})

        assert answer["Content-Type"].startswith("text/html")
        assert answer.content.decode().count('class="verdict') == 2

    @pytest.mark.parametrize("change", [lambda text: text[:-1], lambda _: "", lambda text: "x" + text])
    def test_is_refused_for_words_that_are_not_ours(
        self, city: PublishedCity, pair: transcripts.Pair, change: Any
    ) -> None:
        answer = Client().post("/ket-qua", {"ket_qua": change(sealed_of(drop(pair.xml)))})

        assert answer.status_code == 410

    def test_is_refused_after_an_hour(
        self, city: PublishedCity, pair: transcripts.Pair, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sealed = sealed_of(drop(pair.xml))
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + 3700)

        answer = Client().post("/ket-qua", {"ket_qua": sealed})

        assert answer.status_code == 410
        assert "quá một giờ" in text_of(answer)

    def test_is_not_given_to_get(self, city: PublishedCity) -> None:
        assert Client().get("/ket-qua").status_code == 405


class TestVerdict:
    def test_shows_the_rows_of_article_10_and_what_was_not_checked(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)

        text = text_of(drop(pair.xml))

        assert "Các nội dung phải kiểm tra" in text
        assert "Cấu trúc tệp XML" in text
        unchecked = text.split("Kết luận trên không dựa vào những điều sau.")[1]
        assert "Nhật ký công khai" in unchecked
        assert "Tình trạng trong cơ sở dữ liệu" not in unchecked
        assert "Bằng chứng về thời điểm ký" not in unchecked

    def test_says_that_no_time_is_proven_of_a_file_the_register_does_not_know(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        unchecked = text_of(drop(pair.xml)).split("Kết luận trên không dựa vào những điều sau.")[1]

        assert "Bằng chứng về thời điểm ký" in unchecked

    def test_of_a_registered_xml_is_valid_and_shows_what_was_signed(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)

        page = drop(pair.xml)

        assert verdict_of(page) == "valid"
        assert "Trần Minh Anh" in text_of(page)
        assert "079214000123" not in page.content.decode()

    def test_of_a_registered_pdf_is_valid(self, city: PublishedCity, pair: transcripts.Pair) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)

        assert verdict_of(drop(pair.pdf)) == "valid"

    def test_of_a_pair_in_any_order_compares_both(self, city: PublishedCity, pair: transcripts.Pair) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)

        for contents in ((pair.xml, pair.pdf), (pair.pdf, pair.xml)):
            page = drop(*contents)
            assert verdicts_of_files(page) == ["valid", "valid"]
            assert "Bản XML và bản PDF là một cặp" in text_of(page)

    def test_lists_six_items_for_each_xml_signature_and_five_for_each_of_a_pdf(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        for content, items, signatures in (
            (pair.xml, 6, len(transcripts.acts(VALUE))),
            (pair.pdf, 5, 3),
        ):
            lists = re.findall(
                r'<details class="signature".*?</details>', drop(content).content.decode(), re.DOTALL
            )
            assert [each.count("<li") for each in lists] == [items] * signatures

    def test_of_an_xml_with_one_digit_changed_is_invalid_and_says_that_it_was_edited(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)
        edited = pair.xml.replace(b">8.0<", b">9.0<", 1)
        assert edited != pair.xml

        page = drop(edited)

        assert verdict_of(page) == "invalid"
        assert "đã bị sửa sau khi ký" in text_of(page)
        assert "#mh-" not in text_of(page)

    def test_of_a_pdf_with_one_byte_changed_is_invalid(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        edited = bytearray(pair.pdf)
        edited[len(pair.unsigned_pdf) // 2] ^= 1

        assert verdict_of(drop(bytes(edited))) == "invalid"

    def test_is_that_of_the_worse_file_and_each_file_keeps_its_own(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)
        edited = bytearray(pair.pdf)
        edited[len(pair.unsigned_pdf) // 2] ^= 1

        page = drop(pair.xml, bytes(edited))

        assert verdict_of(page) == "invalid"
        assert verdicts_of_files(page) == ["valid", "invalid"]

    def test_does_not_call_two_good_files_of_two_transcripts_invalid(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        other = transcripts.another_pupil()
        other_xml = transcripts.sign_xml(transcripts.school(), other)
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)
        city.registers(other, xml=other_xml)

        page = drop(other_xml, pair.pdf)

        assert verdicts_of_files(page) == ["valid", "valid"]
        assert "kiểm tra riêng" in text_of(page)


class TestRegister:
    @pytest.mark.parametrize(
        ("status", "title"),
        [(RegisterStatus.REVOKED, "ĐÃ BỊ THU HỒI"), (RegisterStatus.REPLACED, "ĐÃ ĐƯỢC THAY THẾ")],
    )
    def test_that_ended_a_version_makes_a_good_file_invalid_without_calling_it_forged(
        self, city: PublishedCity, pair: transcripts.Pair, status: RegisterStatus, title: str
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf, status=status, replaced_by=2)

        page = drop(pair.xml)

        assert verdict_of(page) == "invalid"
        assert f"<h1>{title}</h1>" in page.content.decode()
        assert "không bị sửa" in text_of(page)

    def test_that_ended_a_version_does_not_soften_a_forgery(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        plan = [act for act in transcripts.acts(VALUE) if act.role != "seal"]
        unsealed = transcripts.sign_xml(city.school, VALUE, plan=plan)
        city.registers(VALUE, xml=unsealed, pdf=pair.pdf, status=RegisterStatus.REVOKED)

        assert "<h1>KHÔNG HỢP LỆ</h1>" in drop(unsealed).content.decode()

    def test_that_does_not_know_a_version_leaves_it_undecided(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        page = drop(pair.xml)

        assert verdict_of(page) == "indeterminate"
        assert "Không có trong cơ sở dữ liệu" in text_of(page)

    def test_that_knows_another_file_by_this_name_makes_it_invalid(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)
        again = transcripts.sign_xml(transcripts.school(), VALUE)
        assert again != pair.xml

        page = drop(again)

        assert verdict_of(page) == "invalid"
        assert "đã được đăng ký với một tệp khác" in text_of(page)

    def test_proves_a_file_whose_certificates_ended_since(
        self, city: PublishedCity, pair: transcripts.Pair, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # The sample's certificates end in 2031; its revocation lists are made anew for the later day.
        later = transcripts.NOW.replace(year=2032)
        files = city.school.trust_files() | city.school.authority.crls(
            later - timedelta(days=1), later + timedelta(days=1)
        )
        monkeypatch.setattr(type(city.school), "trust_files", lambda self: files)
        monkeypatch.setattr(timezone, "now", lambda: later)

        without = verdict_of(drop(pair.xml))
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)

        assert (without, verdict_of(drop(pair.xml))) == ("indeterminate", "valid")


class TestSilentCity:
    def test_leaves_the_verdict_undecided_and_is_asked_once(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        city.is_reachable = False

        page = drop(pair.xml)

        assert verdict_of(page) == "indeterminate"
        assert "Chưa hỏi được" in text_of(page)
        assert city.asked == ["/exchange/v1/trust"]

    def test_does_not_hide_that_a_file_was_edited(self, city: PublishedCity, pair: transcripts.Pair) -> None:
        city.is_reachable = False

        assert verdict_of(drop(pair.xml.replace(b">8.0<", b">9.0<", 1))) == "invalid"

    def test_with_a_young_copy_of_its_trust_still_leaves_the_state_undecided(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)
        assert verdict_of(drop(pair.xml)) == "valid"
        city.is_reachable = False

        page = drop(pair.xml)

        assert verdict_of(page) == "indeterminate"
        assert "đạt" in text_of(page)

    def test_makes_a_copy_of_a_day_ago_useless(self, city: PublishedCity) -> None:
        published.trust_files(at=transcripts.NOW)
        PublishedCopy.objects.update(fetched_at=transcripts.NOW - timedelta(hours=25))
        city.is_reachable = False

        with pytest.raises(published.CityUnreachableError):
            published.trust_files(at=transcripts.NOW)

    def test_that_answers_nonsense_counts_as_silent(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        city.bodies["/exchange/v1/trust"] = b'{"type":"something"}'

        assert verdict_of(drop(pair.xml)) == "indeterminate"

    def test_is_never_asked_for_a_school_code_that_is_a_path(self, city: PublishedCity) -> None:
        with pytest.raises(published.CityUnreachableError):
            published.register_file("../../trust", at=transcripts.NOW)

        assert city.asked == []


class TestBadFile:
    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "Tệp rỗng"),
            (b"PK\x03\x04" + b"0" * 100, "Word, Excel"),
            (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "tệp ảnh"),
            ("<a/>".encode("utf-16"), "UTF-8"),
            (b"<a>" * 100_000, "hỏng"),
            (b"%PDF-1.7\n%%EOF\n", "không phải học bạ số"),
        ],
        ids=["empty", "ZIP or docx", "picture", "UTF-16", "deep", "another PDF"],
    )
    def test_is_unreadable_and_told_why(self, city: PublishedCity, content: bytes, sentence: str) -> None:
        page = drop(content)

        assert verdict_of(page) == "unreadable"
        assert sentence in text_of(page)

    def test_larger_than_any_transcript_is_refused_without_being_judged(
        self, city: PublishedCity, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delattr(sandbox, "judge")

        page = drop(b"<a>" + b" " * uploads.LARGEST_FILE, names=("lon.xml",))

        assert page.status_code == 422
        assert "lon.xml lớn hơn 20 MB" in text_of(page)

    def test_is_not_written_to_a_disk(self, city: PublishedCity, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", None)

        # Above Django's own bound, at which it would begin a temporary file.
        assert verdict_of(drop(b" " * (5 * 1024 * 1024))) == "unreadable"

    def test_among_more_than_two_is_refused(self, city: PublishedCity) -> None:
        page = drop(b"<a/>", b"<b/>", b"<c/>")

        assert page.status_code == 422
        assert "Mỗi lần chỉ kiểm tra một học bạ" in text_of(page)

    def test_that_was_forgotten_is_asked_for(self, city: PublishedCity) -> None:
        page = Client().post("/", {})

        assert page.status_code == 422
        assert "Hãy chọn tệp học bạ số" in text_of(page)

    def test_that_takes_too_long_is_told_so(
        self, city: PublishedCity, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def ended(*_: Any, **__: Any) -> None:
            raise sandbox.JudgingEndedError

        monkeypatch.setattr(sandbox, "judge", ended)

        page = drop(b"<a/>")

        assert verdict_of(page) == "unreadable"
        assert "đã được dừng" in text_of(page)

    def test_that_nobody_has_time_for_is_to_be_dropped_again(
        self, city: PublishedCity, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def busy(*_: Any, **__: Any) -> None:
            raise sandbox.BusyError

        monkeypatch.setattr(sandbox, "judge", busy)

        page = drop(b"<a/>")

        assert (page.status_code, page.headers["Retry-After"]) == (503, "60")
        assert verdict_of(page) == "no verdict, status 503"


class TestCode:
    def test_of_a_registered_version_shows_its_state_and_nothing_of_the_pupil(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)

        page = Client().get("/", {"ma": VALUE.id, "pb": "1"})

        assert 'data-register="CURRENT"' in page.content.decode()
        assert "Mã QR chưa chứng tỏ" in text_of(page)
        assert VALUE.pupil.name not in page.content.decode()
        assert VALUE.class_name not in page.content.decode()

    def test_of_a_replaced_version_names_the_one_to_use(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf, status=RegisterStatus.REPLACED, replaced_by=2)

        assert "đã có phiên bản 2 thay thế" in text_of(Client().get("/", {"ma": VALUE.id, "pb": "1"}))

    def test_that_is_unknown_or_unanswered_says_so(self, city: PublishedCity) -> None:
        unknown = Client().get("/", {"ma": VALUE.id, "pb": "1"}).content.decode()
        city.is_reachable = False
        unanswered = Client().get("/", {"ma": VALUE.id, "pb": "1"}).content.decode()

        assert 'data-register="UNKNOWN"' in unknown
        assert 'data-register=""' in unanswered

    @pytest.mark.parametrize(
        "query", [{"ma": "x", "pb": "1"}, {"ma": VALUE.id}, {"ma": VALUE.id, "pb": "-1"}]
    )
    def test_that_is_none_is_not_looked_up(self, city: PublishedCity, query: dict[str, str]) -> None:
        page = Client().get("/", query)

        assert page.status_code == 200
        assert "Mã trong đường dẫn không đúng" in text_of(page)
        assert city.asked == []

    def test_of_another_transcript_than_the_file_is_pointed_out(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)
        warning = "Tệp này không phải học bạ của mã QR"

        assert warning not in text_of(drop(pair.xml, ma=VALUE.id, pb="1"))
        assert warning in text_of(drop(pair.xml, ma=VALUE.id, pb="2"))


class TestTrail:
    def test_holds_the_digest_and_the_verdict_and_nothing_of_the_file(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)
        drop(pair.xml)

        (event,) = list_events_of(str(digest_of(pair.xml)))

        assert (event.by, event.details) == ("public", {"verdict": "valid"})
