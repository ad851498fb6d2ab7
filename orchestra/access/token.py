"""Bearer tokens: the one file that knows PyJWT. RS256 only, RFC 9068 (`at+jwt`), RFC 8725 (best current practice).

PyJWT checks the signature; every claim and every time is checked here against the time that is handed in, so that the
layer stays without a clock and no check hangs on a library's default.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping
from typing import Any, Final, NoReturn

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from orchestra.access.permission import Permission
from orchestra.access.principal import Principal
from orchestra.errors import NotSignedInError, SetupError

__all__ = ["MAX_LIFETIME_S", "MAX_TOKEN_BYTES", "TIME_LEEWAY_S", "Issuer", "Verifier", "local_issuer", "public_keys"]

MAX_TOKEN_BYTES: Final = 8 * 1024
"""Refused before anything is parsed; far above what an issuer makes, below the 16 KiB of a request head."""
MAX_LIFETIME_S: Final = 3660
"""Longest `exp - iat`: one hour and a minute of skew; issuers that are left alone give a day."""
TIME_LEEWAY_S: Final = 30
"""How far the clocks of issuer and daemon may differ."""
MIN_KEY_BITS: Final = 2048
MAX_SUBJECT_CHARACTERS: Final = 255
"""OpenID Connect Core 2: `sub` must not exceed 255 characters."""

_ALGORITHM: Final = "RS256"
_TYPE: Final = "at+jwt"
_ACCEPTED_TYPES: Final = frozenset({_TYPE, f"application/{_TYPE}"})
_REFUSED_HEADERS: Final = frozenset({"crit", "jku", "jwk", "x5u", "x5c", "b64"})
_ID_TOKEN_CLAIMS: Final = frozenset({"nonce", "at_hash", "c_hash"})
_PUBLIC_MESSAGE: Final = "The credential is not valid (any longer): sign in again."

_JWS: Final = jwt.PyJWS(algorithms=[_ALGORITHM], options={"enforce_minimum_key_length": True})


class Issuer:
    """Makes the tokens of local mode; holds the private key for as long as the daemon runs.

    `issuer` and `audience` become `iss` and `aud`. Raises `SetupError` (`issuer_key_unusable`) for anything but an RSA
    key of at least 2048 bits in PEM.
    """

    def __init__(self, private_key_pem: bytes, issuer: str, audience: str) -> None:
        self._key = _private_key(private_key_pem)
        self._issuer = issuer
        self._audience = audience
        self._jwk = _jwk(self._key.public_key())

    @property
    def issuer(self) -> str:
        """The `iss` of every token."""
        return self._issuer

    def issue(
        self,
        subject: str,
        permissions: Collection[Permission],
        *,
        lifetime_s: int,
        now_unix_s: int,
        signed_in_unix_s: int | None,
        token_id: str,
    ) -> str:
        """Return a signed token for `subject`, good from now on for `lifetime_s`."""
        claims: dict[str, object] = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": subject,
            "jti": token_id,
            "iat": now_unix_s,
            "exp": now_unix_s + lifetime_s,
            "permissions": sorted(permissions),
        }
        if signed_in_unix_s is not None:
            claims["auth_time"] = signed_in_unix_s
        return _JWS.encode(
            json.dumps(claims).encode(),
            self._key,
            algorithm=_ALGORITHM,
            headers={"kid": self._jwk["kid"], "typ": _TYPE},
        )

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Return the public key as a JWK set (RFC 7517), its `kid` the thumbprint of RFC 7638."""
        return {"keys": [dict(self._jwk)]}


class Verifier:
    """Turns a token into a `Principal`, or refuses it. Holds no state of its own.

    `keys` maps `kid` to public key (see `public_keys`); a mapping that changes is looked at anew for every token.
    The issuer decides the keys, never the token: there is one verifier per issuer.
    """

    def __init__(self, issuer: str, audience: str, keys: Mapping[str, RSAPublicKey]) -> None:
        if "|" in issuer:
            msg = "an issuer with | in it would make keys of the form iss|sub ambiguous"
            raise ValueError(msg)
        self._issuer = issuer
        self._audience = audience
        self._keys = keys

    def verify(self, token: str, now_unix_s: float) -> Principal:
        """Return whom `token` speaks for at `now_unix_s`.

        Raises `NotSignedInError`, always with the same message. Its code says why: `token_too_big`, `token_invalid`
        (form, header, algorithm, signature), `token_key_unknown`, `token_claims_invalid`, `token_issuer_wrong`,
        `token_audience_wrong`, `token_too_long_lived`, `token_not_yet_valid`, `token_expired`.
        """
        claims = self._signed_claims(token)
        issued_unix_s, expires_unix_s = self._check_claims(claims)
        _check_times(claims, issued_unix_s, expires_unix_s, now_unix_s)
        return Principal(
            issuer=self._issuer,
            subject=_text(claims, "sub"),
            permissions=_permissions(claims),
            token_id=_text(claims, "jti"),
            issued_unix_s=issued_unix_s,
            expires_unix_s=expires_unix_s,
            signed_in_unix_s=_whole(claims, "auth_time") if "auth_time" in claims else None,
        )

    def _signed_claims(self, token: str) -> dict[str, Any]:
        if len(token) > MAX_TOKEN_BYTES:
            _refuse("token_too_big")
        if not token.isascii():
            _refuse("token_invalid")
        try:
            header = _JWS.get_unverified_header(token)
            key = self._key_for(header)
            payload = _JWS.decode_complete(token, key, algorithms=[_ALGORITHM])["payload"]
            claims = json.loads(payload)
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            _refuse("token_invalid", error)
        if not isinstance(claims, dict):
            _refuse("token_claims_invalid")
        return claims

    def _key_for(self, header: dict[str, Any]) -> RSAPublicKey:
        kind = header.get("typ")
        if not isinstance(kind, str) or kind.lower() not in _ACCEPTED_TYPES or not _REFUSED_HEADERS.isdisjoint(header):
            _refuse("token_invalid")
        kid = header.get("kid")
        key = self._keys.get(kid) if isinstance(kid, str) else None
        if key is None:
            _refuse("token_key_unknown")
        return key

    def _check_claims(self, claims: dict[str, Any]) -> tuple[int, int]:
        if claims.get("iss") != self._issuer:
            _refuse("token_issuer_wrong")
        audience = claims.get("aud")
        if audience != self._audience and not (isinstance(audience, list) and self._audience in audience):
            _refuse("token_audience_wrong")
        if not _ID_TOKEN_CLAIMS.isdisjoint(claims):
            _refuse("token_claims_invalid")
        return _whole(claims, "iat"), _whole(claims, "exp")


