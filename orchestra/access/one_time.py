"""Secrets that are good once and briefly: login codes and WebSocket tickets. Time and randomness are arguments."""

import hashlib
from base64 import urlsafe_b64encode
from collections import deque
from dataclasses import dataclass
from typing import Final, Generic, NoReturn, TypeVar

from orchestra.errors import NotSignedInError, TooFastError

__all__ = ["CODE_RANDOM_BYTES", "MAX_WRONG_TRIES", "WRONG_TRIES_WINDOW_S", "OneTimeCodes"]

CODE_RANDOM_BYTES: Final = 32
"""256 bits: nothing to guess within the life of a code, however fast the tries."""
MAX_WRONG_TRIES: Final = 5
WRONG_TRIES_WINDOW_S: Final = 60.0
"""Within this long, wrong tries beyond `MAX_WRONG_TRIES` are told to slow down."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Outstanding(Generic[T]):
    payload: T
    expires_s: float


class OneTimeCodes(Generic[T]):
    """The outstanding codes of one kind and what each is bound to; owned by one task (no call waits).

    A code is `<kind>-` and 43 base64url characters; only its SHA-256 is kept, so that a look into our memory gives
    nothing to sign in with, and a lookup by digest tells by its timing nothing that a caller can steer.

    Wrong tries are counted for all callers together. A right code works even while wrong ones are being told to slow
    down: with 256 bits the count protects logs and audit from a flood, not the code, and a stranger's wrong tries must
    not keep the owner out.
    """

    def __init__(self, ttl_s: float, max_outstanding: int, *, kind: str = "code") -> None:
        self._ttl_s = ttl_s
        self._max_outstanding = max_outstanding
        self._kind = kind
        self._outstanding: dict[bytes, _Outstanding[T]] = {}
        self._wrong_tries_s: deque[float] = deque(maxlen=MAX_WRONG_TRIES)

    def issue(self, random: bytes, payload: T, now_s: float) -> str:
        """Return a new code made of 32 `random` bytes and bound to `payload`.

        Raises `TooFastError` (`too_many_codes`) while `max_outstanding` codes are neither used nor expired.
        """
        if len(random) != CODE_RANDOM_BYTES:
            msg = f"a code takes {CODE_RANDOM_BYTES} random bytes, not {len(random)}"
            raise ValueError(msg)
        self._drop_expired(now_s)
        if len(self._outstanding) >= self._max_outstanding:
            raise TooFastError("too_many_codes", "Too many sign-ins are under way: try again in a minute.")
        code = f"{self._kind}-{urlsafe_b64encode(random).rstrip(b'=').decode()}"
        self._outstanding[_digest(code)] = _Outstanding(payload, now_s + self._ttl_s)
        return code

    def redeem(self, code: str, now_s: float) -> T:
        """Use up `code` and return what it is bound to.

        Raises `NotSignedInError` (`<kind>_invalid`) for a code that is unknown, used or expired, and `TooFastError`
        (`too_many_tries`) instead once five were wrong within a minute.
        """
        self._drop_expired(now_s)
        found = self._outstanding.pop(_digest(code), None)
        if found is None:
            self._refuse(now_s)
        return found.payload

    def _refuse(self, now_s: float) -> NoReturn:
        tries_s = self._wrong_tries_s
        too_fast = len(tries_s) == MAX_WRONG_TRIES and now_s - tries_s[0] < WRONG_TRIES_WINDOW_S
        tries_s.append(now_s)
        if too_fast:
            raise TooFastError("too_many_tries", "Too many wrong tries: wait a minute, then ask for a new link.")
        raise NotSignedInError(f"{self._kind}_invalid", "This was used before or is too old: ask for a new one.")

    def _drop_expired(self, now_s: float) -> None:
        """Forget what is too old; every code lives equally long, so the dict is in order of expiry."""
        while self._outstanding:
            oldest = next(iter(self._outstanding))
            if self._outstanding[oldest].expires_s > now_s:
                return
            del self._outstanding[oldest]


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()
