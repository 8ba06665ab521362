"""The address at which a school and the portal fetch the evidence of a transcript."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hocba.exchange.preservation import bundles
from hocba.platform.audit.models import AuditEvent
from tests.fakes.sides import HEADER
from tests.integration.city.preserving import bundle_of, preserved

pytestmark = pytest.mark.django_db


class TestEvidence:
    def test_is_given_to_the_school_and_leaves_a_trace(self, registered: list[Any]) -> None:
        preserved()
        version = registered[0]
        answer = Client().get(
            f"/city/exchange/v1/evidence/{version.transcript_id}/versions/1", headers={HEADER: "transcripts"}
        )

        assert answer.status_code == 200
        assert bundles.read(answer.content) == bundles.read(bundle_of(version))
        assert AuditEvent.objects.filter(tag="preservation:evidence:exported").exists()

    def test_is_given_to_the_portal_for_the_digest_of_one_of_its_files_only(
        self, registered: list[Any]
    ) -> None:
        preserved()
        version, other = registered
        address = f"/city/exchange/v1/evidence/{version.transcript_id}/versions/1"
        own = (version.issued.xml_digest, version.issued.pdf_digest)
        names = ("", "?file=", *(f"?file={each}" for each in (*own, other.issued.xml_digest)))

        answers = [Client().get(address + name, headers={HEADER: "portal"}) for name in names]

        assert [answer.status_code for answer in answers] == [404, 404, 200, 200, 404]
        assert bundles.read(answers[2].content) == bundles.read(bundle_of(version))

    def test_that_would_be_too_large_to_be_read_is_not_given_out(
        self, registered: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        preserved()
        monkeypatch.setattr(bundles, "LARGEST_MEMBER", 100)
        version = registered[0]
        answer = Client().get(
            f"/city/exchange/v1/evidence/{version.transcript_id}/versions/1", headers={HEADER: "transcripts"}
        )

        assert answer.status_code == 503
