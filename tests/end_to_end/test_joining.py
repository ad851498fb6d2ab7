"""A program in a terminal that Orchestra did not start joins, is seen, gets messages by its hooks, and survives us."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psutil
import pytest

from tests.agent_wrappers.wrapped import WRAPPERS
from tests.end_to_end.daemon import Daemon, wait_for
from tests.real_agents.terminal import Terminal

PROFILE = """
title = "Played"
[find]
programs = ["played"]
[interactive]
command = ["{program}"]
[messages]
acknowledge = "hook"
hands = true
[status.hooks]
UserPromptSubmit = "working"
Stop = "done"
[stop]
interrupt = ["Escape"]
"""
PLAYED = """#!/usr/bin/env bash
# A turn for each line; `code N` ends it. What a hook prints is what the model would get.
hook() { jq -cn --arg key "$2" --arg text "$3" '{($key): $text}' | "$ORCHESTRA_WRAPPERS/orchestra-hook" "$1"; }
echo here
while IFS= read -r line; do
    case $line in
        code*) exit "${line#code }" ;;
        slow*) hook UserPromptSubmit prompt "$line"; sleep 0.2; while [ -e hold ]; do sleep 0.05; done ;;
        *) hook UserPromptSubmit prompt "$line" ;;
    esac
    hook Stop last_assistant_message "answer to $line"
    echo "turn over"
