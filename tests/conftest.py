"""Fixtures of all tests."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper
    from pytest_django.plugin import DjangoDbBlocker


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what stays to the end: thousands of tests and everything imported.

    Looking at all of it again and again takes time and frees nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Add to the fresh database what the database itself must enforce."""
    from hocba.platform.tenancy import protection

    with django_db_blocker.unblock():
        protection.apply(application_role=None)


@pytest.fixture(scope="session", autouse=True)
def _nothing_lasts() -> Iterator[None]:
    """Files of tests need not outlive a power cut: waiting for the disk would only cost time."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: SettingsWrapper) -> None:
    """Each test has its own store of files."""
    settings.HOCBA_FILES = tmp_path / "files"
