from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hocba.documents.verification import DEFAULT_POLICY, SignatureReport, Verdict, verify, wording
from hocba.documents.verification.standing import State
from hocba.signing import certificates, trust
from hocba.signing.trust_list import (
    CLASS_NAMES,
    Authority,
    AuthorityClass,
    Purpose,
    Standing,
    StatusChange,
    TrustList,
    rules_for,
)
from tests.factories import transcripts
from tests.factories.transcripts import NOW

PAIR = transcripts.pair()


def first(at: datetime, *, existed_at: datetime | None = None, trusted: bool = True) -> SignatureReport:
    material = trust.load(transcripts.school().trust_files() if trusted else {})
    return verify(PAIR.xml, trust=material, at=at, existed_at=existed_at).signatures[0]


def listed_trust() -> trust.TrustMaterial:
    """The school's trust with a trust list in which its authority is one of a demonstration."""
    school = transcripts.school()
    listed = Authority(
        name="CA thử nghiệm",
        authority_class=AuthorityClass.DEMONSTRATION,
        purposes=frozenset(Purpose),
        certificates=(school.authority.issuing.certificate,),
        history=(StatusChange(standing=Standing.GRANTED, since=transcripts.FOUNDED),),
    )
    until = NOW + timedelta(days=30)
    trust_list = TrustList(version=1, issuer="Sở", issued_at=NOW, next_update=until, authorities=(listed,))
    return replace(trust.load(school.trust_files()), trust_list=trust_list)


class TestClassRules:
    def test_of_the_policy_decide_which_authorities_may_sign(self) -> None:
        strict = replace(DEFAULT_POLICY, class_rules=rules_for(production=True))

        assert verify(PAIR.xml, trust=listed_trust(), at=NOW).verdict is Verdict.VALID
        assert verify(PAIR.xml, trust=listed_trust(), at=NOW, policy=strict).verdict is Verdict.INVALID


class TestStandingOf:
    def test_is_valid_then_and_now(self) -> None:
        standing = first(NOW).standing

        assert standing is not None
        assert (standing.then, standing.now, standing.since) == (State.VALID, State.VALID, None)

    def test_is_unknown_without_revocation_lists(self) -> None:
        standing = first(NOW, trusted=False).standing

        assert standing is not None
        assert (standing.then, standing.now) == (State.UNKNOWN, State.UNKNOWN)

    def test_is_expired_since_its_last_day(self) -> None:
        found = first(NOW)
        assert found.certificate is not None
        end = found.certificate.not_valid_after_utc

        standing = first(end + timedelta(days=1)).standing

        assert standing is not None
        assert (standing.now, standing.since) == (State.EXPIRED, end)
        assert "đã hết hạn từ" in standing.sentence

    def test_is_revoked_later_though_it_was_good_then(self) -> None:
        school = transcripts.found_school()
        data = transcripts.sign_xml(school, transcripts.transcript())
        key = school.keys["GV0001"]
        revoked_at = transcripts.SIGNED + timedelta(days=30)
        school.authority.revoke(key.certificate.serial_number, at=revoked_at)
        material = trust.load(school.trust_files())
        proof = transcripts.SIGNED + timedelta(days=1)

        report = verify(data, trust=material, at=NOW, existed_at=proof)
        standing = next(
            item.standing
            for item in report.signatures
            if item.certificate is not None
            and certificates.fingerprint(item.certificate) == certificates.fingerprint(key.certificate)
        )

        assert report.verdict is Verdict.VALID
        assert wording.meaning(report) == wording.ENDED_SINCE
        assert standing is not None
        assert (standing.then, standing.now, standing.since) == (State.VALID, State.REVOKED, revoked_at)


class TestFactsOf:
    def test_name_the_certificate_and_its_authorities(self) -> None:
        found = first(NOW)
        facts = found.certificate_facts

        assert facts is not None
        assert found.certificate is not None
        assert facts.sha256 == certificates.fingerprint(found.certificate)
        assert int(facts.serial, 16) == found.certificate.serial_number
        assert facts.issuer == certificates.issuer_name(found.certificate)
        assert facts.root

    def test_name_the_class_that_the_trust_list_gives_the_authority(self) -> None:
        report = verify(PAIR.xml, trust=listed_trust(), at=NOW)

        facts = report.signatures[0].certificate_facts
        assert facts is not None
        assert facts.authority_class == CLASS_NAMES[AuthorityClass.DEMONSTRATION]

    def test_name_no_root_where_none_is_trusted(self) -> None:
        facts = first(NOW, trusted=False).certificate_facts

        assert facts is not None
        assert facts.root == ""
