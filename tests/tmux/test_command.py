"""Argument vectors for tmux: exact targets, no shell, no text that tmux could expand."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra import tmux

NEW = ("tmux", "/s", "/c", ["prog", "-x"])


def test_a_session_is_started_from_words() -> None:
    """The program comes as words after `--`, without TMUX in its environment, and its size is set."""
    command = tmux.new_session(*NEW, rows=30, columns=90)
    assert command[:5] == ["tmux", "-u", "-S", "/s", "-f"]
    assert command[command.index("-x") + 1 : command.index("-x") + 4] == ["90", "-y", "30"]
    words = command[command.index("--") + 1 :]
    assert words[: words.index(";")] == ["env", "-u", "TMUX", "-u", "TMUX_PANE", "prog", "-x"]
    assert "-c" not in command, "tmux would expand a folder's name"


def test_the_program_stands_back() -> None:
    """The program gets the niceness that is asked for, the server none."""
    command = tmux.new_session(*NEW, niceness=7, rows=30, columns=90)
    words = command[command.index("--") + 1 :]
    assert words[:4] == ["nice", "-n", "7", "env"]
    assert "nice" not in command[: command.index("--")]


def test_targets_are_exact() -> None:
    """Every target is an exact name or the pane's own id, so that nothing else can match."""
    for command in (
        tmux.resize_window(2, 2),
        tmux.format_of("x"),
        tmux.capture(0, 1),
        tmux.capture_texts(),
        tmux.attach("t", "s", "f"),
    ):
        assert command[command.index("-t") + 1].startswith(("=", "%0"))


def test_clients_watch_and_never_resize() -> None:
    """Both kinds of client ignore their own size; the control client gets no output."""
    assert "ignore-size" in tmux.attach("tmux", "/s", "RGB")
    assert "no-output,ignore-size" in tmux.attach_control("tmux", "/s")


@pytest.mark.parametrize(("word", "escaped"), [("a", "a"), ("a;", "a\\;"), (";", "\\;"), ("a;b", "a;b"), ("", "")])
def test_a_semicolon_at_the_end(word: str, escaped: str) -> None:
    """Only a trailing semicolon would end the command, and is escaped."""
    assert tmux.escape_argument(word) == escaped


@given(st.binary(max_size=5000))
def test_exact_bytes_are_hexadecimal(data: bytes) -> None:
    """Bytes become lines of at most 4 KiB with two digits a byte, in order, and nothing else."""
    lines = tmux.send_bytes(data)
    assert all(len(line) < 4096 and "\n" not in line for line in lines)
    assert bytes.fromhex("".join(line.partition(" -H ")[2] for line in lines)) == data


@pytest.mark.parametrize(
    "word", ["a;", ";", "$(touch x)", "#{pid}", "#(touch x)", "-t", "a b", "'", '"', "\\", "~", "ö;"]
)
def test_words_reach_the_program_unchanged(short_dir: Path, word: str) -> None:
    """Each word reaches the program through tmux as it is, whatever it looks like."""
    socket, target, configuration = str(short_dir / "s"), short_dir / "words", short_dir / "conf"
    configuration.write_text(tmux.configuration("screen"))
    script = f"import sys,os; os.write(os.open({str(target)!r}, os.O_CREAT | os.O_WRONLY), sys.argv[1].encode())"
    program = ["python3", "-c", script + "; os.rename(" + repr(str(target)) + ", " + repr(f"{target}.done") + ")", word]
    command = tmux.new_session("tmux", socket, str(configuration), program, rows=5, columns=20)
    done = Path(f"{target}.done")
    try:
        subprocess.run(command, check=True, cwd=short_dir)
        wait = ["tmux", "-S", socket, "display-message", "-p", "#{pane_dead}"]
        while not done.exists():
            subprocess.run(wait, check=True, capture_output=True)
        assert done.read_text() == word
    finally:
        subprocess.run(["tmux", "-S", socket, "kill-server"], check=False)
