"""The command line against a real daemon: what it prints, what it refuses and how."""

import json
import os
import re
import socket
import stat
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.end_to_end.daemon import PROMPT, Daemon, wait_for


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line that a refused command printed: on stderr, with a code, without a traceback."""
    assert done.returncode == 1, (done.returncode, done.stderr)
    assert done.stdout == ""
    lines = [line for line in done.stderr.splitlines() if not line.startswith("{")]  # the log's lines are JSON
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


def test_serve_prints_exactly_one_line(own_daemon: Daemon) -> None:
    """With --json stdout carries one line with url, login_url and pid; the log goes to stderr."""
    own_daemon.start()
    process = own_daemon.process
    assert process is not None
    assert set(own_daemon.ready) == {"url", "login_url", "pid"}
    assert own_daemon.pid == process.pid
    assert own_daemon.url.startswith("http://127.0.0.1:")
    assert own_daemon.ready["login_url"].startswith(f"{own_daemon.url}/login#code=")
    assert own_daemon.http.get("/readyz").status_code == 200
    rest = process.stdout
    assert rest is not None
    own_daemon.process = None
    process.terminate()
    assert process.wait(10) == 0
    assert rest.read() == ""
    rest.close()
    assert any(line["event"] == "ready" for line in own_daemon.log_lines())


def test_login_link_works_once(daemon: Daemon) -> None:
    """The code of a link signs in once; a second time it is refused."""
    link = daemon.printed("open", "--no-open").strip()
    assert link.startswith(f"{daemon.url}/login#code=")
    code = link.partition("#code=")[2]
    with httpx.Client(base_url=daemon.url, trust_env=False) as client:
        answer = client.post("/auth/login", json={"code": code})
        assert answer.status_code == 200
        headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        assert "agents:spawn" in client.get("/api/me", headers=headers).json()["permissions"]
        again = client.post("/auth/login", json={"code": code})
        assert (again.status_code, again.json()["code"]) == (401, "login_invalid")


def test_first_agent_is_a_shell(daemon: Daemon) -> None:
    """A daemon that has no agents starts a shell, which comes to wait at its prompt."""
    agent = daemon.agents()[0]
    assert agent["profile"] == "shell"
    daemon.wait_screen(agent, PROMPT)
    daemon.wait_state(agent, "idle")


@pytest.mark.parametrize(("role", "may_spawn"), [("viewer", False), ("developer", True), ("admin", True)])
def test_token_carries_the_role(daemon: Daemon, role: str, may_spawn: bool) -> None:
    """`orchestra token --role` prints a token with that role's permissions."""
    token = daemon.printed("token", "--role", role, "--ttl", "60").strip()
    with daemon.client(token) as client:
        assert ("agents:spawn" in client.get("/api/me").json()["permissions"]) is may_spawn


def test_token_of_a_bad_length_is_refused(daemon: Daemon) -> None:
    """A time to live outside 60..3600 s is refused in one line."""
    assert "(bad_ttl)" in refused(daemon.run("token", "--ttl", "5"))


def test_agents_are_spawned_listed_shown_and_killed(daemon: Daemon) -> None:
    """Spawn, list, screen and kill do what they say, for people and (--json) for programs."""
    (spawned,) = json.loads(daemon.printed("agents", "spawn", "--json", "--name", "by hand", "--rows", "30"))
    assert (spawned["name"], spawned["rows"], spawned["columns"]) == ("by hand", 30, 80)
    listed = json.loads(daemon.printed("agents", "list", "--json"))
    assert spawned["id"] in [agent["id"] for agent in listed]
    table = daemon.printed("agents", "list").splitlines()
    assert table[0].split() == ["name", "state", "size", "profile", "session_id"]
    assert any(spawned["session_id"] in line and "30x80" in line for line in table)

    daemon.wait_screen(spawned, PROMPT)
    daemon.type(spawned, "printf '\\033[1mbold\\033[m'\r")
    daemon.wait_screen(spawned, "\nbold")
    assert "bold" in daemon.printed("screen", spawned["session_id"])
    assert "\x1b[" not in daemon.printed("screen", spawned["id"])
    assert "\x1b[" in daemon.printed("screen", spawned["session_id"], "--ansi")

    assert "Stopped with exit status" in daemon.printed("agents", "kill", spawned["session_id"])
    assert "by hand" in daemon.printed("agents", "list")
    assert daemon.printed("agents", "kill", spawned["id"]) == "Removed.\n"
    assert "(unknown_agent)" in refused(daemon.run("agents", "kill", spawned["id"]))


