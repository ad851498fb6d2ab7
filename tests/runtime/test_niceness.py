"""Programs in terminals stand back: their sessions' share of the processor, with and without the right to choose."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import trio

from orchestra.agents import AgentState
from orchestra.runtime.niceness import stand_back
from tests.runtime.house import NICENESS, open_house, until

HAS_AUTOGROUP = Path("/proc/self/autogroup").exists()
NOBODY = 65534
CROWD = 4
AS_NOBODY = """
import os, subprocess, sys, time, trio
sys.path.insert(0, {root!r})
from orchestra.runtime.niceness import stand_back
os.setgroups([]); os.setgid({nobody}); os.setuid({nobody})
program = ["sh", "-c", "echo up; exec sleep 30"]
sleepers = [subprocess.Popen(program, start_new_session=True, stdout=subprocess.PIPE) for _ in range({crowd})]
assert all(one.stdout.readline() for one in sleepers)
async def main():
    async with trio.open_nursery() as nursery:
        for one in sleepers:
            nursery.start_soon(stand_back, one.pid, 7)
try:
    trio.run(main)
    print([open(f"/proc/{{one.pid}}/autogroup").read().split()[-1] for one in sleepers])
finally:
    for one in sleepers:
        one.kill(); one.wait()
"""


def share(process_id: int) -> int:
    """Return the niceness of a process's whole session."""
    return int(Path(f"/proc/{process_id}/autogroup").read_text().split()[-1])


async def test_an_agent_stands_back_and_its_server_half_way(short_dir: Path) -> None:
    """The program and its session get the niceness, and what it starts; the tmux server's session has half."""
    async with open_house(short_dir) as house:
        agent = await house.spawn("sh")
        await until(lambda: house.state(agent) is AgentState.IDLE, "its prompt")
        facts = await house.hub.pane(agent.session_id).server.facts()
        before = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, facts.process_id) == before + NICENESS
        assert os.getpriority(os.PRIO_PROCESS, facts.server_id) == before
        if HAS_AUTOGROUP:
            await until(lambda: share(facts.process_id) == NICENESS, "its session's share")
            await until(lambda: share(facts.server_id) == NICENESS // 2, "its server's share")


async def test_what_is_gone_or_unknown_is_no_error() -> None:
    """A program that has ended, or a system that knows no sessions' shares, changes nothing and takes no time."""
    async with trio.open_nursery() as nursery:
        ended = await nursery.start(trio.run_process, ["true"])
    with trio.fail_after(1):
        await stand_back(ended.pid, NICENESS)


@pytest.mark.skipif(not HAS_AUTOGROUP or os.geteuid() != 0, reason="becomes another user, on Linux with autogroup")
def test_many_at_once_without_rights() -> None:
    """Linux lets others than root change one session at a time; every one gets its turn."""
    root = str(Path(__file__).parents[2])
    script = AS_NOBODY.format(root=root, nobody=NOBODY, crowd=CROWD)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout == f"{['7'] * CROWD}\n", done.stderr
