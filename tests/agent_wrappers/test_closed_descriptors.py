"""Programs are started with closed descriptors, and pipes lose their readers: nothing hangs, nothing goes unsaid."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent_wrappers.wrapped import TIMEOUT_S, WRAPPERS, House, house

CLOSED = ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"]
OPEN = """
import json, os, sys
def name(number):
    try:
        os.fstat(number)
        return os.readlink(f"/proc/self/fd/{number}") if os.path.exists("/proc/self/fd") else "open"
    except OSError:
        return "closed"
json.dump([name(number) for number in range(10)], open(sys.argv[1], "w"))
"""


@pytest.fixture
def place(short_dir: Path) -> Iterator[House]:
    """Give a house with its daemon."""
    with house(short_dir) as made:
        yield made


@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.parametrize("words", [["Stop"], ["Stop", "{}"]])
def test_a_hook_without_its_streams_reports(closed: str, words: list[str], place: House) -> None:
    """It neither waits for an input that cannot come nor takes its own pipes for one."""
    script = f'exec "{WRAPPERS}/orchestra-hook" "$@" {closed}'
    given = None if "<&-" in closed else b"{}"
    subprocess.run(
        ["bash", "-c", script, "x", *words], env=place.environment(), input=given, timeout=TIMEOUT_S, check=True
    )
    data = place.data("hook")
    assert data == (
        {"event": "Stop", "text": ""} if words == ["Stop"] and given is None else {"event": "Stop", "input": {}}
    )


@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.parametrize("mode", [[], ["--task", "--python", sys.executable]])
def test_a_program_has_all_three_streams(closed: str, mode: list[str], place: House) -> None:
    """What was closed leads nowhere; no pipe of the wrapper's has taken its place, and none is left open."""
    seen = place.state / "seen"
    command = [*mode, "--", sys.executable, "-c", OPEN, str(seen)]
    script = f'exec "{WRAPPERS}/orchestra-agent" "$@" {closed}'
    done = subprocess.run(
        ["bash", "-c", script, "x", *command],
        env=place.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert (done.returncode, place.data("ended")["exit_code"]) == (0, 0)
    names = json.loads(seen.read_text())
    assert "closed" not in names[:3] and set(names[4:]) == {"closed"}
    for number, sign in enumerate(("<&-", ">&-", "2>&-")):
        if not mode and sign in closed.split():
            assert not names[number].startswith("pipe")


@pytest.mark.parametrize("crashes", [False, True])
def test_an_output_that_nobody_reads_is_no_end(crashes: bool, place: House) -> None:
    """The reader of both streams is gone: the program has its SIGPIPE as ever, and the end is reported."""
    script = "yes | head -n 1 >/dev/null; echo ${PIPESTATUS[0]} >>pipes; exit 4" if crashes else "echo x; exit 0"
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen(
        ["bash", str(WRAPPERS / "orchestra-agent"), "--restarts", "1", "--", "bash", "-c", script],
        env=place.environment(ORCHESTRA_RESTART_BASE_S="0.01"),
        stdin=subprocess.DEVNULL,
        stdout=writing,
        stderr=writing,
        cwd=place.state,
    ) as wrapper:
        os.close(writing)
        code = wrapper.wait(TIMEOUT_S)
    if crashes:
        assert code == 4 and place.data("failed")["exit_code"] == 4
        assert (place.state / "pipes").read_text() == "141\n141\n"
    else:
        assert code == 141 and place.data("failed")["signal"] == "SIGPIPE"


def test_a_terminal_is_mended_only_where_there_is_one(place: House) -> None:
    """No escape sequences go into a pipe or a file."""
    done = place.run_wrapper("--restarts", "1", "--", "false", ORCHESTRA_RESTART_BASE_S="0.01")
    assert done.returncode == 1 and done.stdout == b"" and b"restart 1 of 1" in done.stderr
