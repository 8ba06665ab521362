"""A school declares certificates on its page, and sees what the Sở makes of them."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hocba.city.schools import actions as city
from hocba.city.schools import queries as city_queries
from hocba.exchange import messages
from hocba.platform.messages.models import OutgoingMessage
from hocba.platform.tenancy import scope
from hocba.signing.demo_ca import DemoAuthority
from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.transcripts.certificates import actions
from hocba.transcripts.certificates.candidates import Candidate, Choice, Examiner
from hocba.transcripts.certificates.models import SentCertificate
from hocba.transcripts.certificates.standings import State, list_standings
from hocba.transcripts.roster import jobs, sync
from tests.fakes.sides import Sides, deliver
from tests.integration.transcripts import world

pytestmark = pytest.mark.django_db

PAGE = "/transcripts/chung-thu-so/khai-bao"


@pytest.fixture
def school(network: Sides, monkeypatch: pytest.MonkeyPatch) -> world.Keys:
    """A school whose present certificates the city approved."""
    of = world.keys()
    world.install_trust(of, city=True)
    world.install_roster(world.pupils(1))
    sync.sync_certificates(world.SCHOOL.code, by="test", at=timezone.now())
    monkeypatch.setattr(jobs.sync_certificates, "defer", copy)
    return of


def copy(school_code: str) -> None:
    sync.sync_certificates(school_code, by="test", at=timezone.now())


def issue(of: world.Keys, name: str = world.STAFF["GV0002"], **changes: Any) -> SoftwareKey:
    """A renewed certificate: of the same person, from today on."""
    return of.authority.issue_person(
        name=name,
        personal_id="079085000003",
        organisation=world.SCHOOL.name,
        **{
            "private_key": ec.generate_private_key(ec.SECP256R1()),
            "valid_from": of.founded + timedelta(days=1),
            **changes,
        },
    )


def clerk() -> Client:
    from tests.integration.transcripts.test_matrix import signed_in

    return signed_in("clerk", world.SCHOOL.code)


def upload(client: Client, **contents: bytes) -> Any:
    files = [SimpleUploadedFile(name.replace("_", "."), content) for name, content in contents.items()]
    return client.post(f"{PAGE}/doc", {"files": files}, follow=True)


def form_of(answer: Any) -> dict[str, Any]:
    """What a browser would send when the review is sent as it is."""
    text = answer.content.decode()
    fields: dict[str, Any] = dict(re.findall(r'name="(der-\d+)" value="([^"]+)"', text))
    for select in re.findall(r'<select id="(holder-\d+)".*?</select>', text, re.DOTALL):
        found = re.search(rf'id="{select}".*?value="([^"]*)" selected', text, re.DOTALL)
        fields[select] = found.group(1) if found else ""
    for name, value in re.findall(r'name="(position-\d+)" value="(\w+)" checked', text):
        fields.setdefault(name, []).append(value)
    return fields | dict.fromkeys(re.findall(r'name="(wanted-\d+)" checked', text), "on")


def der(key: SoftwareKey) -> bytes:
    return key.certificate.public_bytes(Encoding.DER)


def states() -> dict[str, State]:
    """By digest."""
    with scope.acting_for(world.SCHOOL.code):
        found = list_standings(world.SCHOOL.code, at=timezone.now())
    return {each.sha256: each.state for each in found}


def digest(key: SoftwareKey) -> str:
    return city_digest(key.certificate)


def city_digest(certificate: x509.Certificate) -> str:
    from hocba.signing.certificates import fingerprint

    return fingerprint(certificate)


class TestDeclaring:
    def test_goes_from_the_file_to_the_register(self, school: world.Keys) -> None:
        client, fresh = clerk(), issue(school)
        review = upload(client, moi_cer=der(fresh))
        assert "gửi được" in review.content.decode()
        sent = client.post(f"{PAGE}/gui", form_of(review), follow=True)
        assert "Đã gửi 1 chứng thư số" in sent.content.decode()
        assert states()[digest(fresh)] is State.SENT
        deliver()
        assert states()[digest(fresh)] is State.WAITING

        with scope.whole_site():
            (row,) = city_queries.list_certificates().filter(sha256=digest(fresh))
            city.approve(certificate_ids=[row.pk], by="officer", at=timezone.now())
        sync.sync_trust(by="test", at=timezone.now())
        found = states()
        assert found[digest(fresh)] is State.APPROVED
        assert found[city_digest(school.keys["GV0002"].certificate)] is State.RENEWED

    def test_shows_the_reason_of_a_refusal_and_lets_it_be_declared_again(self, school: world.Keys) -> None:
        client, fresh = clerk(), issue(school)
        client.post(f"{PAGE}/gui", form_of(upload(client, moi_cer=der(fresh))))
        deliver()
        with scope.whole_site():
            (row,) = city_queries.list_certificates().filter(sha256=digest(fresh))
            city.refuse(certificate_ids=[row.pk], by="officer", at=timezone.now(), reason="Thiếu hồ sơ")
        sync.sync_trust(by="test", at=timezone.now())
        assert states()[digest(fresh)] is State.REFUSED
        assert "Thiếu hồ sơ" in client.get(PAGE).content.decode()

        client.post(f"{PAGE}/gui", form_of(upload(client, moi_cer=der(fresh))))
        assert states()[digest(fresh)] is State.SENT

    def test_says_what_the_city_did_not_take(self, school: world.Keys, network: Sides) -> None:
        from hocba.platform.messages import ports

        client, fresh = clerk(), issue(school)
        client.post(f"{PAGE}/gui", form_of(upload(client, moi_cer=der(fresh))))
        body = b'{"title": "B\xc3\xa3o tr\xc3\xac"}'
        network.answers["city"] = lambda request: ports.Answer(status=422, headers={}, body=body)
        deliver()

        assert states()[digest(fresh)] is State.NOT_TAKEN
        assert "Bão trì" in client.get(PAGE).content.decode()

    def test_sends_nothing_while_anything_chosen_is_wrong(self, school: world.Keys) -> None:
        client, before = clerk(), OutgoingMessage.objects.count()
        wrong = issue(school, name="Người Lạ")
        form = form_of(upload(client, moi_cer=der(issue(school)), la_cer=der(wrong)))
        answer = client.post(f"{PAGE}/gui", form)
        assert "Còn vấn đề phải xử lý" in answer.content.decode()
        assert OutgoingMessage.objects.count() == before

        del form["wanted-1"]
        client.post(f"{PAGE}/gui", form)
        with scope.acting_for(world.SCHOOL.code):
            assert [row.holder for row in SentCertificate.objects.all()] == ["GV0002"]

    def test_numbers_one_declaration_of_a_school_at_a_time(self, school: world.Keys) -> None:
        client = clerk()
        form = form_of(upload(client, moi_cer=der(issue(school))))
        with CaptureQueriesContext(connection) as asked:
            client.post(f"{PAGE}/gui", form)
        said = [each["sql"] for each in asked.captured_queries]
        locked = [
            number for number, sql in enumerate(said) if "pg_advisory_xact_lock" in sql and "32)" in sql
        ]
        read = [number for number, sql in enumerate(said) if 'MAX("transcripts_certificates' in sql]
        assert locked[0] < read[0]

    def test_numbers_declarations_beyond_2038(self, school: world.Keys) -> None:
        at = timezone.now() + timedelta(days=8000)
        with scope.acting_for(world.SCHOOL.code):
            examiner = Examiner(world.SCHOOL.code, timezone.now())
            (found,) = examiner.examine([examiner.suggest(issue(school).certificate)])
            assert found.item is not None
            actions.declare([found.item], school_code=world.SCHOOL.code, by="clerk", at=at)
            assert SentCertificate.objects.get().version == int(at.timestamp())

    def test_refuses_a_file_with_a_private_key_and_keeps_nothing(self, school: world.Keys) -> None:
        fresh = issue(school)
        secret = fresh.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        answer = upload(clerk(), khoa_pem=secret + fresh.certificate.public_bytes(Encoding.PEM))

        text = html.unescape(answer.content.decode())
        assert "khoa.pem: có chứa khóa bí mật" in text
        assert "Kiểm tra trước khi khai báo" not in text

    @pytest.mark.parametrize("form", [{}, {"der-0": "***"}, {"der-0": "AAAA"}, {"der-1": "AAAA"}])
    def test_survives_a_form_that_nobody_filled_in(self, school: world.Keys, form: dict[str, str]) -> None:
        answer = clerk().post(f"{PAGE}/gui", form, follow=True)

        assert "Không đọc được danh sách vừa gửi" in answer.content.decode()


class TestExaminer:
    def examine(self, *choices: Choice) -> list[Candidate]:
        with scope.acting_for(world.SCHOOL.code):
            return Examiner(world.SCHOOL.code, timezone.now()).examine(choices)

    def stops(self, key: SoftwareKey, holder: str = "GV0002", *positions: str) -> str:
        (found,) = self.examine(
            Choice(certificate=key.certificate, holder=holder, positions=positions or ("teacher",))
        )
        return " ".join(each.text for each in found.findings if each.stops)

    def test_suggests_the_holder_by_name_and_the_positions_by_post(self, school: world.Keys) -> None:
        with scope.acting_for(world.SCHOOL.code):
            examiner = Examiner(world.SCHOOL.code, timezone.now())
            found = {
                code: examiner.suggest(school.keys[code].certificate)
                for code in ("GV0002", "CB0001", world.SCHOOL.code)
            }
        assert {code: (each.holder, each.positions) for code, each in found.items()} == {
            "GV0002": ("GV0002", ("teacher",)),
            "CB0001": ("CB0001", ("teacher", "leader")),
            world.SCHOOL.code: (world.SCHOOL.code, ("seal",)),
        }

    def test_finds_nothing_wrong_with_a_good_one(self, school: world.Keys) -> None:
        assert self.stops(issue(school)) == ""

    def test_tells_everything_at_once(self, school: world.Keys) -> None:
        stranger = DemoAuthority.create(school.founded - timedelta(days=3000), "CA lạ")
        said = self.stops(of_a_stranger(school, stranger), world.SCHOOL.code)

        for words in ("mang tên", "cơ quan, tổ chức", "hết hạn", "tổ chức được tin cậy"):
            assert words in said

    def test_refuses_each_thing_the_city_would(self, school: world.Keys) -> None:
        unit = school.authority.issue_timestamp_unit()
        assert "không dùng được để ký văn bản" in self.stops(unit)
        weak = issue(school, private_key=ec.generate_private_key(ec.SECP192R1()))
        assert "khóa" in self.stops(weak)
        assert "không phải hiệu trưởng" in self.stops(issue(school), "GV0002", "leader")
        assert "Chưa chọn người giữ" in self.stops(issue(school), "GV9999")
        later = issue(school, valid_from=timezone.now().replace(microsecond=0) + timedelta(days=3))
        assert "chưa có hiệu lực" in self.stops(later)

    def test_knows_what_was_declared_and_what_was_revoked(self, school: world.Keys) -> None:
        known, fresh = school.keys["GV0002"], issue(school)
        assert "Đã khai báo rồi: đã phê duyệt" in self.stops(known)
        assert "Đã khai báo cho người khác: Trần Văn Bình" in self.stops(known, "GV0003")
        revoking = replace(school.authority, revoked=[])
        revoking.revoke(fresh.certificate.serial_number, at=school.founded + timedelta(days=1))
        with scope.whole_site():
            lists = revoking.crls(school.founded + timedelta(days=1), school.founded + timedelta(days=99))
            city.load_trust(lists, by="x", at=timezone.now())
        sync.sync_trust(by="test", at=timezone.now())

        assert "Nơi cấp đã thu hồi chứng thư số này" in self.stops(fresh)

    def test_notices_one_that_is_chosen_twice(self, school: world.Keys) -> None:
        choice = Choice(certificate=issue(school).certificate, holder="GV0002", positions=("teacher",))

        assert [each.may_be_sent for each in self.examine(choice, choice)] == [False, False]
        again = self.examine(choice, replace(choice, wanted=False))
        assert again[0].may_be_sent


def of_a_stranger(of: world.Keys, authority: DemoAuthority) -> SoftwareKey:
    """A teacher's certificate of an authority that nobody trusts, and long ended."""
    return authority.issue_person(
        name="Người Lạ",
        personal_id="079085000009",
        organisation="Trường khác",
        private_key=ec.generate_private_key(ec.SECP256R1()),
    )


