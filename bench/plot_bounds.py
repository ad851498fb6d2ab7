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
TICKS = (1 / 100, 1 / 30, 1 / 10, 1 / 3, 1.0, 3.0, 10.0, 30.0, 100.0)
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
        low, high = axes.get_xlim()
        axes.minorticks_off()
        ticks = [tick for tick in TICKS if low <= tick <= high]
        axes.set_xticks(ticks, [_tick_words(tick) for tick in ticks])
        axes.set_xlabel("against the bound (logarithmic)")
        axes.set_title("Every figure against its bound")
        right = axes.secondary_yaxis("right")
        right.set_yticks(places, [min(_margins(figure))[1] for figure in bounded], fontsize=8.5, color=FAINT)
        right.tick_params(length=0)
        right.spines["right"].set_visible(False)
    return True


def margin(figure: Figure) -> float | None:
    """Return how many times better than its tightest bound a figure is, below 1 where missed; None without a bound."""
    return min((times for times, _words in _margins(figure)), default=None)


def _margins(figure: Figure) -> list[tuple[float, str]]:
    """Return, for each of its bounds, how many times better the figure is, and the two in words."""
    found = []
    value, sense = amount(figure.value, figure.unit), figure.sense
    if figure.bound is not None:
        words = f"{value} = {amount(figure.ratio, '')}x  ({sense} {amount(figure.bound, '')}x)"
        found.append((_times(figure.ratio, figure.bound, figure), words))
    if figure.limit is not None:
        found.append(
            (_times(figure.value, figure.limit, figure), f"{value}  ({sense} {amount(figure.limit, figure.unit)})")
        )
    return found


def _times(number: float, bound: float, figure: Figure) -> float:
    better, worse = (bound, number) if figure.sense == "at most" else (number, bound)
    if worse <= 0:  # a difference may come out below nothing
        return MOST if better > 0 else 1.0
    return better / worse


def _tick_words(times: float) -> str:
    if times == 1.0:
        return "as asked"
    return f"{times:g}x better" if times > 1 else f"{1 / times:g}x worse"