def test_what_the_daemon_refuses_is_one_line(daemon: Daemon) -> None:
    """A refusal over HTTP becomes one line with the daemon's own code."""
    assert "(unknown_profile)" in refused(daemon.run("agents", "spawn", "--profile", "nothing"))
    assert "(bad_size)" in refused(daemon.run("agents", "spawn", "--rows", "1"))
    assert "(bad_session_id)" in refused(daemon.run("screen", "sess-x"))
    assert "(bad_cwd)" in refused(daemon.run("agents", "spawn", "--cwd", "/nowhere/at/all"))


@pytest.mark.parametrize(
    "command",
    [
        "",
        "serve",
        "open",
        "token",
        "agents",
        "agents list",
        "agents spawn",
        "agents kill",
        "screen",
        "doctor",
        "status",
        "status explain",
    ],
)
def test_every_command_has_help(own_daemon: Daemon, command: str) -> None:
    """--help says what a command does, without a daemon."""
    words = command.split()
    done = subprocess.run(
        [*own_daemon._command("doctor")[:3], *words, "--help"],
        capture_output=True,
        text=True,
        check=True,
        env=own_daemon.environment,
    )
    assert done.stdout.startswith(f"Usage: orchestra {command}".rstrip())


def test_doctor_says_good(daemon: Daemon) -> None:
    """`orchestra doctor` exits with 0 where Orchestra runs, and tells tmux, state directory and locale."""
    report = json.loads(daemon.printed("doctor", "--json"))
    assert report["good"] is True
    verdicts = {finding["name"]: finding["verdict"] for finding in report["findings"]}
    assert verdicts["tmux"] == verdicts["state directory"] == "good"
    assert {"python", "locale", "node", "claude"} <= set(verdicts)
    assert "ok " in daemon.printed("doctor")


# ---------------------------------------------------------------------- what cannot be


@pytest.mark.parametrize("command", ["open", "token", "agents list", "agents spawn", "agents kill x", "screen x"])
def test_daemon_not_running(own_daemon: Daemon, command: str) -> None:
    """A command that needs the daemon says how to start it."""
    line = refused(own_daemon.run(*command.split()))
    assert "(daemon_not_running)" in line
    assert "orchestra serve" in line


def test_second_daemon_on_a_state_directory(daemon: Daemon) -> None:
    """A second daemon names the process of the first and leaves it alone."""
    done = daemon.run("serve", "--port", "0", "--json", "--no-open")
    assert "(already_running)" in done.stderr
    assert str(daemon.pid) in done.stderr
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert daemon.http.get("/api/agents").status_code == 200


