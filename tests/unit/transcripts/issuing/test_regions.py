"""A row cut out of the record is octet by octet what the documents layer writes."""

from __future__ import annotations

import pytest

from hocba.documents import transcript_xml
from hocba.transcripts.issuing.regions import subject_region
from tests.factories import documents, primary


class TestSubjectRegion:
    @pytest.mark.parametrize("code", [code for code, _, _ in documents.SUBJECTS])
    def test_equals_the_row_written_alone(self, code: str) -> None:
        transcript = documents.transcript()
        region_id = transcript_xml.subject_region_id(transcript.id, transcript.version, code)

        found = subject_region(transcript_xml.record_xml(transcript), region_id)

        assert found == transcript_xml.subject_region(transcript, code)

    @pytest.mark.parametrize("code", [code for code, *_ in primary.SUBJECTS])
    def test_of_primary_school_equals_the_row_written_alone(self, code: str) -> None:
        transcript = primary.transcript()
        region_id = transcript_xml.subject_region_id(transcript.id, transcript.version, code)

        found = subject_region(transcript_xml.record_xml(transcript), region_id)

        assert found == transcript_xml.subject_region(transcript, code)

    def test_of_a_subject_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(ValueError, match="not found"):
            subject_region(transcript_xml.record_xml(documents.transcript()), "mh-none")
