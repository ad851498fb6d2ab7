"""Times as distributions: from a key to what it changes on the screen, ours beside the bare parts of the same run."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.ticker import LogLocator, NullLocator

from bench.figure import Figure
from bench.plot_style import open_page

__all__ = ["draw"]

SUBJECTS = {
    "echo.idle.p50": "Echo, idle machine",
    "echo.loaded.p50": "Echo, eight others flood",
    "flood.interrupt.p50": "Ctrl-C under a flood",
}
PANEL_INCHES, HEIGHT_INCHES = 4.4, 3.8
TICKS = (0.0, 0.5, 0.9, 0.99, 1.0)


def draw(figures: Sequence[Figure], path: Path) -> bool:
    """Write the plot; return whether there was anything to draw."""
    shown = [figure for figure in figures if figure.name in SUBJECTS and figure.curves]
    if not shown:
        return False
    with open_page(path, PANEL_INCHES * len(shown), HEIGHT_INCHES, columns=len(shown)) as panels:
        for axes, figure in zip(panels, shown, strict=True):
            for curve in figure.curves:
                shares, times = zip(*curve.points, strict=True)
                axes.plot(times, [_nines(share) for share in shares], label=curve.label, linewidth=2)
            axes.set_xscale("log")
            axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
            axes.xaxis.set_minor_locator(NullLocator())
            axes.xaxis.set_major_formatter("{x:g}")
            axes.set_yticks([_nines(share) for share in TICKS], [_word(share) for share in TICKS])
            axes.set_xlabel("milliseconds (logarithmic)")
            axes.set_title(SUBJECTS[figure.name])
            axes.legend(loc="best")
    return True


def _nines(share: float) -> float:
    """Return a place on an axis that gives the tail as much room as the middle: 0, 50 %, 90 %, 99 %, the slowest."""
    corners = dict(zip(TICKS, range(len(TICKS)), strict=True))
    below = max(corner for corner in TICKS if corner <= share)
    if below == TICKS[-1]:
        return corners[below]
    above = TICKS[corners[below] + 1]
    return corners[below] + (share - below) / (above - below)


def _word(share: float) -> str:
    return {0.0: "fastest", 1.0: "slowest"}.get(share, f"{share:.0%} below")