def test_port_in_use(own_daemon: Daemon) -> None:
    """A port that somebody has is named, and no agent is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refused(own_daemon.run("serve", "--port", str(port), "--no-open"))
    assert "(port_in_use)" in line
    assert str(port) in line
    assert list((own_daemon.directory / "t").iterdir()) == []


def folder_of_tmux(directory: Path, script: str | None) -> str:
    """Return a PATH that holds everything but tmux, and `script` under that name if there is one."""
    folder = directory / "bin"
    folder.mkdir()
    for name in ("bash", "sh", "env"):
        (folder / name).symlink_to(f"/bin/{name}" if name != "env" else "/usr/bin/env")
    if script is not None:
        (folder / "tmux").write_text(script)
        (folder / "tmux").chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    ("script", "code", "verdict"),
    [
        (None, "tmux_missing", "not installed"),
        ("#!/bin/sh\necho tmux 3.1c\n", "tmux_too_old", "too old"),
        ("#!/bin/sh\necho tmux master\n", "tmux_version_unknown", "cannot read"),
        ("#!/bin/sh\nexit 1\n", "tmux_version_unknown", "cannot read"),
        ("not a program\0", "tmux_does_not_run", "cannot read"),
    ],
)
def test_tmux_that_will_not_do(own_daemon: Daemon, script: str | None, code: str, verdict: str) -> None:
    """Without a tmux of 3.2 or newer serve says so in one line, and doctor exits with 1."""
    path = folder_of_tmux(own_daemon.directory, script)
    assert f"({code})" in refused(own_daemon.run("serve", "--port", "0", "--no-open", PATH=path))
    done = own_daemon.run("doctor", PATH=path)
    assert done.returncode == 1
    assert verdict in done.stdout
    assert done.stderr == ""


def test_state_directory_that_others_can_write_in(own_daemon: Daemon) -> None:
    """A group-writable state directory is refused and not touched."""
    own_daemon.directory.chmod(0o770)
    assert "(state_directory_writable_by_others)" in refused(own_daemon.run("serve", "--port", "0", "--no-open"))
    assert own_daemon.run("doctor").returncode == 1
    assert stat.S_IMODE(own_daemon.directory.stat().st_mode) == 0o770
    assert not (own_daemon.directory / "orchestra.sqlite3").exists()


def test_state_directory_that_cannot_be_written(own_daemon: Daemon) -> None:
    """A read-only state directory is refused, for root too."""
    own_daemon.directory.chmod(0o500)
    assert "(state_directory_read_only)" in refused(own_daemon.run("serve", "--port", "0", "--no-open"))


def test_state_directory_too_deep(own_daemon: Daemon) -> None:
    """A path too long for sockets is refused before anything is made there."""
    deep = own_daemon.directory / ("d" * 100)
    line = refused(own_daemon.run("serve", "--port", "0", "--no-open", "--state-dir", str(deep)))
    assert "(state_directory_too_deep)" in line
    assert not deep.exists()


def test_shell_that_does_not_exist(own_daemon: Daemon) -> None:
    """A SHELL that points nowhere is named in one line, and nothing is left running."""
    done = own_daemon.run("serve", "--port", "0", "--no-open", SHELL="/nowhere/shell")
    assert "(program_not_found)" in refused(done)
    assert list((own_daemon.directory / "t").iterdir()) == []


@pytest.mark.parametrize(
    ("host", "code"),
    [("0.0.0.0", "tls_needed"), ("192.0.2.1", "tls_needed"), ("example.org", "bad_host")],  # noqa: S104
)
def test_host_that_is_not_loopback(own_daemon: Daemon, host: str, code: str) -> None:
    """Only loopback addresses are listened at."""
    assert f"({code})" in refused(own_daemon.run("serve", "--host", host, "--port", "0", "--no-open"))


@pytest.mark.parametrize("host", ["localhost", "::1"])
def test_other_names_of_loopback(own_daemon: Daemon, host: str) -> None:
    """The names localhost and ::1 are served under the name that was asked for."""
    own_daemon.start("--host", host)
    shown = f"[{host}]" if ":" in host else host
    assert own_daemon.url.startswith(f"http://{shown}:")
    assert own_daemon.http.get("/api/agents").status_code == 200
    assert own_daemon.stop() == 0


def test_agents_stand_back_as_far_as_serve_says(own_daemon: Daemon) -> None:
    """--agent-nice reaches the programs; what nice(1) does not know is refused."""
    own_daemon.start("--agent-nice", "3")
    agent = own_daemon.spawn()
    own_daemon.type(agent, "ps -o ni= $$ | sed 's/^/nice:/'\r")
    expected = os.getpriority(os.PRIO_PROCESS, 0) + 3
    wait_for(lambda: re.search(rf"^nice: *{expected}$", own_daemon.screen(agent), re.MULTILINE), "its niceness")
    assert own_daemon.stop() == 0
    for wrong in ("-1", "20", "low"):
        done = own_daemon.run("serve", "--agent-nice", wrong, "--port", "0", "--no-open")
        assert done.returncode == 2
        assert "--agent-nice" in done.stderr


def test_damaged_database(own_daemon: Daemon) -> None:
    """A database that is none is named in one line and left as it is."""
    spoilt = own_daemon.directory / "orchestra.sqlite3"
    spoilt.write_bytes(os.urandom(8192))
    before = spoilt.read_bytes()
    assert "(database_damaged)" in refused(own_daemon.run("serve", "--port", "0", "--no-open"))
    assert spoilt.read_bytes() == before


def test_the_port_is_used_again(own_daemon: Daemon) -> None:
    """The port that --port 0 found is used after a restart, and another one while somebody has it."""
    url = own_daemon.start().url
    assert own_daemon.stop() == 0
    assert own_daemon.start().url == url
    assert own_daemon.stop() == 0
    with socket.create_server(("127.0.0.1", int(url.rpartition(":")[2])), reuse_port=False):
        other = own_daemon.start().url
        assert other != url
        assert own_daemon.stop() == 0
    wait_for(lambda: own_daemon.start().url == other, "the port chosen last", 1)
