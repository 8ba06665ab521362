"""The city as the portal sees it: answers of its published addresses, without a socket or a signature."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hocba.documents.transcript import Digest
from hocba.documents.xml.files import digest_of
from hocba.exchange import messages
from hocba.exchange.messages import RegisterStatus
from hocba.platform.messages import client, ports
from tests.factories import transcripts

REGISTERED = datetime(2026, 5, 30, 8, tzinfo=transcripts.VIETNAM)


@dataclass
class PublishedCity:
    """What the city answers; `asked` are the paths it was asked for."""

    school: transcripts.SchoolKeys = field(default_factory=transcripts.school)
    is_reachable: bool = True
    asked: list[str] = field(default_factory=list)
    register: dict[tuple[str, int], messages.RegisterEntry] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    evidence: dict[tuple[str, int, str], bytes] = field(default_factory=dict)

    def registers(
        self,
        value: Any,
        *,
        xml: bytes,
        pdf: bytes = b"",
        status: RegisterStatus = RegisterStatus.CURRENT,
        replaced_by: int | None = None,
    ) -> None:
        """Enter a version with its files."""
        self.register[value.id, value.version] = messages.RegisterEntry(
            transcript_id=value.id,
            version=value.version,
            status=status,
            since=REGISTERED,
            xml=digest_of(xml),
            pdf=digest_of(pdf),
            record=Digest(algorithm="sha256", value="ab" * 32),
            replaced_by=replaced_by,
        )

    def exchange(self, *, path: str, at: datetime, **_: Any) -> tuple[None, ports.Answer]:
        """Stands for `hocba.platform.messages.client.exchange`."""
        self.asked.append(path)
        if not self.is_reachable:
            raise client.UnreachableError(path)
        body = self.bodies.get(path) or self._body(urlsplit(path).path, parse_qs(urlsplit(path).query))
        return None, ports.Answer(status=200 if body else 404, headers={}, body=body)

    def _body(self, path: str, query: dict[str, list[str]]) -> bytes:
        if path == "/exchange/v1/trust":
            return self._trust()
        if path == f"/exchange/v1/schools/{self.school.school.code}/certificates":
            return self.school.trust_files()[f"{self.school.school.code}.json"]
        if path.startswith("/exchange/v1/register/"):
            _, _, _, _, name, _, version = path.split("/")
            return messages.to_bytes(self._entry(name, int(version), query))
        if path.startswith("/exchange/v1/evidence/"):
            _, _, _, _, name, _, version = path.split("/")
            return self.evidence.get((name, int(version), *query["file"]), b"")
        return b""

    def _trust(self) -> bytes:
        files = self.school.trust_files()
        return messages.to_bytes(
            messages.TrustBundle(
                version=1,
                issued_at=REGISTERED,
                anchors=tuple(data.decode() for name, data in files.items() if name.endswith(".pem")),
                crls=tuple(
                    base64.b64encode(data).decode() for name, data in files.items() if name.endswith(".crl")
                ),
            )
        )

    def _entry(self, name: str, version: int, query: dict[str, list[str]]) -> messages.RegisterEntry:
        unknown = messages.RegisterEntry(transcript_id=name, version=version, status=RegisterStatus.UNKNOWN)
        entry = self.register.get((name, version), unknown)
        known = {"xml": entry.xml, "pdf": entry.pdf}
        if all(known[kind] and values == [known[kind].value] for kind, values in query.items()):
            return entry
        return messages.RegisterEntry(**{**_fields(entry), "status": RegisterStatus.UNKNOWN})


def _fields(entry: messages.RegisterEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__}
