"""`python -m hocba.channels.check_seal_keys FILE`: opens every key of a file of seal keys, before a deadline does.

Each key signs once, to prove that it belongs to its certificate. A wrong PIN costs one try of the token, as ever.
"""

from __future__ import annotations

import sys
from pathlib import Path

from hocba.channels import seal_keys
from hocba.signing.errors import SigningError


def main(arguments: list[str]) -> int:
    """Say of each school's key whether it can be used: 0 all can, 1 some cannot, 2 the file cannot be read."""
    if len(arguments) != 1:
        sys.stderr.write("Cách dùng: python -m hocba.channels.check_seal_keys TỆP\n")
        return 2
    try:
        keys = seal_keys.load(Path(arguments[0]))
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    broken = [school for school in keys.schools() if not _usable(keys, school)]
    return int(bool(broken))


def _usable(keys: seal_keys.SealKeys, school: str) -> bool:
    try:
        certificate = keys.key(school).certificate
    except (SigningError, ValueError) as error:
        sys.stdout.write(f"{school}: KHÔNG dùng được: {error}\n")
        return False
    until = certificate.not_valid_after_utc
    subject = certificate.subject.rfc4514_string()
    sys.stdout.write(f"{school}: dùng được, {subject}, đến {until:%d/%m/%Y}\n")
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
