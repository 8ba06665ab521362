"""The form of the public page."""

from __future__ import annotations

from typing import Any

from django import forms

from hocba.portal.verification.uploads import LARGEST_FILE, MOST_FILES

TOO_LARGE = (
    "Tệp {name} lớn hơn 20 MB. Học bạ số chỉ khoảng vài trăm KB; hãy chọn đúng tệp XML hoặc PDF đã nhận."
)
CHOOSE = "Hãy chọn tệp học bạ số (XML hoặc PDF) cần kiểm tra."
AT_MOST_TWO = (
    "Mỗi lần chỉ kiểm tra một học bạ: một tệp XML, một tệp PDF, hoặc cả hai bản của cùng một học bạ."
)


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes both forms of a transcript at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or two files."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """All files, each within the limit; all problems at once."""
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files:
            raise forms.ValidationError(CHOOSE)
        problems = [AT_MOST_TWO] if len(files) > MOST_FILES else []
        problems += [TOO_LARGE.format(name=file.name) for file in files if file.size > LARGEST_FILE]
        if problems:
            raise forms.ValidationError(problems)
        return files


class CodeForm(forms.Form):
    """What the QR code on a printed transcript says: which transcript, which version."""

    ma = forms.UUIDField()
    pb = forms.IntegerField(min_value=1, max_value=9999)


class FileForm(forms.Form):
    """What a person drops; the code travels along when the person came by it."""

    documents = ManyFilesField(label="Tệp học bạ số")
