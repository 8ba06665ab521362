"""`python -m hocba_agent` is `hocba-agent`."""

from __future__ import annotations

import sys

from hocba_agent.cli import main

if __name__ == "__main__":
    sys.exit(main())
