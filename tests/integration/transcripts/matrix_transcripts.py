"""Which role may open which address of the transcripts side, as a table; `test_matrix.py` walks it.

`kwargs` makes an example address from what the school has; `allowed` are the roles that get in at their own school.
"homeroom_teacher" leads the class of the example, "other_homeroom_teacher" another one. `status` is what the
allowed get, `elsewhere` what the same roles of another school get. Machine addresses name the sides instead.
"""

from __future__ import annotations

from typing import Any

from tests.integration import desk_matrix

ROLES = {
    "academic_office",
    "administrator",
    "clerk",
    "group_head",
    "homeroom_teacher",
    "leadership",
    "other_homeroom_teacher",
    "principal",
    "subject_teacher",
}
READERS = {"academic_office", "clerk", "homeroom_teacher", "leadership", "principal"}
COPY_READERS = {"clerk", "leadership", "principal"}
SIGNERS = {
    "clerk",
    "homeroom_teacher",
    "leadership",
    "other_homeroom_teacher",
    "principal",
    "subject_teacher",
}


def _version(ids: dict[str, Any]) -> dict[str, Any]:
    return {"transcript_id": ids["transcript"], "version": 1}


ADDRESSES: dict[str, dict[str, Any]] = {
    "transcripts_home": {"kwargs": lambda ids: {}, "allowed": ROLES, "elsewhere": 200},
    "transcripts_class": {"kwargs": lambda ids: {"pk": ids["compilation"]}, "allowed": READERS},
    "transcripts_class_archive": {"kwargs": lambda ids: {"pk": ids["compilation"]}, "allowed": READERS},
    "transcripts_xml": {"kwargs": _version, "allowed": READERS},
    "transcripts_pdf": {"kwargs": _version, "allowed": READERS},
    "transcripts_receipt": {"kwargs": _version, "allowed": READERS},
    "transcripts_send_again": {"kwargs": _version, "allowed": {"clerk"}, "method": "POST", "status": 302},
    **desk_matrix.rows(
        "transcripts",
        signers=SIGNERS,
        batch=lambda ids: {"batch_id": ids["transcript"]},
        item="1",
        elsewhere="elsewhere",
    ),
    "transcripts_list": {
        "kwargs": lambda ids: {},
        "allowed": READERS | {"other_homeroom_teacher"},
        "elsewhere": 200,
    },
    "transcripts_copy": {"kwargs": _version, "allowed": {"clerk"}},
    # What the example holds is no signed file: who may read it learns that it cannot be bound, on the class page.
    "transcripts_years": {"kwargs": _version, "allowed": READERS, "status": 302},
    "transcripts_certificates": {"kwargs": lambda ids: {}, "allowed": ROLES, "elsewhere": 200},
    "transcripts_certificates_json": {"kwargs": lambda ids: {}, "allowed": ROLES, "elsewhere": 200},
    "transcripts_certificates_csv": {"kwargs": lambda ids: {}, "allowed": ROLES, "elsewhere": 200},
    "transcripts_declared": {"kwargs": lambda ids: {}, "allowed": ROLES, "elsewhere": 200},
    "transcripts_declared_json": {"kwargs": lambda ids: {}, "allowed": ROLES, "elsewhere": 200},
    # An empty form leads back to the page, which says so.
    **{
        name: {
            "kwargs": lambda ids: {},
            "allowed": {"clerk", "principal"},
            "method": "POST",
            "status": 302,
            "elsewhere": 302,
        }
        for name in ("transcripts_read_certificates", "transcripts_declare")
    },
    "transcripts_end_duty": {
        "kwargs": lambda ids: {},
        "allowed": {"clerk", "principal"},
        "method": "POST",
        "status": 302,
        "elsewhere": 302,
    },
    "transcripts_copies": {"kwargs": lambda ids: {}, "allowed": COPY_READERS, "elsewhere": 200},
    "transcripts_copy_file": {"kwargs": lambda ids: {"pk": ids["copy"]}, "allowed": COPY_READERS},
    "transcripts_exchange_file": {
        "kwargs": lambda ids: {"digest": "a" * 64},
        "machines": {"tracking"},
    },
    "transcripts_exchange_class_record": {
        "kwargs": lambda ids: {"record_id": ids["transcript"]},
        "machines": {"tracking"},
    },
}
