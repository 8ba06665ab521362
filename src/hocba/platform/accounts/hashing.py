"""How passwords are kept."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane: the minimum that OWASP's password storage sheet names.

    Django's default asks for 100 MiB and eight lanes, which a morning of sign-ins before a deadline turns into
    minutes of waiting. A stronger setting re-hashes at the next sign-in.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
