"""Draws the plots of a result, or draws them anew: python -m bench.plot RESULT.json FOLDER."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure
from bench.result import read_figures

__all__ = ["PLOTS", "write_plots"]

PLOTS = ("bounds", "echo", "growth")


def write_plots(figures: Sequence[Figure], folder: Path, prefix: str = "bench-") -> list[Path]:
    """Write every plot for which there are figures, as PNG; return the files.

    Raises `ModuleNotFoundError` where Matplotlib is not installed (`nox -s bench` does).
    """
    from bench import plot_bounds, plot_echo, plot_growth  # noqa: PLC0415 - a second that only whoever draws spends

    folder.mkdir(exist_ok=True, parents=True)
    drawn = []
    for name, draw in zip(PLOTS, (plot_bounds.draw, plot_echo.draw, plot_growth.draw), strict=True):
        path = folder / f"{prefix}{name}.png"
        if draw(figures, path):
            drawn.append(path)
    return drawn


def main() -> None:
    """Draw the plots of a kept result."""
    parser = argparse.ArgumentParser(prog="python -m bench.plot", description=__doc__)
    parser.add_argument("result", type=Path)
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args()
    for path in write_plots(read_figures(chosen.result), chosen.folder):
        print(path)


if __name__ == "__main__":
    main()
