from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from hocba.city.preservation import renewing

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


class TestNextDigest:
    def test_is_the_one_that_is_set(self, settings: SettingsWrapper) -> None:
        settings.HOCBA_EVIDENCE_DIGEST = "sha3_384"

        assert renewing.next_digest() == "sha3_384"

    @pytest.mark.parametrize("name", ["", "sha1", "md5", "SHA512", "sha-512"])
    def test_that_cannot_be_used_stops_the_process_and_no_renewal_years_later(
        self, settings: SettingsWrapper, name: str
    ) -> None:
        settings.HOCBA_EVIDENCE_DIGEST = name

        with pytest.raises(ImproperlyConfigured, match="HOCBA_EVIDENCE_DIGEST"):
            apps.get_app_config("city_preservation").ready()
