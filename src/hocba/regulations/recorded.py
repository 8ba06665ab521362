"""The answer for results recorded under an old circular: as they stand on paper, with what looks wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocba.regulations.errors import Problem

_NOT_RESULTS: Final = frozenset({"regulation", "level", "grade", "school_year", "id"})


def answer(
    record: Mapping[str, Any], circular: str, version: str, warnings: list[Problem], *, explain: bool
) -> dict[str, Any]:
    """The recorded results unchanged, beside the warnings; nothing is computed again (Quy chế Điều 15)."""
    results = {key: value for key, value in record.items() if key not in _NOT_RESULTS}
    written: dict[str, Any] = {"id": record["id"]} if record.get("id") is not None else {}
    written["recorded"] = results
    written["plausible"] = not warnings
    written["warnings"] = [warning._asdict() for warning in warnings]
    written["reasons"] = [
        f"Kết quả ghi theo {circular} được giữ nguyên như học bạ giấy, không tính lại.",
        *(f"Cần đối chiếu {warning.path}: {warning.message}" for warning in warnings),
    ]
    if explain:
        rule = {"circular": circular, "article": "", "version": version}
        written["explanation"] = [
            {
                "about": {"what": "plausibility", "path": warning.path},
                "rule": rule,
                "numbers": {},
                "result": None,
                "sentence": warning.message,
            }
            for warning in warnings
        ]
    return written
