"""App configuration."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.transcripts.certificates"
    label = "transcripts_certificates"

    def ready(self) -> None:
        """Register the handler of answers: every process of the side must know it."""
        import_module(f"{self.name}.answers")
