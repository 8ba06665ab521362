"""Writes the assessment of a primary pupil as JSON, with its reasons in Vietnamese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hocba.regulations.circular27 import rules
from hocba.regulations.circular27.assessment import Facts, Proposal
from hocba.regulations.curriculum import subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocba.regulations.circular27.assessment import Assessment
    from hocba.regulations.circular27.reading import PrimaryYear

_LEVELS: Final[dict[int | None, str | None]] = {None: None, 0: "C", 1: "H", 2: "T"}
_TITLES_SHOWN: Final = {
    "XUAT_SAC": "Học sinh Xuất sắc",
    "TIEU_BIEU": "Học sinh Tiêu biểu hoàn thành tốt trong học tập và rèn luyện",
}
LAST_GRADE: Final = 5


def write(pupil: PrimaryYear, assessment: Assessment) -> dict[str, Any]:
    """The answer; `id` is there only when the input had one."""
    support = pupil.support
    answer: dict[str, Any] = {} if pupil.id is None else {"id": pupil.id}
    answer["subjects"] = [
        {
            "code": each.code,
            "year": _LEVELS[each.levels[rules.YEAR_END]],
            "test": _mark(each.tests[rules.YEAR_END]),
            "after_support": _LEVELS[support.levels.get(each.code)] if support else None,
            "test_after_support": _mark(support.tests.get(each.code)) if support else None,
        }
        for each in pupil.subjects
    ]
    answer["overall"] = {
        "year": _overall(assessment.overall),
        "after_support": _overall(assessment.after_support),
    }
    proposal = assessment.proposal
    answer["completion"] = {
        "proposal": None if proposal is None else proposal.value,
        "decision": pupil.decision,
    }
    answer["title"] = assessment.title
    answer["title_needs_nomination"] = assessment.needs_nomination
    answer["reasons"] = list(_reasons(pupil, assessment))
    return answer


def explanation(pupil: PrimaryYear, assessment: Assessment) -> list[dict[str, Any]]:
    """The steps as data, in the shape TT 22 uses: about, rule, numbers, result, sentence."""
    steps = []
    for what, facts, overall in (
        ("overall", assessment.facts, assessment.overall),
        ("overall_after_support", assessment.after_facts, assessment.after_support),
    ):
        if facts is not None and overall is not None:
            sentence = f"{_facts_shown(facts)}: {rules.OVERALL_SHOWN[overall]}."
            steps.append(
                _step(what, rules.OVERALL_ARTICLE, _facts_data(facts), rules.OVERALL[overall], sentence)
            )
    if assessment.proposal is not None:
        numbers = {"decision": pupil.decision, "grade": pupil.grade}
        sentence = _completion_sentence(pupil, assessment.proposal)
        steps.append(
            _step("completion", rules.COMPLETION_ARTICLE, numbers, assessment.proposal.value, sentence)
        )
    if assessment.title is not None:
        sentence = f"Danh hiệu {_TITLES_SHOWN[assessment.title]}."
        numbers = {"overall": _overall(assessment.overall), "nominated": pupil.nominated}
        steps.append(_step("title", rules.TITLE_ARTICLE, numbers, assessment.title, sentence))
    return steps


def _step(what: str, article: str, numbers: dict[str, Any], result: str, sentence: str) -> dict[str, Any]:
    rule = {"circular": rules.circular(), "article": article, "version": rules.version()}
    return {"about": {"what": what}, "rule": rule, "numbers": numbers, "result": result, "sentence": sentence}


def _reasons(pupil: PrimaryYear, assessment: Assessment) -> Iterator[str]:
    yield from _missing(pupil)
    if assessment.facts is not None and assessment.overall is not None:
        shown = rules.OVERALL_SHOWN[assessment.overall]
        yield f"Đánh giá kết quả giáo dục: {shown} ({rules.OVERALL_ARTICLE}). {_facts_shown(assessment.facts)}."
    if assessment.after_support is not None:
        yield f"Sau khi được hướng dẫn, giúp đỡ: {rules.OVERALL_SHOWN[assessment.after_support]}."
    elif pupil.support is not None:
        yield "Kết quả đánh giá bổ sung không được tính: chỉ dùng khi cuối năm Chưa hoàn thành và đủ kết quả."
    if assessment.proposal is not None:
        yield _completion_sentence(pupil, assessment.proposal)
    yield from _decision_warnings(pupil, assessment.proposal)
    if assessment.title is not None:
        yield f"Danh hiệu {_TITLES_SHOWN[assessment.title]} ({rules.TITLE_ARTICLE})."
    elif assessment.needs_nomination:
        yield (
            f"Có thể xét danh hiệu {_TITLES_SHOWN['TIEU_BIEU']}: cần giáo viên đề nghị thành tích hoặc tiến bộ"
            f" và tập thể lớp công nhận ({rules.TITLE_ARTICLE})."
        )


def _decision_warnings(pupil: PrimaryYear, proposal: Proposal | None) -> Iterator[str]:
    if pupil.decision == "NOT_COMPLETED" and proposal is Proposal.COMPLETED:
        yield "Lưu ý: quyết định khác với đề nghị tính được; cần xem lại."
    if pupil.decision == "COMPLETED" and proposal in (None, Proposal.SUPPORT):
        yield "Lưu ý: đã có quyết định khi chưa đủ kết quả hoặc chưa đánh giá bổ sung; cần xem lại."


def _missing(pupil: PrimaryYear) -> Iterator[str]:
    end = rules.YEAR_END
    for each in pupil.subjects:
        name = subject(each.code, "TIEUHOC").name
        if each.levels[end] is None:
            yield f"Môn {name} chưa có mức đạt được {rules.TIMES[end]}."
        if end in each.tested and each.tests[end] is None:
            yield f"Môn {name} chưa có điểm kiểm tra {rules.TIMES[end]} ({rules.TEST_ARTICLE})."
    names = rules.qualities() | rules.competences(pupil.grade)
    lacking = [names[code] for code, times in pupil.traits.items() if times[end] is None]
    if lacking:
        yield f"Chưa có mức đạt được {rules.TIMES[end]} về: {', '.join(lacking)}."


def _completion_sentence(pupil: PrimaryYear, proposal: Proposal) -> str:
    what = "chương trình tiểu học" if pupil.grade == LAST_GRADE else f"chương trình lớp {pupil.grade}"
    article = rules.COMPLETION_ARTICLE
    if proposal is Proposal.COMPLETED:
        return f"Đề nghị: hoàn thành {what} ({article})."
    if proposal is Proposal.SUPPORT:
        return (
            f"Đề nghị: hướng dẫn, giúp đỡ rồi đánh giá bổ sung trước khi xét hoàn thành {what} ({article})."
        )
    return f"Đã đánh giá bổ sung nhưng vẫn Chưa hoàn thành: hiệu trưởng quyết định ({article})."


def _facts_shown(facts: Facts) -> str:
    tests = "không có bài kiểm tra" if facts.tests is None else f"điểm kiểm tra thấp nhất {facts.tests}"
    subject_level = rules.SUBJECT_LEVELS_SHOWN[_letter(rules.SUBJECT_LEVELS, facts.subjects)]
    trait_level = rules.TRAIT_LEVELS_SHOWN[_letter(rules.TRAIT_LEVELS, facts.traits)]
    return (
        f"Môn học, hoạt động giáo dục thấp nhất {subject_level}; phẩm chất, năng lực thấp nhất {trait_level};"
        f" {tests}"
    )


def _facts_data(facts: Facts) -> dict[str, Any]:
    return {
        "lowest_subject_level": _letter(rules.SUBJECT_LEVELS, facts.subjects),
        "lowest_quality_or_competence": _letter(rules.TRAIT_LEVELS, facts.traits),
        "lowest_test": _mark(facts.tests),
    }


def _letter(levels: dict[str, int], level: int) -> str:
    return next(letter for letter, number in levels.items() if number == level)


def _mark(mark: int | None) -> str | None:
    return None if mark is None else str(mark)


def _overall(level: int | None) -> str | None:
    return None if level is None else rules.OVERALL[level]
