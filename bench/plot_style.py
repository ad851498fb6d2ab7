"""How every plot looks: quiet, on a light ground of its own, so that a dark page shows it as a card."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

__all__ = ["BAD", "COLOURS", "FAINT", "GOOD", "INK", "open_page"]

PAPER, INK, FAINT = "#fbfaf7", "#22272e", "#6a727d"
GOOD, BAD = "#1f7a6d", "#c8502d"
COLOURS = (GOOD, "#3d6fb4", "#b58a1b", "#8a4fa3", "#6b7785", BAD)
"""Told apart by people who do not see red and green apart, too."""

DOTS_PER_INCH = 160
STYLE: dict[Any, Any] = {
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e1d9",
    "font.size": 10,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 12,
    "legend.frameon": False,
    "axes.prop_cycle": cycler(color=COLOURS),
}


@contextmanager
def open_page(path: Path, width_inches: float, height_inches: float, columns: int = 1) -> Iterator[list[Axes]]:
    """Give the axes of a page, side by side; write it to `path` at the end of the block.

    No window system is asked for, and no state is shared: Matplotlib's own objects, without pyplot.
    """
    with mpl.rc_context(STYLE):
        page = Page(figsize=(width_inches, height_inches), layout="constrained")
        yield list(page.subplots(1, columns, squeeze=False)[0])
        page.savefig(path, dpi=DOTS_PER_INCH, metadata={"Software": None})
