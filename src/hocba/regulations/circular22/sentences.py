"""The short reasons of a result, as Vietnamese sentences that name the article."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hocba.regulations import curriculum, levels
from hocba.regulations.circular22.assessment import is_rated
from hocba.regulations.circular22.promotion import Ground, may_retest, may_retest_in
from hocba.regulations.circular22.thresholds import NOT_SET
from hocba.regulations.errors import UnknownSubjectError
from hocba.regulations.marks import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocba.regulations.circular22.assessment import Assessment
    from hocba.regulations.circular22.irregular import Term
    from hocba.regulations.circular22.ratings import Rating
    from hocba.regulations.circular22.reading import PupilYear
    from hocba.regulations.circular22.thresholds import Articles, Thresholds

PERIODS: Final = ("học kì I", "học kì II", "cả năm")
PERIODIC_SHOWN: Final = {"midterm": "giữa kì", "final": "cuối kì"}
TITLES_SHOWN: Final = {"XUAT_SAC": "Học sinh Xuất sắc", "GIOI": "Học sinh Giỏi"}
_GROUNDS: Final[dict[Ground, tuple[str, str]]] = {  # sentence, the article as a field of Articles
    Ground.ALL_MET: ("{passed}: đủ ba điều kiện về rèn luyện, học tập và số buổi nghỉ", "promotion"),
    Ground.MET_AFTER_RETEST: (
        "{passed} sau đánh giá lại: kết quả học tập sau đánh giá lại từ mức Đạt trở lên",
        "retest",
    ),
    Ground.MET_AFTER_SUMMER: (
        "{passed} sau rèn luyện trong kì nghỉ hè: kết quả rèn luyện sau kì nghỉ hè từ mức Đạt trở lên",
        "summer",
    ),
    Ground.TOO_MANY_ABSENCES: (
        "Không được lên lớp: nghỉ {absences} buổi, quá {limit} buổi trong một năm học",
        "absences",
    ),
    Ground.BOTH_NOT_REACHED: (
        "Không được lên lớp: cả kết quả rèn luyện và kết quả học tập cả năm đều ở mức Chưa đạt",
        "promotion",
    ),
    Ground.LEARNING_NOT_REACHED: (
        "Được đánh giá lại môn học trong kì nghỉ hè: kết quả học tập cả năm Chưa đạt",
        "retest",
    ),
    Ground.CONDUCT_NOT_REACHED: (
        "Phải rèn luyện trong kì nghỉ hè: kết quả rèn luyện cả năm Chưa đạt",
        "summer",
    ),
    Ground.NOT_REACHED_AFTER_RETEST: (
        "Không được lên lớp: kết quả học tập sau đánh giá lại vẫn ở mức Chưa đạt",
        "retest",
    ),
    Ground.NOT_REACHED_AFTER_SUMMER: (
        "Không được lên lớp: kết quả rèn luyện sau kì nghỉ hè vẫn ở mức Chưa đạt",
        "summer",
    ),
    Ground.UNKNOWN: ("Chưa xét được lên lớp vì chưa đủ kết quả", ""),
    Ground.PRINCIPAL_DECIDED: (
        "Hiệu trưởng đã quyết định đối với học sinh khuyết tật",
        "disability_promotion",
    ),
    Ground.PRINCIPAL_DECIDES: (
        "Hiệu trưởng xét lên lớp đối với học sinh khuyết tật; hệ thống không tự quyết định",
        "disability_promotion",
    ),
}


def reasons(pupil: PupilYear, assessment: Assessment, limits: Thresholds) -> list[str]:
    """Why the results are what they are, in the order a teacher reads them."""
    sentences = [] if _is_complete(pupil, assessment) else list(missing(pupil, assessment, limits))
    sentences += _wrong_count(pupil, limits.articles)
    for period, rating in enumerate(assessment.ratings):
        if rating.level is not None:
            sentences.append(learning_sentence(period, rating.level, limits.articles))
            if rating.culprit is not None:
                sentences.append(_adjusted(PERIODS[period], rating, pupil.level, limits))
    sentences += _retests(pupil, assessment, limits)
    sentences += _conduct(pupil, assessment, limits.articles)
    sentences.append(decision_sentence(pupil, assessment.decision.ground, limits))
    if assessment.title is not None:
        sentences.append(f"Danh hiệu {TITLES_SHOWN[assessment.title]}{cite(limits.articles.titles)}.")
    if not limits.confirmed:
        sentences.append(f"Các ngưỡng của {limits.circular} đang dùng chưa được xác nhận với văn bản gốc.")
    return sentences


def _is_complete(pupil: PupilYear, assessment: Assessment) -> bool:
    """Whether every level is known, so that nothing can be missing: nearly every pupil at the year's end."""
    first, second, year = assessment.ratings
    known = first.level is not None and second.level is not None and year.level is not None
    return known and assessment.conduct is not None and pupil.absences is not None


