"""The whole report as JSON: what `hocba verify --json` writes, described in docs/reference/verification-report.md.

Keys are only ever added. `SCHEMA` says what each means; the reference is generated from it, and a test compares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hocba.documents.verification import article10, standard, unchecked, wording
from hocba.documents.verification.report import with_code
from hocba.signing import instants

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hocba.documents.verification.report import Report, SignatureReport
    from hocba.documents.verification.standing import CertificateFacts, Standing
    from hocba.signing.checks import Check

SCHEMA: Final[Mapping[str, Mapping[str, str]]] = {
    "file": {
        "verdict": "`valid`, `invalid`, `indeterminate` or `unreadable`",
        "checks": "every check made, see *check*",
        "signatures": "every signature found, in the order of the file, see *signature*",
        "indication": "`TOTAL-PASSED`, `TOTAL-FAILED`, `INDETERMINATE` (EN 319 102-1, 5.1.3); null when unreadable",
        "sub_indication": "the standard's reason of the deciding check, or null",
        "kind": "`transcript_xml`, `transcript_pdf`, `class_record_xml`, or null",
        "judged_at": "the moment of judging, ISO 8601",
        "proven_at": "a proven moment at which the file existed, or null",
        "proven_by": "what proves it, for people; empty without a proof",
        "policy": "name of the validation policy",
        "standard": "the standard whose vocabulary is used",
        "items": "a row per item of Quy chế Điều 10 khoản 2, see *row*; six for XML, five for PDF",
        "not_checked": "what was not or could not be checked, see *row*; never empty",
        "digests": "`file`, `meaning`, `record`, `pdf` as `sha256:…`, each or null",
        "document": "what the signed values say it is, see *document*; null when no good signature covers them",
        "notes": "further sentences for people",
    },
    "check": {
        "name": "stable name",
        "status": "`passed`, `failed` or `not_checked`",
        "detail": "a Vietnamese sentence, with the code in brackets",
        "title": "the name for people",
        "code": "why it did not pass, or null",
        "clause": "building block of the standard, or null when only the Quy chế asks for it",
    },
    "row": {
        "name": "stable name",
        "title": "the item in the words of Điều 10",
        "status": "`passed`, `failed` or `not_checked`",
        "detail": "why, for people",
    },
    "signature": {
        "signer": "whom the certificate names",
        "role": "`subject_teacher`, `homeroom_teacher`, `principal` or `seal`",
        "covers": "which parts it signs, in words; empty when the signature is wrong",
        "signed_at": "the moment the signer claims, or null",
        "verdict": "the verdict over this signature alone",
        "detail": "what is wrong, or that nothing is",
        "indication": "as for the file",
        "sub_indication": "as for the file",
        "proven_at": "a proven moment at which the signature existed, or null",
        "certificate": "see *certificate*, or null",
        "status": "`then`, `now` (`valid`, `not_yet_valid`, `expired`, `revoked`, `unknown`) and `since`; or null",
        "items": "the rows of Điều 10 for this signature, see *row*",
        "checks": "the checks of this signature, see *check*",
    },
    "certificate": {
        "subject": "distinguished name, RFC 4514",
        "serial": "serial number, hexadecimal",
        "sha256": "SHA-256 of the DER bytes, hexadecimal",
        "valid_from": "ISO 8601",
        "valid_until": "ISO 8601",
        "issuer": "the issuing authority's name",
        "root": "the trusted authority at the end of the path; empty when there is no path",
        "authority_class": "class of the authority by the trust list, for people; empty without a trust list",
        "algorithm": "signature algorithm, key size and digest, for people",
    },
    "document": {
        "id": "UUID of the transcript or class record",
        "version": "number of the version",
        "school": "the school's name",
        "school_code": "the school's code",
        "class_name": "the class",
        "school_year": "the school year",
        "pupil": "the pupil's name; null for class records",
    },
}


def full_json(report: Report) -> dict[str, Any]:
    """Everything a report says, but for the file's name."""
    question = report.question
    return {
        "verdict": str(report.verdict),
        "checks": [_check(check) for check in report.checks],
        "signatures": [_signature(item) for item in report.signatures],
        "indication": report.indication,
        "sub_indication": report.sub_indication,
        "kind": report.kind,
        "judged_at": None if question is None else _iso(question.at),
        "proven_at": None if question is None else _iso(question.existed_at),
        "proven_by": "" if question is None else question.proven_by,
        "policy": None if question is None else question.policy.name,
        "standard": standard.NAME,
        "items": [_row(check, wording.ITEMS) for check in report.items],
        "not_checked": [_row(check, _UNCHECKED) for check in report.unchecked],
        "digests": _digests(report),
        "document": _document(report),
        "notes": list(report.notes),
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "status": str(check.status),
        "detail": with_code(check),
        "title": wording.CHECKS.get(check.name, check.name),
        "code": check.code,
        "clause": standard.CLAUSES.get(check.name),
    }


def _row(check: Check, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": check.name,
        "title": titles.get(check.name, check.name),
        "status": str(check.status),
        "detail": check.detail,
    }


def _signature(item: SignatureReport) -> dict[str, Any]:
    facts, standing = item.certificate_facts, item.standing
    return {
        **item.to_json(),
        "indication": item.indication,
        "sub_indication": item.sub_indication,
        "proven_at": _iso(item.proven_at),
        "certificate": None if facts is None else _certificate(facts),
        "status": None if standing is None else _standing(standing),
        "items": [_row(check, wording.ITEMS) for check in article10.items_of_signature(item)],
        "checks": [_check(check) for check in item.checks],
    }


def _certificate(facts: CertificateFacts) -> dict[str, Any]:
    return {
        "subject": facts.subject,
        "serial": facts.serial,
        "sha256": facts.sha256,
        "valid_from": _iso(facts.valid_from),
        "valid_until": _iso(facts.valid_until),
        "issuer": facts.issuer,
        "root": facts.root,
        "authority_class": facts.authority_class,
        "algorithm": facts.algorithm,
    }


def _standing(standing: Standing) -> dict[str, Any]:
    return {"then": str(standing.then), "now": str(standing.now), "since": _iso(standing.since)}


def _digests(report: Report) -> dict[str, str | None]:
    named = {
        "file": report.file_digest,
        "meaning": report.meaning_digest,
        "record": report.record_digest,
        "pdf": report.pdf_digest,
    }
    return {name: None if digest is None else str(digest) for name, digest in named.items()}


def _document(report: Report) -> dict[str, Any] | None:
    transcript, record = report.transcript, report.class_record
    if transcript is not None:
        school, class_name, year = transcript.school, transcript.class_name, transcript.school_year
        identity, version, pupil = transcript.id, transcript.version, transcript.pupil.name
    elif record is not None:
        named = record.identity
        school, class_name, year = named.school, named.class_name, named.school_year
        identity, version, pupil = named.id, named.version, None
    else:
        return None
    return {
        "id": identity,
        "version": version,
        "school": school.name,
        "school_code": school.code,
        "class_name": class_name,
        "school_year": year,
        "pupil": pupil,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else instants.iso(moment)


_UNCHECKED: Final[Mapping[str, str]] = {**wording.CHECKS, **unchecked.TITLES}
