from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import urllib3

from hocba.documents.xml.files import digest_of
from hocba.exchange.messages import RegisterStatus
from tests.browser.page import Browser
from tests.factories import transcripts
from tests.fakes.published_city import PublishedCity

pytestmark = pytest.mark.browser

VALUE = transcripts.transcript()
CODE = f"/?ma={VALUE.id}&pb=1"


class TestVerdict:
    @pytest.mark.parametrize("javascript", [True, False])
    @pytest.mark.parametrize(
        ("names", "verdict"),
        [
            (["hoc-ba.xml"], "valid"),
            (["hoc-ba.pdf"], "valid"),
            (["hoc-ba.xml", "hoc-ba.pdf"], "valid"),
            (["sua-diem.xml"], "invalid"),
        ],
        ids=["XML", "PDF", "both", "edited XML"],
    )
    def test_is_given_with_and_without_javascript(
        self,
        browser: Browser,
        portal: str,
        city: PublishedCity,
        pair: transcripts.Pair,
        files: dict[str, Path],
        names: list[str],
        verdict: str,
        javascript: bool,
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)
        browser.at(javascript=javascript).open(portal)

        said = browser.choose(*(files[name] for name in names))

        assert said == (", ".join(names) if javascript else "")
        assert browser.verdict() == verdict
        assert browser.errors() == []

    @pytest.mark.parametrize("javascript", [True, False])
    def test_brings_the_evidence_as_a_file_to_keep(
        self,
        browser: Browser,
        portal: str,
        city: PublishedCity,
        pair: transcripts.Pair,
        files: dict[str, Path],
        tmp_path_factory: pytest.TempPathFactory,
        javascript: bool,
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)
        city.evidence[VALUE.id, 1, digest_of(pair.xml).value] = b"PK the bundle"
        browser.at(width=360, javascript=javascript).open(portal)
        browser.choose(files["hoc-ba.xml"])
        assert (browser.verdict(), browser.overflow()) == ("valid", 0)

        kept = browser.save("Tải hồ sơ bằng chứng", tmp_path_factory.mktemp("kept"))

        assert kept.name == f"{VALUE.id}-v1.bang-chung.zip"
        assert kept.read_bytes() == b"PK the bundle"
        assert browser.errors() == []

    def test_is_given_when_a_file_is_dropped(
        self,
        browser: Browser,
        portal: str,
        city: PublishedCity,
        pair: transcripts.Pair,
        files: dict[str, Path],
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)
        browser.at().open(portal)

        browser.drop(files["hoc-ba.pdf"])

        assert browser.verdict() == "valid"
        assert browser.errors() == []

    def test_follows_a_code_of_another_version_with_a_warning(
        self,
        browser: Browser,
        portal: str,
        city: PublishedCity,
        pair: transcripts.Pair,
        files: dict[str, Path],
    ) -> None:
        city.registers(VALUE, xml=pair.xml, pdf=pair.pdf, status=RegisterStatus.REPLACED, replaced_by=2)
        browser.at().open(f"{portal}/?ma={VALUE.id}&pb=2")

        browser.choose(files["hoc-ba.xml"])

        assert browser.verdict() == "invalid"
        assert "không phải học bạ của mã QR" in browser.text()
        assert browser.heading() == "ĐÃ ĐƯỢC THAY THẾ"


class TestPages:
    @pytest.mark.parametrize("width", [1280, 360, 320])
    @pytest.mark.parametrize("path", ["/", CODE, "/?ma=x", "/dang-nhap", "/livez-not"])
    def test_fit_their_window_and_say_their_name_and_language(
        self, browser: Browser, portal: str, path: str, width: int
    ) -> None:
        browser.at(width=width).open(portal + path)

        assert browser.overflow() <= 0
        assert browser.language() == "vi"
        assert browser.heading()
        assert browser.title().endswith("· Cổng xác thực học bạ số")
        assert [error for error in browser.errors() if "404 (Not Found)" not in error] == []

    @pytest.mark.parametrize("name", ["hoc-ba.xml", "sua-diem.xml"])
    def test_of_a_verdict_fits_the_narrowest_phone(
        self, browser: Browser, portal: str, files: dict[str, Path], name: str
    ) -> None:
        browser.at(width=320).open(portal)

        browser.choose(files[name])

        assert browser.verdict() != "valid"
        assert browser.overflow() <= 0

    def test_first_page_is_at_most_60_kilobytes_compressed(self, browser: Browser, portal: str) -> None:
        browser.at().open(portal)
        parts = browser.driver.execute_script(
            "return [location.href, ...performance.getEntriesByType('resource').map((entry) => entry.name)]"
        )

        sizes = [len(gzip.compress(urllib3.request("GET", part).data)) for part in parts]

        assert len(parts) >= 3, "page, style sheet, script"
        assert sum(sizes) <= 60_000
