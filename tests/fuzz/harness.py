"""What every fuzz target has: an entry to try, seeds, a mutator that knows the form, and a bound on time.

    python -m tests.fuzz.verify_xml -runs=100000 -max_total_time=120

Everything after the name is for libFuzzer. A finding is an exception out of `examine`: one that the entry does not
declare, a broken promise (AssertionError), or an input that takes longer than `slowest` seconds of the processor.
`tests/fuzz/test_targets.py` tries a few hundred changes of each in every run of the tests, without libFuzzer.
"""

from __future__ import annotations

import inspect
import random
import sys
import tempfile
import time
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.mutators import Mutator, mixed

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "fuzz"
"""Inputs that once were findings, in a folder per target; they are tried in every run of the tests."""


class TooSlowError(AssertionError):
    """An input that keeps the entry busy."""


@dataclass(frozen=True)
class Target:
    """One entry under attack; `examine` raises only for a finding."""

    name: str
    examine: Callable[[bytes], None]
    seeds: Callable[[], Sequence[bytes]]
    mutator: Mutator
    slowest: float = 2.0
    largest: int = 1 << 20

    def try_one(self, data: bytes) -> None:
        """Examine one input; raises what was found."""
        start = time.process_time()
        self.examine(data)
        seconds = time.process_time() - start
        if seconds > self.slowest:
            raise TooSlowError(f"{len(data)} bytes took {seconds:.1f} s")

    def try_many(self, count: int, seed: int) -> None:
        """Examine the seeds and `count` changes of them; the same numbers try the same inputs."""
        chance, seeds = random.Random(seed), list(self.seeds())
        change = mixed(self.mutator, seeds)
        for data in seeds:
            self.try_one(data)
        for _ in range(count):
            data = chance.choice(seeds)
            for _ in range(chance.choice((1, 1, 1, 2, 3))):
                data = change(data, chance)
            try:
                self.try_one(data)
            except BaseException:
                self._keep(data)
                raise

    def _keep(self, data: bytes) -> None:
        path = Path(tempfile.gettempdir()) / f"finding-{self.name}"
        path.write_bytes(data)
        sys.stderr.write(f"the input is in {path}\n")


def vectors(name: str) -> list[Path]:
    """The kept findings of a target."""
    return sorted((VECTORS / name).iterdir()) if (VECTORS / name).is_dir() else []


def fuzz(target: Target) -> None:
    """Let libFuzzer drive the target with the arguments of the command line; ends the process."""
    import atheris

    for function in _functions():
        atheris.instrument_func(function)
    seeds = list(target.seeds())
    change = mixed(target.mutator, seeds)

    def mutate(data: bytes, largest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.2:
            return bytes(atheris.Mutate(data, largest))
        return change(bytes(data), chance)[:largest]

    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds):
            (Path(folder) / f"{number:03d}").write_bytes(seed)
        bounds = [f"-max_len={target.largest}", "-timeout=20", "-rss_limit_mb=1500", "-print_final_stats=1"]
        atheris.Setup(
            [sys.argv[0], *bounds, *sys.argv[1:], folder],
            lambda data: target.try_one(bytes(data)),
            custom_mutator=mutate,
        )
        atheris.Fuzz()


def _functions() -> list[types.FunctionType]:
    """Every function of the pure layers that is loaded: what libFuzzer is to see."""
    found: dict[int, types.FunctionType] = {}
    for name, module in list(sys.modules.items()):
        if not name.startswith(("hocba.signing", "hocba.documents", "hocba.exchange", "hocba.desk.packages")):
            continue
        owners = [
            module,
            *(each for each in vars(module).values() if isinstance(each, type) and each.__module__ == name),
        ]
        for owner in owners:
            for member in vars(owner).values():
                function = inspect.unwrap(member) if callable(member) else getattr(member, "fget", None)
                if isinstance(function, types.FunctionType) and function.__module__ == name:
                    found[id(function)] = function
    return list(found.values())
