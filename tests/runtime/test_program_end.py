"""A program is ended as its profile says, and in any case."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
import trio

from orchestra.agents import AgentState, Profile, Stop
from orchestra.runtime.program_end import HANG_UP_GRACE_S
from tests.runtime.house import open_house, profile, until

HEARING = """import pathlib, signal, sys, time
def note(number, _frame):
    with open(sys.argv[1], "a") as kept:
        kept.write(signal.Signals(number).name + "\\n")
    if signal.Signals(number).name in sys.argv[2:]:
        sys.exit(7)
for name in ("SIGINT", "SIGHUP", "SIGTERM"):
    signal.signal(getattr(signal, name), note)
print("ready", flush=True)
while True:
    time.sleep(0.02)
"""
"""Writes down the signals that it gets, and ends at those named."""


def hearing(folder: Path, stop: Stop, *ends_at: str) -> Profile:
    """Return a profile whose program ends at some signals only."""
    command = (sys.executable, "-c", HEARING, str(folder / "heard"), *ends_at)
    return replace(profile("hearing", *command), stop=stop)


@pytest.mark.parametrize(
    ("stop", "ends_at", "heard", "code"),
    [
        (Stop(keys=("C-c",)), ["SIGINT"], ["SIGINT"], 7),
        (Stop(keys=("C-c",), grace_s=0.2), ["SIGHUP"], ["SIGINT", "SIGHUP"], 7),
        (Stop(signal="SIGTERM"), ["SIGTERM"], ["SIGTERM"], 7),
        (Stop(), ["SIGHUP"], ["SIGHUP"], 7),
        (Stop(grace_s=0.2), [], ["SIGHUP"], None),
    ],
)
async def test_a_program_is_asked_before_it_is_forced(
    short_dir: Path, stop: Stop, ends_at: list[str], heard: list[str], code: int | None
) -> None:
    """Keys first, then the signal, then the kill; each only when the one before was in vain."""
    async with open_house(short_dir, hearing(short_dir, stop, *ends_at)) as house:
        agent = await house.spawn("hearing")
        await until(lambda: "ready" in house.text(agent), "its beginning")
        ended = await house.hub.stop(agent.id)
        assert ended.state is AgentState.EXITED
        assert (short_dir / "heard").read_text().split() == heard
        assert code is None or ended.exit_status == code


async def test_keys_that_cannot_arrive_are_not_waited_for(short_dir: Path) -> None:
    """In copy mode the terminal's keys are tmux's: the signal is sent at once."""
    stop = Stop(keys=("C-c",), grace_s=3.0)
    async with open_house(short_dir, hearing(short_dir, stop, "SIGHUP")) as house:
        agent = await house.spawn("hearing")
        await until(lambda: "ready" in house.text(agent), "its beginning")
        house.tmux(agent, "copy-mode", "-t", "main")
        began_s = trio.current_time()
        assert (await house.hub.stop(agent.id)).state is AgentState.EXITED
        assert trio.current_time() - began_s < min(stop.grace_s, HANG_UP_GRACE_S)
        assert (short_dir / "heard").read_text().split() == ["SIGHUP"]


async def test_what_has_ended_is_left_alone(short_dir: Path) -> None:
    """To stop it again changes nothing."""
    async with open_house(short_dir, hearing(short_dir, Stop(), "SIGHUP")) as house:
        agent = await house.spawn("hearing")
        await until(lambda: "ready" in house.text(agent), "its beginning")
        first = await house.hub.stop(agent.id)
        assert await house.hub.stop(agent.id) == first
        assert (short_dir / "heard").read_text().split() == ["SIGHUP"]
