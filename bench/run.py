"""Run: how thoroughly a question is asked, and where it says how far it is."""

import sys
from dataclasses import dataclass

__all__ = ["Run"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the bench, handed to every question. Its word about progress goes to stderr, where a person looks."""

    is_quick: bool = False

    def pick(self, full: int, quick: int) -> int:
        """Return how often to do something: `full` times, or `quick` in a quick run."""
        return quick if self.is_quick else full

    def progress(self, label: str, done: int, total: int) -> None:
        """Show that `done` of `total` steps of `label` are over; a line for each where no person looks."""
        share = done / total if total else 1.0
        if sys.stderr.isatty():
            bar = "#" * int(20 * share)
            end = "\n" if done >= total else ""
            print(f"\r{label:24} [{bar:20}] {share:4.0%}", end=end, file=sys.stderr, flush=True)
        elif done >= total:
            print(f"{label}: done", file=sys.stderr, flush=True)