def missing(pupil: PupilYear, assessment: Assessment, limits: Thresholds) -> Iterator[str]:
    """A sentence for each thing that is not there yet and keeps a result from being known."""
    for subject, (first, second, _) in zip(pupil.subjects, assessment.results, strict=True):
        for period, result in enumerate((first, second)):
            if result is None and subject.counted[period]:
                lacks = ", ".join(_lacks(subject.terms[period]))
                name = subject_name(subject.code, pupil.level)
                yield f"Môn {name} {PERIODS[period]} chưa có kết quả: {lacks}."
    for period, level in enumerate(pupil.conduct):
        if level is None:
            yield f"Chưa có kết quả rèn luyện {PERIODS[period]}."
    yield from _not_rated(pupil, limits)
    if pupil.absences is None:
        yield "Chưa có số buổi nghỉ học cả năm."


def _not_rated(pupil: PupilYear, limits: Thresholds) -> Iterator[str]:
    if limits.enough_subjects == NOT_SET:
        yield f"Chưa xếp mức kết quả học tập: số môn tối thiểu theo {limits.circular} chưa được cấu hình."
    elif not is_rated(pupil, limits):
        yield (
            f"Không xếp mức kết quả học tập: học sinh khuyết tật có dưới {limits.enough_subjects} môn được"
            f" đánh giá bằng điểm số{cite(limits.articles.disability)}."
        )


def _wrong_count(pupil: PupilYear, articles: Articles) -> Iterator[str]:
    """Another number of regular assessments than the rule asks for: said, but computed as recorded."""
    required_marks = _required_marks(pupil.level, pupil.grade)
    topic = 1 if pupil.level == "THPT" else 0  # the result of a chuyên đề may stand beside the others
    for subject in pupil.subjects:
        required = required_marks.get(subject.code)
        if required is None:
            continue
        for period, term in enumerate(subject.terms):
            count = len(term.regular)
            if 0 < count < required or count > required + topic:
                yield (
                    f"Lưu ý: môn {subject_name(subject.code, pupil.level)} {PERIODS[period]} có {count} lần"
                    f" đánh giá thường xuyên, quy định là {required}{cite(articles.regular)}."
                )


def _lacks(term: Term) -> Iterator[str]:
    if not term.regular:
        yield "chưa có đánh giá thường xuyên nào"
    elif None in term.regular:
        yield f"còn thiếu {term.regular.count(None)} lần đánh giá thường xuyên"
    for key, value in (("midterm", term.midterm), ("final", term.final)):
        if key in term.excused:
            yield f"vắng {PERIODIC_SHOWN[key]} có lí do, chờ kiểm tra bù"
        elif value is None:
            yield f"chưa có đánh giá {PERIODIC_SHOWN[key]}"


@lru_cache(maxsize=64)
def learning_sentence(period: int, level: int, articles: Articles) -> str:
    """ "Kết quả học tập cả năm: Khá (Điều 9 khoản 2 điểm b)." """
    return f"Kết quả học tập {PERIODS[period]}: {levels.SHOWN[level]}{cite(articles.levels[level])}."


def _adjusted(period: str, rating: Rating, school_level: str, limits: Thresholds) -> str:
    return (
        f"Kết quả học tập {period} được điều chỉnh từ {levels.shown(rating.raw)} lên"
        f" {levels.shown(rating.level)} vì chỉ riêng môn"
        f" {subject_name(rating.culprit or '', school_level)} làm thấp xuống từ hai mức trở lên"
        f"{cite(limits.articles.adjustment)}."
    )


