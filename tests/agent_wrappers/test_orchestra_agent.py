"""The wrapper of an agent's program: the claim, the terminal, signals, restarts, the end."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import psutil
import pytest

from tests.agent_wrappers.wrapped import (
    AGENT,
    NOBODY,
    TIMEOUT_S,
    TOKEN,
    WRAPPERS,
    House,
    Terminal,
    house,
    terminal,
    wait_for,
)

FAST = {"ORCHESTRA_RESTART_BASE_S": "0.01"}
NOTHING = {"text": None, "session": None, "usage": None, "cost_usd": None, "is_error": None, "error": None}
IN_FRONT = (
    "import os, signal, sys; "
    "print('front', os.tcgetpgrp(0) == os.getpgrp() == os.getpid(), "
    "signal.getsignal(signal.SIGINT) is signal.default_int_handler, "
    "[signal.getsignal(n) for n in (1, 3, 15)] == [signal.SIG_DFL] * 3, flush=True); "
    "print('heard', input(), flush=True)"
)


@pytest.fixture
def place(short_dir: Path) -> Iterator[House]:
    """Give a house with its daemon."""
    with house(short_dir) as made:
        yield made


def started(place: House, *words: str, **more: str) -> AbstractContextManager[Terminal]:
    """Start the wrapper on a PTY."""
    return terminal(words, place.environment(**{**FAST, **more}), place.state)


def test_a_program_has_the_terminal_to_itself(place: House) -> None:
    """It leads the group in front, with every signal as it ought to be, and hears what is typed; both ends are told."""
    with started(place, "--", sys.executable, "-c", IN_FRONT, ORCHESTRA_ATTEMPT="3") as shown:
        shown.wait_until(lambda: "front True True True" in shown.text())
        wait_for(lambda: len(place.daemon.pokes()) == 1)
        program = os.tcgetpgrp(shown.process.fd)
        assert (place.run / "claim").read_text() == f"wrapper {shown.process.pid}\n"
        os.write(shown.process.fd, b"hello\n")
        assert shown.wait_end() == 0
        assert "heard hello" in shown.text()
    assert [report["kind"] for report in place.reports()] == ["started", "ended"]
    assert all(report["token"] == TOKEN for report in place.reports())
    assert place.data("started") == {"pid": program, "attempt": 3}
    assert place.data("ended") == {"exit_code": 0, "signal": None, "restarts": 0, **NOTHING}
    assert not (place.run / ".wrapper").exists()
    assert len(place.daemon.pokes()) == 2


def test_an_attempt_is_null_without_a_task(place: House) -> None:
    """Without ORCHESTRA_ATTEMPT the report says so."""
    place.run_wrapper("--", "true")
    assert place.data("started")["attempt"] is None


def test_of_twenty_at_once_one_starts(place: House) -> None:
    """Exactly one wrapper of the same run folder starts the program; the others say who has it and exit with 75."""
    command = ["bash", str(WRAPPERS / "orchestra-agent"), "--task", "--", "bash", "-c", "echo once >>began"]
    racing = [
        subprocess.Popen(command, env=place.environment(ORCHESTRA_URL=NOBODY), cwd=place.state, stderr=subprocess.PIPE)
        for _ in range(20)
    ]
    said = [process.communicate(timeout=TIMEOUT_S)[1].decode() for process in racing]
    assert sorted(process.returncode for process in racing) == [0, *[75] * 19]
    assert (place.state / "began").read_text() == "once\n"
    refused = [text for text in said if text]
    assert len(refused) == 19 and all(
        re.fullmatch(r"orchestra-agent: claimed already by .*\n", text) for text in refused
    )
    assert [report["kind"] for report in place.reports()] == ["started", "ended"]


def test_what_the_daemon_gave_up_is_not_started(place: House) -> None:
    """A claim of the daemon's is as good as another wrapper's, and stays."""
    (place.run / "claim").write_text("daemon\n")
    done = place.run_wrapper("--", "touch", "began")
    assert (
        done.returncode == 75 and done.stderr == b"orchestra-agent: claimed already by 'daemon'; nothing was started\n"
    )
    assert not (place.state / "began").exists() and place.reports() == []
    assert (place.run / "claim").read_text() == "daemon\n"


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_a_signal_reaches_the_program_and_the_end_is_told(number: signal.Signals, place: House) -> None:
    """The program's group gets it at once, nothing is restarted, and the wrapper exits as the shell tells it."""
    with started(place, "--", "bash", "-c", "echo here; sleep 1000; true") as shown:
        shown.wait_until(lambda: "here" in shown.text())
        psutil.Process(shown.process.pid).send_signal(number)
        assert shown.wait_end() == 128 + number
    assert place.data("ended") == {"exit_code": 128 + number, "signal": number.name, "restarts": 0, **NOTHING}


