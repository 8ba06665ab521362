from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hocba.documents.verification import Verdict, verify
from hocba.signing import algorithms, trust
from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba_agent.config import Config
from tests.factories import soft_tokens as tokens
from tests.factories import transcripts
from tests.unit.agent.conftest import ORIGIN, Agent, Page, identity

pytestmark = pytest.mark.external


def name_of(key: SoftwareKey) -> str:
    return identity(key.certificate.public_bytes(Encoding.DER))


def texts(count: int, start: int = 0) -> list[bytes]:
    return [f"<SignedInfo>{number}</SignedInfo>".encode() for number in range(start, start + count)]


def values(answer: dict[str, object]) -> list[bytes]:
    made = answer["signatures"]
    assert isinstance(made, dict)
    return [base64.b64decode(made[str(number)]) for number in range(len(made))]


class TestWhoMayCall:
    @pytest.mark.parametrize(
        "host",
        ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}"],
    )
    def test_refuses_names_that_lead_here(self, agent: Agent, host: str) -> None:
        page = agent.page()
        page.headers["Host"] = host.format(port=page.port)

        status, answer, headers = page.call("GET", "/v1/status")

        assert (status, answer["code"]) == (421, "host_refused")
        assert "access-control-allow-origin" not in headers

    @pytest.mark.parametrize(
        "origin",
        [
            None,
            "null",
            "http://hocba.truong.example",
            "file://",
            "https://a.example/",
            "https://A.example",
            "https://a b",
        ],
    )
    def test_refuses_pages_that_may_be_anybody(self, agent: Agent, origin: str | None) -> None:
        status, answer, headers = agent.page(origin).call("GET", "/v1/status")

        assert (status, answer["code"]) == (403, "origin_refused")
        assert "access-control-allow-origin" not in headers

    def test_lets_exactly_the_asking_page_read_the_answer(self, agent: Agent) -> None:
        status, answer, headers = agent.page().call("GET", "/v1/status")

        assert (status, answer["agent"]) == (200, "hocba-agent")
        assert headers["access-control-allow-origin"] == ORIGIN
        assert headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in headers
        assert "set-cookie" not in headers

    def test_answers_preflights_also_those_of_private_network_access(self, agent: Agent) -> None:
        status, _, headers = agent.page().call(
            "OPTIONS",
            "/v1/batches",
            Access_Control_Request_Method="POST",
            Access_Control_Request_Headers="authorization,content-type,hocba-user",
            Access_Control_Request_Private_Network="true",
        )

        assert status == 204
        assert headers["access-control-allow-private-network"] == "true"
        assert headers["access-control-allow-origin"] == ORIGIN
        assert "hocba-user" in headers["access-control-allow-headers"]

    @pytest.mark.parametrize("mode", ["navigate", "no-cors", "websocket", "same-origin"])
    def test_refuses_links_forms_and_images(self, agent: Agent, mode: str) -> None:
        status, answer, _ = agent.page().call("GET", "/v1/status", Sec_Fetch_Mode=mode)

        assert (status, answer["code"]) == (403, "origin_refused")

    def test_refuses_what_is_no_json(self, agent: Agent) -> None:
        page = agent.page()

        assert (
            page.call("POST", "/v1/pairings", b"{}", Content_Type="text/plain")[1]["code"]
            == "wrong_media_type"
        )
        assert page.call("POST", "/v1/pairings", b"[1]")[1]["code"] == "malformed"
        assert page.call("POST", "/v1/pairings", b"[" * 16_000)[1]["code"] == "malformed"
        assert page.call("POST", "/v1/nothing", {})[1]["code"] == "not_found"
        assert page.call("DELETE", "/v1/status")[1]["code"] == "not_found"


class TestOnlyListedOrigins:
    @pytest.fixture
    def config(self) -> Config:
        return Config(
            libraries=(tokens.soft_tokens().agent_library,), origins=(ORIGIN,), only_listed_origins=True
        )

    def test_serves_those_and_tells_the_others_plainly(self, agent: Agent) -> None:
        assert agent.page().call("GET", "/v1/status")[0] == 200
        for method in ("GET", "OPTIONS"):
            status, answer, headers = agent.page("https://other.example").call(method, "/v1/status")
            assert (status, answer["code"]) == (403, "origin_refused")
            assert headers["access-control-allow-origin"] == "https://other.example"


