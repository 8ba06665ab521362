"""Fetches every revocation list now."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from hocba.city.trust_sources import jobs


class Command(BaseCommand):
    """hocba city refresh_revocation."""

    help = "Fetch every revocation list of the trust list now, due or not: an authority said that it revoked something."

    def handle(self, *args: object, **options: object) -> None:
        """What each source answered is on the officers' page, as after the job."""
        count = jobs.refresh(all_lists=True)
        self.stdout.write(f"Có {count} danh sách, câu trả lời mới." if count else "Không có gì mới.")
