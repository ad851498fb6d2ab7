"""What DECSC saves and DECRC brings back."""

from dataclasses import dataclass

from orchestra.screen.style import Style

__all__ = ["Savepoint"]


@dataclass(frozen=True, slots=True)
class Savepoint:
    """A saved cursor: position, rendition, character sets and origin mode."""

    row: int
    column: int
    style: Style
    charsets: tuple[str, ...]
    active_charset: int
    is_origin: bool
