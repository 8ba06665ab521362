from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hocba.signing import trust, trust_list_files
from hocba.signing.checks import Check, Code, Status
from hocba.signing.trust_list import (
    DEMONSTRATION_RULES,
    RULES,
    Authority,
    AuthorityClass,
    ClassRule,
    Purpose,
    Standing,
    StatusChange,
    TrustList,
)
from tests.factories import authorities
from tests.factories.authorities import VIETNAM

SIGNED = datetime(2026, 5, 20, 9, tzinfo=VIETNAM)
NOW = datetime(2026, 11, 21, 9, tzinfo=VIETNAM)
BEGIN = datetime(2024, 1, 1, tzinfo=VIETNAM)


class Pki:
    def __init__(self) -> None:
        self.root = authorities.root()
        self.issuing = self.root.authority("Cấp phát thử nghiệm", path_length=0)
        self.person = self.issuing.person("Trần Văn Bình")
        self.school = self.issuing.issue(authorities.name("Trường THCS Mẫu", "MST:79764501"))

    def entry(self, *history: tuple[Standing, datetime], **changes: Any) -> Authority:
        known = history or ((Standing.GRANTED, BEGIN),)
        entry = Authority(
            name="CA Mẫu",
            authority_class=AuthorityClass.PUBLIC,
            purposes=frozenset({Purpose.PERSON, Purpose.ORGANISATION}),
            certificates=(self.issuing.certificate,),
            history=tuple(StatusChange(standing=standing, since=since) for standing, since in known),
            crls=("http://crl.example/issuing.crl",),
        )
        return replace(entry, **changes)

    def national(self) -> Authority:
        return self.entry(
            name="CA quốc gia",
            authority_class=AuthorityClass.NATIONAL,
            certificates=(self.root.certificate,),
        )

    def trust_list(self, *entries: Authority, **changes: Any) -> TrustList:
        made = TrustList(
            version=3,
            issuer="Sở",
            issued_at=BEGIN,
            next_update=NOW + timedelta(days=30),
            authorities=(self.national(), *(entries or (self.entry(),))),
        )
        return replace(made, **changes)

    def chain(
        self,
        listed: TrustList,
        *,
        rules: tuple[ClassRule, ...] = RULES,
        of: authorities.Holder | None = None,
        existed_at: datetime | None = None,
        now: datetime = NOW,
    ) -> Check:
        """The verdict's row about where the certificate is from."""
        files = {
            "list.json": trust_list_files.write(listed),
            "root.crl": self.root.crl(),
            "issuing.crl": self.issuing.crl(),
        }
        checks = trust.load(files, rules=rules).check_certificate(
            (of or self.person).certificate, at=SIGNED, now=now, existed_at=existed_at
        )
        return next(item for item in checks if item.name == "certificate_chain")


@pytest.fixture(scope="module")
def pki() -> Pki:
    return Pki()


class TestCheckPath:
    def test_names_authority_class_and_version_in_the_verdicts_row(self, pki: Pki) -> None:
        found = pki.chain(pki.trust_list())

        assert found.passed
        assert "CA Mẫu (chữ ký số công cộng; danh sách tin cậy phiên bản 3)" in found.detail

    @pytest.mark.parametrize(
        ("authority_class", "rules", "passes"),
        [
            (AuthorityClass.CIVIL_SERVICE, RULES, True),
            (AuthorityClass.TIMESTAMP, RULES, False),
            (AuthorityClass.FOREIGN, RULES, False),
            (AuthorityClass.DEMONSTRATION, RULES, False),
            (AuthorityClass.DEMONSTRATION, DEMONSTRATION_RULES, True),
        ],
    )
    def test_asks_the_table_which_class_may_sign(
        self, pki: Pki, authority_class: AuthorityClass, rules: tuple[ClassRule, ...], passes: bool
    ) -> None:
        found = pki.chain(pki.trust_list(pki.entry(authority_class=authority_class)), rules=rules)

        assert found.passed is passes
        if not passes:
            assert (found.status, found.code) == (Status.FAILED, Code.CHAIN_CONSTRAINTS_FAILURE)

    def test_asks_what_the_entry_may_be_used_for(self, pki: Pki) -> None:
        persons_only = pki.trust_list(pki.entry(purposes=frozenset({Purpose.PERSON})))

        assert pki.chain(persons_only).passed
        assert "cơ quan, tổ chức" in pki.chain(persons_only, of=pki.school).detail

    @pytest.mark.parametrize(
        ("withdrawn", "existed_at", "status"),
        [
            (SIGNED - timedelta(days=1), None, Status.FAILED),
            (SIGNED - timedelta(days=1), SIGNED - timedelta(days=2), Status.FAILED),
            (SIGNED + timedelta(days=2), None, Status.NOT_CHECKED),
            (SIGNED + timedelta(days=2), SIGNED + timedelta(days=3), Status.NOT_CHECKED),
            (SIGNED + timedelta(days=2), SIGNED + timedelta(days=1), Status.PASSED),
            (NOW + timedelta(days=1), None, Status.PASSED),
        ],
    )
    def test_a_withdrawn_authority_stands_for_what_is_proven_older(
        self, pki: Pki, withdrawn: datetime, existed_at: datetime | None, status: Status
    ) -> None:
        entry = pki.entry((Standing.GRANTED, BEGIN), (Standing.WITHDRAWN, withdrawn))

        assert pki.chain(pki.trust_list(entry), existed_at=existed_at).status is status

    def test_an_authority_counts_again_when_granted_again(self, pki: Pki) -> None:
        day = timedelta(days=1)
        entry = pki.entry(
            (Standing.GRANTED, BEGIN),
            (Standing.WITHDRAWN, SIGNED - 9 * day),
            (Standing.GRANTED, SIGNED - day),
        )

        assert pki.chain(pki.trust_list(entry)).passed

    def test_an_authority_above_must_count_too(self, pki: Pki) -> None:
        root = replace(pki.national(), history=(StatusChange(standing=Standing.GRANTED, since=NOW),))

        found = pki.chain(pki.trust_list(authorities=(root, pki.entry())))
        assert (found.status, "CA quốc gia" in found.detail) == (Status.FAILED, True)

    def test_rules_end_on_their_day(self, pki: Pki) -> None:
        def rule(until: datetime) -> tuple[ClassRule, ...]:
            return (ClassRule(authority_class=AuthorityClass.PUBLIC, purpose=Purpose.PERSON, until=until),)

        listed = pki.trust_list()
        assert pki.chain(listed, rules=rule(SIGNED)).status is Status.FAILED
        assert pki.chain(listed, rules=rule(SIGNED + timedelta(days=1))).code is Code.REVOKED_NO_POE
        assert pki.chain(listed, rules=rule(SIGNED + timedelta(days=1)), existed_at=SIGNED).passed

    def test_a_list_that_should_have_been_replaced_decides_nothing(self, pki: Pki) -> None:
        stale = pki.trust_list(next_update=NOW - timedelta(days=1))

        assert pki.chain(stale).code is Code.TRY_LATER
        assert pki.chain(stale, existed_at=NOW - timedelta(days=2)).passed

    def test_only_listed_authorities_are_anchors(self, pki: Pki) -> None:
        other = Pki()
        files = {"list.json": trust_list_files.write(pki.trust_list()), "other.pem": other.root.pem}

        checks = trust.load(files).check_certificate(
            other.person.certificate, extra_chain=(other.issuing.certificate,), at=SIGNED, now=NOW
        )
        assert not next(item for item in checks if item.name == "certificate_chain").passed


