"""What a screen has to know of whoever draws on it."""

from dataclasses import dataclass
from typing import Final, final

from orchestra.screen.rendition import TMUX_RENDITIONS, XTERM_RENDITIONS, Renditions
from orchestra.screen.width import DEFAULT_POLICY, WidthPolicy, policy_of

__all__ = ["XTERM", "Dialect", "tmux_dialect"]


@final
@dataclass(frozen=True, slots=True)
class Dialect:
    """How characters are measured, and where tmux and xterm mean different things by one sequence.

    `moves_lines_outside`: lines that are inserted or deleted outside of the scroll region move those down to the last
    row; xterm moves none there. `blanks_only_what_moves`: where more cells are inserted than stand to the right, or
    more lines outside of the region, what neither moves nor is moved to stays; xterm blanks it. `renditions` is SGR:
    for tmux it ends a hyperlink when it has no parameters.
    """

    widths: WidthPolicy
    moves_lines_outside: bool
    blanks_only_what_moves: bool
    renditions: Renditions


XTERM: Final = Dialect(
    DEFAULT_POLICY, moves_lines_outside=False, blanks_only_what_moves=False, renditions=XTERM_RENDITIONS
)


def tmux_dialect(major: int, minor: int) -> Dialect:
    """Return what that release of tmux expects of the terminal that it is attached to."""
    return Dialect(
        policy_of(major, minor), moves_lines_outside=True, blanks_only_what_moves=True, renditions=TMUX_RENDITIONS
    )
