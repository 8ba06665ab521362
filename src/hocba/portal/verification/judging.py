"""The judging itself, run in a process of its own: files and trust in, plain words out. No database, no network."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hocba.documents import labels
from hocba.documents.transcript import Transcript
from hocba.documents.verification import pairs, verify, verify_pair, wording
from hocba.documents.verification.report_json import full_json
from hocba.signing import trust

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.documents.any_level import AnyTranscript
    from hocba.documents.primary import PrimaryTranscript
    from hocba.documents.verification import Check, Report, SignatureReport


PROVEN_BY = "Sở đã tiếp nhận tệp này vào cơ sở dữ liệu học bạ số"


def judge(
    contents: tuple[bytes, ...],
    trust_files: tuple[tuple[str, bytes], ...],
    at: datetime,
    existed_at: datetime | None = None,
) -> list[dict[str, Any]]:
    """Judge one file, or two that may be a pair; values are plain so that they can cross to the web process."""
    trusted = _trust(trust_files)
    reports = [
        verify(data, trust=trusted, at=at, existed_at=existed_at, proven_by=PROVEN_BY if existed_at else "")
        for data in contents
    ]
    if len(reports) == 2:
        reports = _together(*reports)
    return [describe(report) for report in reports]


def _together(first: Report, second: Report) -> list[Report]:
    """Two files compared when they are the XML and the PDF of one transcript, else each as if it came alone.

    Two good files of two transcripts are no forgery, only dropped together by mistake.
    """
    kinds = {first.kind, second.kind}
    if kinds == {"transcript_xml", "transcript_pdf"} and pairs.are_versions_of_one(first, second):
        return list(verify_pair(first, second))
    return [replace(report, notes=()) for report in (first, second)]


@lru_cache(maxsize=16)
def _trust(files: tuple[tuple[str, bytes], ...]) -> trust.TrustMaterial:
    return trust.load(dict(files))


def describe(report: Report) -> dict[str, Any]:
    """The report in words for the page."""
    return {
        "verdict": str(report.verdict),
        "kind": report.kind,
        "checks": [_check(check, wording.CHECKS) for check in report.checks],
        "signatures": [_signature(item) for item in report.signatures],
        "transcript": _transcript(report.transcript) if report.transcript else None,
        "transcript_id": report.transcript_id,
        "version": report.version,
        "school_code": report.transcript.school.code if report.transcript else None,
        "xml": report.file_digest if report.kind == "transcript_xml" else None,
        "pdf": report.file_digest if report.kind == "transcript_pdf" else None,
        "file_digest": str(report.file_digest) if report.file_digest else "",
        "notes": list(report.notes),
        "document": full_json(report),
    }


def _check(check: Check, names: dict[str, str]) -> dict[str, Any]:
    return {
        "name": check.name,
        "title": names.get(check.name, check.name),
        "status": str(check.status),
        "detail": check.detail,
        "code": str(check.code or ""),
    }


def _signature(item: SignatureReport) -> dict[str, Any]:
    return {
        "signer": item.signer,
        "role": wording.ROLES.get(item.role, item.role),
        "covers": list(item.covers),
        "signed_at": item.signed_at,
        "verdict": str(item.verdict),
        "detail": item.detail,
        "items": [_check(check, wording.ITEMS) for check in item.items],
    }


def _transcript(transcript: AnyTranscript) -> dict[str, Any]:
    results = (
        _secondary_results(transcript) if isinstance(transcript, Transcript) else _primary_results(transcript)
    )
    return {
        "pupil": transcript.pupil.name,
        "birth_date": labels.birth_date(transcript.pupil.birth_date),
        "school": transcript.school.name,
        "class_name": transcript.class_name,
        "school_year": transcript.school_year,
        **results,
    }


def _secondary_results(transcript: Transcript) -> dict[str, Any]:
    result = transcript.result
    return {
        "results": [
            f"Học tập: {labels.level(result.learning.year)}",
            f"Rèn luyện: {labels.level(result.conduct.year)}",
            labels.promotion(result.promotion),
        ],
        "columns": ["HK I", "HK II", "Cả năm"],
        "subjects": [
            {
                "name": row.name,
                "cells": [labels.mark(mark, short=True) for mark in (row.term1, row.term2, row.year)],
            }
            for row in transcript.subjects
        ],
    }


def _primary_results(transcript: PrimaryTranscript) -> dict[str, Any]:
    result = transcript.result
    return {
        "results": [
            part
            for part in (
                labels.overall(result.overall),
                labels.completion_of(transcript.grade, completed=result.completed),
                labels.advancement(promoted=result.promoted),
                result.award,
            )
            if part
        ],
        "columns": ["Mức đạt được", "Điểm kiểm tra"],
        "subjects": [
            {"name": row.name, "cells": [labels.subject_level(row.level), row.test or ""]}
            for row in transcript.subjects
        ],
    }