class TestPairing:
    def test_shows_the_person_page_account_and_the_code_of_the_page(self, agent: Agent) -> None:
        page = agent.page()
        code = page.pair()

        [question] = agent.person.pairings
        assert (question.page, question.user, question.code) == ("hocba.truong.example", "gv0006", code)
        assert page.certificates()

    def test_gives_nothing_when_the_person_says_no(self, agent: Agent) -> None:
        agent.person.says_yes = False
        page = agent.page()
        _, offer, _ = page.call("POST", "/v1/pairings", {"user": "gv0006"})

        assert (
            page.call("POST", f"/v1/pairings/{offer['pairing']}/confirmation", {})[1]["code"]
            == "pairing_refused"
        )
        assert (
            page.call("POST", f"/v1/pairings/{offer['pairing']}/confirmation", {})[1]["code"]
            == "pairing_expired"
        )
        assert len(agent.person.pairings) == 1

    def test_is_needed_for_everything_that_touches_a_token(self, agent: Agent) -> None:
        page = agent.page()
        for method, path in (
            ("GET", "/v1/certificates"), ("POST", "/v1/batches"), ("POST", "/v1/batches/x/sign"),
            ("POST", "/v1/batches/x/resume"), ("GET", "/v1/batches/x"), ("DELETE", "/v1/batches/x"),
            ("DELETE", "/v1/pairings/current"),
        ):  # fmt: skip
            status, answer, _ = page.call(method, path, {} if method == "POST" else None)
            assert (status, answer["code"]) == (401, "not_paired"), path

    def test_counts_for_its_own_page_and_account_only(self, agent: Agent) -> None:
        paired = agent.paired()
        for origin, user in (("https://evil.example", "gv0006"), (ORIGIN, "gv0001")):
            thief = agent.page(origin, user)
            thief.token = paired.token
            assert thief.call("GET", "/v1/certificates")[1]["code"] == "not_paired"

    def test_ends_when_its_time_is_over_and_when_the_page_says_so(self, agent: Agent) -> None:
        first, second = agent.paired(), agent.paired(user="gv0001")
        assert second.call("DELETE", "/v1/pairings/current")[1] == {"ended": True}
        assert second.call("GET", "/v1/certificates")[1]["code"] == "not_paired"

        agent.clock.advance(days=89)
        assert first.certificates()
        agent.clock.advance(days=2)
        assert first.call("GET", "/v1/certificates")[1]["code"] == "not_paired"

    def test_keeps_a_digest_of_the_token_in_a_file_of_this_account_only(self, agent: Agent) -> None:
        page = agent.paired()
        file = agent.directory / "pairings.json"

        assert page.token is not None
        assert page.token not in file.read_text("utf-8")
        assert hashlib.sha256(page.token.encode()).hexdigest() in file.read_text("utf-8")
        assert file.stat().st_mode & 0o077 == 0


class TestCertificates:
    def test_are_those_that_may_sign_and_not_the_authorities(self, agent: Agent) -> None:
        found = agent.paired().certificates()

        assert set(found) == {
            name_of(key) for key in (agent.soft.rsa, agent.soft.elliptic, agent.soft.seal, agent.soft.asking)
        }
        entry = found[name_of(agent.soft.rsa)]
        assert (entry["name"], entry["key"], entry["token"]) == ("Vũ Văn Giang", "RSA-2048", tokens.TEACHER)
        assert base64.b64decode(entry["certificate"]) == agent.soft.rsa.certificate.public_bytes(Encoding.DER)

    def test_are_none_without_a_library_or_with_one_that_does_not_load(
        self, agent: Agent, tmp_path: Path
    ) -> None:
        page = agent.paired()
        broken = tmp_path / "broken.so"
        broken.write_bytes(b"not a library")

        agent.api._tokens._configured = ()
        assert page.call("GET", "/v1/certificates")[1]["code"] == "no_library"
        agent.api._tokens._configured = (str(broken),)
        assert page.call("GET", "/v1/certificates")[1]["code"] == "library_broken"


