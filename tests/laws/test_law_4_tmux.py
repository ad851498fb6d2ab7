"""Law 4: after quiescence the emulator equals tmux, which is asked by `capture-pane -p -e -N`.

The same programs by thousands, and on other releases of tmux: `nox -s soak`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestra import tmux
from tests.laws.program import output, program
from tests.laws.tmux_pane import TmuxPane
from tests.laws.trial import Verdict, try_program

PROGRAMS = 100
BATCH = 10  # programs a test
ROWS, COLUMNS = 24, 80


@pytest.fixture
def pane(short_dir: Path) -> Iterator[TmuxPane]:
    """Give a pane of a real tmux server with a client attached to it."""
    pane = TmuxPane(short_dir, ROWS, COLUMNS)
    try:
        yield pane
    finally:
        pane.close()


@pytest.mark.parametrize("first", range(0, PROGRAMS, BATCH))
def test_made_up_programs_look_as_in_tmux(pane: TmuxPane, first: int) -> None:
    """Whatever a program prints, rows, styles of printed cells, cursor and size are tmux's own.

    Where tmux draws its client wrongly, the row is what another tmux makes of the same bytes, and a redraw heals it.
    """
    bad: dict[int, Verdict] = {}
    for seed in range(first, first + BATCH):
        steps = program(seed, ROWS, COLUMNS, pane.care)
        verdict = try_program(pane, steps, ROWS, COLUMNS)
        if not verdict.is_good:
            bad[seed] = verdict
    assert bad == {}


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
    pane.print(output(4711, ROWS, COLUMNS))
    for rows, columns in ((30, 100), (10, 40), (24, 80)):
        pane.resize(rows, columns)
        assert pane.wait_equal() == []


def test_application_modes_and_title_reach_the_snapshot(pane: TmuxPane) -> None:
    """Mouse, paste and cursor modes, the shape of the cursor and the title pass through tmux."""
    pane.print("\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[?1h\x1b=\x1b[5 q")
    pane.read_until(lambda shown: shown.modes & (4 | 32 | 128) == 4 | 32 | 128)
    pane.read_until(lambda shown: shown.cursor.shape == 5 and shown.cursor.is_visible)
    pane.read_until(lambda shown: shown.title == pane.title)
    pane.print("\x1b[?25l")
    pane.read_until(lambda shown: not shown.cursor.is_visible)


def test_bell_rings_once(pane: TmuxPane) -> None:
    """A bell in the pane is one bell here."""
    before = pane.emulator.snapshot().bell_count
    pane.print("\x07")
    pane.read_until(lambda shown: shown.bell_count > before)
    assert pane.emulator.snapshot().bell_count == before + 1


def test_client_has_the_features_that_are_asked_for(pane: TmuxPane) -> None:
    """The server knows of its client what the list says, all of it."""
    told = pane.tmux("display-message", "-p", "#{client_termfeatures}").strip().split(",")
    assert set(tmux.client_features(pane.version).split(",")) <= set(told)


def test_questions_of_the_server_are_answered(pane: TmuxPane) -> None:
    """What tmux asks its terminal on attaching is answered: it learns who draws."""
    pane.wait_until(lambda: b"\x1b[>" in pane.received[1], "tmux asked nothing")
    told = pane.tmux("list-clients", "-F", "#{client_termtype}").strip()
    assert told == "Orchestra"


def test_underline_loses_its_colour(pane: TmuxPane) -> None:
    """An underline after a coloured one has the colour of its text again, whatever form the colour had."""
    for colour in ("58:5:54", "58;5;54", "58:2::1:2:3"):
        pane.print(f"\x1bc\x1b[1;4;{colour}ma\x1b[22;59mb\x1b[0;3;4mc")
        assert pane.wait_equal() == []
        styles = pane.emulator.snapshot().lines[0].styles
        assert [style.underline_colour is None for style in styles[:3]] == [False, True, True]
