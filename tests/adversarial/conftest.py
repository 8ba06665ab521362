from __future__ import annotations

from collections.abc import Callable

import pytest

from hocba.documents.verification import Report, verify
from hocba.signing import trust
from tests.factories import transcripts

Judge = Callable[[bytes], Report]


@pytest.fixture(scope="session")
def material() -> trust.TrustMaterial:
    return trust.load(transcripts.school().trust_files())


@pytest.fixture(scope="session")
def judge(material: trust.TrustMaterial) -> Judge:
    return lambda data: verify(data, trust=material, at=transcripts.NOW)
