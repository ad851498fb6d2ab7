"""JSON of every shape, with the values at which programs break, out of a seed."""

import random
from collections.abc import Sequence
from typing import Any

__all__ = ["SCALARS", "StrangeJson"]

MAX_DEPTH = 5
SCALARS: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1 << 53, 1 << 63, 1 << 70, 10**40, 1e308, float("nan"), float("inf"), 1.5),
    *("", "\0", "\ud800", "a" * 70_000, "\x1b[201~", "é漢🙂", "0" * 32, "../..", "%00", "'; --"),
)


class StrangeJson:
    """Makes values whose objects have the members `names`; `words` are scalars that mean something to a reader."""

    def __init__(self, seed: int, names: Sequence[str], words: Sequence[Any] = ()) -> None:
        self.random = random.Random(seed)
        self._names = names
        self._scalars = (*SCALARS, *words)

    def value(self, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON value
        """Return anything."""
        shape = self.random.random()
        if depth > MAX_DEPTH or shape < 0.4:
            return self.random.choice(self._scalars)
        if shape < 0.6:
            return [self.value(depth + 1) for _ in range(self.random.randrange(5))]
        return self.object(depth)

    def object(self, depth: int = 0) -> dict[str, Any]:
        """Return an object."""
        return {self.random.choice(self._names): self.value(depth + 1) for _ in range(self.random.randrange(7))}
