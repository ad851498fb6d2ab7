"""What each cost grows to as panes become more, beside a line that grows as they do."""

from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure
from bench.plot_style import FAINT, open_page

__all__ = ["draw"]

SUBJECT = "growth."
WIDTH_INCHES, HEIGHT_INCHES = 7.0, 4.6


def draw(figures: Sequence[Figure], path: Path) -> bool:
    """Write the plot; return whether there was anything to draw."""
    curves = [curve for figure in figures if figure.name.startswith(SUBJECT) for curve in figure.curves]
    if not curves:
        return False
    panes = [count for count, _cost in curves[0].points]
    with open_page(path, WIDTH_INCHES, HEIGHT_INCHES) as (axes,):
        axes.plot(panes, [count / panes[0] for count in panes], "--", color=FAINT, label="linear")
        for curve in curves:
            counts, costs = zip(*curve.points, strict=True)
            axes.plot(counts, [cost / costs[0] for cost in costs], "o-", label=curve.label, linewidth=2)
        axes.set_xscale("log", base=2)
        axes.set_yscale("log", base=2)
        axes.set_xticks(panes, [f"{count:g}" for count in panes])
        axes.yaxis.set_major_formatter("{x:g}x")
        axes.set_xlabel("panes")
        axes.set_ylabel("cost, against one pane")
        axes.set_title("Growth")
        axes.legend(loc="upper left")
    return True