def test_a_program_may_answer_a_signal_in_its_own_way(place: House) -> None:
    """The wrapper waits for a program that tidies up, however often it is asked."""
    script = "trap 'echo asked' TERM; trap 'echo bye; exit 7' HUP; echo here; while true; do sleep 0.05; done"
    with started(place, "--", "bash", "-c", script) as shown:
        wrapper = psutil.Process(shown.process.pid)
        shown.wait_until(lambda: "here" in shown.text())
        wrapper.send_signal(signal.SIGTERM)
        shown.wait_until(lambda: shown.text().count("asked") == 1)
        wrapper.send_signal(signal.SIGTERM)
        shown.wait_until(lambda: shown.text().count("asked") == 2)
        wrapper.send_signal(signal.SIGHUP)
        assert shown.wait_end() == 7
    assert place.data("ended")["exit_code"] == 7 and place.data("ended")["signal"] is None


def test_a_terminal_that_goes_ends_everything_and_is_told(place: House) -> None:
    """When tmux closes the pane the program gets its SIGHUP, and the report is written without a terminal."""
    with started(place, "--", "bash", "-c", "echo here; sleep 1000; true") as shown:
        shown.wait_until(lambda: "here" in shown.text())
        wrapper = psutil.Process(shown.process.pid)
        shown.process.fileobj.close()
        shown.process.closed = True
        wait_for(lambda: len(place.reports("ended")) == 1)
        assert wrapper.wait(TIMEOUT_S) in {None, 129}
    assert place.data("ended")["signal"] == "SIGHUP"


def test_a_wrapper_that_is_killed_leaves_nothing(place: House) -> None:
    """Without the wrapper the program loses its terminal, and the signs of life end: no process is left."""
    with started(place, "--", "bash", "-c", "echo here; sleep 1000; true") as shown:
        shown.wait_until(lambda: "here" in shown.text())
        wrapper = psutil.Process(shown.process.pid)
        family = wrapper.children(recursive=True)
        assert len(family) >= 3
        wrapper.kill()
        assert psutil.wait_procs(family, timeout=TIMEOUT_S)[1] == []


def test_control_c_is_the_program_s_own(place: House) -> None:
    """A program that the keyboard ends has not crashed."""
    with started(place, "--", "bash", "-c", "echo here; exec sleep 1000") as shown:
        shown.wait_until(lambda: "here" in shown.text() and place.reports("started") != [])
        shown.wait_until(lambda: psutil.Process(place.data("started")["pid"]).name() == "sleep")
        os.write(shown.process.fd, b"\x03")
        assert shown.wait_end() == 130
    assert place.data("ended")["restarts"] == 0


def test_a_program_that_is_suspended_goes_on(place: House) -> None:
    """There is no shell to wake it from, so it is woken at once, and in front again."""
    script = "kill -STOP $$; echo awake; read -r line; echo got $line; exit 5"
    with started(place, "--restarts", "0", "--", "bash", "-c", script) as shown:
        shown.wait_until(lambda: "awake" in shown.text())
        os.write(shown.process.fd, b"words\n")
        assert shown.wait_end() == 5
        assert "got words" in shown.text()


def test_signs_of_life_come_while_it_runs(place: House) -> None:
    """The daemon is poked again and again, without a report, and not after the end."""
    with started(place, "--", "bash", "-c", "echo here; read -r _", ORCHESTRA_HEARTBEAT_S="0.05") as shown:
        shown.wait_until(lambda: len(place.daemon.pokes()) >= 4)
        assert [report["kind"] for report in place.reports()] == ["started"]
        beating = psutil.Process(shown.process.pid).children(recursive=True)
        os.write(shown.process.fd, b"\n")
        assert shown.wait_end() == 0
    assert psutil.wait_procs(beating, timeout=TIMEOUT_S)[1] == []
    assert {poke.path for poke in place.daemon.pokes()} == {f"/api/agents/{AGENT}/reports"}


