"""What a screen has to know of whoever draws on it."""

from dataclasses import dataclass
from typing import Final, final

from orchestra.screen.width import DEFAULT_POLICY, WidthPolicy, policy_of

__all__ = ["XTERM", "Dialect", "tmux_dialect"]


@final
@dataclass(frozen=True, slots=True)
class Dialect:
    """How characters are measured, and whether lines that are inserted or deleted outside of the scroll region move.

    xterm moves none there. tmux moves all down to the last row and asks its client to do the same.
    """

    widths: WidthPolicy
    moves_lines_outside: bool


XTERM: Final = Dialect(DEFAULT_POLICY, moves_lines_outside=False)


def tmux_dialect(major: int, minor: int) -> Dialect:
    """Return what that release of tmux expects of the terminal that it is attached to."""
    return Dialect(policy_of(major, minor), moves_lines_outside=True)
