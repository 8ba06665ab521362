"""How fast a real archive is read for renewal: `HOCBA_STATE=DIR python -m benchmarks.bench_archive`.

On the city's database and files in that state folder, e.g. of a demo that served for some minutes, so that its
documents have their evidence. Nothing is written and no authority is asked.
"""

from __future__ import annotations

import os
import time
from unittest.mock import patch

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocba.sites.city")
MOST = 5_000


def main() -> None:
    """Print the figures."""
    import django  # noqa: PLC0415

    from hocba.sites import databases  # noqa: PLC0415

    databases.ensure_embedded()
    django.setup()
    from hocba.city.preservation import documents, queries  # noqa: PLC0415
    from hocba.city.preservation.models import PreservedTranscript  # noqa: PLC0415
    from hocba.platform.tenancy import scope  # noqa: PLC0415

    with scope.whole_site():
        rows = list(PreservedTranscript.objects.select_related("material").order_by("leaf_index")[:MOST])
        if not rows:
            raise SystemExit("nothing is preserved there yet")
        list(documents._groups("sha512", rows[:1]))  # connections and keys
        seconds = _timed(lambda: list(documents._groups("sha512", rows)))
        print(f"read for renewal as they are: {len(rows) / seconds:,.0f} documents/s ({len(rows)})")
        with patch.object(documents, "archive_entries", lambda _: {}):
            seconds = _timed(lambda: list(documents._groups("sha512", rows)))
        print(f"read for a first archive time stamp: {len(rows) / seconds:,.0f} documents/s")
        some = rows[:50]
        seconds = _timed(lambda: [queries.bundle_of(row.transcript_id, row.version) for row in some])
        print(f"one bundle: {seconds / len(some) * 1000:.1f} ms")


def _timed(act: object) -> float:
    start = time.perf_counter()
    act()  # type: ignore[operator]
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