def test_signs_of_life_cease_when_nobody_wants_them(place: House) -> None:
    """An agent that was removed says so three times in vain and then no more; its program goes on to its own end.

    Who refuses while its run folder is there is a stranger, at the port that the daemon has left: it is told on.
    """
    with started(place, "--", "bash", "-c", "echo here; read -r _", ORCHESTRA_HEARTBEAT_S="0.05") as shown:
        shown.wait_until(lambda: len(place.daemon.pokes()) >= 2)
        beating = len(psutil.Process(shown.process.pid).children())
        place.daemon.status, refused = 401, len(place.daemon.pokes())
        shown.wait_until(lambda: len(place.daemon.pokes()) >= refused + 10)
        place.run.rename(place.state / "removed")
        shown.wait_until(lambda: len(psutil.Process(shown.process.pid).children()) < beating)
        before = len(place.daemon.pokes())
        os.write(shown.process.fd, b"\n")
        assert shown.wait_end() == 0
    assert place.reports() == [] and len(place.daemon.pokes()) == before + 1


def test_what_cannot_be_resumed_begins_anew(place: House) -> None:
    """Where the second command refuses at once, the next start is the first command again."""
    first = "echo first; [ -e there ] || { touch there; exit 9; }"
    with started(place, "--", "bash", "-c", first, "--", "bash", "-c", "echo second; exit 1") as shown:
        assert shown.wait_end() == 0
        assert re.findall(r"first|second", shown.text()) == ["first", "second", "first"]


def test_a_crash_is_restarted_and_said(place: House) -> None:
    """From the second start on the command after the separator runs; a clean end ends it."""
    first, second = "echo first $#; exit 9", "echo second $#; [ -e crashed ] || { touch crashed; kill -9 $$; }"
    words = ["--", "bash", "-c", first, "x", "a", "--", "bash", "-c", second, "x", "a", "b"]
    with started(place, *words) as shown:
        assert shown.wait_end() == 0
        lines = re.findall(r"first 1|second 2|bash ended with .*? in", shown.text())
    said = ["bash ended with exit code 9; restart 1 of 3 in", "bash ended with SIGKILL; restart 2 of 3 in"]
    assert lines == ["first 1", said[0], "second 2", said[1], "second 2"]
    assert place.data("ended") == {"exit_code": 0, "signal": None, "restarts": 2, **NOTHING}
    assert len({report["data"]["pid"] for report in place.reports("started")}) == 3


def test_the_back_off_doubles_and_has_a_top(place: House) -> None:
    """Waits are 1, 2, 4, 8, 16 and then 30 times the base."""
    done = place.run_wrapper("--restarts", "7", "--", "false", ORCHESTRA_RESTART_BASE_S="0.001", ORCHESTRA_URL=NOBODY)
    waits = re.findall(rb"restart \d of 7 in (\S+) s", done.stderr)
    assert [round(float(wait) * 1000) for wait in waits] == [1, 2, 4, 8, 16, 30, 30]


def test_a_budget_that_is_used_up_fails(place: House) -> None:
    """After so many restarts it is left, and the report says that it failed."""
    done = place.run_wrapper("--restarts", "2", "--", "bash", "-c", "echo again; exit 4", **FAST)
    assert done.returncode == 4 and done.stdout.count(b"again") == 3
    assert place.data("failed") == {"exit_code": 4, "signal": None, "restarts": 2, **NOTHING}
    assert place.reports("ended") == []


def test_the_budget_is_one_of_a_time(place: House) -> None:
    """Restarts that are longer ago than the window do not count."""
    script = "echo again >>runs; [ $(wc -l <runs) -ge 6 ] || exit 4"
    done = place.run_wrapper("--restarts", "1", "--", "bash", "-c", script, ORCHESTRA_RESTART_WINDOW_S="0", **FAST)
    assert done.returncode == 0 and place.data("ended")["restarts"] == 5


