"""What the city keeps beside a registered document so that it verifies for decades, and how it is verified.

    bundle = bundles.read(data)                                  # one file for one document (*.bang-chung.zip)
    report = verifying.verify_with(xml, bundle, trust=trust, at=now)

Nothing is ever put into the document itself: the evidence stands beside it (decision 0049).
"""

from __future__ import annotations
