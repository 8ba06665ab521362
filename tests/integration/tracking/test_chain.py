"""From marks to sealed class records, through the views people and machines use."""

from __future__ import annotations

import pytest

from hocba.documents import class_record_xml
from hocba.platform.files import store
from hocba.platform.messages.models import OutgoingMessage
from hocba.platform.tenancy import scope
from hocba.signing import xmldsig
from hocba.tracking.handover import queries as handover
from hocba.tracking.sealing import queries
from tests.factories import small_school as school
from tests.fakes.sides import deliver
from tests.integration.tracking.desk import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.tracking_urls")]
YEAR = school.YEAR


def states(desk: Desk, kind: str) -> set[str]:
    with scope.acting_for(desk.code):
        return {str(each.state) for each in queries.list_states(desk.code, YEAR) if each.kind == kind}


class TestTheChain:
    def test_seals_every_class_and_hands_it_over(self, desk: Desk) -> None:
        desk.enter()
        assert dict(desk.compare())["ready"] == 8

        desk.sign_all()

        assert states(desk, "SoNamHoc") == {"SEALED"}
        assert states(desk, "SoHocKy") == states(desk, "SoMonHoc") == {"SIGNED"}
        before = len(desk.sides.asked)
        deliver()
        sent = desk.sides.asked[before:]
        to_transcripts = [(method, path) for side, method, path in sent if side == "transcripts"]
        assert [path.split("/")[3] for _, path in to_transcripts] == ["class-records"] * 2
        whole = OutgoingMessage.objects.filter(recipient="transcripts", path__contains="class-records")
        assert sorted(len(message.body_files) for message in whole) == [5, 9]
        assert len([side for side, _, _ in sent if side == "city"]) == 2
        with scope.acting_for(desk.code):
            assert {row.state for row in handover.list_handovers(desk.code, YEAR)} == {"ACCEPTED"}

    def test_makes_a_tree_of_digests_of_files_whose_signatures_hold(self, desk: Desk) -> None:
        desk.enter()
        desk.compare()
        desk.sign_all()

        with scope.acting_for(desk.code):
            found = next(
                each for each in queries.list_states(desk.code, YEAR, "6A1") if each.kind == "SoNamHoc"
            )
            year = queries.get_document(desk.code, found.uuid)
            assert year is not None
            below = {document.file_digest: document for document in queries.tree_of(year)}
        root = xmldsig.parse_untrusted(store.get(year.file_digest))
        assert class_record_xml.validate(root) == []
        value = class_record_xml.read_year_record(store.get(year.data_digest))
        for _, digest in value.terms:
            term = class_record_xml.read_term_record(store.get(below[digest.value].data_digest))
            assert [code for code, _ in term.sheets] == ["NGUVAN", "TOAN", "GDTC"]
            assert all(sheet.value in below for _, sheet in term.sheets)
        for document in [year, *below.values()]:
            root = xmldsig.parse_untrusted(store.get(document.file_digest))
            for role, slot in class_record_xml.slots(root).items():
                assert len(slot.signatures) == len(document.signers[role])
                for signature in slot.signatures:
                    uris = slot.uris
                    checked = xmldsig.check(signature, root=root, expected_uris=uris, allow_c14n10=False)
                    assert checked.passed, (role, checked.problems)

    def test_names_what_the_pupils_are_given(self, desk: Desk) -> None:
        desk.enter()
        desk.compare()
        desk.sign_all()

        with scope.acting_for(desk.code):
            found = next(
                each for each in queries.list_states(desk.code, YEAR, "6A1") if each.kind == "SoNamHoc"
            )
            year = queries.get_document(desk.code, found.uuid)
        assert year is not None
        value = class_record_xml.read_year_record(store.get(year.data_digest))
        # Two scored subjects cannot be "at least six": learning Chưa đạt, conduct Khá, so a re-test.
        assert [(row.learning, row.conduct, row.promotion) for row in value.rows] == [
            ("CHUA_DAT", "KHA", "RETEST")
        ] * 2
        assert (value.homeroom_teacher.code, value.principal.code) == ("GV0008", "GV0001")
