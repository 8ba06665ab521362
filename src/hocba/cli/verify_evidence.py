"""`hocba verify --evidence`: the bundles of evidence that belong to the files, and the verdict with them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hocba.cli.verify_groups import claim_of
from hocba.cli.verify_inputs import read_document
from hocba.documents.verification import Report, verify
from hocba.documents.verification.report import unreadable
from hocba.exchange.preservation import bundles
from hocba.exchange.preservation.verifying import NAME, verify_with
from hocba.signing.checks import Code, not_checked
from hocba.signing.evidence.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hocba.exchange.transparency import NoteKey
    from hocba.signing.trust import TrustMaterial

NO_BUNDLE = "Không có gói bằng chứng nào (--evidence) thuộc tệp này."
PATTERN = "*.bang-chung.zip"


_NAMED = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Bundles are given out under the transcript's identifier."""


@dataclass(slots=True)
class Bundles:
    """Bundles on disk by the transcript they are of, found once; `unreadable` are those that nobody could read.

    What a bundle says it is of only chooses it; the evidence in it must fit the file's octets.
    """

    by_transcript: dict[str, list[Path]] = field(default_factory=dict)
    unreadable: list[Path] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.by_transcript or self.unreadable)

    def verify(
        self,
        file: str,
        trust: TrustMaterial,
        at: datetime,
        *,
        alone: bool,
        log_keys: Sequence[NoteKey] = (),
    ) -> Report:
        """The report about one file, with its bundle where there is one.

        `alone`: it is the only file asked about, and takes whatever bundle was given. `log_keys` as in `prove`.
        """
        data = read_document(Path(file))
        if isinstance(data, str):
            return unreadable(data)
        claim = claim_of(data) or ""
        path = self._path_of(claim, alone=alone)
        bundle = None if path is None else read_document(path, largest=bundles.LARGEST_BUNDLE)
        if isinstance(bundle, bytes):
            return verify_with(data, bundle, trust=trust, at=at, log_keys=log_keys)
        report = verify(data, trust=trust, at=at)
        failed = path or self._perhaps_of(claim, alone=alone)
        if report.kind is None:
            return report
        if failed is None:
            return replace(report, notes=(*report.notes, NO_BUNDLE))
        sentence = f"Không đọc được gói bằng chứng {failed} (--evidence)."
        return report.with_check(not_checked(NAME, Code.NO_POE, sentence))

    def _path_of(self, claim: str, *, alone: bool) -> Path | None:
        every = [path for paths in self.by_transcript.values() for path in paths]
        if alone and len(every) == 1 and not self.unreadable:
            return every[0]
        return next(iter(self.by_transcript.get(claim, ())), None)

    def _perhaps_of(self, claim: str, *, alone: bool) -> Path | None:
        """A bundle that nobody could read and that may be the file's: its name says so, or says nothing."""
        for path in self.unreadable:
            named = _NAMED.search(path.name)
            if alone or named is None or named[0] == claim:
                return path
        return None


def load(paths: Sequence[str]) -> Bundles:
    """The bundles that the paths name: files, or folders of such files."""
    found = Bundles()
    for name in paths:
        path = Path(name)
        for each in sorted(path.glob(PATTERN)) if path.is_dir() else [path]:
            transcript = _transcript_of(each)
            if transcript is None:
                found.unreadable.append(each)
            else:
                found.by_transcript.setdefault(transcript, []).append(each)
    return found


def _transcript_of(path: Path) -> str | None:
    data = read_document(path, largest=bundles.LARGEST_BUNDLE)
    if isinstance(data, str):
        return None
    try:
        return bundles.transcript_of(data)
    except EvidenceError:
        return None
