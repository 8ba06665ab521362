"""How fast an archive is renewed: `python -m benchmarks.bench_renewal [DOCUMENTS]` (20,000), one line per figure.

Without database and network: what a renewal costs in itself. A document is an XML of 61 KB, a PDF of 152 KB, evidence
of 6 KB, a report of 14 KB; material is shared by a school. Then a renewed transcript is verified with its bundle.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Iterator

from tests.factories import preservation, transcripts
from tests.factories.evidence import year

from hocba.exchange.preservation.verifying import verify_with
from hocba.signing import digests, trust
from hocba.signing.evidence import records, trees

DOCUMENTS = 20_000
A_STAMP = 10_000
SIZES = (61_000, 152_000, 6_000, 14_000)
ROUNDS = 40


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS
    for algorithm in ("sha512", "sha3_512", "sha256"):
        seconds = _renew_documents(algorithm, count)
        print(
            f"hash-tree renewal, {algorithm}: {count / seconds:,.0f} documents/s ({count} in {seconds:.2f} s)"
        )
    seconds = _renew_tokens(count)
    print(f"time-stamp renewal: {count / seconds:,.0f} tokens/s ({count} in {seconds:.2f} s)")
    print(f"verify an XML with a bundle renewed twice: median {_verify():.1f} ms of the processor")


def _renew_documents(algorithm: str, count: int) -> float:
    source = random.Random(1).randbytes(sum(SIZES))
    shared = {digests.digest(algorithm, b"%d" % number) for number in range(5)}
    start = time.perf_counter()
    for first in range(0, count, A_STAMP):
        groups = [
            shared | set(_digests(algorithm, source, number))
            for number in range(first, min(count, first + A_STAMP))
        ]
        tree = trees.build(algorithm, groups)
        for place in range(len(groups)):
            tree.reduced(place)
    return time.perf_counter() - start


def _digests(algorithm: str, source: bytes, number: int) -> Iterator[bytes]:
    place = 0
    for size in SIZES:
        yield digests.digest(algorithm, source[place : place + size - 8] + number.to_bytes(8, "big"))
        place += size


def _renew_tokens(count: int) -> float:
    tokens = [random.Random(number).randbytes(3_000) for number in range(count)]
    start = time.perf_counter()
    for first in range(0, count, A_STAMP):
        batch = tokens[first : first + A_STAMP]
        tree = trees.build("sha256", ([records.token_digest("sha256", token)] for token in batch))
        for place in range(len(batch)):
            tree.reduced(place)
    return time.perf_counter() - start


def _verify() -> float:
    kept = preservation.keep(transcripts.school(), transcripts.pair())
    kept = kept.renewed(preservation.SECOND, preservation.RENEWED).rehashed(
        preservation.THIRD, preservation.REHASHED
    )
    at, bundle = year(2050), kept.bundle()
    files = {name: data for name, data in kept.files.items() if not name.endswith(".crl")}
    known = trust.load({**files, **preservation.units_of(at)})
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        report = verify_with(kept.pair.xml, bundle, trust=known, at=at)
        times.append((time.process_time() - start) * 1000)
        if str(report.verdict) != "valid":
            raise SystemExit("the document is not valid")
    return statistics.median(times)


if __name__ == "__main__":
    main()
