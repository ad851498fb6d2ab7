"""Agents outlive the daemon, however it ends; what ended without it is told truly."""

import contextlib
import os
import signal
import socket
import subprocess
from pathlib import Path

import psutil
import pytest

from tests.end_to_end.daemon import PROMPT, Daemon, wait_for

LOST_WITHIN_S = 2.0
"""How soon the death of an agent's tmux server is seen."""


def started_at(pid: int) -> float:
    """Return when a process was started."""
    return psutil.Process(pid).create_time()


def spawner_and_clients(daemon: Daemon) -> list[psutil.Process]:
    """Return the daemon's own processes."""
    return psutil.Process(daemon.pid).children(recursive=True)


def test_kill_and_restart_keeps_agents_screens_and_processes(own_daemon: Daemon) -> None:
    """After kill -9 and a new start the same agents run on, with the same ids, screens and processes."""
    own_daemon.start()
    shell = own_daemon.spawn(name="kept", rows=20, columns=70)
    own_daemon.type(shell, "printf 'one\\ntwo\\n'; stty size\r")
    before = own_daemon.wait_screen(shell, f"20 70\n{PROMPT}")
    ended = own_daemon.spawn(name="ended")
    own_daemon.type(ended, "echo last words; exit 7\r")
    assert own_daemon.wait_state(ended, "exited")["exit_status"] == 7
    last_words = own_daemon.wait_screen(ended, "last words")
    agents = {agent["id"]: agent["session_id"] for agent in own_daemon.agents()}
    pids = [own_daemon.pane_pid(shell), own_daemon.tmux_pid(shell), own_daemon.tmux_pid(ended)]
    born = [started_at(pid) for pid in pids]
    helpers = spawner_and_clients(own_daemon)
    clients = [process for process in helpers if "-C" in process.cmdline()]
    assert clients

    own_daemon.kill()
    _, alive = psutil.wait_procs(set(helpers) - set(clients), timeout=3)
    assert not alive, "spawner and attached clients end with the daemon"
    own_daemon.start()
    _, alive = psutil.wait_procs(clients, timeout=3)
    assert not alive, "control clients end at the latest when the next daemon starts"

    assert {agent["id"]: agent["session_id"] for agent in own_daemon.agents()} == agents
    assert [started_at(pid) for pid in pids] == born
    wait_for(lambda: own_daemon.screen(shell) == before, "the shell's screen as it was")
    wait_for(lambda: own_daemon.screen(ended) == last_words, "the ended agent's screen as it was")
    assert own_daemon.agent(ended["id"])["exit_status"] == 7
    assert own_daemon.agent(ended["id"])["state"] == "exited"
    kept = own_daemon.agent(shell["id"])
    assert (kept["name"], kept["rows"], kept["columns"]) == ("kept", 20, 70)
    own_daemon.type(shell, "echo still $((40+2))\r")
    own_daemon.wait_screen(shell, "still 42")


def test_kill_while_a_flood_runs(own_daemon: Daemon) -> None:
    """A flood goes on through kill -9 and a new start, and Ctrl-C then ends it."""
    own_daemon.start()
    shell = own_daemon.spawn()
    own_daemon.type(shell, "yes flooding\r")
    own_daemon.wait_screen(shell, "flooding\nflooding")
    own_daemon.kill()
    own_daemon.start()
    own_daemon.wait_screen(shell, "flooding\nflooding")
    own_daemon.type(shell, "\x03")
    own_daemon.wait_screen(shell, f"^C\n{PROMPT}")


def test_a_program_that_ends_while_no_daemon_runs(own_daemon: Daemon) -> None:
    """What ended while no daemon ran is `exited` with its status at the next start."""
    own_daemon.start()
    shell = own_daemon.spawn()
    own_daemon.type(shell, "sleep 0.2; exit 9\r")
    own_daemon.wait_screen(shell, "exit 9")
    own_daemon.kill()
    wait_for(lambda: own_daemon.tmux(shell, "display-message", "-p", "#{pane_dead}") == "1", "the program's end")
    own_daemon.start()
    found = own_daemon.agent(shell["id"])
    assert (found["state"], found["exit_status"]) == ("exited", 9)


def test_sigterm_ends_the_daemon_and_leaves_agents(own_daemon: Daemon) -> None:
    """SIGTERM ends the daemon in time with exit code 0; its agents live on, its own processes do not."""
    own_daemon.start()
    shell = own_daemon.spawn()
    pid = own_daemon.pane_pid(shell)
    helpers = spawner_and_clients(own_daemon)
    assert own_daemon.stop() == 0
    assert psutil.pid_exists(pid)
    assert not psutil.wait_procs(helpers, timeout=3)[1]
    assert not (own_daemon.directory / "orchestra.sock").exists()
    own_daemon.start()
    own_daemon.wait_screen(shell, PROMPT)


