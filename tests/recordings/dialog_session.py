"""Recorded sessions of programs that draw whole screens: pickers, dialogs, monitors, file managers."""

from tests.recordings.demo_project import PROJECT, make_history
from tests.recordings.recorded_terminal import RecordedTerminal
from tests.recordings.recording import Recording
from tests.recordings.shell import (
    BACKSPACE,
    DOWN,
    ENTER,
    ESCAPE,
    F2,
    F3,
    F4,
    F7,
    F9,
    F10,
    PAGE_DOWN,
    RIGHT,
    SPACE,
    TAB,
    UP,
    open_shell,
    run,
)
from tests.recordings.text import log_in_colour

WORKERS = "for n in 1 2 3 4; do (exec -a worker-$n sleep 900) & done; (exec -a busy timeout 60 yes >/dev/null) &"
GAUGE = "for n in $(seq 0 5 100); do echo $n; sleep 0.05; done | dialog --gauge 'Packing 日本語' 8 50"


def record_fzf() -> Recording:
    """Record fzf: narrowing, several choices, a preview with a border, a resize, a list below the prompt."""
    with open_shell(30, 100) as terminal:
        make_history()
        (PROJECT / "app.log").write_text(log_in_colour())
        run(terminal, "cat app.log | fzf --ansi --multi --border --header='pick some'", "pick some")
        terminal.type("warn 1")
        terminal.press(TAB, TAB, UP, UP, TAB, BACKSPACE, BACKSPACE, pause_s=0.15)
        terminal.resize(24, 80)
        terminal.wait_quiet()
        terminal.press(*[UP] * 12, *[DOWN] * 4, TAB, UP, TAB, ENTER, pause_s=0.06)
        terminal.wait_quiet()
        run(terminal, "ls | fzf --height=60% --reverse --preview='head -30 {}' --preview-window=right:60%", "8/8")
        terminal.press(DOWN, DOWN, "q", "u", pause_s=0.3)
        terminal.wait_quiet()
        return terminal.recording("fzf")


def record_dialog() -> Recording:
    """Record dialog: menus, lists, a calendar, a gauge, a text box; lines by Unicode and by the line-drawing set."""
    menu = "--menu 'What to do?' 15 50 6 add 'Put a job in' take 'Take one' drop 'Drop all of them' see 日本語"
    checks = "--checklist 'Which?' 14 50 5 one first on two second off three third off"
    with open_shell(24, 80) as terminal:
        for variables in ("", "NCURSES_NO_UTF8_ACS=1 "):
            run(terminal, f"{variables}dialog --backtitle Demo --title Jobs {menu}", "What to do?")
            terminal.press(DOWN, DOWN, UP, TAB, TAB, ENTER, pause_s=0.12)
            run(terminal, f"{variables}dialog --title Pick --shadow {checks}", "Which?")
            terminal.press(SPACE, DOWN, SPACE, TAB, ENTER, pause_s=0.12)
        run(terminal, GAUGE)
        run(terminal, "dialog --colors --yesno '\\Z1red \\Zb\\Z4bold\\Zn and \\Zuunderlined' 8 40", "underlined")
        terminal.press(TAB, ENTER)
        run(terminal, "dialog --calendar When 3 40 1 5 2024", "When")
        terminal.press(TAB, RIGHT, DOWN, pause_s=0.2)
        terminal.resize(30, 90)
        terminal.wait_quiet()
        terminal.press(ESCAPE, pause_s=1)
        run(terminal, "NCURSES_NO_UTF8_ACS=1 dialog --title Source --textbox job_queue.py 20 70", "Source")
        terminal.press(PAGE_DOWN, DOWN, DOWN, UP, pause_s=0.2)
        terminal.wait_quiet()
        return terminal.recording("dialog")


def record_htop() -> Recording:
    """Record htop over a few workers: bars, the tree, sorting, filter, setup, tags, a resize."""
    with open_shell(30, 100) as terminal:
        run(terminal, WORKERS)
        run(terminal, "htop -d 5", "F10Quit")
        terminal.press(DOWN, DOWN, SPACE, SPACE, "t", "t", "P", "M", "I", pause_s=0.4)
        terminal.resize(24, 80)
        terminal.read_for(1)
        terminal.press(F4, pause_s=0.4)
        terminal.type("worker")
        terminal.press(ENTER, UP, UP, F2, DOWN, DOWN, ESCAPE, pause_s=0.5)
        terminal.resize(36, 110)
        terminal.read_for(2)
        return terminal.recording("htop")


def record_top() -> Recording:
    """Record top over a few workers: colours, sorting, one line a processor, a resize."""
    with open_shell(24, 80) as terminal:
        run(terminal, WORKERS)
        run(terminal, "top -d 0.5", "PID")
        terminal.press("z", "x", "b", "1", "M", "c", "V", pause_s=0.6)
        terminal.resize(30, 100)
        terminal.read_for(2)
        return terminal.recording("top")


def record_mc() -> Recording:
    """Record Midnight Commander: two panels, menus, the viewer, a dialog, a resize."""
    with open_shell(30, 100) as terminal:
        make_history()
        run(terminal, "mc -u", "10Quit")
        terminal.press(DOWN, DOWN, TAB, DOWN, TAB, F9, RIGHT, DOWN, DOWN, pause_s=0.2)
        _leave(terminal)
        terminal.press(F3, PAGE_DOWN, F10, pause_s=0.4)
        terminal.resize(24, 80)
        terminal.wait_quiet()
        terminal.press(F7, pause_s=0.4)
        terminal.type("new")
        terminal.wait_quiet()
        return terminal.recording("mc")


def _leave(terminal: RecordedTerminal) -> None:
    """Leave a menu of Midnight Commander: one escape may begin a key."""
    terminal.press(ESCAPE + ESCAPE, pause_s=0.5)
