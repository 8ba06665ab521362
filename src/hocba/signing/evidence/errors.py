"""What is wrong with evidence: one error, with a code of ETSI EN 319 102-1 and a sentence for people."""

from __future__ import annotations

from hocba.signing.checks import Code
from hocba.signing.errors import SigningError


class EvidenceError(SigningError):
    """The evidence does not prove what it should; `sentence` is Vietnamese and for people."""

    def __init__(self, reason: str, *, code: Code = Code.FORMAT_FAILURE, sentence: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.sentence = sentence or "Hồ sơ bằng chứng không đúng cấu trúc hoặc không khớp với tệp."
