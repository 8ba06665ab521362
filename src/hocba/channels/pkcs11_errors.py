"""What can go wrong with a key in a module."""

from __future__ import annotations

from hocba.signing.errors import SigningError


class ModuleError(SigningError):
    """Base of the errors of keys in modules."""


class ModuleUnavailableError(ModuleError):
    """The module does not load, the token is not there, or a session broke and could not be opened again."""


class KeyNotFoundError(ModuleError):
    """Token, key or certificate of that name: none, several, or they do not belong together."""


class PinRefusedError(ModuleError):
    """The PIN is wrong or the token is locked. It is not tried again: that is how tokens lock."""
