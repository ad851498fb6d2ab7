"""Droid and Cursor, which cannot be installed here: tasks for programs that do what their documentation says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.daemon import Daemon, fresh_daemon, wait_for
from tests.end_to_end.played_agents import SESSION, play

NAMES = ("droid", "cursor")
TOKENS = {
    "droid": ("input_tokens", "21,200 tokens in · 145 tokens out · 3.3 s"),
    "cursor": ("inputTokens", "26,967 tokens in · 35 tokens out · 5.2 s"),
}


@pytest.fixture(scope="module")
def daemon() -> Iterator[Daemon]:
    """Give a running daemon that finds both programs."""
    with fresh_daemon() as running:
        play(running.directory / "bin")
        running.environment["PATH"] = f"{running.directory / 'bin'}:{running.environment['PATH']}"
        yield running.start()


def given(daemon: Daemon, name: str, brief: str, wait_s: float = 12.0) -> tuple[Path, dict[str, Any]]:
    """Give a task in a folder of its own; return both."""
    folder = daemon.directory / f"{name}-{brief.split(maxsplit=1)[0]}"
    folder.mkdir()
    wanted = {"to": name, "brief": brief, "cwd": str(folder), "wait_s": wait_s}
    task: dict[str, Any] = daemon.http.post("/api/delegate", json=wanted, timeout=wait_s + 5).json()
    return folder, task


@pytest.mark.parametrize("name", NAMES)
def test_a_task_is_done_and_told(name: str, daemon: Daemon) -> None:
    """The brief arrives whole; text, conversation and tokens are in the result, and the terminal is readable."""
    brief = "edit it: \"so\" 'much' $HOME\n--help\n漢"
    folder, task = given(daemon, name, brief)
    result = task["result"]
    assert (task["state"], result["exit_code"], result["text"]) == ("completed", 0, "It is made."), task
    assert (folder / "prompt").read_text() == brief
    assert (folder / "made.txt").read_text() == "made\n"
    key, shown = TOKENS[name]
    assert result["conversation"] == SESSION and result["usage"][key] > 20_000 and result["cost_usd"] is None
    screen = daemon.screen(daemon.agent(task["agent_id"]))
    assert "made.txt" in screen and "It is made." in screen and shown in screen and "{" not in screen


@pytest.mark.parametrize(
    ("name", "why"), [("droid", "No credit is left."), ("cursor", "Cannot use this model: a-model")]
)
def test_a_failure_says_why(name: str, why: str, daemon: Daemon) -> None:
    """Droid tells it as events, Cursor on its standard error and with no event at all."""
    _, task = given(daemon, name, "fail at it")
    assert (task["state"], task["reason"], task["result"]["exit_code"]) == ("failed", why, 1), task


@pytest.mark.parametrize("name", NAMES)
def test_a_cancel_reaches_the_program(name: str, daemon: Daemon) -> None:
    """It gets a signal that it can end by, and is gone."""
    folder, task = given(daemon, name, "stay at it", wait_s=0)
    place = folder / "pid"
    process = Path("/proc") / wait_for(lambda: place.exists() and place.read_text(), "its process")
    answer = daemon.http.post(f"/api/tasks/{task['task_id']}/cancel", json={})
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    wait_for(lambda: not process.exists(), "the program's end")
    assert (folder / "signal").read_text() == "SIGHUP"
