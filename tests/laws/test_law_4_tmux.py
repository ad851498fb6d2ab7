"""Law 4: after quiescence the emulator equals tmux, which is asked by `capture-pane -p -e -N`.

ORCHESTRA_TMUX_PROGRAMS sets how many made-up programs are run (30 when unset), ORCHESTRA_TMUX_SEED the first.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.program import program
from tests.laws.tmux_pane import TmuxPane

PROGRAMS = int(os.environ.get("ORCHESTRA_TMUX_PROGRAMS", "30"))
FIRST = int(os.environ.get("ORCHESTRA_TMUX_SEED", "0"))
ROWS, COLUMNS = 24, 80
# Its client sometimes misses what tmux did between two reads; xterm.js then shows what our emulator shows. A fault of
# ours would come back each time.
ATTEMPTS = 3
CLEARED = "\x1bc"


@pytest.fixture
def pane(short_dir: Path) -> Iterator[TmuxPane]:
    """Give a pane of a real tmux server with a client attached to it."""
    pane = TmuxPane(short_dir, ROWS, COLUMNS)
    try:
        yield pane
    finally:
        pane.close()


def test_made_up_programs_look_as_in_tmux(pane: TmuxPane) -> None:
    """Whatever a program prints, rows, styles of printed cells and cursor are tmux's own."""
    for seed in range(FIRST, FIRST + PROGRAMS):
        found: list[str] = []
        for _ in range(ATTEMPTS):
            pane.print(CLEARED + program(seed, ROWS, COLUMNS))
            found = pane.wait_equal()
            if not found:
                break
        assert not found, f"program {seed}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("❤️X ⚠️ warn", id="variation selector"),
        pytest.param("👨\u200d👩\u200d👧X", id="joined by zero width joiners"),
        pytest.param("\U0001f3f3\ufe0f\u200d🌈X", id="joined to a narrow one"),
        pytest.param("👍🏽X", id="skin tone"),
        pytest.param("🇺🇸X", id="flag"),
        pytest.param("e\u0301X", id="accent"),
        pytest.param("コ\u0301X", id="accent on a wide one"),
        pytest.param("a\u200bb", id="zero width space"),
        pytest.param("a\u00adb", id="soft hyphen"),
        pytest.param("\u0301X", id="accent in column 0"),
        pytest.param("1\ufe0f\u20e3X", id="keycap"),
        pytest.param("a\ufeffb\u200eb\u202eb", id="direction marks"),
        pytest.param("\u1100\u1161\u11a8X", id="jamo"),
        pytest.param("e" + "\u0301" * 12 + "X", id="more than a cell holds"),
        pytest.param("\ue0b0\U000f0001X", id="private use"),
        pytest.param("a\u3164b", id="filler"),
        pytest.param("a\u0085b\u2028c\uffffd\u0378e", id="unprintable"),
        pytest.param("\x1b(0lqqk x~\x1b(B lqk", id="line drawing"),
        pytest.param("\x1b)0a\x0eqqq\x0fqqq", id="shifted line drawing"),
    ],
)
def test_widths_are_those_of_tmux(pane: TmuxPane, text: str) -> None:
    """What takes no, one or two columns in tmux does so here."""
    pane.print(text)
    assert pane.wait_equal() == []


def test_full_redraw_after_a_resize_looks_as_in_tmux(pane: TmuxPane) -> None:
    """When pane, client and emulator change size, the screens are equal again."""
    pane.print(program(4711, ROWS, COLUMNS))
    for rows, columns in ((30, 100), (10, 40), (24, 80)):
        pane.resize(rows, columns)
        assert pane.wait_equal() == []


def test_application_modes_and_title_reach_the_snapshot(pane: TmuxPane) -> None:
    """Mouse, paste and cursor modes, the shape of the cursor and the title pass through tmux."""
    pane.print("\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[?1h\x1b=\x1b[5 q")
    pane.read_until(lambda shown: shown.modes & (4 | 32 | 128) == 4 | 32 | 128)
    pane.read_until(lambda shown: shown.cursor.shape == 5 and shown.cursor.is_visible)
    pane.read_until(lambda shown: shown.title == f"printed-{pane.printed}")
    pane.print("\x1b[?25l")
    pane.read_until(lambda shown: not shown.cursor.is_visible)


def test_bell_rings_once(pane: TmuxPane) -> None:
    """A bell in the pane is one bell here."""
    before = pane.emulator.snapshot().bell_count
    pane.print("\x07")
    pane.read_until(lambda shown: shown.bell_count > before)
    assert pane.emulator.snapshot().bell_count == before + 1
