"""The ansi law through xterm.js: the same texts in a terminal that is not ours show the same screens.

Needs Node.js and the page's packages; skipped where there are none. What xterm.js cannot show is not asked of it:
which underline a link has, mouse modes beside its one, and clusters whose width it takes for another, which must still
stand in their columns and move nothing else.
"""

import json
import shutil
import subprocess
import unicodedata
from pathlib import Path
from random import Random
from typing import Any

import pytest

from orchestra.screen import Snapshot, Style, to_vt
from tests.laws.real_program import PROGRAMS, Program, screens_of
from tests.laws.text_chain import Step, chain_of

CHAINS = 150
STEPS = 5
IN_TIME_S = 120
XTERM = Path("frontend/node_modules/@xterm/headless/lib-headless/xterm-headless.js")
SCRIPT = Path(__file__).with_name("xterm_screens.mjs")
MOUSE = {512: "x10", 16: "vt200", 32: "drag", 64: "any"}  # from the least to the most, as xterm.js calls them
SGR_MOUSE = 128

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not XTERM.exists(), reason="Node.js and `npm ci` in frontend/ are needed"
)


def screens_of_xterm(chains: list[list[Step]]) -> list[list[dict[str, Any]]]:
    """Return what xterm.js shows after each step of each chain; one process plays them all."""
    steps = [
        [{"rows": step.shown.rows, "columns": step.shown.columns, "text": step.text} for step in chain]
        for chain in chains
    ]
    argv = ["node", str(SCRIPT), str(XTERM.resolve())]
    done = subprocess.run(argv, check=True, input=json.dumps(steps), capture_output=True, text=True, timeout=IN_TIME_S)
    shown: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return shown


def is_doubtful(text: str, is_wide: bool) -> bool:
    """Tell whether xterm.js, whose tables are those of Unicode 6, may take a cell to be of another width."""
    if len(text) > 1 and not all("\u0300" <= mark <= "\u036f" for mark in text[1:]):
        return True
    return ord(text[0]) >= 0x1F000 or (is_wide and not ("\u1100" <= text[0] <= "\uffe6" and text[0] >= "\u2e80"))


def row_differences(row: int, ours: Any, theirs: list[list[Any]]) -> list[str]:  # noqa: ANN401
    """Return in words where a row of xterm.js is not ours."""
    found = []
    columns = len(ours)
    for column in range(columns):
        text, style = ours.texts[column], ours.styles[column]
        is_wide = column + 1 < columns and not ours.texts[column + 1] and bool(text)
        seen = theirs[column]
        left = text or ours.texts[column - 1]
        if is_doubtful(left, is_wide or not text):
            if text and not (seen[0] and text.startswith(seen[0])):
                found.append(f"{row},{column}: {seen[0]!r} is no beginning of {text!r}")
            if not text and seen[0] != " " and seen[0] not in left:
                found.append(f"{row},{column}: {seen[0]!r} in the right half of {left!r}")
        elif text != seen[0]:
            found.append(f"{row},{column}: {seen[0]!r} instead of {text!r}")
        if text and looks(style, seen) != seen[1:]:
            found.append(f"{row},{column} {text!r}: {seen[1:]} instead of {looks(style, seen)}")
    return found


def looks(style: Style, seen: list[Any]) -> list[Any]:
    """Return a style as xterm_screens.mjs tells it."""
    underline = style.underline if style.link is None or not seen[4] else -1
    colour = style.underline_colour if style.underline else None
    if seen[4] == -1 and style.link is not None:  # xterm.js underlines links by itself
        colour = seen[5]
    return [style.flags & 255, style.foreground, style.background, underline, colour, style.link]


def differences(shown: Snapshot, theirs: dict[str, Any]) -> list[str]:
    """Return in words where what xterm.js shows is not the screen."""
    found = []
    for row, line in enumerate(shown.lines):
        found += row_differences(row, line, theirs["cells"][row])
    cursor = shown.cursor
    if [cursor.row, cursor.column, cursor.is_visible, cursor.shape] != theirs["cursor"]:
        found.append(f"cursor {theirs['cursor']} instead of {cursor}")
    if theirs["title"] != shown.title:
        found.append(f"title {theirs['title']!r} instead of {shown.title!r}")
    modes = theirs["modes"]
    mouse = [name for bit, name in MOUSE.items() if shown.modes & bit]
    expected = {
        "applicationCursorKeysMode": bool(shown.modes & 1),
        "applicationKeypadMode": bool(shown.modes & 2),
        "bracketedPasteMode": bool(shown.modes & 4),
        "sendFocusMode": bool(shown.modes & 8),
        "mouseTrackingMode": mouse[-1] if mouse else "none",
        "insertMode": False,
        "originMode": False,
        "wraparoundMode": True,
    }
    found += [f"{name}: {modes[name]}" for name, value in expected.items() if modes[name] != value]
    if (theirs["encoding"] == "SGR") != bool(shown.modes & SGR_MOUSE):
        found.append(f"mouse as {theirs['encoding']}")
    return found


def wraps_in_xterm(shown: Snapshot) -> bool:
    """Tell whether a cluster of several characters is one narrow cell in the last column: xterm.js wraps its second."""
    return any("\u200d" in line.texts[-1] for line in shown.lines)


def check(chains: list[list[Step]], names: list[str]) -> None:
    """Fail where xterm.js does not show the screens of the chains."""
    for name, chain, seen in zip(names, chains, screens_of_xterm(chains), strict=True):
        for number, (step, theirs) in enumerate(zip(chain, seen, strict=True)):
            assert differences(step.shown, theirs) == [], f"{name}, step {number}: {step.text!r}"


def test_made_up_programs() -> None:
    """Seeded programs that meet margins, regions, modes and doubtful widths; sizes change; some begin anew."""
    chains: dict[str, list[Step]] = {}
    for seed in range(CHAINS):
        random = Random(seed)
        chain = chain_of(random, STEPS, random.randint(2, 12), random.randint(4, 60))
        if not any(wraps_in_xterm(step.shown) for step in chain):
            chains[f"seed {seed}"] = chain
    assert len(chains) > 0.9 * CHAINS
    check(list(chains.values()), list(chains))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_real_programs(program: Program) -> None:
    """What programs that people use print while they are used."""
    screens = screens_of(program)
    chain = [Step(to_vt(held, shown), shown) for held, shown in zip([None, *screens], screens, strict=False)]
    later = screens[len(screens) // 2]
    check([chain, [*chain[:1], Step(to_vt(None, later), later)]], [program.name, "begun anew"])


def test_a_doubtful_cell_is_what_it_says() -> None:
    """The exceptions are few: CJK, lines and letters with marks are held to every column."""
    assert not any(is_doubtful(text, True) for text in "漢한ア，")
    assert not any(is_doubtful(text, False) for text in ("a", "é", "─", "e\u0301", "✓", "ｶ"))
    assert all(is_doubtful(text, True) for text in ("🙂", "✅"))
    assert is_doubtful("❤\ufe0f", False)
    assert unicodedata.east_asian_width("✅") == "W"
