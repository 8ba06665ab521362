"""What a school says of a certificate against what the certificate says: asked at the school, and again by the Sở."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.signing import certificates, chains, instants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography import x509

    from hocba.exchange.messages import DeclaredCertificate


def contradictions(item: DeclaredCertificate, certificate: x509.Certificate, *, school: str) -> Iterator[str]:
    """Everything because of which the Sở does not take the declaration, as Vietnamese sentences."""
    if not certificates.same_person_name(certificates.common_name(certificate), item.name):
        yield f"chứng thư mang tên “{certificates.common_name(certificate)}”, không phải “{item.name}”."
    yield from _unusable(certificate)
    if item.kind == "person" and not certificates.names_person(certificate):
        yield "không phải chứng thư của cá nhân."
    if item.kind == "organisation":
        number = certificates.subject_number(certificate)
        if not certificates.names_organisation(certificate) or number is None:
            yield "không phải chứng thư của cơ quan, tổ chức."
        elif item.holder != school:
            yield "chứng thư của cơ quan phải do chính trường giữ."
    if ("seal" in item.positions) != (item.kind == "organisation"):
        yield "con dấu số đi với chứng thư của cơ quan, và chỉ với nó."


def _unusable(certificate: x509.Certificate) -> Iterator[str]:
    weakness = chains.weakness_of(certificate)
    if weakness is not None:
        yield f"{weakness}."
    if not certificates.may_sign_documents(certificate):
        yield "chứng thư không dùng được để ký văn bản."
    # A message cannot say such a day.
    if not instants.is_within_reach(certificate.not_valid_after_utc):
        yield "chứng thư không có ngày hết hạn."
