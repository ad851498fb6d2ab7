"""Recorded sessions of editors."""

from tests.recordings.demo_project import PROJECT
from tests.recordings.recording import Recording
from tests.recordings.shell import (
    BACKSPACE,
    CTRL_W,
    DOWN,
    ENTER,
    ESCAPE,
    PAGE_DOWN,
    PAGE_UP,
    RIGHT,
    UP,
    open_shell,
    run,
)
from tests.recordings.text import CJK, programs_in_colour


def record_vim() -> Recording:
    """Record vim: colours, insertion, visual mode, search, folds, splits, completion, help, resizes, twice."""
    with open_shell(30, 100) as terminal:
        (PROJECT / "long.py").write_text(programs_in_colour())
        run(terminal, "vim --clean job_queue.py", "A queue of jobs")
        for command in ("set number hlsearch cursorline laststatus=2", "set termguicolors", "colorscheme desert"):
            terminal.press(f":{command}{ENTER}", pause_s=0.2)
        terminal.press("5G", "V", "j", "j", "j", ESCAPE, pause_s=0.1)
        terminal.press("gg", "/self", ENTER, "n", "n", "N", pause_s=0.15)
        terminal.press("G", "o")
        terminal.type("    def peek(self) -> Job | None:  # 日本語 ❤️")
        terminal.press(ENTER)
        terminal.type("return self._heap[0] if self._h")
        terminal.press("\x0e", "\x0e", "\x10", ESCAPE, pause_s=0.2)
        terminal.press("gg", "\x16", "j", "j", "l", "l", "l", ESCAPE, pause_s=0.1)
        terminal.press(f":vsplit long.py{ENTER}", "\x06", "\x06", "\x02", "\x05", "\x05", "\x19", pause_s=0.15)
        terminal.press(f":split{ENTER}", "20G", "dd", "dd", "p", "u", "u", "zt", "zb", pause_s=0.12)
        terminal.press(CTRL_W, "=", CTRL_W, "j", "15G", "zfG", "zo", pause_s=0.12)
        terminal.resize(24, 70)
        terminal.wait_quiet()
        terminal.resize(40, 120)
        terminal.wait_quiet()
        terminal.press(f":only{ENTER}", f":%s/self/this/g{ENTER}", "u", pause_s=0.2)
        terminal.press(f":help motion.txt{ENTER}", "\x06", pause_s=0.3)
        terminal.press(f":qa!{ENTER}")
        terminal.wait_quiet()
        run(terminal, "vim --clean -R long.py", "def step_000")
        terminal.press(f":syntax on{ENTER}", "\x04", "\x04", "\x15", *["j"] * 25, *["\x05"] * 10, pause_s=0.05)
        terminal.wait_quiet()
        terminal.press(f":set list number{ENTER}", "/step_04", ENTER)
        terminal.wait_quiet()
        return terminal.recording("vim")


def record_nano() -> Recording:
    """Record nano: typing, search, cut and paste, help line, a resize."""
    with open_shell(24, 80) as terminal:
        (PROJECT / "long.py").write_text(programs_in_colour())
        run(terminal, "nano -l -S long.py", "GNU nano")
        terminal.press(DOWN, DOWN, "\x0b", "\x0b", PAGE_DOWN, PAGE_DOWN, "\x15", PAGE_UP, pause_s=0.15)
        terminal.type("# 日本語 and ü: ")
        terminal.press(BACKSPACE, "\x17", "step_02", ENTER, pause_s=0.2)
        terminal.press("\x1ba", RIGHT, RIGHT, DOWN, DOWN, pause_s=0.1)
        terminal.resize(20, 60)
        terminal.wait_quiet()
        terminal.press(*[DOWN] * 20, *[UP] * 5, pause_s=0.05)
        terminal.wait_quiet()
        return terminal.recording("nano")


def record_cjk() -> Recording:
    """Record text of Chinese, Japanese and Korean in cat, less and vim, at even and odd widths."""
    with open_shell(24, 80) as terminal:
        (PROJECT / "cjk.txt").write_text(CJK)
        run(terminal, "cat cjk.txt")
        run(terminal, "less cjk.txt", "cjk.txt")
        terminal.press(" ", " ", "b", "/の", ENTER, "n", "n", pause_s=0.2)
        terminal.resize(24, 79)
        terminal.wait_quiet()
        terminal.press("k", "k", "j", "q", pause_s=0.2)
        run(terminal, "cat cjk.txt")
        run(terminal, "vim --clean cjk.txt", "cjk.txt")
        terminal.press(f":set number hlsearch{ENTER}", "gg", "A")
        terminal.type("追加した文字、まだ続く長い行が画面の端を越える")
        terminal.press(ESCAPE, "0", "v", "l", "l", "l", "x", "P", "5x", "u", pause_s=0.12)
        terminal.press("/한", ENTER, f":vsplit{ENTER}", "\x06", "G", pause_s=0.2)
        terminal.resize(20, 61)
        terminal.wait_quiet()
        return terminal.recording("cjk")
