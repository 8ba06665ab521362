"""What can go wrong while signing, checking or reading, one base and a few named children."""

from __future__ import annotations


class SigningError(Exception):
    """Base of every error of this layer."""


class SignatureMismatchError(SigningError):
    """The signature value does not belong to these bytes and this certificate."""


class UnsupportedKeyError(SigningError):
    """The key is of a kind or a size that the allow-list does not hold."""


class KeyFileError(SigningError):
    """A key file cannot be opened: damaged, wrong password, or without key and certificate."""


class TimestampError(SigningError):
    """A time-stamp request or token is malformed, or does not prove what it should."""


class UnreadableError(SigningError):
    """An uploaded file cannot be read at all.

    `code` is stable and for programs; `sentence` is Vietnamese and for the person who sent the file.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


class ForbiddenStructureError(UnreadableError):
    """The file is well-formed XML, yet holds something the profile forbids (comment, repeated Id, …)."""