class TestFiles:
    def test_say_what_was_written(self, pki: Pki) -> None:
        made = pki.trust_list()

        assert trust_list_files.read(trust_list_files.write(made)) == made

    def test_the_newest_version_in_a_folder_counts(self, pki: Pki) -> None:
        files = {
            f"{version}.json": trust_list_files.write(pki.trust_list(version=version)) for version in (9, 10)
        }

        found = trust.load(files).trust_list
        assert found is not None
        assert found.version == 10

    def test_stand_beside_registers(self, pki: Pki) -> None:
        files = {"list.json": trust_list_files.write(pki.trust_list()), "school.json": authorities.register()}

        assert trust.load(files).approvals.schools == {authorities.SCHOOL}

    @pytest.mark.parametrize(
        "changes",
        [
            {"version": 0},
            {"version": "1"},
            {"format": 2},
            {"type": "approved-certificates"},
            {"more": 1},
            {"authorities": []},
            {"next_update": "2020-01-01T00:00:00+07:00"},
            {"issued_at": "2026-01-01T00:00:00"},
        ],
    )
    def test_with_a_wrong_field_are_refused(self, pki: Pki, changes: dict[str, Any]) -> None:
        document = json.loads(trust_list_files.write(pki.trust_list()))

        with pytest.raises(trust_list_files.TrustListError):
            trust_list_files.read(json.dumps(document | changes).encode())

    @pytest.mark.parametrize(
        "changes",
        [
            {"class": "OTHER"},
            {"purposes": ["anything"]},
            {"certificates": []},
            {"certificates": ["AAAA"]},
            {"status": []},
            {"status": [{"standing": "withdrawn", "since": "2024-01-01T00:00:00+07:00"}]},
            {"crls": ["file:///etc/passwd"]},
            {"ocsp": ["ldap://example"]},
            {"ocsp": ["http://user@example/"]},
        ],
    )
    def test_with_a_wrong_entry_are_refused(self, pki: Pki, changes: dict[str, Any]) -> None:
        document = json.loads(trust_list_files.write(pki.trust_list()))
        document["authorities"][0] |= changes

        with pytest.raises(trust_list_files.TrustListError):
            trust_list_files.read(json.dumps(document).encode())

    def test_with_a_persons_certificate_are_refused(self, pki: Pki) -> None:
        listed = pki.trust_list(pki.entry(certificates=(pki.person.certificate,)))

        with pytest.raises(trust_list_files.TrustListError):
            trust_list_files.read(trust_list_files.write(listed))

    def test_that_are_not_json_are_refused(self) -> None:
        with pytest.raises(trust_list_files.TrustListError):
            trust_list_files.read(b"[" * 100_000)


class TestReadSigned:
    def sign(self, by: authorities.Holder, data: bytes) -> bytes:
        from hocba.signing.algorithms import sign_raw

        return sign_raw(by.key, data)

    def test_takes_a_list_of_a_pinned_signer(self, pki: Pki) -> None:
        data = trust_list_files.write(pki.trust_list())
        pinned = [pki.school.certificate, pki.person.certificate]

        assert trust_list_files.read_signed(data, self.sign(pki.person, data), pinned).version == 3

    @pytest.mark.parametrize("change", ["signer", "octets", "nobody"])
    def test_refuses_every_other_list(self, pki: Pki, change: str) -> None:
        data = trust_list_files.write(pki.trust_list())
        signature = self.sign(pki.issuing if change == "signer" else pki.person, data)
        pinned = [] if change == "nobody" else [pki.person.certificate]

        with pytest.raises(trust_list_files.UnsignedTrustListError):
            trust_list_files.read_signed(data + b" " * (change == "octets"), signature, pinned)
