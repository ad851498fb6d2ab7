"""Run: how thoroughly a question is asked, and where it says how far it is."""

import sys
from dataclasses import dataclass, field

__all__ = ["Run"]

LABEL_CHARACTERS = 28
BAR_CHARACTERS = 20


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the bench, handed to every question. Its word about progress goes to stderr, where a person looks.

    `not_measured` tells, by a figure's name, why this machine could not give it.
    """

    is_quick: bool = False
    not_measured: dict[str, str] = field(default_factory=dict)

    def pick(self, full: int, quick: int) -> int:
        """Return how often to do something: `full` times, or `quick` in a quick run."""
        return quick if self.is_quick else full

    def skip(self, figure: str, reason: str) -> None:
        """Say why a figure cannot be measured here: a program that is not installed. What breaks raises instead."""
        self.not_measured[figure] = reason

    def progress(self, label: str, done: int, total: int) -> None:
        """Show that `done` of `total` steps of `label` are over; one line at the end where no person looks."""
        share = done / total if total else 1.0
        if sys.stderr.isatty():
            bar = "#" * int(BAR_CHARACTERS * share)
            end = "\n" if done >= total else ""
            line = f"\r{label:{LABEL_CHARACTERS}} [{bar:{BAR_CHARACTERS}}] {share:4.0%}"
            print(line, end=end, file=sys.stderr, flush=True)
        elif done >= total:
            print(f"{label}: done", file=sys.stderr, flush=True)
