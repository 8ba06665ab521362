"""Working bytes go once the sealed files hold everything; who signed what and when stays."""

from __future__ import annotations

from django.db import transaction

from hocba.transcripts.issuing.models import Rendering, SigningItem
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.workflow import Status


@transaction.atomic
def forget_working_bytes(compilation_id: int) -> int:
    """Empty items and drop renderings of archived versions of a class; how many versions."""
    keys = [version.pk for version in records.versions_in(compilation_id, Status.ARCHIVED)]
    SigningItem.objects.filter(version_id__in=keys).exclude(to_be_signed=b"").update(
        to_be_signed=b"", prepared=b"", signed=b""
    )
    Rendering.objects.filter(pk__in=keys).delete()
    return len(keys)
