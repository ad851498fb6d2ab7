"""Keep the few things that were used last."""

from collections import OrderedDict


class Shelf:
    """Holds at most `size` things; the one that was not used for longest goes first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._things: OrderedDict[str, int] = OrderedDict()

    def put(self, name: str, value: int) -> None:
        self._things[name] = value
        self._things.move_to_end(name)
        if len(self._things) > self._size:
            self._things.popitem(last=False)

    def get(self, name: str) -> int | None:
        if name not in self._things:
            return None
        self._things.move_to_end(name)
        return self._things[name]
