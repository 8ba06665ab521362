"""What the clerk fills in for a certified copy."""

from __future__ import annotations

import re
import unicodedata
import uuid
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.validators import RegexValidator

from hocba.transcripts.copies.actions import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocba.transcripts.copies.models import CertifiedCopyEntry
    from hocba.transcripts.roster.models import Staff

MOST_RECIPIENTS = 10
LONGEST_RECIPIENT = 200
RECIPIENTS = ("Người đề nghị sao", "Lưu: VT")
_SYMBOL = RegexValidator(
    r"^[A-ZĐ0-9][A-ZĐ0-9.\-]{1,19}$", "Chỉ gồm chữ in hoa không dấu và chữ số, ví dụ THCSHP."
)


class CopyForm(forms.Form):
    """Who asked for it and why, who signs it, where it goes."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)
    requester = forms.CharField(label="Người đề nghị sao", max_length=200)
    purpose = forms.CharField(label="Mục đích sử dụng", max_length=300)
    quantity = forms.IntegerField(label="Số bản in", min_value=1, max_value=50, initial=1)
    signer = forms.ChoiceField(label="Người ký bản sao")
    symbol = forms.CharField(label="Chữ viết tắt tên trường (trong số bản sao)", validators=[_SYMBOL])
    parent = forms.CharField(label="Cơ quan chủ quản (nếu có)", max_length=200, required=False)
    place = forms.CharField(label="Địa danh", max_length=100)
    recipients = forms.CharField(
        label="Nơi nhận (mỗi dòng một nơi)", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(self, *args: Any, leaders: Iterable[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._leaders = {row.code: row for row in leaders}
        cast("forms.ChoiceField", self.fields["signer"]).choices = [
            (row.code, f"{row.name}, {row.post}") for row in self._leaders.values()
        ]

    def clean_recipients(self) -> tuple[str, ...]:
        """Lines without the dash that people write in front."""
        lines = (
            line.strip().lstrip("-–").strip().rstrip(";.")
            for line in self.cleaned_data["recipients"].splitlines()
        )
        found = tuple(line for line in lines if line)
        if not 1 <= len(found) <= MOST_RECIPIENTS or any(len(line) > LONGEST_RECIPIENT for line in found):
            raise forms.ValidationError(
                f"Ghi từ 1 đến {MOST_RECIPIENTS} nơi nhận, mỗi nơi nhiều nhất {LONGEST_RECIPIENT} ký tự."
            )
        return found

    def wanted(self) -> Wanted:
        """The request, once the form is valid."""
        data = self.cleaned_data
        signer = self._leaders[data["signer"]]
        return Wanted(
            request_id=data["request_id"],
            symbol=data["symbol"],
            parent=data["parent"],
            place=data["place"],
            signer_code=signer.code,
            signer_title=signer.post,
            signer_name=signer.name,
            requester=data["requester"],
            purpose=data["purpose"],
            recipients=data["recipients"],
            quantity=data["quantity"],
        )


def proposal(school_name: str, last: CertifiedCopyEntry | None) -> dict[str, object]:
    """What the form starts with: what stays the same from copy to copy is taken from the last one."""
    found: dict[str, object] = {
        "request_id": uuid.uuid4(),
        "quantity": 1,
        "recipients": "\n".join(RECIPIENTS),
        "symbol": short_name(school_name),
    }
    if last is not None:
        found |= {
            "symbol": last.symbol,
            "parent": last.parent,
            "place": last.place,
            "signer": last.signer_code,
        }
    return found


def short_name(school_name: str) -> str:
    """A proposal for the short name of a school: "Trường THCS Hoa Phượng" gives "THCSHP"."""
    words = [word for word in re.findall(r"\w+", school_name) if word != "Trường"]
    letters = "".join(word if word.isupper() else word[0].upper() for word in words)
    return _without_marks(letters)[:20]


def _without_marks(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
