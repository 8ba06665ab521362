"""Make an account and give it a role: the first officer of the Sở, or whoever no roster names."""

from __future__ import annotations

import getpass
import os
import sys
from typing import TYPE_CHECKING, Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from hocba.platform.accounts import actions, roles

if TYPE_CHECKING:
    from argparse import ArgumentParser

PASSWORD = "HOCBA_NEW_PASSWORD"  # noqa: S105 (the name of a variable)


class Command(BaseCommand):
    """hocba <side> create_account USERNAME --name NAME --role ROLE [--school CODE]."""

    help = f"Make an account with a role. The password comes from {PASSWORD} or is asked for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and which role at which school; without a school the role is for the whole site."""
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True)
        parser.add_argument("--school", default="")

    def handle(self, *args: object, **options: Any) -> None:
        """Again, it changes nothing."""
        role = roles.table().get(options["role"])
        if role is None:
            raise CommandError(
                f"Không có vai trò {options['role']}; chọn trong: {', '.join(sorted(roles.table()))}."
            )
        if role.whole_site == bool(options["school"]):
            raise CommandError("Vai trò của Sở không gắn với trường; vai trò ở trường cần --school.")
        password, now = _password(), timezone.now()
        with transaction.atomic():
            actions.ensure_account(
                username=options["username"],
                display_name=options["name"],
                password=password,
                by="command",
                at=now,
            )
            actions.grant_role(
                username=options["username"],
                school_code=options["school"],
                role=role.name,
                holder_code="",
                valid_from=timezone.localdate(now),
                by="command",
                at=now,
            )


def _password() -> str:
    password = os.environ.get(PASSWORD)
    if password is None:
        if not sys.stdin.isatty():
            raise CommandError(f"Đặt mật khẩu vào biến {PASSWORD} hoặc chạy lệnh này ở cửa sổ dòng lệnh.")
        password = getpass.getpass("Mật khẩu: ")
    try:
        validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password