class TestSigning:
    @pytest.mark.parametrize("kind", ["rsa", "elliptic"])
    def test_signs_a_list_under_one_pin_and_others_agree(
        self, agent: Agent, kind: str, tmp_path: Path
    ) -> None:
        page, key, items = agent.paired(), getattr(agent.soft, kind), texts(7)

        status, batch = page.open(name_of(key), items)
        assert (status, batch["count"], batch["signed"]) == (200, 7, 0)
        made = values(page.sign(items[:4])[1]) + values(page.sign(items[4:])[1])

        assert len(agent.person.questions) == 1
        question = agent.person.questions[0]
        assert (question.count, question.title, question.signer) == (7, "Học bạ lớp 9A1", "Vũ Văn Giang")
        for item, value in zip(items, made, strict=True):
            algorithms.verify_raw(key.certificate, value, item)
        (tmp_path / "key.pem").write_bytes(
            key.certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
        (tmp_path / "text").write_bytes(items[0])
        (tmp_path / "value").write_bytes(made[0])
        said = subprocess.run(
            ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "value", "text"],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        ).stdout  # fmt: skip
        assert said == "Verified OK\n"

    def test_makes_a_transcript_that_our_verifier_accepts(self, agent: Agent) -> None:
        page, school = agent.paired(), transcripts.school()

        class ThroughTheAgent:
            certificate, chain = agent.soft.seal.certificate, agent.soft.seal.chain

            def sign(self, to_be_signed: bytes) -> bytes:
                page.open(name_of(agent.soft.seal), [to_be_signed])
                return values(page.sign([to_be_signed])[1])[0]

        file = transcripts.sign_xml(
            school,
            transcripts.transcript(),
            override={transcripts.SCHOOL.code: ThroughTheAgent()},  # type: ignore[dict-item]
        )

        assert (
            verify(file, trust=trust.load(school.trust_files()), at=transcripts.NOW).verdict is Verdict.VALID
        )

    def test_refuses_bytes_that_were_not_announced_and_signs_none_of_the_chunk(self, agent: Agent) -> None:
        page, items = agent.paired(), texts(3)
        page.open(name_of(agent.soft.rsa), items)

        status, answer = page.sign([items[0], b"<SignedInfo>another</SignedInfo>"])

        assert (status, answer["code"], answer["items"]) == (422, "foreign_bytes", ["1"])
        assert page.call("GET", f"/v1/batches/{page.batch}")[1]["signed"] == 0

    def test_never_signs_more_than_was_announced(self, agent: Agent) -> None:
        page, items = agent.paired(), texts(3)
        page.open(name_of(agent.soft.elliptic), items)
        first = values(page.sign(items)[1])

        again = values(page.sign(items)[1])

        assert again == first  # ECDSA differs each time it signs: nothing was signed twice
        assert page.sign(texts(4))[1]["code"] == "foreign_bytes"
        assert page.call("GET", f"/v1/batches/{page.batch}")[1]["signed"] == 3

    @pytest.mark.parametrize(
        "changes",
        [
            {"count": 4},
            {"digest": "sha256:" + "0" * 64},
            {"digests": ["0" * 64] * 3},
            {"digests": ["X" * 64] * 3},
            {"digests": [hashlib.sha256(item).hexdigest() for item in reversed(texts(3))]},
            {"left": []},
            {"left": ["0" * 64]},
            {"left": [hashlib.sha256(texts(1)[0]).hexdigest()] * 4},
        ],
    )
    def test_refuses_a_list_that_is_not_the_one_of_the_server(
        self, agent: Agent, changes: dict[str, object]
    ) -> None:
        status, answer = agent.paired().open(name_of(agent.soft.rsa), texts(3), **changes)

        assert (status, answer["code"]) == (422, "digest_mismatch")
        assert agent.person.questions == []

    def test_signs_only_the_rest_of_a_list_and_shows_the_digest_of_the_whole(self, agent: Agent) -> None:
        page, items = agent.paired(), texts(3)
        rest = [hashlib.sha256(items[2]).hexdigest()]

        opened = page.open(name_of(agent.soft.rsa), items, left=rest)[1]

        assert opened["count"] == 1
        assert page.sign(items[:1])[1]["code"] == "foreign_bytes"
        assert page.sign(items[2:])[0] == 200
        [question] = agent.person.questions
        whole = b"".join(hashlib.sha256(item).digest() for item in items)
        assert question.digest == f"sha256:{hashlib.sha256(whole).hexdigest()}"
        assert (question.count, question.whole) == (1, 3)

    def test_gives_a_lost_chunk_again_and_signs_the_rest(self, agent: Agent) -> None:
        page, items = agent.paired(), texts(10)
        page.open(name_of(agent.soft.elliptic), items)
        lost = values(page.sign(items[:5])[1])

        resumed = values(page.sign(items)[1])

        assert resumed[:5] == lost
        assert len(agent.person.questions) == 1

    def test_is_for_one_page_at_a_time(self, agent: Agent) -> None:
        first, second = agent.paired(), agent.paired(user="gv0001")
        items = texts(2)
        first.open(name_of(agent.soft.rsa), items)

        assert second.open(name_of(agent.soft.rsa), items)[1]["code"] == "busy"
        second.batch = first.batch
        assert second.sign(items)[1]["code"] == "no_batch"
        first.call("DELETE", f"/v1/batches/{first.batch}")
        assert second.open(name_of(agent.soft.rsa), items)[0] == 200

    def test_ends_when_nothing_happens_for_too_long(self, agent: Agent) -> None:
        page, items = agent.paired(), texts(4)
        page.open(name_of(agent.soft.rsa), items)
        agent.clock.advance(minutes=4)
        assert page.sign(items[:1])[0] == 200  # work puts it off
        agent.clock.advance(minutes=4)
        assert page.sign(items[:2])[0] == 200
        agent.clock.advance(minutes=5)

        assert agent.api.desk.close_idle() is True
        assert page.sign(items)[1]["code"] == "no_batch"

    def test_signs_three_hundred_in_a_few_seconds(
        self, agent: Agent, capsys: pytest.CaptureFixture[str]
    ) -> None:
        page, items = agent.paired(), texts(300)
        page.open(name_of(agent.soft.rsa), items)
        begun = time.perf_counter()
        for start in range(0, 300, 25):
            assert page.sign(items[start : start + 25])[0] == 200
        seconds = time.perf_counter() - begun

        with capsys.disabled():
            sys.stdout.write(
                f"\nagent: {300 / seconds:.0f} signatures a second (RSA-2048, SoftHSM2, chunks of 25)\n"
            )
        assert seconds < 15


