"""Taking in a sealed class record: verify, keep, compile; all of it or nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction

from hocba.documents.verification.books import Book, read_book
from hocba.documents.xml.errors import UnwritableValue
from hocba.exchange.problems import ProblemItem
from hocba.platform.audit import actions as audit
from hocba.platform.files import store
from hocba.transcripts.intake.errors import AlreadyDifferentError, IntakeError, RefusedError
from hocba.transcripts.intake.models import ClassRecord
from hocba.transcripts.records import actions as records
from hocba.transcripts.roster import trust

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from hocba.documents.class_tree import ClassRecordTree
    from hocba.documents.transcript import Digest

__all__ = ["AlreadyDifferentError", "IntakeError", "RefusedError", "take_in"]

TAG = "intake:class_record:accepted"

_SCHOOL_CODE = re.compile(rb"<MaTruong>([^<]{1,40})</MaTruong>")


@transaction.atomic
def take_in(*, record_id: uuid.UUID, content: bytes, by: str, at: datetime) -> bool:
    """Accept a sealed class record of a year (R97); False when exactly this one was accepted before.

    Its term and subject files are in the file store already. Transcripts are compiled at once. Raises
    RefusedError with all problems, AlreadyDifferentError.
    """
    known = ClassRecord.objects.filter(digest=store.digest_of(content)).first()
    if known is not None and known.record_id == record_id:
        return False
    # Only chooses the register to ask; verification insists that the signed values name the same school.
    claimed = _SCHOOL_CODE.search(content)
    material = trust.material(claimed[1].decode("utf-8", "replace") if claimed else "")
    book = read_book(content, fetch=_fetch, trust=material, at=at)
    tree = _accepted(book, record_id)
    identity = tree.year.identity
    if ClassRecord.objects.filter(record_id=record_id, version=identity.version).exists():
        raise AlreadyDifferentError(f"phiên bản {identity.version} của sổ lớp này đã được nhận")
    store.put(content)
    ClassRecord.objects.create(
        school_code=identity.school.code,
        record_id=record_id,
        version=identity.version,
        school_year=identity.school_year,
        class_name=identity.class_name,
        digest=book.files[0].value,
        files=[file.value for file in book.files],
        accepted_at=at,
    )
    audit.record(
        tag=TAG,
        target=f"class_record:{record_id}:{identity.version}",
        by=by,
        at=at,
        school_code=identity.school.code,
    )
    _compile(tree, by=by, at=at)
    return True


def _accepted(book: Book, record_id: uuid.UUID) -> ClassRecordTree:
    problems = [ProblemItem(code=found.code, detail=found.detail) for found in book.problems]
    if book.tree is not None and book.tree.year.identity.id != str(record_id):
        problems.append(
            ProblemItem(code="WRONG_ADDRESS", detail=f"Tệp là của sổ lớp {book.tree.year.identity.id}.")
        )
    if book.tree is None or problems:
        raise RefusedError(problems)
    return book.tree


def _compile(tree: ClassRecordTree, *, by: str, at: datetime) -> None:
    try:
        records.compile_class(tree, by=by, at=at)
    except records.ParticularsError as error:
        raise RefusedError(
            [ProblemItem(code="PARTICULARS", detail=problem) for problem in error.problems]
        ) from error
    except UnwritableValue as error:
        raise RefusedError(
            [ProblemItem(code="UNWRITABLE", detail=problem) for problem in error.problems]
        ) from error
    except records.AlreadyCompiledError as error:
        raise AlreadyDifferentError(str(error)) from error


def _fetch(digest: Digest) -> bytes | None:
    try:
        return store.get(digest.value)
    except store.FileMissingError:
        return None
