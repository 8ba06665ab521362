"""hocba-agent: signs with the token in the signer's machine, for pages that the signer has paired it with.

It stands alone: it never imports `hocba`, and knows of it only what docs/how-to/usb-token.md says.
"""

from __future__ import annotations

__version__ = "0.1.0"
