"""Base classes of tables: what belongs to a school, and what may never be changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hocba.platform.tenancy import scope


class SchoolScopedManager(models.Manager):  # type: ignore[type-arg]
    """Filters by the open scope; raises NoScopeError where there is none."""

    def get_queryset(self) -> models.QuerySet:  # type: ignore[type-arg]
        """Rows of the school in scope only."""
        rows = super().get_queryset()
        school = scope.current()
        return rows if school == scope.WHOLE_SITE else rows.filter(school_code=school)


class SchoolScoped(models.Model):
    """A row that belongs to one school (mã trường)."""

    school_code = models.CharField(max_length=20, db_index=True)

    objects: ClassVar[SchoolScopedManager] = SchoolScopedManager()

    class Meta:
        abstract = True


class AppendOnly(models.Model):
    """A row that is written once: no update, no delete, not even by the owner of the table."""

    class Meta:
        abstract = True