done
"""


def _quick(text: str) -> str:
    """Return the played program without jq, which not every machine has."""
    python = shlex.quote(sys.executable)
    made = f'{python} -c \'import json, sys; print(json.dumps({{sys.argv[1]: sys.argv[2]}}))\' "$2" "$3"'
    return text.replace('jq -cn --arg key "$2" --arg text "$3" \'{($key): $text}\'', made)


def _install(daemon: Daemon) -> None:
    folder = daemon.directory / ".config" / "orchestra" / "profiles"
    folder.mkdir(parents=True)
    (folder / "played.toml").write_text(PROFILE)
    (folder / "mute.toml").write_text(PROFILE.replace("hands = true", "hands = false"))
    programs = daemon.directory / "bin"
    programs.mkdir()
    command = f'exec {shlex.quote(sys.executable)} -m orchestra join --state-dir {daemon.directory} "${{@:2}}"'
    for name, text in {
        "played": _quick(PLAYED),
        "orchestra": f"#!/bin/sh\n{command}\n".replace("/bin/sh", "/bin/bash"),
    }.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    daemon.environment["PATH"] = f"{programs}:{daemon.environment['PATH']}"


@contextmanager
def _joined(daemon: Daemon, profile: str = "played") -> Iterator[tuple[Terminal, dict[str, Any]]]:
    """Start the profile by hand in a terminal of its own; give that and the agent."""
    place = daemon.directory / "own"
    place.mkdir(exist_ok=True)
    before = {agent["id"] for agent in _agents(daemon)}
    argv = ["bash", str(WRAPPERS / "orchestra-agent"), profile]
    with Terminal(
        place, argv, cwd=place, environment={**daemon.environment, "ORCHESTRA_HEARTBEAT_S": "0.2"}
    ) as terminal:
        terminal.wait_for("here")
        (agent,) = [agent for agent in _agents(daemon) if agent["id"] not in before]
        yield terminal, agent


def _agents(daemon: Daemon) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = daemon.http.get("/api/agents").json()["agents"]
    return found


def _say(terminal: Terminal, text: str) -> None:
    terminal.paste(text)
    terminal.press("Enter")


def _send(daemon: Daemon, agent: Mapping[str, Any], text: str) -> dict[str, Any]:
    answer = daemon.http.post("/api/messages", json={"to": agent["id"], "text": text})
    assert answer.status_code == 202, answer.text
    sent: dict[str, Any] = answer.json()
    return sent


def _message(daemon: Daemon, sent: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = daemon.http.get(f"/api/messages/{sent['id']}").json()
    return found


def _replies(daemon: Daemon, agent: Mapping[str, Any]) -> list[str]:
    entries = daemon.http.get(f"/api/conversations/{agent['session_id']}").json()["entries"]
    return [entry["text"] for entry in entries if entry["kind"] == "reply"]


@pytest.fixture
def place(own_daemon: Daemon) -> Daemon:
    """Give a daemon that knows a program whose turns can be played."""
    _install(own_daemon)
    return own_daemon.start()


def test_it_is_seen_without_a_screen(place: Daemon) -> None:
    """It is listed and judged by its hooks; every door to a screen says that there is none; its end is told."""
    with _joined(place) as (terminal, agent):
        assert (agent["purpose"], agent["has_screen"]) == ("joined", False)
        path = f"/api/sessions/{agent['session_id']}"
        for answer in (
            place.http.get(f"{path}/screen"),
            place.http.get(f"/api/agents/{agent['id']}/memory"),
            place.http.post(f"{path}/input", json={"text": "x"}),
            place.http.post(f"{path}/resize", json={"rows": 30, "columns": 90}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "no_screen"), answer.text
        _say(terminal, "first")
        place.wait_state(agent, "done")
        assert place.http.get(f"/api/agents/{agent['id']}/explain").json()["verdict"]["source"] == "hook"
        wait_for(lambda: _replies(place, agent) == ["answer to first"], "the reply")
        _say(terminal, "code 130")
        assert place.wait_state(agent, "exited")["exit_status"] == 130


def test_a_message_is_handed_on_at_the_boundary_of_a_turn(place: Daemon) -> None:
    """It waits and says for what; each boundary hands one on, once, in order."""
    with _joined(place) as (terminal, agent):
        first, second = _send(place, agent, 'it\'s "one"'), _send(place, agent, "two")
        assert first["state"] == "queued" and "turn ends" in first["reason"]
        _say(terminal, "hello")
        wait_for(lambda: _message(place, second)["state"] == "acknowledged", "the second")
        assert _message(place, first)["state"] == "acknowledged" and _message(place, first)["reason"] == ""
        terminal.wait_for("turn over")
        shown = "".join(terminal.rows())
        assert shown.count('"additionalContext": "two"') == 1 and shown.count('"additionalContext"') == 2
        _say(terminal, "again")
        terminal.wait(lambda: terminal.text().count("turn over") == 2, "a second turn")
        assert "".join(terminal.rows()).count('"additionalContext"') == 2


def test_a_task_that_it_works_at_is_cancelled(place: Daemon) -> None:
    """Nobody can press a key there: the task is cancelled at once, and what is answered later counts for nothing."""
    with _joined(place) as (terminal, agent):
        hold = place.directory / "own" / "hold"
        hold.touch()
        given = place.http.post("/api/delegate", json={"to": agent["id"], "brief": "Make it."})
        assert given.status_code == 202, given.text
        address = f"/api/tasks/{given.json()['task_id']}"
        _say(terminal, "slow")
        conversation = f"/api/conversations/{agent['session_id']}"

        def is_taken() -> bool:
            return [one["state"] for one in place.http.get(conversation).json()["entries"]] == ["acknowledged"]

        wait_for(is_taken, "the brief to be taken")
        assert place.http.get(address).json()["state"] == "working"
        assert place.http.post(f"{address}/cancel", json={}).status_code == 200
        wait_for(lambda: place.http.get(address).json()["state"] == "cancelled", "the cancellation")
        hold.unlink()
        terminal.wait_for("turn over")
        wait_for(lambda: _replies(place, agent) == ["answer to slow"], "the reply")
        assert place.http.get(address).json()["state"] == "cancelled"


def test_where_nobody_fetches_a_message_it_is_refused(place: Daemon) -> None:
    """A profile without such hooks, and a text that is too long for one: the reason is said, nothing is stored."""
    with _joined(place, "mute") as (_, agent):
        answer = place.http.post("/api/messages", json={"to": agent["id"], "text": "x"})
        assert (answer.status_code, answer.json()["code"]) == (409, "no_screen")
    with _joined(place) as (_, agent):
        answer = place.http.post("/api/messages", json={"to": agent["id"], "text": "x" * 8_001})
        assert (answer.status_code, answer.json()["code"]) == (413, "message_too_long")


def test_removing_it_leaves_the_program_alone(place: Daemon) -> None:
    """Its token ends and it is forgotten; the program is the person's and goes on."""
    with _joined(place) as (terminal, agent):
        assert place.http.delete(f"/api/agents/{agent['id']}").status_code == 204
        assert agent["id"] not in {one["id"] for one in _agents(place)}
        _say(terminal, "alone")
        terminal.wait_for("turn over")


