"""When the forms of the tests are printed."""

from __future__ import annotations

from datetime import date, datetime

from hocba.signing.instants import VIETNAM

AT = datetime(2025, 5, 30, 9, 0, tzinfo=VIETNAM)
DAY = date(2025, 5, 30)
