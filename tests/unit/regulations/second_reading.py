"""A second, slow and plain reading of TT 22/2021, written from the circular and not from our code.

It exists only to disagree: `test_second_reading.py` compares it with `evaluate`. Marks are Decimal.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

ORDER = ["CHUA_DAT", "DAT", "KHA", "TOT"]
HIGH, GOOD, FAIR, FLOOR = Decimal("8.0"), Decimal("6.5"), Decimal("5.0"), Decimal("3.5")

CONDUCT_OF_THE_YEAR = """
        TOT       KHA       DAT       CHUA_DAT
TOT     TOT       TOT       KHA       KHA
KHA     KHA       KHA       KHA       DAT
DAT     KHA       DAT       DAT       DAT
CHUA_DAT CHUA_DAT CHUA_DAT  CHUA_DAT  CHUA_DAT
"""  # rows: term II, columns: term I


@cache
def decimal(text: str) -> Decimal:
    return Decimal(text)


def one_decimal(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@cache
def score_of_term(regular: tuple[str | None, ...], midterm: str | None, final: str | None) -> Decimal | None:
    if not regular or None in (*regular, midterm, final):
        return None
    total = sum((Decimal(mark or "") for mark in regular), Decimal(0))
    total += 2 * Decimal(midterm or "") + 3 * Decimal(final or "")
    return one_decimal(total / (len(regular) + 5))


@cache
def comment_of_term(regular: tuple[str | None, ...], midterm: str | None, final: str | None) -> str | None:
    if not regular or None in (*regular, midterm, final):
        return None
    return "D" if all(result == "D" for result in (*regular, midterm, final)) else "CD"


@cache
def score_of_year(first: Decimal, second: Decimal) -> Decimal:
    return one_decimal((first + 2 * second) / 3)


def level_reached(scores: list[Decimal], failed: int) -> str:
    """Điều 9 khoản 2."""
    lowest = min(scores, default=Decimal(0))
    if failed == 0 and lowest >= GOOD and len([score for score in scores if score >= HIGH]) >= 6:
        return "TOT"
    if failed == 0 and lowest >= FAIR and len([score for score in scores if score >= GOOD]) >= 6:
        return "KHA"
    if failed <= 1 and lowest >= FLOOR and len([score for score in scores if score >= FAIR]) >= 6:
        return "DAT"
    return "CHUA_DAT"


def learning(results: list[tuple[str, Any]]) -> tuple[str | None, str | None]:
    """Level and the subject it was adjusted because of (Điều 9 khoản 2 and 3)."""
    if any(result is None for _, result in results):
        return None, None
    scored = [(code, result) for code, result in results if not isinstance(result, str)]
    failed = [code for code, result in results if result == "CD"]
    raw = level_reached([score for _, score in scored], len(failed))
    if raw in ("TOT", "KHA"):  # nothing is two levels above
        return raw, None
    causes = []
    for code, _ in results:  # leave that one subject out: it is held to nothing and counted nowhere
        others = [score for other, score in scored if other != code]
        otherwise = level_reached(others, len([other for other in failed if other != code]))
        if otherwise in ("TOT", "KHA") and ORDER.index(otherwise) - ORDER.index(raw) >= 2:
            causes.append(code)
    if len(causes) == 1:
        return ORDER[ORDER.index(raw) + 1], causes[0]
    return raw, None


@cache
def conduct_of_year(first: str | None, second: str | None) -> str | None:
    if first is None or second is None:
        return None
    header, *rows = (line.split() for line in CONDUCT_OF_THE_YEAR.strip().splitlines())
    for name, *row in rows:
        if name == second:
            return row[header.index(first)]
    raise AssertionError(second)


def subject_results(subject: dict[str, Any]) -> tuple[Any, Any, Any]:
    rule = score_of_term if subject["kind"] == "score" else comment_of_term
    first, second = (
        rule(tuple(term["regular"]), term["midterm"], term["final"]) for term in subject["terms"]
    )
    if subject["kind"] == "comment":
        return first, second, second
    if first is None or second is None:
        return first, second, None
    return first, second, score_of_year(first, second)


def promotion(
    record: dict[str, Any], learned: str | None, behaved: str | None, again: str | None
) -> str | None:
    if record["absences"] is not None and record["absences"] > 45:
        return "RETAINED"
    if learned == behaved == "CHUA_DAT":
        return "RETAINED"
    if learned is None or behaved is None or record["absences"] is None:
        return None
    summer = record["conduct"]["after_summer"]
    if behaved == "CHUA_DAT":
        if summer is None:
            return "SUMMER_TRAINING"
        return "RETAINED" if summer == "CHUA_DAT" else "PROMOTED"
    if learned == "CHUA_DAT":
        if again is None:
            return "RETEST"
        return "RETAINED" if again == "CHUA_DAT" else "PROMOTED"
    return "PROMOTED"


def evaluate(record: dict[str, Any]) -> dict[str, Any]:
    """The same answer as `hocba.regulations.evaluation.evaluate`, without the reasons."""
    subjects = record["subjects"]
    results = {subject["code"]: subject_results(subject) for subject in subjects}
    levels = [learning([(code, result[period]) for code, result in results.items()]) for period in range(3)]
    learned = levels[2][0]
    behaved = conduct_of_year(*record["conduct"]["terms"])
    retested = {}
    if learned == "CHUA_DAT" and behaved not in (None, "CHUA_DAT"):
        for subject in subjects:
            of_year, retest = results[subject["code"]][2], subject["retest"]
            weak = of_year == "CD" if isinstance(of_year, str) else of_year < Decimal(5)
            if weak and retest is not None:
                retested[subject["code"]] = retest if subject["kind"] == "comment" else decimal(retest)
    again = None
    if retested:
        again = learning([(code, retested.get(code, result[2])) for code, result in results.items()])[0]
    excellent = [result[2] for result in results.values() if isinstance(result[2], Decimal)]
    title = None
    if learned == behaved == "TOT":
        title = "XUAT_SAC" if sum(score >= 9 for score in excellent) >= 6 else "GIOI"
    trains = behaved == "CHUA_DAT" and learned != "CHUA_DAT"

    def text(result: Any) -> str | None:
        return None if result is None else str(result)

    return {
        "subjects": [
            {
                "code": code,
                "terms": [text(result[0]), text(result[1])],
                "year": text(result[2]),
                "after_retest": text(retested.get(code)),
            }
            for code, result in results.items()
        ],
        "learning": {
            "terms": [levels[0][0], levels[1][0]],
            "year": learned,
            "after_retest": again,
            "adjusted_because_of": [cause for _, cause in levels],
        },
        "conduct": {"year": behaved, "after_summer": record["conduct"]["after_summer"] if trains else None},
        "promotion": promotion(record, learned, behaved, again),
        "title": title,
    }
