"""The PDF of versions whose subject teachers have all signed; its digest goes into the XML."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from hocba.documents import pdf as forms
from hocba.documents import transcript_xml
from hocba.documents.transcript import Digest
from hocba.platform.messages import ports
from hocba.transcripts.issuing import materials, working_bytes
from hocba.transcripts.issuing.models import Rendering, RenderingProblem
from hocba.transcripts.records import actions as recording
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.workflow import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hocba.transcripts.records.models import TranscriptVersion

CHUNK = 10
"""Versions per transaction: what a crash in between costs."""


@transaction.atomic
def render_next(compilation_id: int, *, by: str, at: datetime) -> int:
    """Render some of the versions that wait for it; how many, 0 when none is left.

    What cannot be rendered is marked and left out, so that it holds nobody up; it is tried again once its mark is
    removed.
    """
    if records.lock_compilation(compilation_id) is None:
        return 0
    waiting = records.versions_in(compilation_id, Status.SUBJECTS_SIGNED)
    marked = set(RenderingProblem.objects.filter(version__in=waiting).values_list("version_id", flat=True))
    versions = [version for version in waiting if version.pk not in marked][:CHUNK]
    octets = records.records_of(version.pk for version in versions)
    moments = materials.subject_moments(version.pk for version in versions)
    fresh: list[Rendering] = []
    for version in versions:
        try:
            fresh.append(_render(version, octets[version.pk], moments[version.pk], at=at))
        except forms.TypesettingError as error:
            _mark(version, str(error), at=at)
    working_bytes.insert_renderings(fresh)
    recording.advance(
        [row.pk for row in fresh],
        before=Status.SUBJECTS_SIGNED,
        after=Status.RENDERED,
        by=by,
        at=at,
    )
    return len(versions)


def _render(
    version: TranscriptVersion,
    record: bytes,
    moments: Mapping[str, Sequence[tuple[str, datetime]]],
    *,
    at: datetime,
) -> Rendering:
    transcript = transcript_xml.read_record(record)
    names = {teacher.code: teacher.name for row in transcript.subjects for teacher in row.teachers}
    data = forms.render(
        transcript,
        record=record,
        record_digest=f"sha256:{version.record_digest}",
        subject_signatures={
            subject: [(names[holder], signed_at) for holder, signed_at in signed]
            for subject, signed in moments.items()
        },
        verify_url=verify_url(version),
    ).data
    presentation = transcript_xml.presentation_xml(
        str(version.transcript_id),
        version.version,
        Digest(algorithm="sha256", value=hashlib.sha256(data).hexdigest()),
        len(data),
        namespace=transcript_xml.namespace_of(record),
    )
    return Rendering(
        school_code=version.school_code,
        version_id=version.pk,
        pdf=data,
        presentation=presentation,
        rendered_at=at,
    )


def verify_url(version: TranscriptVersion) -> str:
    """The address where anybody finds the state of a version, as its QR code holds it."""
    base = getattr(settings, "HOCBA_VERIFY_URL", None) or ports.seals().address_of("portal")
    return f"{base}/?ma={version.transcript_id}&pb={version.version}"


def _mark(version: TranscriptVersion, problem: str, *, at: datetime) -> None:
    RenderingProblem.objects.create(
        school_code=version.school_code, version_id=version.pk, problem=problem[:500], found_at=at
    )
