"""Every step of an assessment as data a screen or a report can show.

A step is {"about", "rule": {"circular", "article", "version"}, "numbers", "result", "sentence"}: the numbers
put into the formula, where the rule stands, which version of our reading it is, and a Vietnamese sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hocba.regulations import levels
from hocba.regulations.circular22.averages import FINAL_WEIGHT, MIDTERM_WEIGHT, SECOND_TERM_WEIGHT
from hocba.regulations.circular22.sentences import (
    PERIODS,
    TITLES_SHOWN,
    decision_sentence,
    learning_sentence,
    subject_name,
)
from hocba.regulations.marks import COMMENT_TEXTS, TEXTS, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hocba.regulations.circular22.assessment import Assessment, Results
    from hocba.regulations.circular22.irregular import Term
    from hocba.regulations.circular22.promotion import Ground
    from hocba.regulations.circular22.ratings import Rating
    from hocba.regulations.circular22.reading import PupilYear, Subject
    from hocba.regulations.circular22.thresholds import Thresholds

Step = dict[str, Any]

_ARTICLE_OF_GROUND = {
    "too_many_absences": "absences",
    "principal_decided": "disability_promotion",
    "principal_decides": "disability_promotion",
    "learning_not_reached": "retest",
    "met_after_retest": "retest",
    "not_reached_after_retest": "retest",
    "conduct_not_reached": "summer",
    "met_after_summer": "summer",
    "not_reached_after_summer": "summer",
}


def explanation(pupil: PupilYear, assessment: Assessment, limits: Thresholds) -> list[Step]:
    """All steps that led to known results, in the order they were taken."""
    steps: list[Step] = []
    for subject, results in zip(pupil.subjects, assessment.results, strict=True):
        steps += _subject(subject, results, pupil.level, limits)
    for period, rating in enumerate(assessment.ratings):
        if rating.level is not None:
            steps += _learning(pupil, assessment, period, rating, limits)
    if assessment.conduct is not None:
        steps.append(_conduct(pupil, assessment.conduct, limits))
    if assessment.after_retest.level is not None:
        steps.append(_after_retest(pupil, assessment, limits))
    steps.append(_promotion(pupil, assessment, limits))
    if assessment.title is not None:
        steps.append(_title(pupil, assessment, assessment.title, limits))
    return steps


def _step(
    about: dict[str, Any],
    article: str,
    numbers: dict[str, Any],
    result: object,
    sentence: str,
    limits: Thresholds,
) -> Step:
    rule = {"circular": limits.circular, "article": article, "version": limits.version}
    return {"about": about, "rule": rule, "numbers": numbers, "result": result, "sentence": sentence}


def _subject(subject: Subject, results: Results, level: str, limits: Thresholds) -> Iterator[Step]:
    name = subject_name(subject.code, level)
    for period in (0, 1):
        result = results[period]
        if result is not None:
            about = {"what": "subject_term", "subject": subject.code, "term": period + 1}
            label = f"môn {name} {PERIODS[period]}"
            if subject.terms[period].recorded is not None:
                written = TEXTS[result] if subject.scored else COMMENT_TEXTS[result]
                yield _term_recorded(about, label, written, limits)
                continue
            step = _term_score if subject.scored else _term_comment
            yield step(about, label, subject.terms[period], result, limits)
    if results[2] is not None:
        about = {"what": "subject_year", "subject": subject.code}
        step_of_year = _year_score if subject.scored else _year_comment
        yield step_of_year(about, name, results, subject.counted, limits)


def _term_score(about: dict[str, Any], label: str, term: Term, result: int, limits: Thresholds) -> Step:
    regular = [TEXTS[mark] for mark in term.regular if mark is not None]
    midterm, final = TEXTS[term.midterm or 0], TEXTS[term.final or 0]
    total = sum(mark or 0 for mark in term.regular)
    total += MIDTERM_WEIGHT * (term.midterm or 0) + FINAL_WEIGHT * (term.final or 0)
    divisor = len(regular) + MIDTERM_WEIGHT + FINAL_WEIGHT
    numbers: dict[str, Any] = {
        "regular": regular,
        "midterm": midterm,
        "final": final,
        "sum": _tenths(total),
        "divisor": divisor,
        "unrounded": _thousandths(total * 100, divisor),
    }
    marks = " + ".join(shown(mark) for mark in regular)
    sentence = (
        f"ĐTBmhk {label} = ({marks} + {MIDTERM_WEIGHT} × {shown(midterm)} + {FINAL_WEIGHT} × {shown(final)})"
        f" : {divisor} = {shown(_tenths(total))} : {divisor} ≈ {shown(numbers['unrounded'])},"
        f" làm tròn thành {shown(TEXTS[result])}."
    )
    return _step(about, limits.articles.subject_score, numbers, TEXTS[result], sentence, limits)


def _term_recorded(about: dict[str, Any], label: str, written: str, limits: Thresholds) -> Step:
    sentence = f"Kết quả {label}: {shown(written)}, theo xác nhận của trường nơi học sinh chuyển đi."
    return _step(about, "", {"recorded": written}, written, sentence, limits)


def _term_comment(about: dict[str, Any], label: str, term: Term, result: int, limits: Thresholds) -> Step:
    regular = [COMMENT_TEXTS[mark] for mark in term.regular if mark is not None]
    numbers = {
        "regular": regular,
        "midterm": COMMENT_TEXTS[term.midterm or 0],
        "final": COMMENT_TEXTS[term.final or 0],
    }
    failed = [*regular, numbers["midterm"], numbers["final"]].count("CD")
    why = "tất cả các lần đánh giá đều Đạt" if result else f"có {failed} lần đánh giá Chưa đạt"
    sentence = f"Kết quả {label}: {shown(COMMENT_TEXTS[result])}, vì {why}."
    return _step(about, limits.articles.subject_comment, numbers, COMMENT_TEXTS[result], sentence, limits)


def _year_score(
    about: dict[str, Any], name: str, results: Results, counted: Sequence[bool], limits: Thresholds
) -> Step:
    first, second, year = (None if result is None else TEXTS[result] for result in results)
    numbers: dict[str, Any] = {"term1": first, "term2": second}
    if not (counted[0] and counted[1]):
        sentence = f"Môn {name} cả năm lấy kết quả của học kì không được miễn: {shown(year)}."
    else:
        total = (results[0] or 0) + SECOND_TERM_WEIGHT * (results[1] or 0)
        numbers |= {"sum": _tenths(total), "divisor": 3, "unrounded": _thousandths(total * 100, 3)}
        sentence = (
            f"ĐTBmcn môn {name} = ({shown(first)} + {SECOND_TERM_WEIGHT} × {shown(second)}) : 3"
            f" ≈ {shown(numbers['unrounded'])}, làm tròn thành {shown(year)}."
        )
    return _step(about, limits.articles.subject_score, numbers, year, sentence, limits)


def _year_comment(
    about: dict[str, Any], name: str, results: Results, counted: Sequence[bool], limits: Thresholds
) -> Step:
    first, second, year = (None if result is None else COMMENT_TEXTS[result] for result in results)
    source = "học kì II" if counted[1] else "học kì I (học kì II được miễn)"
    sentence = f"Môn {name} cả năm lấy kết quả {source}: {shown(year)}."
    numbers = {"term1": first, "term2": second}
    return _step(about, limits.articles.subject_comment, numbers, year, sentence, limits)


def _learning(
    pupil: PupilYear, assessment: Assessment, period: int, rating: Rating, limits: Thresholds
) -> Iterator[Step]:
    raw, level = rating.raw or 0, rating.level or 0
    about = {"what": "learning", "period": ("term1", "term2", "year")[period]}
    values = [results[period] for results in assessment.results]
    numbers = _counts(pupil, values, limits)
    sentence = f"{learning_sentence(period, raw, limits.articles)} {_counts_shown(numbers, limits)}"
    article = limits.articles.levels[raw]
    yield _step(about, article, numbers, levels.NAMES[raw], sentence, limits)
    if rating.culprit is not None:
        sentence = (
            f"Bỏ riêng môn {subject_name(rating.culprit, pupil.level)} thì kết quả cao hơn từ hai mức trở"
            f" lên, nên {PERIODS[period]} được điều chỉnh lên mức liền kề: {levels.SHOWN[level]}."
        )
        cause = {"raw": levels.NAMES[raw], "subject": rating.culprit}
        yield _step(about, limits.articles.adjustment, cause, levels.NAMES[level], sentence, limits)


def _counts(pupil: PupilYear, values: Sequence[int | None], limits: Thresholds) -> dict[str, Any]:
    """The numbers Điều 9 khoản 2 asks about."""
    scores: list[int] = []
    failed: list[str] = []
    for subject, value in zip(pupil.subjects, values, strict=True):
        if value is not None and subject.scored:
            scores.append(value)
        elif value is not None and not value:
            failed.append(subject.code)
    marks = sorted({limits.good_enough, limits.fair_enough, limits.pass_enough})
    return {
        "scored_subjects": len(scores),
        "lowest": TEXTS[min(scores)] if scores else None,
        "at_least": {TEXTS[mark]: sum(score >= mark for score in scores) for mark in marks},
        "failed_comment_subjects": failed,
    }


def _counts_shown(numbers: dict[str, Any], limits: Thresholds) -> str:
    reached = "; ".join(f"{count} môn từ {shown(mark)}" for mark, count in numbers["at_least"].items())
    return (
        f"Trong {numbers['scored_subjects']} môn đánh giá bằng điểm số: thấp nhất {shown(numbers['lowest'])};"
        f" {reached} (cần ít nhất {limits.enough_subjects} môn);"
        f" {len(numbers['failed_comment_subjects'])} môn đánh giá bằng nhận xét Chưa đạt."
    )


def _conduct(pupil: PupilYear, conduct: int, limits: Thresholds) -> Step:
    first, second = (levels.name(level) for level in pupil.conduct)
    sentence = (
        f"Rèn luyện học kì I {levels.shown(pupil.conduct[0])}, học kì II {levels.shown(pupil.conduct[1])}:"
        f" cả năm {levels.SHOWN[conduct]}."
    )
    numbers = {"term1": first, "term2": second}
    about = {"what": "conduct", "period": "year"}
    return _step(about, limits.articles.conduct, numbers, levels.NAMES[conduct], sentence, limits)


def _after_retest(pupil: PupilYear, assessment: Assessment, limits: Thresholds) -> Step:
    rating = assessment.after_retest
    values = [
        results[2] if retest is None else retest
        for results, retest in zip(assessment.results, assessment.retests, strict=True)
    ]
    numbers = _counts(pupil, values, limits) | {
        "raw": levels.name(rating.raw),
        "adjusted_because_of": rating.culprit,
        "retests": {
            subject.code: TEXTS[retest] if subject.scored else COMMENT_TEXTS[retest]
            for subject, retest in zip(pupil.subjects, assessment.retests, strict=True)
            if retest is not None
        },
    }
    sentence = (
        f"Kết quả học tập sau đánh giá lại: {levels.shown(rating.level)}. {_counts_shown(numbers, limits)}"
    )
    about = {"what": "learning", "period": "after_retest"}
    return _step(about, limits.articles.retest, numbers, levels.name(rating.level), sentence, limits)


def _promotion(pupil: PupilYear, assessment: Assessment, limits: Thresholds) -> Step:
    promotion, ground = assessment.decision
    numbers = {
        "learning": levels.name(assessment.ratings[2].level),
        "learning_after_retest": levels.name(assessment.after_retest.level),
        "conduct": levels.name(assessment.conduct),
        "conduct_after_summer": levels.name(assessment.after_summer),
        "absences": pupil.absences,
        "absences_allowed": limits.absences,
        "ground": ground.value,
    }
    sentence = decision_sentence(pupil, ground, limits)
    result = None if promotion is None else promotion.value
    return _step({"what": "promotion"}, _article(ground, limits), numbers, result, sentence, limits)


def _article(ground: Ground, limits: Thresholds) -> str:
    article: str = getattr(limits.articles, _ARTICLE_OF_GROUND.get(ground.value, "promotion"))
    return article


def _title(pupil: PupilYear, assessment: Assessment, title: str, limits: Thresholds) -> Step:
    excellent = sum(
        subject.scored and (results[2] or 0) >= limits.excellent
        for subject, results in zip(pupil.subjects, assessment.results, strict=True)
    )
    numbers = {"learning": "TOT", "conduct": "TOT", "at_least": {TEXTS[limits.excellent]: excellent}}
    sentence = (
        f"Danh hiệu {TITLES_SHOWN[title]}: học tập và rèn luyện cả năm đều Tốt, {excellent} môn từ"
        f" {shown(TEXTS[limits.excellent])} (Xuất sắc cần ít nhất {limits.enough_subjects} môn)."
    )
    return _step({"what": "title"}, limits.articles.titles, numbers, title, sentence, limits)


def _tenths(total: int) -> str:
    return f"{total // 10}.{total % 10}"


def _thousandths(total: int, divisor: int) -> str:
    """total (in thousandths) / divisor with three decimals, cut, so that half up stays visible."""
    value = total // divisor
    return f"{value // 1000}.{value % 1000:03d}"