def test_it_is_there_again_after_a_restart(place: Daemon) -> None:
    """It works while the daemon dies and rests when that is back on another port: nothing is joined anew."""
    with _joined(place) as (terminal, agent):
        hold = place.directory / "own" / "hold"
        hold.touch()
        _say(terminal, "slow")
        place.wait_state(agent, "working")
        place.kill()
        hold.unlink()
        terminal.wait_for("turn over")
        (place.directory / "port").unlink()
        old = place.url
        place.start()
        assert place.url != old
        place.wait_state(agent, "done")
        wait_for(lambda: _replies(place, agent) == ["answer to slow"], "the reply, once")
        since = place.agent(agent["id"])["state_since_unix_s"]
        place.kill()
        place.start()
        assert (place.agent(agent["id"])["state"], place.agent(agent["id"])["state_since_unix_s"]) == ("done", since)
        sent = _send(place, agent, "found you")
        _say(terminal, "more")
        wait_for(lambda: _message(place, sent)["state"] == "acknowledged", "the new address is found")
        place.kill()
        _say(terminal, "code 130")
        wait_for(lambda: list((place.directory / "r").glob("*/spool/*")) or _ended(place), "its last word")
        place.start()
        assert place.wait_state(agent, "exited")["exit_status"] == 130


def _ended(place: Daemon) -> bool:
    return not any("orchestra-agent" in " ".join(one.cmdline()) for one in psutil.Process(os.getpid()).children())


def test_joining_says_what_is_wrong(place: Daemon) -> None:
    """An unknown profile, a program that is not there, no daemon: one line, and nothing is registered."""
    count = len(_agents(place))
    unknown, missing = place.run("join", "nobody", "--shell"), place.run("join", "claude", "--shell")
    assert unknown.returncode == 1 and "unknown_profile" in unknown.stderr
    assert missing.returncode == 1 and "program_not_found" in missing.stderr
    assert len(_agents(place)) == count
    place.stop()
    gone = place.run("join", "played", "--shell")
    assert gone.returncode == 1 and "daemon_not_running" in gone.stderr and gone.stdout == ""


@pytest.mark.parametrize(("folder", "why"), [("gone; cd gone; rmdir ../gone", "gone"), ("$'z\\xff'; cd z*", "UTF-8")])
def test_a_folder_that_nobody_can_name_is_refused(folder: str, why: str, place: Daemon) -> None:
    """One that was removed meanwhile, or whose name is no text: one line, and nothing is registered."""
    count = len(_agents(place))
    command = [sys.executable, "-m", "orchestra", "join", "--state-dir", str(place.directory), "played", "--shell"]
    script = f'mkdir {folder}; exec "$@"'
    done = subprocess.run(
        ["bash", "-c", script, "x", *command],
        env=place.environment,
        cwd=place.directory,
        capture_output=True,
        text=True,
        check=False,
        timeout=15,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1 and why in done.stderr and "(bad_cwd)" in done.stderr
    assert len(_agents(place)) == count


def test_arguments_that_are_no_text_are_passed_on(place: Daemon) -> None:
    """A file may have any name; bash gets its bytes as they are."""
    command = [
        sys.executable,
        "-m",
        "orchestra",
        "join",
        "--state-dir",
        str(place.directory),
        "played",
        "--shell",
        "--",
    ]
    done = subprocess.run(
        [*command, b"na\xffme"],
        env=place.environment | {"PYTHONIOENCODING": "utf-8:strict"},
        cwd=place.directory,
        capture_output=True,
        check=False,
        timeout=15,
    )
    assert done.returncode == 0 and b"na\xffme" in done.stdout, done.stderr


def test_the_lines_are_quoted(place: Daemon) -> None:
    """Arguments arrive whole; variables that the program must not have are unset."""
    done = place.run("join", "played", "--shell", "--", "a b", "it's", "--model")
    assert "COMMAND=(" in done.stdout and shlex.join(["a b", "it's", "--model"]) in done.stdout
    assert json.dumps("oat_")[1:-1] in done.stdout and "export ORCHESTRA_JOINED=1" in done.stdout
