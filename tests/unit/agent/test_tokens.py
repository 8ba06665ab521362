from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pkcs11
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pkcs11 import Attribute, KeyType, Mechanism, TokenFlag

from hocba.signing import algorithms
from hocba_agent import tokens
from hocba_agent.problems import Problem
from hocba_agent.tokens import Place, SignedIn, Tokens
from tests.factories import soft_tokens
from tests.factories.soft_tokens import SoftTokens
from tests.unit.agent.conftest import identity

pytestmark = pytest.mark.external


@pytest.fixture
def soft() -> SoftTokens:
    return soft_tokens.soft_tokens()


@pytest.fixture
def machine(soft: SoftTokens) -> Tokens:
    return Tokens((soft.agent_library,))


@pytest.fixture
def place(soft: SoftTokens, machine: Tokens) -> Place:
    return machine.place(identity(soft.rsa.certificate.public_bytes(Encoding.DER)))


class Flags:
    """A token that says of its PIN what the test wants."""

    label, serial = "Token", b"1"

    def __init__(self, flags: TokenFlag) -> None:
        self.flags = flags

    @property
    def slot(self) -> Flags:
        return self

    def get_token(self) -> Flags:
        return self


class OldCard:
    """A private key of a card that hashes nothing itself."""

    key_type = KeyType.RSA

    def __init__(self, real: Any) -> None:
        self.real = real

    def __getitem__(self, attribute: Attribute) -> Any:
        raise pkcs11.AttributeTypeInvalid

    def sign(self, data: bytes, *, mechanism: Mechanism, pin: str | None) -> bytes:
        if mechanism is Mechanism.SHA256_RSA_PKCS:
            raise pkcs11.MechanismInvalid
        return bytes(self.real.sign(data, mechanism=mechanism, pin=pin))


class Broken:
    """A private key in a token of which the library says one thing."""

    def __init__(self, error: type[Exception]) -> None:
        self.error = error

    def __getitem__(self, attribute: Attribute) -> Any:
        return False

    def sign(self, *_: object, **__: object) -> bytes:
        raise self.error


class TestPlace:
    @pytest.mark.parametrize(
        ("flags", "attempts"),
        [
            (TokenFlag(0), "many"),
            (TokenFlag.USER_PIN_COUNT_LOW, "few"),
            (TokenFlag.USER_PIN_COUNT_LOW | TokenFlag.USER_PIN_FINAL_TRY, "last"),
            (TokenFlag.USER_PIN_FINAL_TRY | TokenFlag.USER_PIN_LOCKED, "locked"),
        ],
    )
    def test_says_how_the_pin_stands(self, place: Place, flags: TokenFlag, attempts: str) -> None:
        assert replace(place, token=Flags(flags)).attempts == attempts

    def test_knows_devices_with_keys_of_their_own(self, place: Place) -> None:
        assert not place.has_pin_pad
        assert replace(place, token=Flags(TokenFlag.PROTECTED_AUTHENTICATION_PATH)).has_pin_pad


class TestSignIn:
    def test_refuses_a_pin_of_no_length(self, machine: Tokens, place: Place) -> None:
        with pytest.raises(Problem, match="wrong_pin"):
            machine.sign_in(place, "1")

    def test_asks_a_device_with_a_pin_pad_itself(self, machine: Tokens, place: Place) -> None:
        asked: list[object] = []

        class PinPad(Flags):
            def open(self, *, user_pin: object) -> None:
                asked.append(user_pin)
                raise pkcs11.FunctionCancelled

        with pytest.raises(Problem, match="cancelled"):
            machine.sign_in(replace(place, token=PinPad(TokenFlag(0))), None)
        assert asked == [pkcs11.PROTECTED_AUTH]

    def test_finds_the_key_of_a_card_that_leaves_identifiers_empty(
        self, machine: Tokens, place: Place, soft: SoftTokens
    ) -> None:
        signer = machine.sign_in(replace(place, identifier=b""), soft_tokens.PIN)
        try:
            algorithms.verify_raw(soft.rsa.certificate, signer.sign(b"x"), b"x")
        finally:
            signer.close()

    def test_takes_no_key_of_another_certificate(
        self, machine: Tokens, place: Place, soft: SoftTokens
    ) -> None:
        other = machine.place(identity(soft.asking.certificate.public_bytes(Encoding.DER))).certificate
        with pytest.raises(Problem, match="no_key"):
            machine.sign_in(replace(place, certificate=other), soft_tokens.PIN)
        machine.sign_in(place, soft_tokens.PIN).close()  # and signed out, or this would be refused


class TestSign:
    def test_hashes_for_cards_that_do_not(self, machine: Tokens, place: Place, soft: SoftTokens) -> None:
        signer = machine.sign_in(place, soft_tokens.PIN)
        try:
            old = SignedIn(place, signer._session, OldCard(signer._private_key), threading.RLock())
            algorithms.verify_raw(soft.rsa.certificate, old.sign(b"x"), b"x")
        finally:
            signer.close()

    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (pkcs11.DeviceRemoved, "token_removed"),
            (pkcs11.SessionHandleInvalid, "token_removed"),
            (pkcs11.UserNotLoggedIn, "token_removed"),
            (pkcs11.PinLocked, "pin_locked"),
            (pkcs11.PinExpired, "pin_expired"),
            (pkcs11.FunctionCancelled, "cancelled"),
            (pkcs11.DeviceMemory, "token_error"),
        ],
    )
    def test_says_in_words_what_the_library_said_in_codes(
        self, place: Place, error: type[Exception], code: str
    ) -> None:
        with pytest.raises(Problem, match=f"^{code}$"):
            SignedIn(place, None, Broken(error), threading.RLock()).sign(b"x")

    def test_calls_a_general_error_a_removal_when_the_token_is_gone(self, place: Place) -> None:
        class Gone(Flags):
            def get_token(self) -> Flags:
                raise pkcs11.TokenNotPresent

        gone = replace(place, token=Gone(TokenFlag(0)))
        with pytest.raises(Problem, match="token_removed"):
            SignedIn(gone, None, Broken(pkcs11.GeneralError), threading.RLock()).sign(b"x")


class TestWrongPin:
    def test_warns_the_louder_the_fewer_are_left(self) -> None:
        assert "CHỈ CÒN MỘT LẦN" in tokens.wrong_pin("last").message
        assert "bị khóa" in tokens.wrong_pin("few").message
        assert tokens.wrong_pin("locked").code == "pin_locked"
