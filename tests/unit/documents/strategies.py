"""Hypothesis strategies: any value a document may hold, odd names and missing parts included."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

from hocba.documents.class_record import (
    ClassIdentity,
    PupilMarks,
    PupilTerm,
    PupilYear,
    SubjectSheet,
    TermRecord,
    YearRecord,
)
from hocba.documents.people import Pupil, Relative, School, Sex, StaffMember
from hocba.documents.primary import (
    PrimaryMarks,
    PrimaryPupilTerm,
    PrimaryPupilYear,
    PrimarySubjectResult,
    PrimarySubjectSheet,
    PrimaryTermRecord,
    PrimaryTranscript,
    PrimaryYearRecord,
    PrimaryYearResult,
    TraitLevel,
    TraitResult,
)
from hocba.documents.transcript import Digest, LevelSeries, StudyYear, SubjectResult, Transcript, YearResult

ODD = "'ʼ’-.&<>\"\r\n\t ạậẫỹ\u00a0\u0301\u2028\u200bЖ漢𠮷🎓"
_CHARACTERS = st.one_of(
    st.characters(codec="utf-8", exclude_characters="\ufffe\uffff", exclude_categories=["Cc"]),
    st.sampled_from(ODD),
)
SUBJECT_CODES = [f"MON{number}" for number in range(17)]


def text(limit: int, *, least: int = 1) -> st.SearchStrategy[str]:
    """Text in NFC that XML may hold, up to `limit` characters."""
    return (
        st.text(_CHARACTERS, min_size=least, max_size=min(limit, 40))
        .map(lambda value: unicodedata.normalize("NFC", value)[:limit])
        .filter(lambda value: len(value) >= least and unicodedata.is_normalized("NFC", ">" + value))
    )


NAMES = text(200)
OPTIONAL = st.just("") | text(200)
REMARKS = st.one_of(OPTIONAL, st.just("Ệ" * 1000), st.just("&" * 2000))
UUIDS = st.uuids().map(str)
VERSIONS = st.integers(1, 9999)
DIGESTS = st.binary(min_size=32, max_size=32).map(lambda raw: Digest(algorithm="sha256", value=raw.hex()))
SCHOOL_YEARS = st.integers(2000, 2098).map(lambda year: f"{year}-{year + 1}")
PERSONAL_IDS = st.from_regex(r"[0-9]{12}", fullmatch=True)
IDENTIFIERS = st.from_regex(r"[A-Za-z0-9._/-]{1,30}", fullmatch=True)
BIRTH_DATES = st.sampled_from(["2013", "2013-07", "2013-07-16", "1999-12-31"])
LEVELS = st.none() | st.sampled_from(["TOT", "KHA", "DAT", "CHUA_DAT"])
PROMOTIONS = st.none() | st.sampled_from(["PROMOTED", "RETEST", "SUMMER_TRAINING", "RETAINED"])
TITLES = st.none() | st.sampled_from(["XUAT_SAC", "GIOI"])
SCORES = st.none() | st.integers(0, 100).map(lambda tenths: f"{tenths // 10}.{tenths % 10}")
COMMENTS = st.none() | st.sampled_from(["D", "CD"])
COUNTS = st.integers(0, 999)

staff = st.builds(StaffMember, code=IDENTIFIERS, name=NAMES, title=OPTIONAL)
school = st.builds(
    School,
    code=IDENTIFIERS,
    name=NAMES,
    level=st.sampled_from(["TH", "THCS", "THPT", "THCS-THPT"]),
    ward=OPTIONAL,
    province=OPTIONAL,
)
relative = st.none() | st.builds(Relative, name=NAMES, occupation=OPTIONAL)
pupil = st.builds(
    Pupil,
    personal_id=PERSONAL_IDS,
    code=st.just("") | IDENTIFIERS,
    name=NAMES,
    birth_date=BIRTH_DATES,
    sex=st.sampled_from(Sex),
    ethnic_group=st.just("") | text(100),
    nationality=st.just("") | text(100),
    birthplace=OPTIONAL,
    residence=OPTIONAL,
    policy=OPTIONAL,
    disability=OPTIONAL,
    father=relative,
    mother=relative,
    guardian=relative,
)
level_series = st.builds(LevelSeries, term1=LEVELS, term2=LEVELS, year=LEVELS)
year_result = st.builds(
    YearResult,
    conduct=level_series,
    learning=level_series,
    conduct_after_summer=LEVELS,
    learning_after_retest=LEVELS,
    absences_excused=COUNTS,
    absences_unexcused=COUNTS,
    promotion=PROMOTIONS,
    title=TITLES,
    certificates=REMARKS,
    competitions=REMARKS,
    awards=REMARKS,
    homeroom_remark=REMARKS,
    principal_remark=REMARKS,
)


def _marks(kind: str) -> st.SearchStrategy[str | None]:
    return SCORES if kind == "score" else COMMENTS


def subject_results(code: str) -> st.SearchStrategy[SubjectResult]:
    return st.sampled_from(["score", "comment"]).flatmap(
        lambda kind: st.builds(
            SubjectResult,
            code=st.just(code),
            name=NAMES,
            kind=st.just(kind),
            term1=_marks(kind),
            term2=_marks(kind),
            year=_marks(kind),
            after_retest=_marks(kind),
            remark=REMARKS,
            teachers=st.lists(staff, min_size=1, max_size=3).map(tuple),
        )
    )


subjects = st.lists(st.sampled_from(SUBJECT_CODES), min_size=1, max_size=17, unique=True).flatmap(
    lambda codes: st.tuples(*map(subject_results, codes))
)
transcript = st.builds(
    Transcript,
    id=UUIDS,
    version=VERSIONS,
    regulation=st.just("TT22-2021"),
    form=st.just("TT22-THCS"),
    level=st.sampled_from(["TH", "THCS", "THPT", "GDTX"]),
    grade=st.integers(1, 12),
    class_name=text(100),
    school_year=SCHOOL_YEARS,
    school=school,
    pupil=pupil,
    course_of_study=st.lists(
        st.builds(
            StudyYear, school_year=SCHOOL_YEARS, class_name=text(100), school_name=NAMES, place=OPTIONAL
        ),
        max_size=3,
    ).map(tuple),
    subjects=subjects,
    result=year_result,
    homeroom_teacher=staff,
    principal=staff,
    class_record=DIGESTS,
    previous=st.none() | DIGESTS,
    replaces=st.none() | DIGESTS,
    register_number=st.just("") | text(100),
)
identity = st.builds(
    ClassIdentity,
    id=UUIDS,
    version=VERSIONS,
    school=school,
    school_year=SCHOOL_YEARS,
    class_name=text(100),
    grade=st.integers(1, 12),
    regulation=st.just("TT22-2021"),
)


def _rows(row: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(row, min_size=1, max_size=4, unique_by=lambda each: each.personal_id).map(tuple)  # type: ignore[attr-defined]


_PUPIL = {"personal_id": PERSONAL_IDS, "pupil_code": st.just("") | IDENTIFIERS, "name": NAMES}


def _sheet(kind: str) -> st.SearchStrategy[SubjectSheet]:
    mark = _marks(kind)
    row = st.builds(
        PupilMarks,
        **_PUPIL,
        regular=st.lists(mark, max_size=10).map(tuple),
        midterm=mark,
        final=mark,
        term_result=mark,
        year_result=mark,
        after_retest=mark,
        remark=REMARKS,
    )
    return st.builds(
        SubjectSheet,
        identity=identity,
        subject_code=st.sampled_from(SUBJECT_CODES),
        subject_name=NAMES,
        kind=st.just(kind),
        term=st.integers(1, 2),
        teachers=st.lists(staff, min_size=1, max_size=3).map(tuple),
        rows=_rows(row),
    )


subject_sheet = st.sampled_from(["score", "comment"]).flatmap(_sheet)
term_record = st.builds(
    TermRecord,
    identity=identity,
    term=st.integers(1, 2),
    homeroom_teacher=staff,
    sheets=st.dictionaries(st.sampled_from(SUBJECT_CODES), DIGESTS, min_size=1).map(
        lambda found: tuple(found.items())
    ),
    rows=_rows(st.builds(PupilTerm, **_PUPIL, learning=LEVELS, conduct=LEVELS)),
)
year_record = st.builds(
    YearRecord,
    identity=identity,
    homeroom_teacher=staff,
    principal=staff,
    terms=st.dictionaries(st.integers(1, 2), DIGESTS, min_size=1).map(lambda found: tuple(found.items())),
    rows=_rows(
        st.builds(
            PupilYear,
            **_PUPIL,
            learning=LEVELS,
            conduct=LEVELS,
            absences_excused=COUNTS,
            absences_unexcused=COUNTS,
            promotion=PROMOTIONS,
            title=TITLES,
            learning_after_retest=LEVELS,
            conduct_after_summer=LEVELS,
            homeroom_remark=REMARKS,
        )
    ),
)

SUBJECT_LEVELS = st.none() | st.sampled_from(["T", "H", "C"])
TRAIT_LEVELS = st.none() | st.sampled_from(["T", "D", "C"])
TESTS = st.none() | st.integers(0, 10).map(str)
OVERALL = st.none() | st.sampled_from(
    ["HOAN_THANH_XUAT_SAC", "HOAN_THANH_TOT", "HOAN_THANH", "CHUA_HOAN_THANH"]
)
DECISIONS = st.none() | st.booleans()
GROUPS = st.sampled_from(["QUALITY", "GENERAL", "SPECIFIC"])

primary_identity = st.builds(
    ClassIdentity,
    id=UUIDS,
    version=VERSIONS,
    school=school,
    school_year=SCHOOL_YEARS,
    class_name=text(100),
    grade=st.integers(1, 5),
    regulation=st.just("TT27-2020"),
)
primary_transcript = st.builds(
    PrimaryTranscript,
    id=UUIDS,
    version=VERSIONS,
    regulation=st.just("TT27-2020"),
    form=st.just("TT27-TH"),
    level=st.just("TH"),
    grade=st.integers(1, 5),
    class_name=text(100),
    school_year=SCHOOL_YEARS,
    school=school,
    pupil=pupil,
    course_of_study=st.just(()),
    subjects=st.lists(
        st.builds(
            PrimarySubjectResult,
            code=st.sampled_from(SUBJECT_CODES),
            name=NAMES,
            level=SUBJECT_LEVELS,
            test=TESTS,
            remark=REMARKS,
            teachers=st.lists(staff, min_size=1, max_size=2).map(tuple),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda row: row.code,
    ).map(tuple),
    traits=st.lists(
        st.builds(
            TraitResult,
            code=st.sampled_from(SUBJECT_CODES),
            name=NAMES,
            group=GROUPS,
            level=TRAIT_LEVELS,
            remark=REMARKS,
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda row: (row.group, row.code),
    ).map(tuple),
    result=st.builds(
        PrimaryYearResult,
        overall=OVERALL,
        completed=DECISIONS,
        promoted=DECISIONS,
        award=REMARKS,
        absences_excused=COUNTS,
        absences_unexcused=COUNTS,
        homeroom_remark=REMARKS,
    ),
    homeroom_teacher=staff,
    principal=staff,
    class_record=DIGESTS,
    previous=st.none() | DIGESTS,
    replaces=st.none() | DIGESTS,
    register_number=st.just("") | text(100),
)
primary_subject_sheet = st.builds(
    PrimarySubjectSheet,
    identity=primary_identity,
    subject_code=st.sampled_from(SUBJECT_CODES),
    subject_name=NAMES,
    term=st.integers(1, 2),
    teachers=st.lists(staff, min_size=1, max_size=3).map(tuple),
    rows=_rows(
        st.builds(
            PrimaryMarks,
            **_PUPIL,
            middle_level=SUBJECT_LEVELS,
            middle_test=TESTS,
            end_level=SUBJECT_LEVELS,
            end_test=TESTS,
            remark=REMARKS,
        )
    ),
)
primary_term_record = st.builds(
    PrimaryTermRecord,
    identity=primary_identity,
    term=st.integers(1, 2),
    homeroom_teacher=staff,
    sheets=st.dictionaries(st.sampled_from(SUBJECT_CODES), DIGESTS, min_size=1).map(
        lambda found: tuple(found.items())
    ),
    rows=_rows(
        st.builds(
            PrimaryPupilTerm,
            **_PUPIL,
            traits=st.lists(
                st.builds(
                    TraitLevel,
                    code=st.sampled_from(SUBJECT_CODES),
                    middle=TRAIT_LEVELS,
                    end=TRAIT_LEVELS,
                ),
                min_size=1,
                max_size=4,
                unique_by=lambda each: each.code,
            ).map(tuple),
            remark=REMARKS,
        )
    ),
)
primary_year_record = st.builds(
    PrimaryYearRecord,
    identity=primary_identity,
    homeroom_teacher=staff,
    principal=staff,
    terms=st.dictionaries(st.integers(1, 2), DIGESTS, min_size=1).map(lambda found: tuple(found.items())),
    rows=_rows(
        st.builds(
            PrimaryPupilYear,
            **_PUPIL,
            overall=OVERALL,
            completed=DECISIONS,
            promoted=DECISIONS,
            award=REMARKS,
            absences_excused=COUNTS,
            absences_unexcused=COUNTS,
            remark=REMARKS,
        )
    ),
)
