"""The private key of local mode's issuer: made once, kept with mode 0600, checked whenever it is loaded."""

import os
import stat
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from orchestra.errors import SetupError
from orchestra.store.state_directory import write_private_file

__all__ = ["KEY_BITS", "load_or_create_issuer_key"]

KEY_BITS: Final = 2048
"""RFC 7518 section 3.3: RS256 takes a key of 2048 bits or more."""
_PUBLIC_EXPONENT: Final = 65537
_MAX_FILE_BYTES: Final = 16 * 1024


def load_or_create_issuer_key(path: Path) -> bytes:
    """Return the RSA key at `path` in PEM (PKCS 8), made first if there is none. Takes up to a second then.

    Of two that make it at once both return the same key. Raises `SetupError`: `issuer_key_exposed` when others could
    read or change it (it is then worth nothing), `issuer_key_unusable` when it is no such key.
    """
    try:
        return _load(path)
    except FileNotFoundError:
        pass
    try:
        write_private_file(path, _new_key(), replace=False)
    except FileExistsError:
        pass  # somebody else was first
    except OSError as error:
        raise SetupError("issuer_key_unusable", f"Cannot keep a key at {path}: {error.strerror}.") from error
    return _load(path)


def _load(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise SetupError("issuer_key_unusable", f"Cannot read {path}: {error.strerror}; move it away.") from error
    try:
        _check_private(path, os.fstat(descriptor))
        pem = os.read(descriptor, _MAX_FILE_BYTES)
    finally:
        os.close(descriptor)
    if not _is_usable(pem):
        raise _unusable(path)
    return pem


def _check_private(path: Path, facts: os.stat_result) -> None:
    if not stat.S_ISREG(facts.st_mode):
        raise _unusable(path)
    if facts.st_uid != os.geteuid() or stat.S_IMODE(facts.st_mode) & 0o077:
        raise SetupError(
            "issuer_key_exposed",
            f"Others could read {path}: remove it and start again; a new key is made, and everybody signs in anew.",
        )


def _is_usable(pem: bytes) -> bool:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return isinstance(key, rsa.RSAPrivateKey) and key.key_size >= KEY_BITS


def _new_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=_PUBLIC_EXPONENT, key_size=KEY_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _unusable(path: Path) -> SetupError:
    return SetupError(
        "issuer_key_unusable",
        f"{path} is not an RSA key of at least {KEY_BITS} bits: move it away and start again, a new one is made.",
    )
