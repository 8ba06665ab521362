"""The form of the public page."""

from __future__ import annotations

from typing import Any

from django import forms

LARGEST_FILE = 20 * 1024 * 1024
TOO_LARGE = "Tệp lớn hơn 20 MB. Học bạ số chỉ khoảng vài trăm KB; hãy chọn đúng tệp XML hoặc PDF đã nhận."
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
        files = data if isinstance(data, list | tuple) else [data]
        if not [file for file in files if file]:
            raise forms.ValidationError(CHOOSE)
        problems = [AT_MOST_TWO] if len(files) > 2 else []
        problems += [TOO_LARGE for file in files if file and file.size > LARGEST_FILE]
        if problems:
            raise forms.ValidationError(problems)
        return list(files)


class FileForm(forms.Form):
    """What a person drops."""

    documents = ManyFilesField(label="Tệp học bạ số")
