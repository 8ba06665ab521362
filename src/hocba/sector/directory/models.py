"""Schools and staff."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hocba.platform.tenancy.rows import SchoolScoped
from hocba.regulations import code_lists


class School(SchoolScoped):
    """A school (cơ sở giáo dục), under the code of the sector database."""

    name = models.CharField(max_length=200)
    level = models.CharField(max_length=20, default="THCS")
    ward = models.CharField(max_length=100, blank=True)
    province = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["school_code"], name="sector_school_once")]

    def __str__(self) -> str:
        return f"{self.school_code} {self.name}"


class Staff(SchoolScoped):
    """A member of staff; `code` is the staff code (mã định danh) that documents name."""

    code = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    birth_date = models.CharField(max_length=10, blank=True)
    sex = models.CharField(max_length=3, blank=True)
    personal_id = models.CharField(max_length=12, blank=True)
    status = models.CharField(max_length=50, blank=True)
    position = models.CharField(max_length=100, blank=True)
    post = models.CharField(max_length=100, blank=True)
    subject_code = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school_code", "code"], name="sector_staff_code_once"),
            models.UniqueConstraint(
                fields=["school_code", "personal_id"],
                condition=~models.Q(personal_id=""),
                name="sector_staff_person_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def is_at_work(self) -> bool:
        """Whether the person works at the school now; a list without that column says nothing else."""
        state = code_lists.staff_state(self.status)
        return not self.status or (state is not None and state.working)
