"""Make the sample schools of tiểu học and THPT: plausible, seeded, of nobody.

    python -m tools.make_sample_schools sample

Writes sample/tieuhoc (grades 1, 3 and 5, results in the column layout of the sector database: a header of three
rows) and sample/thpt (grade 10 with electives, two choices within one class). The same seed gives the same cells.
Names are drawn from lists, personal IDs at random: whoever they fit, they fit by chance.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tools.sample_primary import make_primary
from tools.sample_upper_secondary import make_upper_secondary

_SEED = 2024


def main() -> None:
    """Write both schools below the folder named."""
    folder = Path(sys.argv[1])
    make_primary(_SEED + 1).write(folder / "tieuhoc")
    make_upper_secondary(_SEED).write(folder / "thpt")


if __name__ == "__main__":
    main()
