"""Users and memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from datetime import date


class UserManager(BaseUserManager["User"]):
    """Creates accounts with a hashed password."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        """Make one account."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """An account of one person; nobody shares it (R162).

    `held` are the memberships where both were read together, in their order; otherwise None.
    """

    username = models.CharField("tên đăng nhập", max_length=150, unique=True)
    display_name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)

    held: list[Membership] | None = None

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    def __str__(self) -> str:
        return self.display_name


class Membership(models.Model):
    """A role of a user at one school, or at the whole site with an empty school code."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    school_code = models.CharField(max_length=20, blank=True)
    role = models.CharField(max_length=40)
    holder_code = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "school_code", "role", "holder_code"], name="one_membership_per_role"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="membership_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} @ {self.school_code or '*'}"

    def holds_on(self, day: date) -> bool:
        """Whether the membership is in force on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
