"""Documents of whichever level of schooling: what code takes that does not care which."""

from __future__ import annotations

from hocba.documents.class_record import PupilMarks, SubjectSheet, TermRecord, YearRecord
from hocba.documents.primary import (
    PrimaryMarks,
    PrimarySubjectSheet,
    PrimaryTermRecord,
    PrimaryTranscript,
    PrimaryYearRecord,
)
from hocba.documents.transcript import Transcript

AnyTranscript = Transcript | PrimaryTranscript
AnyMarks = PupilMarks | PrimaryMarks
AnySubjectSheet = SubjectSheet | PrimarySubjectSheet
AnyTermRecord = TermRecord | PrimaryTermRecord
AnyYearRecord = YearRecord | PrimaryYearRecord
AnyClassRecord = AnySubjectSheet | AnyTermRecord | AnyYearRecord
"""Unions work with `isinstance` as classes do."""
