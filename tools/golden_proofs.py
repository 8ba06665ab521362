"""What proves something beside the documents, one example of every format, made by `tools.make_golden`.

Evidence bundles of three ages with their document, a signed trust list, OCSP answers and revocation lists, the JSON of
a verification report. Like the documents they are written once and stay readable and provable for ever.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from tests.factories import authorities, golden, preservation, transcripts
from tests.factories.authorities import Holder
from tests.factories.evidence import year
from tests.factories.transcripts import NOW

from hocba.documents.verification import Verdict, report_json
from hocba.exchange.preservation.verifying import verify_with
from hocba.signing import algorithms, instants, trust, trust_list_files
from hocba.signing.trust_list import Authority, AuthorityClass, Purpose, Standing, StatusChange, TrustList

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "vectors" / "golden_proofs"
EXPECTED = "expected.json"
Files = dict[str, bytes]
Made = tuple[Files, dict[str, Any]]


def write(name: str) -> None:
    """Write one set. Raises FileExistsError when the folder exists."""
    files, expected = MAKERS[name]()
    folder = FOLDER / name
    folder.mkdir(parents=True)
    for path, data in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(data)
    text = json.dumps(expected, ensure_ascii=False, indent=1)
    (folder / EXPECTED).write_text(f"{text}\n", "utf-8")


def _evidence() -> Made:
    """A transcript soon after acceptance, after its stamp was renewed, and after SHA-256 was left."""
    usual = transcripts.transcript()
    keys = transcripts.found_school()
    pair = transcripts.sign_pair(keys, replace(usual, subjects=usual.subjects[:2]))
    kept = preservation.keep(keys, pair)
    renewed = kept.renewed(preservation.SECOND, preservation.RENEWED)
    archived = renewed.rehashed(preservation.THIRD, preservation.REHASHED)
    ages: dict[str, tuple[bytes, datetime]] = {
        "moi": (kept.bundle(), preservation.STAMPED + timedelta(days=20)),
        "gia-han": (renewed.bundle(), preservation.RENEWED + timedelta(days=20)),
        "luu-tru": (archived.bundle(), preservation.REHASHED + timedelta(days=20)),
    }
    anchors = {name: data for name, data in keys.trust_files().items() if not name.endswith(".crl")}
    files: Files = {"hoc-ba.xml": pair.xml, "hoc-ba.pdf": pair.pdf}
    expected: dict[str, Any] = {}
    for name, (bundle, at) in ages.items():
        files[f"{name}.bang-chung.zip"] = bundle
        trusted = {**anchors, **preservation.units_of(at)}
        files |= {f"trust-{name}/{path}": data for path, data in trusted.items()}
        report = verify_with(pair.xml, bundle, trust=trust.load(trusted), at=at)
        if report.verdict is not Verdict.VALID:
            raise ValueError(f"{name}: {report.problems}")
        assert report.question is not None
        assert report.question.existed_at is not None
        expected[name] = {
            "at": instants.iso(at),
            "proven_at": instants.iso(report.question.existed_at),
            "bundle": hashlib.sha256(bundle).hexdigest(),
        }
    return files, expected


def _trust_list() -> Made:
    root = authorities.root()
    issuing = root.authority("Cấp phát thử nghiệm", path_length=0)
    signer = authorities.make(authorities.name("Sở Mẫu"))
    begin = datetime(2024, 1, 1, tzinfo=authorities.VIETNAM)
    granted = StatusChange(standing=Standing.GRANTED, since=begin)
    entries = [
        Authority(
            name=name,
            authority_class=kind,
            purposes=frozenset({Purpose.PERSON, Purpose.ORGANISATION}),
            certificates=(holder.certificate,),
            history=history,
            crls=("http://crl.example/list.crl",),
            ocsp=("http://ocsp.example/",),
        )
        for name, kind, holder, history in (
            ("CA quốc gia", AuthorityClass.NATIONAL, root, (granted,)),
            (
                "CA Mẫu",
                AuthorityClass.PUBLIC,
                issuing,
                (granted, StatusChange(standing=Standing.WITHDRAWN, since=year(2026))),
            ),
        )
    ]
    made = TrustList(
        version=3, issuer="Sở Mẫu", issued_at=begin, next_update=year(2027), authorities=tuple(entries)
    )
    data = trust_list_files.write(made)
    files = {
        "trust-list.json": data,
        "trust-list.sig": algorithms.sign_raw(signer.key, data),
        "signer.pem": signer.pem,
    }
    return files, {"version": 3, "authorities": [[each.name, str(each.authority_class)] for each in entries]}


def _revocation() -> Made:
    root = authorities.root()
    issuing = root.authority("Cấp phát thử nghiệm", path_length=0)
    person = issuing.person("Trần Văn Bình")
    responder = issuing.issue(
        authorities.name("OCSP"),
        usage={"digital_signature": True},
        extensions=(
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False),
            (x509.OCSPNoCheck(), False),
        ),
    )
    files = {
        "root.pem": root.pem,
        "issuing.pem": issuing.pem,
        "person.pem": person.pem,
        "good.ors": _answer(person, issuing, responder, None),
        "revoked.ors": _answer(person, issuing, responder, NOW - timedelta(days=9)),
        "root.crl": root.crl(),
        "before.crl": issuing.crl(),
    }
    issuing.revoke(person, NOW - timedelta(days=9))
    files["after.crl"] = issuing.crl()
    return files, {"at": instants.iso(NOW), "revoked_at": instants.iso(NOW - timedelta(days=9))}


def _answer(about: Holder, issuer: Holder, by: Holder, revoked_at: datetime | None) -> bytes:
    status = ocsp.OCSPCertStatus.GOOD if revoked_at is None else ocsp.OCSPCertStatus.REVOKED
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=about.certificate,
        issuer=issuer.certificate,
        algorithm=hashes.SHA256(),
        cert_status=status,
        this_update=(NOW - timedelta(hours=1)).astimezone(UTC),
        next_update=(NOW + timedelta(days=1)).astimezone(UTC),
        revocation_time=None if revoked_at is None else revoked_at.astimezone(UTC),
        revocation_reason=None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, by.certificate)
    answer = builder.certificates([by.certificate]).sign(by.key, hashes.SHA256())
    return answer.public_bytes(serialization.Encoding.DER)


def _reports() -> Made:
    """The whole JSON about a golden file of every kind of report, good and changed."""
    said: dict[str, Any] = {}
    for file in (
        "hoc-ba-tieu-hoc-1.0/hoc-ba.xml",
        "hoc-ba-tieu-hoc-1.0/hoc-ba.pdf",
        "so-lop-1.0/nam-hoc.xml",
    ):
        said[file] = report_json.full_json(golden.original(file))
        data = bytearray(golden.octets(file))
        data[len(data) // 3] ^= 1
        said[f"{file} changed"] = report_json.full_json(golden.judge(file, bytes(data)))
    text = json.dumps(said, ensure_ascii=False, indent=1)
    return {"reports.json": f"{text}\n".encode()}, {"reports": len(said)}


MAKERS: dict[str, Callable[[], Made]] = {
    "bang-chung-1": _evidence,
    "danh-sach-tin-cay-1": _trust_list,
    "thu-hoi-1": _revocation,
    "bao-cao-1": _reports,
}
