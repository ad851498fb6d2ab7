"""Every bounded figure as one bar: how much of its bound it uses; up to the line is met, whatever its sense."""

from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure
from bench.plot_style import BAD, FAINT, GOOD, INK, open_page
from bench.report import amount

__all__ = ["draw", "used_share"]

LEAST_SHARE = 0.001
"""A bar that uses less of its bound is drawn as if it used this much: the axis is logarithmic."""
MOST_SHARE = 1000.0
WIDTH_INCHES = 10.0
BAR_INCHES, MARGIN_INCHES = 0.27, 1.4
ROOM = 1.6  # beyond the longest bar, as a factor


def draw(figures: Sequence[Figure], path: Path) -> bool:
    """Write the plot; return whether there was anything to draw."""
    bounded = [figure for figure in figures if used_share(figure) is not None]
    if not bounded:
        return False
    shares = [min(MOST_SHARE, max(LEAST_SHARE, used_share(figure) or 0.0)) for figure in bounded]
    places = range(len(bounded))
    with open_page(path, WIDTH_INCHES, MARGIN_INCHES + BAR_INCHES * len(bounded)) as (axes,):
        start = min(*shares, 0.1) / ROOM
        axes.barh(
            places,
            [share - start for share in shares],
            left=start,
            height=0.62,
            color=[GOOD if figure.is_met else BAD for figure in bounded],
        )
        axes.set_xscale("log")
        axes.set_xlim(start, max(*shares, 1.0) * ROOM)
        axes.axvline(1.0, color=INK, linewidth=1.4)
        axes.set_yticks(places, [figure.name for figure in bounded], family="monospace", fontsize=9)
        axes.set_ylim(len(bounded) - 0.4, -0.6)
        axes.grid(visible=False, axis="y")
        axes.xaxis.set_major_formatter(lambda share, _place: f"{share:.0%}" if share >= 0.01 else f"{share:.1%}")
        axes.set_xlabel("share of the bound that is used (logarithmic); up to the line is met")
        axes.set_title("Every figure against its bound")
        right = axes.secondary_yaxis("right")
        right.set_yticks(places, [_words(figure) for figure in bounded], fontsize=8.5, color=FAINT)
        right.tick_params(length=0)
        right.spines["right"].set_visible(False)
    return True


def used_share(figure: Figure) -> float | None:
    """Return how much of its tightest bound a figure uses, 1 being all of it; None where it has no bound."""
    pairs = [(figure.ratio, figure.bound), (figure.value, figure.limit)]
    shares = [_share(number, bound, figure) for number, bound in pairs if bound is not None]
    return max(shares, default=None)


def _share(number: float, bound: float, figure: Figure) -> float:
    over, under = (number, bound) if figure.sense == "at most" else (bound, number)
    if not under:
        return MOST_SHARE if over else 1.0
    return over / under


def _words(figure: Figure) -> str:
    value, bound = amount(figure.value, figure.unit), figure.bound
    if bound is None:
        return f"{value}, {figure.sense} {amount(figure.limit or 0.0, figure.unit)}"
    return f"{value}, {amount(figure.ratio, '')}x of {figure.sense} {amount(bound, '')}x"
