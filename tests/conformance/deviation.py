"""Recordings that say something else than tmux and xterm do: named, with the reason, and never more than three."""

from dataclasses import dataclass

__all__ = ["DEVIATIONS", "MAX_DEVIATIONS", "Deviation", "Verdict", "judge"]

MAX_DEVIATIONS = 3  # recordings


@dataclass(frozen=True)
class Deviation:
    """A recording whose expected screen is not ours on purpose, in which comparisons, and who does as we do."""

    suite: str
    recording: str
    kinds: frozenset[str]
    there: str
    here: str
    as_in: str


DEVIATIONS = (
    Deviation(
        "alacritty",
        "decaln_reset",
        frozenset({"text", "colours and flags"}),
        there="DECALN leaves the cursor where it is",
        here="it comes home, the margins are reset",
        as_in="tmux (screen_write_alignmenttest), xterm (CASE_DECALN), DEC STD 070",
    ),
    Deviation(
        "alacritty",
        "saved_cursor_alt",
        frozenset({"text"}),
        there="DECRC brings back that the next character wraps",
        here="it is forgotten",
        as_in="tmux (input_restore_state moves within the screen), xterm.js (t0060-DECSC and t0061-CSI_s ask for it)",
    ),
    Deviation(
        "alacritty",
        "underline",
        frozenset({"colours and flags"}),
        there="SGR 21 ends bold",
        here="it is a double underline",
        as_in="tmux (input_csi_dispatch_sgr), xterm, ECMA-48 8.3.117",
    ),
)


@dataclass(frozen=True)
class Verdict:
    """What became of one comparison over a suite: names of recordings."""

    passed: frozenset[str]
    named: frozenset[str]
    unnamed: frozenset[str]
    stale: frozenset[str]

    @property
    def holds(self) -> bool:
        """Whether nothing failed but what is named, and everything named fails."""
        return not self.unnamed and not self.stale

    def __str__(self) -> str:
        """Say passed/total and the names beside it, `41/43 + 2 named deviations (a, b)`."""
        total = len(self.passed | self.named | self.unnamed)
        text = f"{len(self.passed)}/{total}"
        if self.named:
            text += (
                f" + {len(self.named)} named deviation{'s' * (len(self.named) > 1)} ({', '.join(sorted(self.named))})"
            )
        for name in sorted(self.unnamed):
            text += f"\n  FAILED: {name}"
        for name in sorted(self.stale):
            text += f"\n  STALE: {name} is named as a deviation and passes"
        return text


def judge(suite: str, kind: str, cases: set[str], deviations: tuple[Deviation, ...] = DEVIATIONS) -> Verdict:
    """Return the verdict on cases whose names begin with + (passed) or - (failed)."""
    passed = frozenset(case[1:] for case in cases if case.startswith("+"))
    failed = frozenset(case[1:] for case in cases if case.startswith("-"))
    named = frozenset(one.recording for one in deviations if one.suite == suite and kind in one.kinds)
    return Verdict(passed, failed & named, failed - named, (passed & named) | (named - passed - failed))