@pytest.mark.parametrize(("window_s", "code"), [("0", 0), ("60", 4)])
def test_the_window_is_the_profiles(place: House, window_s: str, code: int) -> None:
    """What the profile says counts, not what is in the environment."""
    script = "echo again >>runs; [ $(wc -l <runs) -ge 4 ] || exit 4"
    words = ("--restarts", "1", "--window", window_s, "--", "bash", "-c", script)
    done = place.run_wrapper(*words, ORCHESTRA_RESTART_WINDOW_S="1", **FAST)
    assert done.returncode == code


def test_an_end_that_is_asked_for_while_it_waits_ends_it(place: House) -> None:
    """SIGTERM between a crash and its restart is an end, at once."""
    with started(place, "--", "bash", "-c", "exit 4", ORCHESTRA_RESTART_BASE_S="1000") as shown:
        shown.wait_until(lambda: "restart 1 of 3" in shown.text())
        psutil.Process(shown.process.pid).terminate()
        assert shown.wait_end() == 4
    assert place.data("ended")["restarts"] == 1


def test_a_separator_may_be_chosen(place: House) -> None:
    """With another separator a literal -- is a word like any other; an empty one leaves all words to the program."""
    done = place.run_wrapper("--separator", "@@", "--", "bash", "-c", 'echo "$@"', "x", "--", "a", "@@", "false")
    assert done.stdout == b"-- a\n"
    (place.run / "claim").unlink()
    done = place.run_wrapper("--separator", "", "--", "bash", "-c", 'echo "$@"', "x", "--", "a")
    assert done.stdout == b"-- a\n"


def test_a_program_that_is_not_there_is_not_restarted(place: House) -> None:
    """What cannot be found is said in the terminal and in the report."""
    done = place.run_wrapper("--", "no-such-program", "x")
    assert done.returncode == 127 and done.stderr == b"orchestra-agent: no-such-program was not found\n"
    assert place.data("ended")["error"] == "no-such-program was not found" and place.data("ended")["exit_code"] == 127


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--"],
        ["--output"],
        ["--output", "xml", "--task", "--", "true"],
        ["--output", "stream-json", "--", "true"],
        ["--restarts", "many", "--", "true"],
        ["--window", "1h", "--", "true"],
        ["--stdin-file", "/nowhere", "--task", "--", "true"],
        ["--what", "--", "true"],
        ["--", "--", "true"],
        ["claude"],
    ],
)
def test_a_call_that_is_wrong_starts_nothing(words: list[str], place: House) -> None:
    """It says what is wrong, exits with 64 and leaves the claim alone."""
    done = place.run_wrapper(*words)
    assert done.returncode == 64 and done.stderr.startswith(b"orchestra-agent: ") and done.stderr.count(b"\n") == 1
    assert not (place.run / "claim").exists()


def test_a_run_folder_that_goes_away_does_not_hold_it_up(place: House) -> None:
    """The daemon may remove the agent's folder while its program runs; the wrapper still ends as the program does."""
    done = place.run_wrapper("--", "bash", "-c", 'rm -rf "$ORCHESTRA_RUN"; exit 0', **FAST)
    assert done.returncode == 0 and not place.run.exists()


def test_a_wrapper_that_breaks_off_says_so(place: House) -> None:
    """A claim without an end would cost a retry: even a mistake of the wrapper's own is reported."""
    (place.state / "mkfifo").write_text("#!/bin/sh\nexit 2\n")
    (place.state / "mkfifo").chmod(0o755)
    done = place.run_wrapper("--", "touch", "began", PATH=f"{place.state}:{os.environ['PATH']}")
    assert done.returncode == 2 and b"broke off with exit code 2" in done.stderr
    assert place.data("ended")["exit_code"] == 2 and not (place.state / "began").exists()


