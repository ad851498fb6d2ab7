"""Plots are written where there is something to draw."""

from pathlib import Path

import pytest

from bench.figure import Figure
from bench.plot import write_plots
from bench.plot_bounds import LEAST, MOST, margin
from tests.bench.example import ECHO, ENDLESS, GROWTH, MET, MISSED

PNG = b"\x89PNG\r\n\x1a\n"


def test_every_plot_with_something_to_draw_is_a_picture(tmp_path: Path) -> None:
    """Bounds, distributions and growth each become a PNG of a readable size."""
    drawn = write_plots([MET, MISSED, ENDLESS, ECHO, GROWTH], tmp_path / "new", "bench-")
    assert [path.name for path in drawn] == ["bench-bounds.png", "bench-echo.png", "bench-growth.png"]
    for path in drawn:
        data = path.read_bytes()
        assert data.startswith(PNG)
        width, height = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
        assert 600 < width < 4000
        assert 200 < height < 4000


def test_nothing_is_drawn_of_nothing(tmp_path: Path) -> None:
    """Without curves and bounds there is no picture."""
    assert write_plots([Figure("a.b", 1.0, "ms", 1.0, "c", None, 1)], tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("figure", "times"),
    [
        (MET, 1.6),
        (MISSED, 2 / 2.25),
        (ENDLESS, 0.0),
        (Figure("a", 30.0, "/s", 10.0, "c", 2.0, 1, "at least"), 1.5),
        (Figure("a", 30.0, "/s", 10.0, "c", 2.0, 1, "at least", limit=60.0), 0.5),
        (Figure("a", 0.0, "frames", 5.0, "c", None, 1, limit=0.0), 1.0),
        (Figure("a", 0.0, "frames", 5.0, "c", 1.0, 1), MOST),
        (Figure("a", -1.0, "us", 5.0, "c", 1.5, 1), MOST),
        (Figure("a", 1.0, "frames", 5.0, "c", None, 1), None),
    ],
)
def test_the_margin_is_that_of_the_tightest_bound(figure: Figure, times: float | None) -> None:
    """Above 1 is better than asked, below is missed, in both senses; what nothing bounds has no margin."""
    assert margin(figure) == (None if times is None else pytest.approx(times))
    assert LEAST < 1 < MOST
