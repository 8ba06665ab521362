"""The published authorities and lists as the files `signing.trust.load` reads."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocba.exchange.messages import TrustBundle


def files_of_bundle(bundle: TrustBundle) -> dict[str, bytes]:
    """Files by name. Raises ValueError for a list that is no base64."""
    files = {f"authority-{number}.pem": pem.encode() for number, pem in enumerate(bundle.anchors)}
    return files | {
        f"list-{number}.crl": base64.b64decode(text, validate=True) for number, text in enumerate(bundle.crls)
    }
