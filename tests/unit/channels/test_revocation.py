"""Over real sockets of the loopback interface: what a host sends is the point here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509

from hocba.channels import revocation
from hocba.channels.revocation import FetchError, RevocationHosts, Validators
from hocba.signing import ocsp
from hocba.signing.demo_ca import DemoAuthority
from hocba.simulators.revocation_service import RevocationService

NOW = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def host(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A host that behaves as the test wants."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def do_POST(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
        yield address


def say(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture(scope="module")
def authority() -> DemoAuthority:
    return DemoAuthority.create(NOW - timedelta(days=1), "CA thử")


class TestWithTheSimulatedService:
    @pytest.fixture
    def service(self, authority: DemoAuthority) -> Iterator[RevocationService]:
        server = RevocationService(0, lambda: authority, clock=lambda: NOW)
        with serving(server):
            yield server

    def test_fetches_a_list_and_asks_only_for_news_afterwards(self, service: RevocationService) -> None:
        address = f"{service.address}/issuing.crl"
        hosts = RevocationHosts([address])

        first = hosts.fetch_list(address)
        assert first.content is not None
        assert x509.load_der_x509_crl(first.content).next_update_utc == NOW.replace(minute=0) + timedelta(
            days=1
        )
        again = hosts.fetch_list(address, first.validators)
        assert again.content is None
        assert again.validators.etag == first.validators.etag

    def test_gets_answers_that_count(self, service: RevocationService, authority: DemoAuthority) -> None:
        person = authority.issue_person(name="An", personal_id="079085000001", organisation="Trường")
        issuer = authority.issuing.certificate
        address = f"{service.address}/ocsp"

        answer = RevocationHosts([address]).ask(address, ocsp.build_request(person.certificate, issuer))
        assert ocsp.check_answer(answer, person.certificate, issuer, now=NOW).revoked_at is None

    def test_says_when_there_is_nothing(self, service: RevocationService) -> None:
        address = f"{service.address}/other.crl"

        with pytest.raises(FetchError, match="404"):
            RevocationHosts([address]).fetch_list(address)


class TestRevocationHosts:
    def test_ask_no_address_that_was_not_given(self) -> None:
        with pytest.raises(FetchError, match="not an address"):
            RevocationHosts(["http://127.0.0.1:1/a.crl"]).fetch_list("http://127.0.0.1:1/b.crl")

    def test_tell_that_nobody_answers_without_the_inner_text(self) -> None:
        with pytest.raises(FetchError, match=r"^127\.0\.0\.1: NewConnectionError$"):
            RevocationHosts(["http://127.0.0.1:1/a.crl"]).fetch_list("http://127.0.0.1:1/a.crl")

    def test_follow_a_redirect_on_the_same_host(self) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            if handler.path == "/old":
                say(handler, 302, location="/new")
            else:
                say(handler, 200, b"list")

        with host(answer) as address:
            assert RevocationHosts([f"{address}/old"]).fetch_list(f"{address}/old").content == b"list"

    @pytest.mark.parametrize("target", ["http://127.0.0.1:2/x", "http://example.com/x", "file:///etc/passwd"])
    def test_follow_none_to_another_place(self, target: str) -> None:
        with (
            host(lambda handler: say(handler, 302, location=target)) as address,
            pytest.raises(FetchError, match="another host"),
        ):
            RevocationHosts([address]).fetch_list(address)

    def test_give_up_a_circle(self) -> None:
        with (
            host(lambda handler: say(handler, 302, location="/again")) as address,
            pytest.raises(FetchError, match="too many"),
        ):
            RevocationHosts([address]).fetch_list(address)

    def test_read_no_more_than_allowed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(revocation, "LARGEST_REVOCATION_LIST", 1000)

        with (
            host(lambda handler: say(handler, 200, b"0" * 1001)) as address,
            pytest.raises(FetchError, match="more than 1000"),
        ):
            RevocationHosts([address]).fetch_list(address)

    def test_wait_no_longer_than_allowed(self) -> None:
        release = threading.Event()

        def drip(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("content-length", "1000")
            handler.end_headers()
            while not release.wait(0.05):
                handler.wfile.write(b"0")
                handler.wfile.flush()

        with host(drip) as address:
            hosts = RevocationHosts([address], whole_seconds=0.3)
            with pytest.raises(FetchError, match=r"too long|Timeout"):
                hosts.fetch_list(address)
            release.set()

    def test_wait_for_an_answer_still_less_and_tell_silence_from_a_fault(self) -> None:
        release = threading.Event()
        with host(lambda _: release.wait(5) and None) as address:
            hosts = RevocationHosts([address], whole_seconds=30, answer_seconds=0.2)
            with pytest.raises(revocation.SilentHostError):
                hosts.ask(address, b"question")
            release.set()

    def test_tell_a_fault_from_silence(self) -> None:
        with (
            host(lambda handler: say(handler, 500)) as address,
            pytest.raises(FetchError, match="500") as caught,
        ):
            RevocationHosts([address]).fetch_list(address)
        assert not isinstance(caught.value, revocation.SilentHostError)

    def test_refuse_what_is_packed(self) -> None:
        with (
            host(lambda handler: say(handler, 200, b"zip", content_encoding="gzip")) as address,
            pytest.raises(FetchError, match="compressed"),
        ):
            RevocationHosts([address]).fetch_list(address)

    def test_forget_unreasonable_validators(self) -> None:
        with host(lambda handler: say(handler, 200, b"x", etag="e" * 500)) as address:
            assert RevocationHosts([address]).fetch_list(address).validators == Validators()
