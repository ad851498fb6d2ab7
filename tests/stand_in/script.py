"""What a stand-in still has to say, what it was asked, and who waits for whom; shared by its threads."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.stand_in.turn import DONE, Json, Turn

__all__ = ["DEADLINE_S", "Request", "Script"]

DEADLINE_S = 30.0
"""How long a test waits for an agent, on a machine that others use too."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came: the path, the headers in small letters, the body, and whether the script answered it."""

    path: str
    headers: dict[str, str]
    body: Json
    prompts: tuple[str, ...]
    is_small: bool
    unix_s: float


class Script:
    """Owns the turns still to come and the requests that came, under one lock."""

    def __init__(self, turns: Iterable[Turn]) -> None:
        self._turns = [turn for turn in turns for _ in range(turn.times)]
        self._requests: list[Request] = []
        self._holding = 0
        self._releases = 0
        self._is_closed = False
        self._changed = threading.Condition()

    def add(self, *turns: Turn) -> None:
        """Let the model say these after all that it has to say already."""
        with self._changed:
            self._turns += [turn for turn in turns for _ in range(turn.times)]

    def replace(self, *turns: Turn) -> None:
        """Forget what is still to be said, and say these."""
        with self._changed:
            self._turns = [turn for turn in turns for _ in range(turn.times)]

    def take(self, request: Request) -> Turn:
        """Note a request and return what to answer; the command line's own small calls do not use the script up."""
        with self._changed:
            self._requests.append(request)
            self._changed.notify_all()
            if request.is_small:
                return Turn('{"title": "Stand-in"}')
            return self._turns.pop(0) if self._turns else DONE

    def requests(self, *, with_small: bool = False) -> list[Request]:
        """Return the requests so far, oldest first."""
        with self._changed:
            return [request for request in self._requests if with_small or not request.is_small]

    def wait_requests(self, count: int, deadline_s: float = DEADLINE_S) -> list[Request]:
        """Return the requests when there are `count` at least, small ones not counted; raise TimeoutError otherwise."""
        self._wait(lambda: len(self.requests()) >= count, f"{count} requests did not come", deadline_s)
        return self.requests()

    def wait_held(self, deadline_s: float = DEADLINE_S) -> None:
        """Return when an answer is being held back; raise TimeoutError when none is."""
        self._wait(lambda: self._holding > 0, "no answer was held back", deadline_s)

    def hold(self) -> bool:
        """Wait until somebody releases; return False when the server closes instead."""
        with self._changed:
            before = self._releases
            self._holding += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._releases > before or self._is_closed)
            self._holding -= 1
            return not self._is_closed

    def release(self) -> None:
        """Let every answer go on that is held back now."""
        with self._changed:
            self._releases += 1
            self._changed.notify_all()

    def pause(self, duration_s: float) -> bool:
        """Wait so long; return False when the server closes meanwhile."""
        with self._changed:
            return not self._changed.wait_for(lambda: self._is_closed, duration_s)

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _wait(self, condition: Callable[[], bool], complaint: str, deadline_s: float) -> None:
        end_s = time.monotonic() + deadline_s
        with self._changed:
            while not condition():
                if not self._changed.wait(max(0.0, end_s - time.monotonic())) and not condition():
                    raise TimeoutError(f"{complaint}; {len(self._requests)} came")
