"""tmux versions: parse, order, and what each one means for us."""

import re
from dataclasses import dataclass
from typing import Final

from orchestra.errors import SetupError

__all__ = ["MINIMUM_VERSION", "TmuxVersion", "client_features", "meaning_of", "parse_version"]

_VERSION: Final = re.compile(r"(?:tmux )?(?:next-|openbsd-)?(\d+)\.(\d+)([a-z]?)")


@dataclass(frozen=True, slots=True, order=True)
class TmuxVersion:
    """One tmux release, ordered as tmux orders its own: 3.3 < 3.3a < 3.4."""

    major: int
    minor: int
    letter: str = ""

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}{self.letter}"


MINIMUM_VERSION: Final = TmuxVersion(3, 2)  # the first with `attach -f` client flags and `-T` features

_ALWAYS: Final = ("256", "RGB", "bpaste", "cstyle", "focus", "overline", "strikethrough", "title", "usstyle")
# 3.3a forgets every feature after one that it does not know, so a version is only told what it knows.
_SINCE: Final = (
    (TmuxVersion(3, 2, "a"), "mouse"),
    (TmuxVersion(3, 4), "hyperlinks"),
    (TmuxVersion(3, 4), "sync"),  # known before, but then it is an older sequence than DECSET 2026
)
_REPAINTS_WHOLE_PANE: Final = (TmuxVersion(3, 7, "b"), TmuxVersion(3, 7, "c"))
_RUNS_WILD: Final = (TmuxVersion(3, 7), TmuxVersion(3, 7, "c"))  # first and last; seen with 3.7c, the code is the same


def parse_version(printed: str) -> TmuxVersion:
    """Return the version in what `tmux -V` printed; raise `SetupError` when there is none."""
    found = _VERSION.search(printed)
    if found is None:
        raise SetupError("tmux_version_unknown", f"tmux told a version that Orchestra cannot read: {printed[:80]!r}.")
    return TmuxVersion(int(found[1]), int(found[2]), found[3])


def client_features(version: TmuxVersion) -> str:
    """Return the `-T` list of terminal features that our screen has and this tmux knows."""
    return ",".join((*_ALWAYS, *(feature for since, feature in _SINCE if version >= since)))


def meaning_of(version: TmuxVersion) -> str:
    """Return one sentence for a person: what this version gives and what it lacks."""
    if version < MINIMUM_VERSION:
        return f"too old: Orchestra needs tmux {MINIMUM_VERSION} or newer."
    if _RUNS_WILD[0] <= version <= _RUNS_WILD[1]:
        repaints = ", and it repaints a whole pane after every synchronized update, which costs CPU"
        also = repaints if version in _REPAINTS_WHOLE_PANE else ""
        return f"works; marks that do not fit into a cell make it take all memory{also}: prefer another release."
    if version < TmuxVersion(3, 4):
        return "works; hyperlinks and synchronized updates need tmux 3.4 or newer."
    return "works with everything that Orchestra uses."
