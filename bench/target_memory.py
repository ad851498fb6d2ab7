"""Memory per agent: Orchestra's share of it, and a real CLI with all that it starts.

Orchestra's share is what daemon and spawner hold, divided among the agents, and each agent's own tmux server, attached
client and control client; the shell in it is the agent's program and not counted. The real CLI is Claude Code where it
is on the PATH: at its prompt, without an account and without a network, in a home folder of its own.
"""

import shlex
import shutil
import tempfile
from pathlib import Path

import httpx
import psutil
import trio

from bench.agent import start_agents, type_line
from bench.cli import CLAUDE
from bench.daemon import RunningDaemon, open_daemon
from bench.figure import Figure
from bench.process_memory import daemon_processes, memory_kib, processes_naming, tree
from bench.run import Run

__all__ = ["measure_agent_memory"]

FULL_AGENTS, QUICK_AGENTS = 8, 4
ASKED_MIB = 500.0
SETTLE_S = 2.0
KIB_A_MIB = 1024
READY_DEADLINE_S = 60
LOOK_S = 0.2


async def measure_agent_memory(run: Run) -> list[Figure]:
    """Return `target.memory` and, where there is a real CLI, `target.memory_claude`, in MiB."""
    agents = run.pick(FULL_AGENTS, QUICK_AGENTS)
    async with open_daemon() as daemon, daemon.http() as http:
        sessions = await start_agents(http, agents)
        await trio.sleep(SETTLE_S)
        daemon_mib = memory_kib(daemon_processes(daemon.process_id)) / KIB_A_MIB
        tmux_mib = memory_kib(processes_naming(daemon.folder)) / KIB_A_MIB
        share_mib = (daemon_mib + tmux_mib) / agents
        beside = f"the target; daemon {daemon_mib:.0f} MiB in all, tmux {tmux_mib / agents:.1f} MiB an agent"
        figures = [Figure("target.memory", share_mib, "MiB", ASKED_MIB, beside, 1.0, agents)]
        claude = shutil.which("claude")
        if claude is None:
            run.skip("target.memory_claude", "there is no `claude` on the PATH")
        else:
            cli_mib = await _claude_mib(daemon, http, sessions[0], claude)
            beside = f"the target; {cli_mib:.0f} MiB are Claude Code's own"
            figures.append(Figure("target.memory_claude", cli_mib + share_mib, "MiB", ASKED_MIB, beside, 1.0, 1))
    run.progress("target.memory", 1, 1)
    return figures


async def _claude_mib(daemon: RunningDaemon, http: httpx.AsyncClient, session: str, claude: str) -> float:
    """Start Claude Code in a session; return what it holds at its prompt."""
    with tempfile.TemporaryDirectory(prefix="orc-") as home:
        variables = CLAUDE.move_in(Path(home))
        words = [f"{name}={shlex.quote(value)}" for name, value in variables.items()]
        command = shlex.join([claude, *CLAUDE.bare[1:]])
        await type_line(http, session, f"cd {home} && {' '.join(words)} exec {command}")
        await _wait_shown(http, session, CLAUDE.ready)
        await trio.sleep(SETTLE_S)
        return memory_kib(process for at in _programs_in(daemon, home) for process in tree(at.pid)) / KIB_A_MIB


def _programs_in(daemon: RunningDaemon, folder: str) -> list[psutil.Process]:
    """Return the programs of panes that work in a folder."""
    programs = [child for server in processes_naming(daemon.folder) for child in server.children()]
    return [program for program in programs if Path(program.cwd()) == Path(folder).resolve()]


async def _wait_shown(http: httpx.AsyncClient, session: str, text: str) -> None:
    with trio.fail_after(READY_DEADLINE_S):
        while text not in (await http.get(f"/api/sessions/{session}/screen?format=text")).text:  # noqa: ASYNC110
            await trio.sleep(LOOK_S)