def local_issuer(private_key_pem: bytes) -> str:
    """Return the name of local mode's issuer: the thumbprint URI of its key (RFC 9278).

    Unlike an address with a port it stays the same for as long as the key does, and with it the ownership of agents.
    """
    thumbprint = _jwk(_private_key(private_key_pem).public_key())["kid"]
    return f"urn:ietf:params:oauth:jwk-thumbprint:sha-256:{thumbprint}"


def public_keys(jwks: Mapping[str, Any]) -> dict[str, RSAPublicKey]:
    """Return `kid` -> key for the usable entries of a JWK set: RSA of 2048 bits or more, for RS256 signatures.

    Any other entry is left out and never harms its neighbours; raw keys come out, because a PyJWK carries an algorithm
    of its own into the check (CVE-2026-48523).
    """
    entries = jwks.get("keys")
    keys: dict[str, RSAPublicKey] = {}
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("kid"), str):
            key = _public_key(entry)
            if key is not None:
                keys[entry["kid"]] = key
    return keys


def _public_key(entry: dict[str, Any]) -> RSAPublicKey | None:
    if entry.get("kty") != "RSA" or entry.get("alg", _ALGORITHM) != _ALGORITHM or entry.get("use", "sig") != "sig":
        return None
    try:
        key = jwt.PyJWK({"kty": "RSA", "n": entry["n"], "e": entry["e"]}, algorithm=_ALGORITHM).key
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= MIN_KEY_BITS else None


def _private_key(pem: bytes) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey) or key.key_size < MIN_KEY_BITS:
        raise SetupError(
            "issuer_key_unusable",
            f"The issuer key must be an RSA key of at least {MIN_KEY_BITS} bits: move it away and start again.",
        )
    return key


def _jwk(key: RSAPublicKey) -> dict[str, str]:
    numbers = key.public_numbers()
    required = {"e": _base64url_uint(numbers.e), "kty": "RSA", "n": _base64url_uint(numbers.n)}
    digest = hashlib.sha256(json.dumps(required, separators=(",", ":"), sort_keys=True).encode()).digest()
    return {**required, "alg": _ALGORITHM, "use": "sig", "kid": urlsafe_b64encode(digest).rstrip(b"=").decode()}


def _base64url_uint(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8)).rstrip(b"=").decode()


def _check_times(claims: dict[str, Any], issued_unix_s: int, expires_unix_s: int, now_unix_s: float) -> None:
    if not 0 < expires_unix_s - issued_unix_s <= MAX_LIFETIME_S:
        _refuse("token_too_long_lived")
    starts_unix_s = max(issued_unix_s, _whole(claims, "nbf")) if "nbf" in claims else issued_unix_s
    if starts_unix_s > now_unix_s + TIME_LEEWAY_S:
        _refuse("token_not_yet_valid")
    if now_unix_s >= expires_unix_s + TIME_LEEWAY_S:
        _refuse("token_expired")


def _whole(claims: dict[str, Any], name: str) -> int:
    value = claims.get(name)
    if type(value) is not int:  # a bool is an int, too
        _refuse("token_claims_invalid")
    return value


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value.isprintable() or not 0 < len(value) <= MAX_SUBJECT_CHARACTERS:
        _refuse("token_claims_invalid")
    return value


def _permissions(claims: dict[str, Any]) -> frozenset[Permission]:
    """Only `permissions` authorises: `scope` is what a client asked for. A word that we do not know grants nothing."""
    named = claims.get("permissions")
    words = [word for word in named if isinstance(word, str)] if isinstance(named, list) else []
    return frozenset(permission for permission in Permission if permission.value in words)


def _refuse(code: str, cause: Exception | None = None) -> NoReturn:
    raise NotSignedInError(code, _PUBLIC_MESSAGE) from cause
