"""The shipped screen rules: texts of programs that are not recorded, and screens made to be slow."""

import time
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestra.agents import RuleSet, ScreenText, parse_rules

RULES = {
    entry.name.removesuffix(".toml"): parse_rules(entry.name.removesuffix(".toml"), entry.read_text("utf-8"))
    for entry in (files("orchestra.agents") / "rules").iterdir()
}
IN_TIME_S = 0.5
"""For one screen of the largest size. A good one takes about a millisecond; the machine may be busy."""
LINE = "─" * 80
BOX = ("╭" + "─" * 78 + "╮", "╰" + "─" * 78 + "╯")


@pytest.mark.parametrize(
    ("agent", "rows", "expected"),
    [
        ("claude", ["● You've hit", LINE, "❯ ", LINE, "  ? for shortcuts"], ("idle", None, "empty")),
        (
            "claude",
            ["", LINE, " Ready to code?", " Would you like to proceed?", " ❯ 1. Yes"],
            ("blocked", "permission", None),
        ),
        ("claude", ["● 1. Do you want to go?", "❯ 1. Yes", LINE, "❯ ", LINE, " ?"], ("idle", None, "empty")),
        ("claude", ["text", LINE, "❯ first", "  second", LINE, " ?"], ("idle", None, "filled")),
        ("claude", ["text", LINE, " Select model", " ❯ 1. Default"], ("skip", None, None)),
        ("droid", ["⠋ Thinking… (esc to stop)", *BOX], ("working", None, None)),
        ("droid", ["> Yes, allow", "  No, cancel", "enter to select · esc to cancel"], ("blocked", "permission", None)),
        ("cursor", ["⬢ Reading files", "ctrl+c to stop"], ("working", None, None)),
        (
            "cursor",
            ["Run this command?", " → Run (once) (y) (enter)", "   Skip (esc or n)"],
            ("blocked", "permission", None),
        ),
        ("cursor", [" → Plan, search, build anything"], ("idle", None, "empty")),
        ("cursor", [" → fix the tests"], ("idle", None, "filled")),
        (
            "gemini",
            ["⠏ Thinking (esc to cancel, 3s)", BOX[0], "│ >   Type your message or @path │", BOX[1]],
            ("working", None, "empty"),
        ),
        ("gemini", [BOX[0], "│ > hello │", BOX[1]], ("idle", None, "filled")),
        ("gemini", ["│ Apply this change? │", "│ ● 1. Yes, allow once │"], ("blocked", "permission", None)),
        ("opencode", ["  ┃ Ask anything... ", "  tab agents  ctrl+p commands"], ("idle", None, "empty")),
        ("opencode", ["⬝⬝■■ esc interrupt   ctrl+p commands"], ("working", None, None)),
        ("codex", ["• Working (3s • esc to interrupt)", "", "› Ask Codex to do anything"], ("working", None, None)),
        (
            "codex",
            ["  Would you like to run the following command?", "› 1. Yes, proceed (y)"],
            ("blocked", "permission", None),
        ),
    ],
)
def test_texts_that_are_known(agent: str, rows: list[str], expected: tuple[str | None, str | None, str | None]) -> None:
    """What documentation and other programs' rules say these screens look like."""
    read = RULES[agent].read(ScreenText.of(rows))
    rule = read.screen.rule if read.screen else None
    composer = read.composer.rule.composer if read.composer else None
    assert (rule and rule.state, rule and rule.wait, composer) == expected


@pytest.mark.parametrize(
    ("agent", "row", "state", "composer"),
    [
        ("aider", "Add file to the chat? (Y)es/(N)o/(D)on't ask again [Yes]:", "blocked", None),
        ("aider", ">", "idle", "empty"),
        ("aider", "architect> rename it", "idle", "filled"),
        ("aider", "Waiting for claude", "working", None),
        ("shell", "[sudo] password for ada:", "blocked", None),
        ("shell", "Overwrite? [y/N]", "blocked", None),
        ("shell", "ada@host:~$", None, "empty"),
        ("shell", "ada@host:~$ ls", None, "filled"),
        ("codex", "› Improve documentation in @filename", "idle", "filled"),
    ],
)
def test_rows_with_the_cursor(agent: str, row: str, state: str | None, composer: str | None) -> None:
    """Programs without a frame are known by the cursor's row."""
    read = RULES[agent].read(ScreenText.of([row], (0, len(row))))
    assert (read.screen and read.screen.rule.state) == state
    assert (read.composer and read.composer.rule.composer) == composer


HOSTILE = [
    " " * 1000,
    "─" * 1000,
    "❯ 1. " * 200,
    "esc to " * 150,
    "(" * 1000,
    "✻ " + "x" * 998,
    "╌─" * 500,
    "Would you like to " * 60,
    "[Y/n] " * 170,
    "a> " * 330,
    "> " + "\xa0" * 998,
    "Password" * 125,
    "⠋ " * 500,
    "• 1(1 esc to interrup" * 50,
]


@pytest.mark.parametrize("agent", sorted(RULES))
@pytest.mark.parametrize("row", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_screens_take_no_time(agent: str, row: str) -> None:
    """A screen of 500 rows of 1,000 characters that nearly match is read in a bounded time."""
    _read_in_time(RULES[agent], [row] * 500)
    _read_in_time(RULES[agent], ["─" * 80, *[row] * 40, "─" * 80, *[row] * 40])


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(sorted(RULES)), st.lists(st.sampled_from(HOSTILE) | st.text(max_size=80), max_size=60))
def test_any_screen_is_read(agent: str, rows: list[str]) -> None:
    """No screen raises, and every rule has a result."""
    _read_in_time(RULES[agent], rows)


def _read_in_time(rules: RuleSet, rows: list[str]) -> None:
    begun_s = time.thread_time()
    read = rules.read(ScreenText.of(rows, (len(rows) - 1, 2), rows[0] if rows else ""))
    assert time.thread_time() - begun_s < IN_TIME_S
    assert len(read.results) == len(rules.rules)
