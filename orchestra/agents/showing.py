"""Showing: any JSON value, cut to what a person can read and a browser can take."""

from typing import Any, Final

__all__ = ["MAX_SHOWN_CHARACTERS", "MAX_SHOWN_DEPTH", "MAX_SHOWN_ITEMS", "shown_value", "whole_text"]

MAX_SHOWN_CHARACTERS: Final = 20_000  # of all texts together
MAX_SHOWN_ITEMS: Final = 200  # of all lists and objects together
MAX_SHOWN_DEPTH: Final = 8
CUT: Final = "[cut]"


def shown_value(value: Any) -> tuple[Any, bool]:  # noqa: ANN401 - any JSON value
    """Return `value` with what is too long, too many or too deep left out, and whether anything was."""
    cutter = _Cutter()
    shown = cutter.cut(value, 0)
    return shown, cutter.is_cut


def whole_text(text: str) -> str:
    """Return `text` without halves of surrogate pairs, which JSON may hold and UTF-8 cannot."""
    return text.encode(errors="replace").decode()


class _Cutter:
    """What is left of the bounds; owned by one call."""

    def __init__(self) -> None:
        self.is_cut = False
        self._characters = MAX_SHOWN_CHARACTERS
        self._items = MAX_SHOWN_ITEMS

    def cut(self, value: Any, depth: int) -> Any:  # noqa: ANN401 - any JSON value
        if isinstance(value, str):
            return self._text(value)
        if not isinstance(value, (dict, list)):
            return self._number(value)
        if depth >= MAX_SHOWN_DEPTH:
            self.is_cut = True
            return CUT
        if isinstance(value, dict):
            return {self._text(name): self.cut(held, depth + 1) for name, held in self._some(list(value.items()))}
        return [self.cut(held, depth + 1) for held in self._some(value)]

    def _text(self, text: str) -> str:
        shown = whole_text(text[: self._characters])
        self._characters -= len(shown)
        if len(shown) < len(text):
            self.is_cut = True
            return f"{shown}{CUT}"
        return shown

    def _number(self, value: Any) -> Any:  # noqa: ANN401 - a number, true, false or null
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 1 << 53:
            return self._text(hex(value))  # JavaScript would show another number
        return value

    def _some(self, held: list[Any]) -> list[Any]:
        shown = held[: self._items]
        self._items -= len(shown)
        self.is_cut = self.is_cut or len(shown) < len(held)
        return shown
