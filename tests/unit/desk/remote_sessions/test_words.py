from __future__ import annotations

import pytest

from hocba.channels.csc.errors import (
    AuthorisationOverError,
    CodeRefusedError,
    CscError,
    LostAnswerError,
    ProviderRefusedError,
    UnusableAnswerError,
)
from hocba.desk.remote_sessions import words


class TestOf:
    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (LostAnswerError("reset"), words.SILENT),
            (UnusableAnswerError("no member"), words.BROKEN),
            (CodeRefusedError(400, "invalid_otp"), words.WRONG_CODE),
            (ProviderRefusedError(403, "access_denied"), words.REFUSED.format(code="access_denied")),
            (ProviderRefusedError(503, ""), words.REFUSED.format(code=503)),
            (AuthorisationOverError(401, "invalid_token"), words.REFUSED.format(code="invalid_token")),
        ],
    )
    def test_says_what_happened(self, error: CscError, said: str) -> None:
        assert words.of(error) == said

    def test_shows_nothing_of_an_answer(self) -> None:
        assert "mật-thư" not in words.of(UnusableAnswerError("mật-thư"))