def _retests(pupil: PupilYear, assessment: Assessment, limits: Thresholds) -> Iterator[str]:
    learning = assessment.ratings[2].level
    after = assessment.after_retest
    if after.level is not None:
        article = cite(limits.articles.retest)
        yield f"Kết quả học tập sau đánh giá lại: {levels.SHOWN[after.level]}{article}."
        if after.culprit is not None:
            yield _adjusted("sau đánh giá lại", after, pupil.level, limits)
    if learning == 0 and assessment.decision.ground is Ground.LEARNING_NOT_REACHED:
        yield _to_retest(pupil, assessment, limits)
    for subject, counts in zip(pupil.subjects, assessment.retests, strict=True):
        if subject.retest is not None and counts is None:
            name = subject_name(subject.code, pupil.level)
            why = _why_no_retest(learning, assessment.conduct, limits)
            yield f"Kết quả đánh giá lại môn {name} không được tính: {why}."


def _to_retest(pupil: PupilYear, assessment: Assessment, limits: Thresholds) -> str:
    names = [
        subject_name(subject.code, pupil.level)
        for subject, result in zip(pupil.subjects, assessment.results, strict=True)
        if may_retest_in(result[2], limits, scored=subject.scored)
    ]
    if not names:
        return (
            f"Không có môn nào dưới {TEXTS[limits.retest_below].replace('.', ',')} hoặc Chưa đạt để đánh giá"
            f" lại; chưa đủ {limits.enough_subjects} môn đánh giá bằng điểm số."
        )
    return f"Các môn có thể đánh giá lại: {', '.join(names)}{cite(limits.articles.retest)}."


def _why_no_retest(learning: int | None, conduct: int | None, limits: Thresholds) -> str:
    if may_retest(learning, conduct):
        return "kết quả cả năm của môn này không thuộc diện đánh giá lại"
    if learning is None or conduct is None:
        return "chưa có đủ kết quả cả năm"
    article = cite(limits.articles.retest)
    return f"chỉ đánh giá lại khi học tập cả năm Chưa đạt và rèn luyện cả năm từ Đạt trở lên{article}"


def _conduct(pupil: PupilYear, assessment: Assessment, articles: Articles) -> Iterator[str]:
    if assessment.conduct is not None:
        yield _conduct_sentence(*pupil.conduct, assessment.conduct, articles)
    if assessment.after_summer is not None:
        shown = levels.SHOWN[assessment.after_summer]
        yield f"Kết quả rèn luyện sau kì nghỉ hè: {shown}{cite(articles.summer)}."
    elif pupil.after_summer is not None:
        yield (
            "Kết quả rèn luyện sau kì nghỉ hè không được tính: học sinh không thuộc diện phải rèn luyện"
            " trong kì nghỉ hè."
        )


@lru_cache(maxsize=64)
def _conduct_sentence(term1: int, term2: int, year: int, articles: Articles) -> str:
    return (
        f"Kết quả rèn luyện cả năm: {levels.SHOWN[year]} (học kì I {levels.SHOWN[term1]},"
        f" học kì II {levels.SHOWN[term2]}){cite(articles.conduct)}."
    )


def decision_sentence(pupil: PupilYear, ground: Ground, limits: Thresholds) -> str:
    """Why the pupil is promoted, or what stands in the way."""
    if ground is Ground.TOO_MANY_ABSENCES:
        return _decision(ground, pupil.grade, limits.articles, pupil.absences, limits.absences)
    return _decision(ground, pupil.grade, limits.articles, None, None)


@lru_cache(maxsize=256)
def _decision(ground: Ground, grade: int, articles: Articles, absences: int | None, limit: int | None) -> str:
    template, article = _GROUNDS[ground]
    passed = {9: "Hoàn thành chương trình trung học cơ sở", 12: "Hoàn thành chương trình trung học phổ thông"}
    text = template.format(passed=passed.get(grade, "Được lên lớp"), absences=absences, limit=limit)
    return f"{text}{cite(getattr(articles, article) if article else '')}."


def cite(article: str) -> str:
    """ " (Điều 14)", or nothing when the article is not known."""
    return f" ({article})" if article else ""


@lru_cache(maxsize=1024)
def subject_name(code: str, level: str) -> str:
    """The name of a subject, or its code when the curriculum does not know it."""
    try:
        return curriculum.subject(code, level).name
    except UnknownSubjectError:
        return code


@lru_cache(maxsize=64)
def _required_marks(level: str, grade: int) -> dict[str, int]:
    """How many regular assessments a term of each subject should have (Điều 6 khoản 2)."""
    return {
        subject.code: curriculum.regular_marks_required(subject.code, level, grade)
        for subject in curriculum.subjects_for(level, grade)
    }
