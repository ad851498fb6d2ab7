"""The specification's own targets, each with the figure that answers it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bench.figure import Figure, Sense, keeps

__all__ = ["TARGETS", "Target", "Verdict", "judge"]


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for: a bound, in the unit of the figure of that name."""

    asked: str
    figure: str
    sense: Sense
    bound: float
    unit: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target beside what was measured: `value` is None where nothing was, and `remark` then says why."""

    target: Target
    value: float | None
    remark: str

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None where nothing was measured."""
        return None if self.value is None else keeps(self.value, self.target.bound, self.target.sense)


TARGETS = (
    Target("WebSocket latency, client send to server receive, p99", "target.latency", "at most", 100, "ms"),
    Target("the full echo: key to painted difference, idle machine, p99", "echo.idle.p99", "at most", 100, "ms"),
    Target("the full echo while others flood and watch, p99", "echo.loaded.p99", "at most", 100, "ms"),
    Target(
        "refresh of a terminal that is looked at (2 asked, 30 our own)", "target.refresh_focused", "at least", 30, "/s"
    ),
    Target("refresh of a terminal in a tile (2 asked, 5 our own)", "target.refresh_tile", "at least", 5, "/s"),
    Target("messages a second on one connection", "messages.rate", "at least", 100, "/s"),
    Target("viewers at once, each of them shown 5 pictures a second", "target.viewers", "at least", 100, "viewers"),
    Target("agent spawn, request to the first typed echo, p99", "target.spawn", "at most", 2, "s"),
    Target("Claude Code's first typed echo, more than by itself, p99", "target.spawn_claude", "at most", 2, "s"),
    Target("Codex's first typed echo, more than by itself, p99", "target.spawn_codex", "at most", 2, "s"),
    Target("memory per agent, Orchestra's share", "target.memory", "at most", 500, "MiB"),
    Target("memory per agent, a real CLI (Claude Code) included", "target.memory_claude", "at most", 500, "MiB"),
)


def judge(figures: Iterable[Figure], not_measured: Mapping[str, str]) -> list[Verdict]:
    """Return every target with what was measured for it."""
    found = {figure.name: figure for figure in figures}
    return [_judge(target, found.get(target.figure), not_measured) for target in TARGETS]


def _judge(target: Target, figure: Figure | None, not_measured: Mapping[str, str]) -> Verdict:
    if figure is None:
        return Verdict(target, None, not_measured.get(target.figure, "not asked, or its question failed"))
    return Verdict(target, figure.value, f"{figure.name} (n = {figure.samples})")
