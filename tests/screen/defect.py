"""A defect of stock pyte 0.8.2 as data: what is printed, what must be seen, and what either screen makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyte
import pytest

from orchestra.screen import Emulator
from tests.conformance.model import seen_of_pyte

__all__ = ["COLUMNS", "ROWS", "Defect", "as_parameters", "ours", "stock"]

ROWS, COLUMNS = 5, 20
Wire = tuple[int | str | None, ...]


@dataclass(frozen=True)
class Defect:
    """One defect: the sentence of what holds here, and the output that shows it on a screen of 5 rows.

    `styles` are the looks of some cells, by row and column. `stock_is_right` where stock pyte is wrong only elsewhere.
    """

    name: str
    holds: str
    output: bytes
    rows: list[str]
    cursor: tuple[int, int] | None = None
    styles: Mapping[tuple[int, int], Wire] = field(default_factory=dict)
    answers: bytes = b""
    title: str = ""
    columns: int = COLUMNS
    stock_is_right: bool = False

    @property
    def seen(self) -> list[object]:
        """What must be seen, in the form that `ours` and `stock` return."""
        rows = self.rows + [""] * (ROWS - len(self.rows))
        return [rows, self.cursor, dict(self.styles), self.answers, self.title]


def as_parameters(defects: list[Defect]) -> pytest.MarkDecorator:
    """Return the mark that runs a test once for each defect, under its name."""
    return pytest.mark.parametrize("defect", defects, ids=lambda defect: defect.name)


def ours(defect: Defect) -> list[object]:
    """Return what our emulator shows, byte by byte the same as at once."""
    whole, bytewise = (Emulator(ROWS, defect.columns) for _ in range(2))
    whole.feed(defect.output)
    for at in range(len(defect.output)):
        bytewise.feed(defect.output[at : at + 1])
    snapshot = whole.snapshot()
    snapshot.verify()
    assert snapshot == bytewise.snapshot()
    cursor = (snapshot.cursor.row, snapshot.cursor.column)
    return [
        [row.rstrip() for row in snapshot.text_rows()],
        cursor if defect.cursor else None,
        {place: snapshot.cell(*place).style.wire for place in defect.styles},
        whole.take_replies(),
        snapshot.title,
    ]


def stock(defect: Defect) -> list[object] | None:
    """Return what stock pyte shows; None when it raises."""
    screen = pyte.Screen(defect.columns, ROWS)
    answers: list[str] = []
    screen.write_process_input = answers.append  # type: ignore[method-assign]
    try:
        pyte.ByteStream(screen).feed(defect.output)
        rows = [row.rstrip() for row in screen.display]
    except Exception:  # noqa: BLE001 - whatever it raises, it raises
        return None
    return [
        rows,
        (screen.cursor.y, min(screen.cursor.x, defect.columns - 1)) if defect.cursor else None,
        {(y, x): seen_of_pyte(screen.buffer[y][x]).style.wire for y, x in defect.styles},
        "".join(answers).encode(),
        screen.title,
    ]