@pytest.mark.parametrize("end", ["kill -9", "kill-server"])
def test_a_tmux_server_that_dies(own_daemon: Daemon, end: str) -> None:
    """An agent whose tmux server dies is `lost` within 2 s with its last screen; DELETE removes it; others go on."""
    own_daemon.start()
    other = own_daemon.agents()[0]
    own_daemon.wait_screen(other, PROMPT)
    shell = own_daemon.spawn()
    own_daemon.type(shell, "clear; echo words that stay\r")
    wait_for(lambda: own_daemon.screen(shell).startswith(f"words that stay\n{PROMPT}\n"), "the words")
    last = own_daemon.screen(shell)
    if end == "kill -9":
        os.kill(own_daemon.tmux_pid(shell), signal.SIGKILL)
    else:
        own_daemon.tmux(shell, "kill-server")
    lost = own_daemon.wait_state(shell, "lost", in_time_s=LOST_WITHIN_S)
    assert own_daemon.screen(shell) == last
    assert lost["session_id"] == shell["session_id"]
    refused = own_daemon.http.post(f"/api/sessions/{shell['session_id']}/input", json={"text": "x"})
    assert refused.status_code == 409
    history = own_daemon.http.get(f"/api/sessions/{shell['session_id']}/scrollback")
    assert (history.status_code, history.json()["code"]) == (503, "tmux_refused")

    own_daemon.type(other, "echo $((6*7))\r")
    own_daemon.wait_screen(other, "42")
    own_daemon.kill()
    own_daemon.start()
    assert own_daemon.agent(shell["id"])["state"] == "lost"
    assert own_daemon.http.delete(f"/api/agents/{shell['id']}").status_code == 204
    assert own_daemon.http.get(f"/api/agents/{shell['id']}").status_code == 404
    assert not own_daemon.tmux_socket(shell).exists()


def test_an_exit_status_survives_its_tmux_server(own_daemon: Daemon) -> None:
    """The exit status of an ended program is kept when its tmux server goes too, as after the machine's restart."""
    own_daemon.start()
    shell = own_daemon.spawn()
    own_daemon.type(shell, "exit 3\r")
    own_daemon.wait_state(shell, "exited")
    own_daemon.kill()
    own_daemon.tmux(shell, "kill-server")
    own_daemon.start()
    found = own_daemon.agent(shell["id"])
    assert (found["state"], found["exit_status"]) == ("lost", 3)


def test_servers_that_nobody_knows_are_ended(own_daemon: Daemon) -> None:
    """A tmux server under the state directory that no agent belongs to is ended at the next start."""
    own_daemon.start()
    own_daemon.stop()
    stranger: Path = own_daemon.directory / "t" / "stranger"
    command = ["tmux", "-S", str(stranger), "-f", "/dev/null", "new-session", "-d", "sleep", "1000"]
    subprocess.run(command, check=True, env=own_daemon.environment)
    (pid,) = subprocess.run(
        ["tmux", "-S", str(stranger), "display-message", "-p", "#{pid}"], capture_output=True, check=True
    ).stdout.split()
    left = own_daemon.directory / "t" / "left"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(left))
    own_daemon.start()
    wait_for(lambda: not psutil.pid_exists(int(pid)), "the end of the stranger")
    assert not stranger.exists()
    assert not left.exists()
    assert len(own_daemon.agents()) == 1


def test_a_dead_spawner_is_replaced(own_daemon: Daemon) -> None:
    """When the spawner dies, running terminals go on and new ones can be opened."""
    own_daemon.start()
    shell = own_daemon.spawn()
    (spawner,) = [child for child in spawner_and_clients(own_daemon) if "spawner.py" in " ".join(child.cmdline())]
    spawner.kill()
    own_daemon.type(shell, "echo $((6*7))\r")
    own_daemon.wait_screen(shell, "42")
    own_daemon.spawn(name="after")


@pytest.mark.parametrize("kind", ["-C", "-T"])
def test_a_dead_client_is_replaced(own_daemon: Daemon, kind: str) -> None:
    """When either client of a terminal dies, input and the program's end still come through."""
    own_daemon.start()
    shell = own_daemon.spawn()
    name = str(own_daemon.tmux_socket(shell))

    def client() -> psutil.Process | None:
        for child in spawner_and_clients(own_daemon):
            with contextlib.suppress(psutil.Error):  # it may just be ending
                if {name, kind} <= set(child.cmdline()):
                    return child
        return None

    first = wait_for(client, "the client")
    assert first is not None
    first.kill()
    wait_for(lambda: (now := client()) is not None and now.pid != first.pid, "another client")
    wait_for(
        lambda: (
            own_daemon.http.post(f"/api/sessions/{shell['session_id']}/input", json={"text": "exit 5\r"}).is_success
        ),
        "input",
    )
    assert own_daemon.wait_state(shell, "exited")["exit_status"] == 5


def test_two_signals_end_it_at_once(own_daemon: Daemon) -> None:
    """A second signal while the daemon stops ends it without a traceback."""
    own_daemon.start()
    process = own_daemon.process
    assert process is not None
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    own_daemon._reap()
    assert "Traceback" not in own_daemon.log.read_text()
