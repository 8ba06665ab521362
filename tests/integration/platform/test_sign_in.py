"""How many wrong passwords one address may try, and whose address that is."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

pytestmark = pytest.mark.django_db
PASSWORD = "Mat-Khau-Tot-123"
TRIES = 11


def _sign_in(address: str, name: str, password: str) -> int:
    client = Client(REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": address})
    return client.post(reverse("account_login"), {"login": name, "password": password}).status_code


@pytest.fixture(autouse=True)
def _account() -> None:
    cache.clear()
    get_user_model().objects.create_user(username="hieutruong", password=PASSWORD)


class TestFailures:
    @override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
    def test_of_one_address_do_not_stop_another_behind_the_same_proxy(self) -> None:
        answers = [_sign_in("203.0.113.7", f"khongco{number}", "sai") for number in range(TRIES)]
        assert answers[-1] != 302

        assert _sign_in("203.0.113.7", "hieutruong", PASSWORD) != 302
        assert _sign_in("198.51.100.7", "hieutruong", PASSWORD) == 302

    def test_are_not_spread_by_a_header_that_no_proxy_has_set(self) -> None:
        for number in range(TRIES):
            _sign_in(f"203.0.113.{number}", f"khongco{number}", "sai")

        assert _sign_in("198.51.100.7", "hieutruong", PASSWORD) != 302
