"""Briefs of any length that is allowed arrive whole; one that a program cannot take is refused by its limit."""

import hashlib

import pytest

from orchestra.agents.profile import MAX_ARGUMENT_BYTES
from orchestra.delegation import MAX_BRIEF_BYTES
from tests.end_to_end.daemon import Daemon

IN_TIME_S = 20
ARGUMENT = """[find]
programs = ["sha256sum"]
[interactive]
command = ["{program}"]
[task]
command = ["bash", "-c", 'printf %s "$1" | sha256sum', "--", "{brief}"]
"""
INPUT = """[find]
programs = ["sha256sum"]
[interactive]
command = ["{program}"]
[task]
command = ["{program}"]
stdin = "{brief_file}"
"""


def text_of(length: int) -> str:
    """Return awkward text of so many bytes."""
    piece = 'it\'s "$HOME" `x` 漢 -- \n'
    count, rest = divmod(length, len(piece.encode()))
    return piece * count + "." * rest


def given(daemon: Daemon, to: str, brief: str) -> tuple[int, dict[str, object]]:
    """Give a task and wait for it; return the status and the answer."""
    answer = daemon.http.post("/api/delegate", json={"to": to, "brief": brief, "wait_s": IN_TIME_S}, timeout=60)
    return answer.status_code, answer.json()


def profiles(daemon: Daemon) -> None:
    """Add profiles whose programs take the brief as an argument, and as their input."""
    folder = daemon.directory / ".config" / "orchestra" / "profiles"
    folder.mkdir(parents=True)
    for name, text in (("by-argument", ARGUMENT), ("by-input", INPUT)):
        (folder / f"{name}.toml").write_text(text)


@pytest.mark.parametrize(("to", "length"), [("by-argument", 131_000), ("by-input", 900_000), ("by-input", 1)])
def test_every_byte_arrives(own_daemon: Daemon, to: str, length: int) -> None:
    """What the program reads is what was given, as one argument or as input."""
    profiles(own_daemon)
    own_daemon.start()
    brief = "x" if length == 1 else text_of(length)
    status, task = given(own_daemon, to, brief)
    assert status == 200, task
    expected = hashlib.sha256(brief.encode()).hexdigest()
    assert str(task["result"]["text"]).split()[0] == expected  # type: ignore[index]


def test_a_shell_runs_a_script_of_900_kilobytes(daemon: Daemon) -> None:
    """A command line of 900,000 bytes is run from its first line to its last."""
    head, tail = "echo begin\n: '", "'\necho end\n"
    status, task = given(daemon, "shell", head + "x" * (900_000 - len(head) - len(tail)) + tail)
    assert (status, task["result"]["text"]) == (200, "begin\nend\n")  # type: ignore[index]


def test_what_a_program_cannot_take_is_refused(own_daemon: Daemon) -> None:
    """A brief that is too long for an argument is refused when it is given, with the limit; so is over a megabyte."""
    profiles(own_daemon)
    own_daemon.start()
    for to, length, limit in (
        ("by-argument", MAX_ARGUMENT_BYTES, "131,064"),
        ("shell", MAX_BRIEF_BYTES + 1, "1000000"),
    ):
        status, problem = given(own_daemon, to, "x" * length)
        assert (status, problem["code"], problem["field"]) == (413, "brief_too_long", "brief")
        assert limit in str(problem["detail"])
    assert own_daemon.http.get("/api/tasks").json()["tasks"] == []
