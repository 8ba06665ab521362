"""python -m hocba.cli."""

from __future__ import annotations

import sys

from hocba.cli.main import main

sys.exit(main())
