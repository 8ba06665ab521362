"""Which role may open which address of the city side, as a table; `test_matrix.py` walks it.

People of a school have no role here at all: for them every address is another organisation's.
"""

from __future__ import annotations

from typing import Any

ROLES = {"city_officer", "city_administrator"}
OFFICER = {"city_officer"}

ADDRESSES: dict[str, dict[str, Any]] = {
    "city_home": {"kwargs": lambda ids: {}, "allowed": ROLES},
    "city_search": {"kwargs": lambda ids: {}, "allowed": OFFICER},
    "city_entry": {"kwargs": lambda ids: {"pk": ids["transcript"]}, "allowed": OFFICER},
    "city_certificates": {"kwargs": lambda ids: {}, "allowed": OFFICER},
    "city_decide_certificates": {
        "kwargs": lambda ids: {},
        "allowed": OFFICER,
        "method": "POST",
        "status": 302,
    },
    "city_certificate_calendar": {"kwargs": lambda ids: {}, "allowed": OFFICER},
    "city_certificate_calendar_json": {"kwargs": lambda ids: {}, "allowed": OFFICER},
    "city_certificate_calendar_csv": {"kwargs": lambda ids: {}, "allowed": OFFICER},
    "city_certificate": {"kwargs": lambda ids: {"pk": 10**9}, "allowed": OFFICER, "status": 404},
    "city_withdraw_certificate": {
        "kwargs": lambda ids: {"pk": 10**9},
        "allowed": OFFICER,
        "method": "POST",
        "status": 404,
    },
    "city_exchange_duty_ending": {
        "kwargs": lambda ids: {"school_code": "79764501", "holder": "GV0001"},
        "machines": {"transcripts"},
    },
    "city_trusted": {"kwargs": lambda ids: {}, "allowed": ROLES},
    "city_load_trust_list": {
        "kwargs": lambda ids: {},
        "allowed": OFFICER,
        "method": "POST",
        "status": 302,
    },
    "city_preservation": {"kwargs": lambda ids: {}, "allowed": ROLES},
    # Nothing is preserved of the one that the table asks for: who may, learns that.
    "city_evidence": {
        "kwargs": lambda ids: {"transcript_id": ids["uuid"], "version": 1},
        "allowed": OFFICER,
        "status": 404,
    },
    "city_exchange_evidence": {
        "kwargs": lambda ids: {"transcript_id": ids["uuid"], "version": 1},
        "machines": {"portal", "transcripts"},
        "method": "GET",
    },
    "city_exchange_certificates": {
        "kwargs": lambda ids: {"school_code": "79764501"},
        "machines": {"tracking", "transcripts", "portal"},
        "method": "GET",
    },
    # An empty question is malformed for who may ask.
    "city_exchange_certificate_changes": {
        "kwargs": lambda ids: {},
        "machines": {"tracking", "transcripts"},
        "method": "GET",
    },
    "city_exchange_declared_certificates": {
        "kwargs": lambda ids: {"school_code": "79764501"},
        "machines": {"transcripts"},
        "method": "GET",
    },
    "city_exchange_trust": {
        "kwargs": lambda ids: {},
        "machines": {"tracking", "transcripts", "portal"},
        "method": "GET",
    },
    "city_exchange_file": {
        "kwargs": lambda ids: {"digest": "a" * 64},
        "machines": {"tracking", "transcripts"},
    },
    "city_exchange_class_record": {
        "kwargs": lambda ids: {"record_id": ids["uuid"]},
        "machines": {"tracking"},
    },
    "city_exchange_transcript": {
        "kwargs": lambda ids: {"transcript_id": ids["uuid"], "version": 1},
        "machines": {"transcripts"},
    },
    "city_exchange_register_entry": {
        "kwargs": lambda ids: {"transcript_id": ids["uuid"], "version": 1},
        "machines": {"portal", "transcripts"},
        "method": "GET",
    },
}
