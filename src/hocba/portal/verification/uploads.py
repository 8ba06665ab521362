"""Taking in dropped files: in memory only, never on a disk, and never more than a transcript can be."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of one file that is looked at."""
LARGEST_BODY = 100 * 1024 * 1024
"""Bytes of a request that are read at all, to be able to say what is wrong with it."""
MOST_FILES = 2


class InMemoryFiles(FileUploadHandler):
    """Keeps small files; of a file too large only its size is kept, so that the form can say so."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0
        self.count = 0
        self.size = 0
        self.content = BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin the next file."""
        super().new_file(*args, **kwargs)
        self.count += 1
        self.size = 0
        self.content = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Take a piece; raises StopUpload, and so ends the connection, when somebody floods us."""
        self.received += len(raw_data)
        if self.received > LARGEST_BODY:
            raise StopUpload(connection_reset=True)
        self.size += len(raw_data)
        if self.size <= LARGEST_FILE and self.count <= MOST_FILES:
            self.content.write(raw_data)
        else:
            self.content = BytesIO()
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file under its own name, with its true size."""
        self.content.seek(0)
        name = str(self.file_name)[-120:]
        return InMemoryUploadedFile(
            self.content, self.field_name, name, self.content_type or "", self.size, self.charset
        )
