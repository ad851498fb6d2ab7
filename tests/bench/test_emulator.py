"""What the emulators are fed is what the bench says it is."""

from bench.emulator import PIECE_BYTES, PRINTED, Workload
from bench.printed import COLUMNS, ROWS, dense


def test_what_is_printed_is_the_same_in_every_run() -> None:
    """Results of two days can be compared: the same seed gives the same bytes, and enough of them."""
    for printed in PRINTED.values():
        assert printed() == printed()
        assert len(printed()) > 50 * PIECE_BYTES


def test_a_dense_repaint_has_a_rendition_for_every_cell() -> None:
    """As vtebench's dense_cells: home, then colours, bold, italic and underline before each letter."""
    data = dense()
    frame = data[: data.index(b"\x1b[H", 1)]
    assert frame.count(b"m") == ROWS * COLUMNS
    assert frame.startswith(b"\x1b[H\x1b[38;5;100;48;5;255;1;3;4mA\x1b[38;5;101;48;5;254;1;3;4mA")


def test_megabytes_count_output_and_no_resizes() -> None:
    """A change of size has no bytes."""
    assert Workload(24, 80, [b"x" * 1000, (30, 90), b"y" * 500]).megabytes == 0.0015
