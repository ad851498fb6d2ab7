"""Every sequence that tmux sends its client is understood: listed, and heard from a real one."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestra.screen.dispatch import CONTROLS, ESCAPES, MARKED_SEQUENCES, SEQUENCES
from tests.laws.program import program
from tests.laws.tmux_pane import TmuxPane
from tests.screen.shown import screen, text

ROWS, COLUMNS = 24, 80
PROGRAMS = 12
# One control function, or the introducer of one that is cut off at the end.
SEQUENCE = re.compile(
    r"\x1b\[(?P<mark>[<=>?]?)(?P<numbers>[0-9;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b(?P<string>[]PX^_k])(?P<body>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|\x1b(?P<escape>[ -/]*[0-~])"
    r"|(?P<control>[\x00-\x1f\x7f])"
)
KNOWN_COMMANDS = re.compile("[0128];|1[012]|112|52;")
KNOWN_ESCAPES = frozenset({*ESCAPES, "=", ">", "(B", "(0", ")0", ")B", "\\"})
UNSEEN = frozenset({"t"})
"""Known to do nothing that a screen shows: `CSI 22;0;0t` keeps the title of the terminal that tmux was started in."""


@pytest.mark.parametrize(
    ("sequence", "rows"),
    [
        # Entering, leaving and asking; nothing of it is seen.
        *[(f"\x1b[{one}", ["aXb"]) for one in (
            "22;0;0t", "23;0;0t", "?1h", "?1l", "?12l", "?12h", "?25h", "?25l", "?1000h", "?1002h", "?1003h", "?1005h",
            "?1006h", "?1000l", "?1002l", "?1003l", "?1005l", "?1006l", "?2004h", "?2004l", "?1004h", "?1004l",
            "?7727h", "?7727l", "?2031h", "?2031l", "?996n", "?2026h", "?2026l", "?2026$p", ">c", ">q", "c", "34h",
            "34l", "2 q", " q", ">4;2m", ">4m", "m", "1;2;3;4;5;7;8;9;53m", "4:3m", "38;5;9m", "48;5;9m", "38;2;1;2;3m",
            "48;2;1;2;3m", "58:2:1:2:3m", "58:5:9m", "39;49m", "K", "J")],
        *[(one, ["aXb"]) for one in (
            "\x1b=", "\x1b>", "\x1b(B", "\x0f", "\x07", "\x1b]0;t\x07", "\x1b]2;t\x1b\\", "\x1b]52;;aGk=\x07",
            "\x1b]52;c;?\x1b\\", "\x1b]10;?\x1b\\", "\x1b]11;?\x1b\\", "\x1b]12;red\x07", "\x1b]112\x07",
            "\x1b]8;id=1;https://a/\x1b\\", "\x1b]8;;\x1b\\", "\x1b]9;4;1;50\x1b\\", "\x1bP=1s\x1b\\", "\x1bP=2s\x1b\\",
            "\x1b]4;1;rgb:00/00/00\x1b\\")],
        # Drawing.
        ("\x1b[H", ["bX"]),
        ("\x1b[2;3H", ["aX", "  b"]),
        ("\x1b[2d", ["aX", "  b"]),
        ("\x1b[5G", ["aX  b"]),
        ("\x1b[2B", ["aX", "", "  b"]),
        ("\x1b[2C", ["aX  b"]),
        ("\x1b[2D", ["bX"]),
        ("\r\n\x1b[A", ["bX"]),
        ("\x1b[1K", ["  b"]),
        ("\x1b[2J", ["  b"]),
        ("\x1b[D\x1b[X", ["ab"]),
        ("\x1b[D\x1b[2@", ["ab X"]),
        ("\x1b[D\x1b[P", ["ab"]),
        ("\x1b[L", ["b", "aX"]),
        ("\x1b[M", ["b"]),
        ("\x1b[S", ["  b"]),
        ("\x1b[T", ["  b", "aX"]),
        ("\x1bM", ["  b", "aX"]),
        ("\n", ["aX", "  b"]),
        ("\r", ["bX"]),
        ("\x08", ["ab"]),
        ("\x1b[2;4r", ["bX"]),
        ("\x1b[r", ["bX"]),
        ("\x1b[?1049h\x1b[H", ["b"]),
        ("\x1b)0\x0eq\x0f", ["aX─b"]),
        ("\x1b(0q\x1b(B", ["aX─b"]),
    ],
)  # fmt: skip
def test_each_sequence_does_what_tmux_means_by_it(sequence: str, rows: list[str]) -> None:
    """Between two letters it prints nothing of its own, and moves, erases or inserts as its terminfo entry says."""
    assert text(f"aX{sequence}b") == rows


def test_what_is_seen_but_not_drawn() -> None:
    """Shape, title, modes, colours and links of tmux's sequences are in the snapshot."""
    shown = screen(
        "\x1b]2;pane\x07\x1b[4 q\x1b[?1h\x1b=\x1b[?1002;1006h\x1b[?2004h\x1b[38;2;1;2;3m\x1b]8;;https://a/\x07x"
    )
    assert (shown.title, shown.cursor.shape, shown.modes) == ("pane", 4, 1 | 2 | 32 | 128 | 4)
    assert shown.cell(0, 0).style.wire == (0, 0x1010203, None, None, "https://a/")


@pytest.fixture
def pane(short_dir: Path) -> Iterator[TmuxPane]:
    """Give a pane of a real tmux server with a client attached to it."""
    pane = TmuxPane(short_dir, ROWS, COLUMNS)
    try:
        yield pane
    finally:
        pane.close()


def unknown(received: str) -> set[str]:
    """Return the control functions in `received` that the dispatch tables do not have."""
    found = set()
    for match in SEQUENCE.finditer(received):
        if match["final"]:
            code = match["mark"] + match["between"] + match["final"]
            if code not in MARKED_SEQUENCES and code not in SEQUENCES and code != "m":
                found.add(code)
        elif match["string"]:
            if match["string"] == "]" and not KNOWN_COMMANDS.match(match["body"]):
                found.add(f"OSC {match['body']}")
        elif match["escape"]:
            if match["escape"] not in KNOWN_ESCAPES:
                found.add(f"ESC {match['escape']}")
        elif match["control"] not in CONTROLS:
            found.add(repr(match["control"]))
    return found


HALF_A_FUNCTION = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*)?\Z")
"""What was read may end in the middle of one."""


def test_a_real_tmux_sends_nothing_unknown(pane: TmuxPane) -> None:
    """Whatever programs print, each function that arrives has its method, or is known to show nothing."""
    for seed in range(PROGRAMS):
        for step in program(seed, ROWS, COLUMNS):
            if isinstance(step, bytes):
                pane.print(step)
    pane.print("\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[4 q\x1b]8;;https://a/\x07x\x1b]8;;\x07")
    pane.read_until(lambda shown: shown.modes & 4 == 4)
    received = b"".join(piece for piece in pane.received if isinstance(piece, bytearray)).decode()
    assert received.count("\x1b") > 500
    assert unknown(HALF_A_FUNCTION.sub("", received)) - UNSEEN == set()


@pytest.mark.parametrize("output", ["\x1b[1z", "\x1b[>1z", "\x1b]777;x\x07", "\x1b~", "\x1b%G", "\x01"])
def test_the_ear_hears_what_is_not_known(output: str) -> None:
    """A function without a method is told by the same ear."""
    assert unknown(output)