class TestPin:
    def test_that_is_wrong_is_said_with_a_warning_and_never_tried_again(self, agent: Agent) -> None:
        page, items = agent.paired(), texts(1)
        agent.person.pins = ["000000"]

        status, answer = page.open(name_of(agent.soft.rsa), items)

        assert (status, answer["code"], answer["attempts"]) == (403, "wrong_pin", "few")
        assert "khóa" in answer["message"]
        assert len(agent.person.questions) == 1
        assert page.open(name_of(agent.soft.rsa), items)[0] == 200
        assert "đã sai mã PIN" in agent.person.questions[1].warning
        page.call("DELETE", f"/v1/batches/{page.batch}")
        page.open(name_of(agent.soft.rsa), items)
        assert agent.person.questions[2].warning == ""

    def test_may_be_refused_by_the_person(self, agent: Agent) -> None:
        agent.person.pins = [None]

        assert agent.paired().open(name_of(agent.soft.rsa), texts(1))[1]["code"] == "cancelled"

    def test_is_in_no_answer_and_no_file(self, agent: Agent) -> None:
        page = agent.paired()
        _, answer = page.open(name_of(agent.soft.rsa), texts(1))

        assert tokens.PIN not in json.dumps(answer)
        assert all(tokens.PIN not in file.read_text("utf-8") for file in agent.directory.iterdir())

    def test_is_asked_for_each_signature_where_the_key_wants_that(self, agent: Agent) -> None:
        page, items = agent.paired(), texts(2)
        page.open(name_of(agent.soft.asking), items)

        made = values(page.sign(items)[1])

        for item, value in zip(items, made, strict=True):
            algorithms.verify_raw(agent.soft.asking.certificate, value, item)
        assert [question.reason for question in agent.person.questions] == [
            "",
            "Thiết bị này đòi mã PIN cho từng chữ ký: chữ ký 1/2.",
            "Thiết bị này đòi mã PIN cho từng chữ ký: chữ ký 2/2.",
        ]


class TestTokenThatIsPulledOut:
    def out(self, agent: Agent) -> None:
        pkcs11.lib(agent.soft.agent_library).finalize()
        (agent.soft.directory / "tokens").rename(agent.soft.directory / "away")
        (agent.soft.directory / "tokens").mkdir()

    def back(self, agent: Agent) -> None:
        (agent.soft.directory / "tokens").rmdir()
        (agent.soft.directory / "away").rename(agent.soft.directory / "tokens")

    def test_is_said_plainly_and_the_batch_goes_on_when_it_is_back(self, agent: Agent) -> None:
        page, items = agent.paired(), texts(6)
        page.open(name_of(agent.soft.elliptic), items)
        before = values(page.sign(items[:3])[1])
        self.out(agent)
        try:
            assert page.sign(items)[1]["code"] == "token_removed"
            assert page.call("GET", f"/v1/batches/{page.batch}")[1]["token_is_there"] is False
            assert page.call("POST", f"/v1/batches/{page.batch}/resume", {})[1]["code"] == "no_token"
        finally:
            self.back(agent)
        assert page.sign(items)[1]["code"] == "token_removed"  # back is not enough: the PIN is asked for

        status, batch, _ = page.call("POST", f"/v1/batches/{page.batch}/resume", {})

        assert (status, batch["signed"], batch["token_is_there"]) == (200, 3, True)
        assert agent.person.questions[-1].count == 3
        made = values(page.sign(items)[1])
        assert made[:3] == before
        for item, value in zip(items, made, strict=True):
            algorithms.verify_raw(agent.soft.elliptic.certificate, value, item)


class TestAnotherPagesScript:
    def test_cannot_use_a_stolen_token_to_sign(self, agent: Agent) -> None:
        victim, items = agent.paired(), texts(2)
        victim.open(name_of(agent.soft.rsa), items)
        thief = Page(victim.port, "https://evil.example", victim.user)
        thief.token, thief.batch = victim.token, victim.batch

        assert thief.sign(items)[1]["code"] == "not_paired"
        assert victim.sign(items)[0] == 200
