"""The ansi law: a client that only writes `terminal_output.data` into a terminal shows exactly the screen.

Here the terminal is our own emulator, so that everything counts: text, styles, links, cursor, modes, title.
"""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestra.screen import Emulator, Snapshot, to_vt
from tests.laws.real_program import PROGRAMS, Program, screens_of
from tests.laws.strategy import output
from tests.laws.text_chain import Step, chain_of

EXAMPLES = 150
CHAINS = 250
STEPS = 6

sizes = st.tuples(st.integers(1, 8), st.integers(1, 24))


def play(terminal: Emulator, chain: list[Step]) -> None:
    """Write each text of a chain, and fail when the terminal does not show its screen."""
    for number, step in enumerate(chain):
        shown = terminal.snapshot()
        if (shown.rows, shown.columns) != (step.shown.rows, step.shown.columns):
            terminal.resize(step.shown.rows, step.shown.columns)
        terminal.feed(step.text.encode())
        assert terminal.snapshot() == step.shown, f"step {number}: {step.text!r}"


@settings(max_examples=EXAMPLES, deadline=None)
@given(output, st.lists(st.tuples(output, st.none() | sizes), min_size=1, max_size=4))
def test_any_screens_one_after_the_other(before: bytes, moments: list[tuple[bytes, tuple[int, int] | None]]) -> None:
    """A terminal in any state follows any screens, resizes included, once it is told their sizes."""
    emulator, terminal = Emulator(6, 20), Emulator(6, 20)
    terminal.feed(before)
    held: Snapshot | None = None
    chain: list[Step] = []
    for data, size in moments:
        if size is not None:
            emulator.resize(*size)
        emulator.feed(data)
        shown = emulator.snapshot()
        chain.append(Step(to_vt(held, shown), shown))
        held = shown
    play(terminal, chain)


def test_made_up_programs() -> None:
    """The same over seeded programs that meet the margins, regions, modes and doubtful widths far more often."""
    for seed in range(CHAINS):
        random = Random(seed)
        rows, columns = random.randint(2, 12), random.randint(4, 60)
        play(Emulator(rows, columns), chain_of(random, STEPS, rows, columns))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_real_programs(program: Program) -> None:
    """The same over what programs that people use print while they are used."""
    screens = screens_of(program)
    chain = [Step(to_vt(held, shown), shown) for held, shown in zip([None, *screens], screens, strict=False)]
    play(Emulator(screens[0].rows, screens[0].columns), chain)
    for shown in screens[:: max(1, len(screens) // 5)]:  # whoever joins later
        terminal = Emulator(shown.rows, shown.columns)
        terminal.feed(b"\x1b[2;3r\x1b[?6h\x1b[31m\x1b[?25l\x1b(0\x1b[?1049hx\x1b[4h")
        play(terminal, [Step(to_vt(None, shown), shown)])