@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGALRM, signal.SIGXCPU])
@pytest.mark.parametrize("mode", [[], ["--task"]])
def test_a_wrapper_that_a_signal_ends_was_no_success(number: signal.Signals, mode: list[str], place: House) -> None:
    """A signal that nobody expects ends it in the middle: the program ends, and the report says that it failed."""
    with started(place, *mode, "--", "bash", "-c", "echo here; sleep 1000; true") as shown:
        shown.wait_until(lambda: "here" in shown.text())
        family = psutil.Process(shown.process.pid).children(recursive=True)
        shown.process.kill(number)
        wait_for(lambda: len(place.reports("ended")) == 1)
        assert psutil.wait_procs(family, timeout=TIMEOUT_S)[1] == []
    assert place.data("ended")["exit_code"] == 1


def test_by_hand_it_joins_and_goes_on_like_any_other(place: House) -> None:
    """Without a run folder the profile's environment and command come from `orchestra join`, quoted as it gave them."""
    joining = _program(
        place, 'printf "%s\\n" "$*" >asked', _assignments(place, ["bash", "-c", 'echo "$@"', "x", "it's a", "$b"])
    )
    environment = {name: text for name, text in place.environment().items() if not name.startswith("ORCHESTRA")}
    environment["ORCHESTRA_PROGRAM"] = joining
    with terminal(["claude", "--model", "two words"], environment, place.state) as shown:
        assert shown.wait_end() == 0
        assert "it's a $b" in shown.text()
    assert (place.state / "asked").read_text() == "join claude --shell -- --model two words\n"
    assert [report["kind"] for report in place.reports()] == ["started", "ended"]
    assert {asked.authorization for asked in place.daemon.asked} == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize("words", [["bash", "-c", "echo ran"], ["--anyway", "bash", "-c", "echo ran; exit 3"]])
def test_by_hand_without_a_daemon(words: list[str], place: House) -> None:
    """The reason is said and nothing runs, unless it is to run anyway."""
    joining = _program(place, "echo 'orchestra: the daemon is away' >&2; exit 1")
    environment = {name: text for name, text in place.environment().items() if not name.startswith("ORCHESTRA")}
    environment["ORCHESTRA_PROGRAM"] = joining
    with terminal(words, environment, place.state) as shown:
        assert shown.wait_end() == (3 if words[0] == "--anyway" else 69)
        assert "the daemon is away" in shown.text()
        assert ("\nran" in shown.text()) is (words[0] == "--anyway")


@pytest.mark.parametrize("is_clone", [False, True])
def test_by_hand_it_finds_the_command_of_its_clone(place: House, is_clone: bool) -> None:
    """Called by a link and with no orchestra on the PATH, it asks that of its clone, or says that there is none."""
    clone = place.state / "clone"
    shutil.copytree(WRAPPERS, clone / "agent-wrappers", ignore=shutil.ignore_patterns("__pycache__"))
    (place.state / "linked").symlink_to(clone / "agent-wrappers" / "orchestra-agent")
    if is_clone:
        found = clone / ".nox" / "serve" / "bin"
        found.mkdir(parents=True)
        Path(_program(place, "echo 'it was asked' >&2; exit 1")).rename(found / "orchestra")
    environment = {"PATH": "/usr/bin:/bin", "TERM": "xterm", "HOME": str(place.state)}
    done = subprocess.run(
        [place.state / "linked", "claude"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 69 and "'claude' was not started" in done.stderr
    assert ("it was asked" if is_clone else "no program orchestra on the PATH") in done.stderr


def _program(place: House, *lines: str) -> str:
    """Write a program that plays `orchestra`; the real command is another part's."""
    path = place.state / "orchestra"
    path.write_text("\n".join(["#!/usr/bin/env bash", *lines, ""]))
    path.chmod(0o755)
    return str(path)


def _assignments(place: House, command: list[str]) -> str:
    """Return the lines that print what `orchestra join --shell` prints."""

    def quoted(text: str) -> str:
        return "'" + text.replace("'", "'\\''") + "'"

    names = ("ORCHESTRA_URL", "ORCHESTRA_AGENT_ID", "ORCHESTRA_TOKEN", "ORCHESTRA_RUN")
    lines = [f"export {name}={quoted(place.environment()[name])}" for name in names]
    lines.append(f"COMMAND=({' '.join(map(quoted, command))})")
    (place.state / "printed").write_text("\n".join(lines) + "\n")
    return f"cat {json.dumps(str(place.state / 'printed'))}"
