"""The configuration file of an agent's tmux server."""

from typing import Final

__all__ = ["HISTORY_ROWS", "configuration"]

HISTORY_ROWS: Final = 20_000  # rows of scrollback a pane keeps; about 4 MiB at 120 columns when full

_LINES: Final = (
    "set -s escape-time 0",
    "set -s focus-events on",
    "set -s set-clipboard off",
    "set -g prefix None",
    "set -g prefix2 None",
    "set -g status off",
    "set -g mouse off",
    "set -g update-environment ''",
    "set -g remain-on-exit on",
    "set -g allow-rename off",
    "set -g automatic-rename off",
    "set -g set-titles on",
    "set -g set-titles-string '#{pane_title}'",
    "set -g visual-bell off",
    "set -g bell-action any",
    "set -g monitor-activity off",
    "set -g display-time 1",
    # Up to 3.3a no feature says how an underline loses its colour, and since then tmux does not remember one that it
    # sent by its number in the palette: either would stand for all underlines that follow.
    r"set -ga terminal-overrides ',*:ol=\E[59m:Setulc1@'",
    "unbind-key -a -T root",
    "unbind-key -a -T prefix",
    "unbind-key -a -T copy-mode",
    "unbind-key -a -T copy-mode-vi",
    # Unknown to older releases; -q keeps them quiet.
    "set -gq remain-on-exit-format ''",
    "set -gq allow-passthrough off",
)


def configuration(terminal: str) -> str:
    """Return the configuration text; `terminal` is the TERM that programs in the pane see.

    `window-size manual` is not in it: tmux 3.3a dies when it creates its first session under that option, so
    `new_session` sets it right after (seen with 3.3a).
    """
    lines = (*_LINES, f"set -g default-terminal {terminal}", f"set -g history-limit {HISTORY_ROWS}")
    return "\n".join(lines) + "\n"
