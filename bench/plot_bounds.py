"""Every bounded figure as one bar: how many times better than its bound, or how many times worse."""

from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure
from bench.plot_style import BAD, FAINT, GOOD, INK, open_page
from bench.report import amount

__all__ = ["draw", "margin"]

MOST, LEAST = 100.0, 0.01
"""What is further from its bound is drawn as if it were just this far."""
WIDTH_INCHES = 10.5
BAR_INCHES, MARGIN_INCHES = 0.27, 1.3
ROOM = 1.3  # beyond the longest bar, as a factor


def draw(figures: Sequence[Figure], path: Path) -> bool:
    """Write the plot; return whether there was anything to draw."""
    bounded = [figure for figure in figures if margin(figure) is not None]
    if not bounded:
        return False
    margins = [min(MOST, max(LEAST, margin(figure) or 0.0)) for figure in bounded]
    places = range(len(bounded))
    with open_page(path, WIDTH_INCHES, MARGIN_INCHES + BAR_INCHES * len(bounded)) as (axes,):
        colours = [GOOD if figure.is_met else BAD for figure in bounded]
        axes.barh(places, [times - 1.0 for times in margins], left=1.0, height=0.62, color=colours)
        axes.set_xscale("log")
        axes.set_xlim(min(*margins, 0.8) / ROOM, max(*margins, 2.0) * ROOM)
        axes.axvline(1.0, color=INK, linewidth=1.4)
        axes.set_yticks(places, [figure.name for figure in bounded], family="monospace", fontsize=9)
        axes.set_ylim(len(bounded) - 0.4, -0.6)
        axes.grid(visible=False, axis="y")
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_formatter("{x:g}x")
        axes.xaxis.set_minor_formatter(
            lambda times, _place: f"{times:g}x" if times in {0.5, 2.0, 5.0, 20.0, 50.0} else ""
        )
        axes.set_xlabel("times better than the bound (logarithmic); left of the line is missed")
        axes.set_title("Every figure against its bound")
        right = axes.secondary_yaxis("right")
        right.set_yticks(places, [_words(figure) for figure in bounded], fontsize=8.5, color=FAINT)
        right.tick_params(length=0)
        right.spines["right"].set_visible(False)
    return True


def margin(figure: Figure) -> float | None:
    """Return how many times better than its tightest bound a figure is, below 1 where missed; None without a bound."""
    pairs = [(figure.ratio, figure.bound), (figure.value, figure.limit)]
    return min((_times(number, bound, figure) for number, bound in pairs if bound is not None), default=None)


def _times(number: float, bound: float, figure: Figure) -> float:
    better, worse = (bound, number) if figure.sense == "at most" else (number, bound)
    if not worse:
        return MOST if better else 1.0
    return better / worse


def _words(figure: Figure) -> str:
    """Return the value and what it is held to."""
    value, bound = amount(figure.value, figure.unit), figure.bound
    if bound is None:
        return f"{value}  ({figure.sense} {amount(figure.limit or 0.0, figure.unit)})"
    return f"{value} = {amount(figure.ratio, '')}x  ({figure.sense} {amount(bound, '')}x)"