class TestStandings:
    def test_are_given_to_programs_with_their_history(self, school: world.Keys) -> None:
        found = clerk().get("/transcripts/api/certificates").json()["certificates"]

        mine = {each["holder"]: each for each in found}["GV0002"]
        assert (mine["state"], mine["positions"]) == ("APPROVED", ["teacher"])
        assert [step["step"] for step in mine["history"]] == ["Nhà trường khai báo", "Sở phê duyệt"]

    def test_name_what_ends_and_what_ended(self, school: world.Keys) -> None:
        with scope.whole_site():
            content = city_queries.declared_certificates_of(world.SCHOOL.code)
        assert content is not None
        of_one = {each.holder: each for each in content.certificates}["GV0002"]
        now = timezone.now().replace(microsecond=0)
        day = timedelta(days=1)
        expected = {
            State.EXPIRING: replace(of_one, valid_until=now + 9 * day),
            State.EXPIRED: replace(of_one, valid_until=now - day),
            State.WITHDRAWN: replace(of_one, status="REVOKED", revoked_at=now),
            State.REVOKED: replace(of_one, authority_revoked_at=now - day),
        }
        found = {}
        for state, told in expected.items():
            publish(replace(content, certificates=(told,)))
            (found[state],) = states().values()
        assert found == {state: state for state in expected}


def publish(told: messages.DeclaredCertificates) -> None:
    from hocba.transcripts.roster import actions as roster

    with scope.acting_for(world.SCHOOL.code):
        roster.take_over_declared(world.SCHOOL.code, messages.to_bytes(told), at=timezone.now())
