"""`hocba verify --evidence`: the bundles of evidence that belong to the files, and the verdict with them."""

from __future__ import annotations

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

    from hocba.signing.trust import TrustMaterial

NO_BUNDLE = "Không có gói bằng chứng nào (--evidence) thuộc tệp này."
PATTERN = "*.bang-chung.zip"


@dataclass(slots=True)
class Bundles:
    """Bundles on disk by the transcript they are of; `problem` says which could not be read, for people.

    What a bundle says it is of only chooses it; the evidence in it must fit the file's octets.
    """

    by_transcript: dict[str, list[Path]] = field(default_factory=dict)
    problem: str | None = None

    def verify(self, file: str, trust: TrustMaterial, at: datetime, *, alone: bool) -> Report:
        """The report about one file, with its bundle where there is one.

        `alone`: it is the only file asked about, and takes whatever bundle was given.
        """
        data = read_document(Path(file))
        if isinstance(data, str):
            return unreadable(data)
        path = self._path_of(data, alone=alone)
        if path is None:
            return self._without(verify(data, trust=trust, at=at))
        bundle = read_document(path, largest=bundles.LARGEST_BUNDLE)
        if isinstance(bundle, str):
            return self._with_problem(verify(data, trust=trust, at=at))
        return self._with_problem(verify_with(data, bundle, trust=trust, at=at))

    def _path_of(self, data: bytes, *, alone: bool) -> Path | None:
        every = [path for paths in self.by_transcript.values() for path in paths]
        if alone and len(every) == 1:
            return every[0]
        return next(iter(self.by_transcript.get(claim_of(data) or "", ())), None)

    def _without(self, report: Report) -> Report:
        """The report of a file that no bundle is of; what could not be read may have been its bundle."""
        if report.kind is not None and self.problem is None:
            return replace(report, notes=(*report.notes, NO_BUNDLE))
        return self._with_problem(report)

    def _with_problem(self, report: Report) -> Report:
        if self.problem is None or report.kind is None:
            return report
        return report.with_check(not_checked(NAME, Code.NO_POE, self.problem))


def load(paths: Sequence[str]) -> Bundles:
    """The bundles that the paths name: files, or folders of such files."""
    found = Bundles()
    for name in paths:
        path = Path(name)
        for each in sorted(path.glob(PATTERN)) if path.is_dir() else [path]:
            transcript = _transcript_of(each)
            if transcript is None:
                found.problem = f"Không đọc được gói bằng chứng {each} (--evidence)."
            else:
                found.by_transcript.setdefault(transcript, []).append(each)
    return found


def _transcript_of(path: Path) -> str | None:
    data = read_document(path, largest=bundles.LARGEST_BUNDLE)
    if isinstance(data, str):
        return None
    try:
        return bundles.describe(bundles.read(data)).transcript
    except EvidenceError:
        return None
