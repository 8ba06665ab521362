"""Programs of this package hold keys in files: a production configuration refuses them (design 5, R36)."""

from __future__ import annotations

import os


def refuse_in_production() -> None:
    """End the program when HOCBA_PRODUCTION is anything but False."""
    if os.environ.get("HOCBA_PRODUCTION", "False") != "False":
        raise SystemExit(
            "Chương trình mô phỏng chỉ dùng cho bản trình diễn và đào tạo (HOCBA_PRODUCTION=True)."
        )
