"""For demo and training only: a key in a PKCS#12 file, that is, in the hands of whoever has the file."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from hocba.signing import algorithms
from hocba.signing.algorithms import PrivateKey
from hocba.signing.errors import KeyFileError


@dataclass(frozen=True, slots=True)
class SoftwareKey:
    """A `SigningKey` in memory; keep it, since loading costs more than signing."""

    certificate: x509.Certificate
    private_key: PrivateKey = field(repr=False)
    chain: tuple[x509.Certificate, ...] = ()

    def sign(self, to_be_signed: bytes) -> bytes:
        """See `SigningKey.sign`."""
        return algorithms.sign_raw(self.private_key, to_be_signed)


def load(data: bytes, password: str) -> SoftwareKey:
    """Open a PKCS#12 file and keep its key.

    Raises:
        KeyFileError: damaged file, wrong password, no key, no certificate, or they do not fit each other.
        UnsupportedKeyError: the key is not on the allow-list.
    """
    try:
        private_key, certificate, others = pkcs12.load_key_and_certificates(data, password.encode())
    except ValueError as error:
        raise KeyFileError("the key file is damaged or the password is wrong") from error
    if certificate is None or not isinstance(private_key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise KeyFileError("the key file holds no RSA or EC key with its certificate")
    algorithms.require_allowed(certificate)
    if certificate.public_key() != private_key.public_key():
        raise KeyFileError("key and certificate in the file do not belong together")
    return SoftwareKey(certificate, private_key, tuple(others))


def dump(key: SoftwareKey, password: str, *, name: str) -> bytes:
    """Write a key, its certificate and its chain as a password-protected PKCS#12 file."""
    return pkcs12.serialize_key_and_certificates(
        name.encode(), key.private_key, key.certificate, key.chain, BestAvailableEncryption(password.encode())
    )
