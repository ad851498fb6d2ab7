"""Recorded sessions of pagers and of what prints into them."""

from tests.recordings.demo_project import PROJECT, make_history
from tests.recordings.recording import Recording
from tests.recordings.shell import DOWN, ENTER, PROMPT, RIGHT, TAB, UP, open_shell, run
from tests.recordings.text import EMOJI, MANUAL, log_in_colour


def record_less() -> Recording:
    """Record less: coloured input, search, scrolling both ways, long lines folded and cut off, a resize."""
    with open_shell(24, 80) as terminal:
        (PROJECT / "app.log").write_text(log_in_colour())
        run(terminal, "less -R app.log", "app.log")
        terminal.press(" ", " ", *["j"] * 15, "b", *["k"] * 15, "d", "u", pause_s=0.05)
        terminal.press("/WARN", ENTER, "n", "n", "N", pause_s=0.15)
        terminal.press("G", "k", "k", "g", "50%", "-S", ENTER, RIGHT, RIGHT, "-N", ENTER, pause_s=0.15)
        terminal.resize(30, 60)
        terminal.wait_quiet()
        terminal.press("&ERROR", ENTER, pause_s=0.3)
        terminal.press("q")
        run(terminal, "less -RXF README.md", PROMPT)
        run(terminal, "less -RMJ +F app.log", "Waiting")
        terminal.press("\x03", "?request 1", ENTER)
        terminal.wait_quiet()
        return terminal.recording("less")


def record_man() -> Recording:
    """Record man: a long page of bold and underlined text and a table, search, the end, another width."""
    with open_shell(30, 100, MANPAGER="less -R", GROFF_NO_SGR="1") as terminal:
        (PROJECT / "queue.1").write_text(MANUAL)
        run(terminal, "man ./queue.1", "NAME")
        terminal.press(" ", "d", *["j"] * 10, *["k"] * 4, "/urgen", ENTER, "n", "n", pause_s=0.08)
        terminal.press("q")
        terminal.resize(24, 72)
        terminal.wait_quiet()
        run(terminal, "GROFF_NO_SGR= MANPAGER='less -Dd+r -Du+b --use-color' man ./queue.1", "NAME")
        terminal.press(" ", " ", "b", "/table", ENTER, pause_s=0.2)
        terminal.wait_quiet()
        return terminal.recording("man")


def record_git() -> Recording:
    """Record git: a graph of merges, differences by line and by word, a picked hunk, in and out of the pager."""
    with open_shell(30, 100, GIT_PAGER="less -R", GIT_CONFIG_NOSYSTEM="1") as terminal:
        make_history()
        run(terminal, "git log --graph --color --decorate --stat", "commit")
        terminal.press(" ", " ", *["j"] * 12, *["k"] * 6, "q", pause_s=0.06)
        run(terminal, "git --no-pager log --graph --oneline --all --color")
        run(terminal, "git diff --color HEAD~12", "diff --git")
        terminal.press(" ", " ", "/^@@", ENTER, "n", "n", "b", pause_s=0.12)
        terminal.press("q")
        run(terminal, "git diff --color-words --stat -p HEAD~3", "diff --git")
        terminal.resize(24, 80)
        terminal.wait_quiet()
        terminal.press("j", "j", " ", "q", pause_s=0.2)
        run(terminal, "git log --graph --color --oneline --decorate --all -p", "diff --git")
        terminal.press(" ", " ", "k", "k")
        terminal.wait_quiet()
        return terminal.recording("git")


def record_tig() -> Recording:
    """Record tig: the history, a commit beside it, the tree, a search, a resize."""
    with open_shell(30, 100) as terminal:
        make_history()
        run(terminal, "tig --all", "[main]")
        terminal.press(*[DOWN] * 6, ENTER, *[DOWN] * 8, TAB, UP, UP, pause_s=0.08)
        terminal.press("/queue", ENTER, "n", pause_s=0.2)
        terminal.resize(24, 80)
        terminal.wait_quiet()
        terminal.press("t", DOWN, DOWN, ENTER, pause_s=0.3)
        terminal.wait_quiet()
        return terminal.recording("tig")


def record_emoji() -> Recording:
    """Record a table of emoji: joined, flags, skin tones, selectors, keycaps; wrapped at every column, then anew."""
    with open_shell(40, 90) as terminal:
        (PROJECT / "emoji.txt").write_text(EMOJI)
        run(terminal, "cat emoji.txt")
        run(terminal, "cat -n emoji.txt | tail -15")
        run(terminal, "clear; cat emoji.txt")
        run(terminal, "less -R emoji.txt", "emoji.txt")
        terminal.press(*["j"] * 8, *["k"] * 3, "/ZWJ", ENTER, "q", pause_s=0.1)
        terminal.resize(36, 61)
        terminal.wait_quiet()
        run(terminal, "cat emoji.txt")
        run(terminal, "cat emoji.txt")
        terminal.resize(40, 90)
        terminal.wait_quiet()
        run(terminal, "cat emoji.txt")
        run(terminal, "clear; cat emoji.txt")
        return terminal.recording("emoji")
