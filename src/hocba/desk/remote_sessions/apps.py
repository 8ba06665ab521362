"""App configuration."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class RemoteSessionsConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.desk.remote_sessions"
    label = "desk_remote_sessions"

    def ready(self) -> None:
        """Read the file of providers now: a mistake in it stops the program, not a person who signs."""
        import_module(f"{self.name}.providers").check()
        # The worker knows a job once its module is imported.
        import_module(f"{self.name}.jobs")
