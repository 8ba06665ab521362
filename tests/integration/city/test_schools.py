"""Certificates from declaration to the register, and what is trusted."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from hocba.city.schools import actions, presenting, queries, trust, workflow
from hocba.city.schools.models import CertificateEvent
from hocba.exchange import messages
from hocba.platform.tenancy import scope
from hocba.signing import certificates
from hocba.signing.approvals import read_register
from tests.fakes.sides import HEADER, Sides
from tests.integration.transcripts import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def declared() -> list[int]:
    """Row ids of the certificates a school declared."""
    with scope.whole_site():
        actions.declare(world.declaration(world.keys()), by="side:transcripts", at=timezone.now())
        return list(queries.list_certificates().values_list("pk", flat=True))


def approve(ids: list[int]) -> None:
    with scope.whole_site():
        actions.approve(certificate_ids=ids, by="officer", at=timezone.now())


def register() -> messages.ApprovedCertificates:
    with scope.whole_site():
        found = queries.approved_certificates_of(world.SCHOOL.code)
    assert found is not None
    return found


class TestDeclare:
    def test_approves_nothing_by_itself(self, declared: list[int]) -> None:
        assert len(declared) == len(world.keys().keys)
        assert register().certificates == ()

    def test_of_the_same_again_changes_nothing(self, declared: list[int]) -> None:
        with scope.whole_site():
            assert actions.declare(world.declaration(world.keys()), by="x", at=timezone.now()) == 0

    def test_refuses_an_older_version_with_other_content(self, declared: list[int]) -> None:
        older = replace(world.declaration(world.keys()), school_name="Trường khác")

        with scope.whole_site(), pytest.raises(actions.OutdatedDeclarationError):
            actions.declare(older, by="x", at=timezone.now())

    def test_tells_everything_that_contradicts_the_certificates(self) -> None:
        declaration = world.declaration(world.keys())
        wrong = replace(
            declaration,
            certificates=(
                replace(declaration.certificates[0], name="Người Khác"),
                replace(declaration.certificates[1], kind="organisation", positions=("seal",)),
                replace(declaration.certificates[2], der="AAAA"),
            ),
        )

        with scope.whole_site(), pytest.raises(actions.DeclarationError) as caught:
            actions.declare(wrong, by="x", at=timezone.now())
        assert len(caught.value.problems) >= 3
        with scope.whole_site():
            assert not queries.list_certificates().exists()


class TestApprove:
    def test_puts_the_certificate_into_the_register_of_its_school(self, declared: list[int]) -> None:
        approve(declared)

        school, approvals = read_register(messages.to_bytes(register()))
        assert school == world.SCHOOL.code
        assert {item.holder for item in approvals} == set(world.keys().keys)

    def test_cannot_be_done_twice(self, declared: list[int]) -> None:
        approve(declared)

        with pytest.raises(workflow.TransitionError):
            approve(declared)

    def test_is_written_into_a_history_that_cannot_be_changed(self, declared: list[int]) -> None:
        approve(declared[:1])

        events = CertificateEvent.objects.filter(certificate_id=declared[0]).order_by("id")
        assert [(event.status, event.by) for event in events] == [
            ("DECLARED", "side:transcripts"),
            ("APPROVED", "officer"),
        ]
        with pytest.raises(DatabaseError), transaction.atomic():
            events.update(by="nobody")

    def test_is_known_to_a_process_that_looked_before(self, declared: list[int]) -> None:
        of = world.keys()
        with scope.whole_site():
            actions.load_trust(of.authority.certificate_pems(), by="x", at=timezone.now())
            certificate = of.keys["GV0001"].certificate
            assert not trust.material().approvals.holders(certificate, world.SCHOOL.code)

        approve(declared)
        with scope.whole_site():
            before = trust.material()
            assert before.approvals.holders(certificate, world.SCHOOL.code) == {"GV0001"}
            assert trust.material() is before

    def test_keeps_the_chains_and_their_caches(self, declared: list[int]) -> None:
        with scope.whole_site():
            actions.load_trust(world.keys().authority.certificate_pems(), by="x", at=timezone.now())
            before = trust.material().chains

        approve(declared)
        with scope.whole_site():
            assert trust.material().chains is before


class TestRevoke:
    def test_leaves_the_approval_in_the_register_with_its_end(self, declared: list[int]) -> None:
        approve(declared)
        with scope.whole_site():
            actions.revoke(certificate_ids=declared[:1], by="officer", at=timezone.now(), reason="nghỉ việc")

        ended = [item for item in register().certificates if item.revoked_at is not None]
        assert len(ended) == 1


class TestCommands:
    def test_load_approve_and_export(self, declared: list[int], tmp_path, capsys) -> None:
        of = world.keys()
        for name, content in {
            **of.authority.certificate_pems(),
            **of.authority.crls(of.founded, timezone.now()),
        }.items():
            (tmp_path / name).write_bytes(content)

        call_command("load_trust", str(tmp_path))
        call_command("approve_certificates", "--school", world.SCHOOL.code, "--by", "demo")
        capsys.readouterr()
        call_command("export_register", "--school", world.SCHOOL.code)

        exported = json.loads(capsys.readouterr().out)
        assert (exported["type"], exported["version"]) == ("approved-certificates", 1)
        assert len(exported["certificates"]) == len(declared)
        with scope.whole_site():
            assert len(queries.trust_bundle().anchors) == 2
            assert len(queries.trust_bundle().crls) == 2

    def test_load_refuses_a_broken_file(self, tmp_path) -> None:
        (tmp_path / "root.pem").write_bytes(b"nonsense")

        with pytest.raises(CommandError, match=r"root\.pem"):
            call_command("load_trust", str(tmp_path))


class TestParticulars:
    """What an officer sees is read from the certificate."""

    def of(self, holder: str) -> presenting.Particulars:
        with scope.whole_site():
            return presenting.particulars_of(queries.list_certificates().get(holder=holder))

    def test_are_number_issuer_and_fingerprint_of_the_certificate(self, declared: list[int]) -> None:
        certificate = world.keys().keys["GV0003"].certificate
        found = self.of("GV0003")

        assert int(found.serial, 16) == certificate.serial_number
        assert found.fingerprint.replace(" ", "") == certificate.fingerprint(SHA256()).hex()
        assert found.issuer in certificate.issuer.rfc4514_string()
        assert (found.valid_from, found.valid_until) == (
            certificate.not_valid_before_utc,
            certificate.not_valid_after_utc,
        )

    def test_compare_a_name_and_leave_a_personal_number_to_the_officer(self, declared: list[int]) -> None:
        assert [holds for _, holds in self.of("GV0003").matches] == [True, None]

    def test_say_on_the_page_that_nobody_compared_the_number(self, declared: list[int]) -> None:
        with scope.whole_site():
            row = queries.list_certificates().get(holder="GV0003")
            page = render_to_string(
                "city_schools/certificates.html",
                {"rows": [{"row": row, "particulars": presenting.particulars_of(row)}]},
            )

        assert page.count("so bằng mắt với hồ sơ") == 1
        assert page.count("badge-ok") == 1  # the name

    def test_compare_name_and_number_of_a_school(self, declared: list[int]) -> None:
        assert [holds for _, holds in self.of(world.SCHOOL.code).matches] == [True, True]

    def test_tell_another_name_and_the_number_of_another_school(self, declared: list[int]) -> None:
        with scope.whole_site():
            row = queries.list_certificates().get(holder=world.SCHOOL.code)
            row.name, row.school_code = "Trường Khác", "79000009"
            found = presenting.particulars_of(row)

        assert [holds for _, holds in found.matches] == [False, False]

    def test_show_no_whole_personal_number(self, declared: list[int]) -> None:
        number = certificates.subject_number(world.keys().keys["GV0003"].certificate)
        assert number is not None

        assert number.value not in str(self.of("GV0003"))


class TestEndpoints:
    PATH = f"/city/exchange/v1/schools/{world.SCHOOL.code}/certificates"

    def put(self, body: bytes, side: str = "transcripts") -> int:
        return (
            Client()
            .put(
                self.PATH,
                body,
                content_type="application/json",
                headers={HEADER: side, "idempotency-key": str(uuid.uuid4())},
            )
            .status_code
        )

    def test_take_a_declaration_and_give_the_register(self, network: Sides) -> None:
        body = messages.to_bytes(world.declaration(world.keys()))

        assert (self.put(body), self.put(body)) == (201, 200)
        answer = Client().get(self.PATH, headers={HEADER: "tracking"})
        assert messages.from_bytes(messages.ApprovedCertificates, answer.content).certificates == ()

    @pytest.mark.parametrize("side", ["tracking", "portal"])
    def test_take_declarations_from_the_transcripts_side_only(self, network: Sides, side: str) -> None:
        assert self.put(messages.to_bytes(world.declaration(world.keys())), side) == 403

    def test_refuse_what_is_no_declaration(self, network: Sides) -> None:
        assert self.put(b"{}") == 422

    def test_refuse_a_version_no_column_holds(self, network: Sides) -> None:
        huge = replace(world.declaration(world.keys()), version=1)
        body = messages.to_bytes(huge).replace(b'"version":1', b'"version":2147483648')

        assert body.count(b"2147483648") == 1
        assert self.put(body) == 422

    def test_give_the_trust_bundle(self, network: Sides) -> None:
        with scope.whole_site():
            actions.load_trust(world.keys().authority.certificate_pems(), by="x", at=timezone.now())

        answer = Client().get("/city/exchange/v1/trust", headers={HEADER: "portal"})
        assert len(messages.from_bytes(messages.TrustBundle, answer.content).anchors) == 2

    @pytest.mark.parametrize("since", ["", "-1", "x", "²", "9" * 16])
    def test_of_changes_ask_for_a_version(self, network: Sides, since: str) -> None:
        answer = Client().get(
            "/city/exchange/v1/certificate-changes", {"since": since}, headers={HEADER: "tracking"}
        )

        assert answer.status_code == 400
