"""Agents over HTTP: start, look, stop, remove; what is refused; what never reaches a shell."""

import base64
import json
import os
import random
import signal
import string
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from orchestra.access import ROLE_PERMISSIONS, Issuer, Role, local_issuer
from orchestra.ids import agent_id, session_id
from orchestra.screen import Emulator
from orchestra.web.sign_in import LOCAL_AUDIENCE
from tests.end_to_end.daemon import IN_TIME_S, PROMPT, Daemon, wait_for

RAW_READER = Path(__file__).with_name("raw_reader.py")
NOBODY = "a" * 26


def read_raw(daemon: Daemon, agent: dict[str, Any], target: Path, *options: str) -> None:
    """Let the agent's pane run the raw reader."""
    daemon.type(agent, f"{sys.executable} {RAW_READER} {target} {' '.join(options)}\r")
    wait_for(lambda: daemon.screen(agent).startswith("reading\n"), "the raw reader")


def code_of(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Return status, code and field of a refusal."""
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, problem["code"], problem.get("field")


def other_person(daemon: Daemon, role: Role = Role.DEVELOPER) -> str:
    """Return a token for somebody else, made with the daemon's own key."""
    key = (daemon.directory / "keys" / "issuer.pem").read_bytes()
    now = int(time.time())
    issuer = Issuer(key, local_issuer(key), LOCAL_AUDIENCE)
    return issuer.issue(
        "local|somebody-else",
        ROLE_PERMISSIONS[role],
        lifetime_s=600,
        now_unix_s=now,
        signed_in_unix_s=None,
        token_id="test-token",
    )


def test_life_of_an_agent(daemon: Daemon) -> None:
    """An agent is started, listed, shown, stopped (its screen stays) and removed (nothing stays)."""
    answer = daemon.http.post("/api/agents", json={"profile": "shell", "name": "Ada", "rows": 30, "columns": 100})
    assert answer.status_code == 201
    agent = answer.json()
    assert agent["agents"] == [{name: value for name, value in agent.items() if name != "agents"}]
    assert (agent["name"], agent["rows"], agent["columns"], agent["exit_status"]) == ("Ada", 30, 100, None)
    assert agent["session_id"].partition("-")[2] == agent["id"].partition("-")[2]
    assert agent["id"] in [other["id"] for other in daemon.agents()]
    daemon.wait_screen(agent, PROMPT)
    daemon.wait_state(agent, "idle")
    daemon.type(agent, "echo remember $((6*7))\r")
    before = daemon.wait_screen(agent, "remember 42")
    pid = daemon.tmux_pid(agent)

    stopped = daemon.http.delete(f"/api/agents/{agent['id']}")
    assert stopped.status_code == 200
    assert (stopped.json()["state"], stopped.json()["exit_status"]) == ("exited", 128 + signal.SIGHUP)
    assert daemon.screen(agent).startswith(before.rstrip("\n"))
    assert code_of(daemon.http.post(f"/api/sessions/{agent['session_id']}/input", json={"text": "x"}))[0] == 409

    removed = daemon.http.delete(f"/api/agents/{agent['id']}")
    assert (removed.status_code, removed.content) == (204, b"")
    assert code_of(daemon.http.get(f"/api/agents/{agent['id']}")) == (404, "unknown_agent", "id")
    wait_for(lambda: not psutil.pid_exists(pid), "the end of its tmux server")
    assert not daemon.tmux_socket(agent).exists()


def test_a_child_that_ignores_the_hang_up_is_killed(daemon: Daemon) -> None:
    """DELETE ends a program that ignores SIGHUP, and its children, and answers in time."""
    agent = daemon.spawn()
    target = daemon.directory / "stubborn.pid"
    daemon.type(agent, f"trap '' HUP TERM INT; (echo $BASHPID > {target}; while :; do sleep 100; done)\r")
    pid = int(wait_for(lambda: target.exists() and target.read_text().strip(), "the child's id"))
    answer = daemon.http.delete(f"/api/agents/{agent['id']}")
    assert (answer.status_code, answer.json()["exit_status"]) == (200, 128 + signal.SIGKILL)
    wait_for(lambda: not psutil.pid_exists(pid), "the child's end", 2)
    daemon.end(agent)


def test_a_stopped_program_is_ended(daemon: Daemon) -> None:
    """A program that was suspended is ended too."""
    agent = daemon.spawn()
    os.kill(daemon.pane_pid(agent), signal.SIGSTOP)
    assert daemon.http.delete(f"/api/agents/{agent['id']}").json()["state"] == "exited"
    daemon.end(agent)


def test_removing_twice_at_once(daemon: Daemon) -> None:
    """Of many removals at once one removes and the others find nothing; the row does not come back."""
    import trio

    agent = daemon.spawn()
    daemon.http.delete(f"/api/agents/{agent['id']}")
    statuses: list[int] = []

    async def remove(client: httpx.AsyncClient) -> None:
        statuses.append((await client.delete(f"/api/agents/{agent['id']}")).status_code)

    async def many() -> None:
        headers = {"Authorization": f"Bearer {daemon.token}"}
        async with httpx.AsyncClient(base_url=daemon.url, trust_env=False, headers=headers) as client:  # noqa: SIM117
            async with trio.open_nursery() as nursery:
                for _ in range(6):
                    nursery.start_soon(remove, client)

    trio.run(many)
    assert sorted(statuses) == [204] + [404] * 5


@pytest.mark.parametrize(
    ("wanted", "status", "code", "field"),
    [
        ({}, 400, "bad_body", "profile"),
        ({"profile": "nothing"}, 400, "unknown_profile", "profile"),
        ({"profile": "../shell"}, 400, "unknown_profile", "profile"),
        ({"profile": "shell", "rows": 1}, 400, "bad_size", "rows"),
        ({"profile": "shell", "rows": 501}, 400, "bad_size", "rows"),
        ({"profile": "shell", "columns": 1}, 400, "bad_size", "columns"),
        ({"profile": "shell", "columns": 1001}, 400, "bad_size", "columns"),
        ({"profile": "shell", "rows": "24"}, 400, "bad_body", "rows"),
        ({"profile": "shell", "rows": 24.5}, 400, "bad_body", "rows"),
        ({"profile": "shell", "cwd": "relative"}, 400, "bad_cwd", "cwd"),
        ({"profile": "shell", "cwd": "/nowhere/at/all"}, 400, "bad_cwd", "cwd"),
        ({"profile": "shell", "cwd": "/etc/passwd"}, 400, "bad_cwd", "cwd"),
        ({"profile": "shell", "cwd": "/tmp\0/x"}, 400, "bad_cwd", "cwd"),
        ({"profile": "shell", "name": ""}, 400, "bad_name", "name"),
        ({"profile": "shell", "name": "x" * 65}, 400, "bad_name", "name"),
        ({"profile": "shell", "name": "a\x1b[2Jb"}, 400, "bad_name", "name"),
        ({"profile": "shell", "name": "a\nb"}, 400, "bad_name", "name"),
        ({"profile": "shell", "colour": "red"}, 400, "bad_body", "colour"),
    ],
)
def test_what_cannot_be_started(daemon: Daemon, wanted: dict[str, Any], status: int, code: str, field: str) -> None:
    """A wrong field is named with a code, and nothing is started."""
    before = [agent["id"] for agent in daemon.agents()]
    assert code_of(daemon.http.post("/api/agents", json=wanted)) == (status, code, field)
    assert [agent["id"] for agent in daemon.agents()] == before


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", f"/api/agents/{agent_id(NOBODY)}", 404, "unknown_agent"),
        ("DELETE", f"/api/agents/{agent_id(NOBODY)}", 404, "unknown_agent"),
        ("GET", "/api/agents/x", 400, "bad_agent_id"),
        ("GET", f"/api/sessions/{session_id(NOBODY)}/screen", 404, "unknown_session"),
        ("GET", f"/api/sessions/{session_id(NOBODY)}/scrollback", 404, "unknown_session"),
        ("GET", "/api/sessions/sess-X/screen", 400, "bad_session_id"),
    ],
)
def test_what_is_not_there(daemon: Daemon, method: str, path: str, status: int, code: str) -> None:
    """Ids that name nothing are 404, what is no id is 400."""
    assert code_of(daemon.http.request(method, path))[:2] == (status, code)


def test_somebody_elses_agent_is_not_there(daemon: Daemon) -> None:
    """Another person neither sees nor reaches an agent, and is told that there is none."""
    agent = daemon.agents()[0]
    with daemon.client(other_person(daemon)) as client:
        assert client.get("/api/agents").json()["agents"] == []
        for method, path, body in (
            ("GET", f"/api/agents/{agent['id']}", None),
            ("DELETE", f"/api/agents/{agent['id']}", None),
            ("GET", f"/api/sessions/{agent['session_id']}/screen", None),
            ("GET", f"/api/sessions/{agent['session_id']}/scrollback", None),
            ("POST", f"/api/sessions/{agent['session_id']}/input", {"text": "x"}),
            ("POST", f"/api/sessions/{agent['session_id']}/resize", {"rows": 10, "columns": 10}),
        ):
            assert client.request(method, path, json=body).status_code == 404, (method, path)
        theirs = client.post("/api/agents", json={"profile": "shell"}).json()
        assert [seen["id"] for seen in client.get("/api/agents").json()["agents"]] == [theirs["id"]]
    assert theirs["id"] in [seen["id"] for seen in daemon.agents()], "an admin sees everybody's"
    daemon.end(theirs)


def test_profiles(daemon: Daemon) -> None:
    """The profiles that may be started say so; parts of another profile are not listed."""
    profiles = {profile["name"]: profile for profile in daemon.http.get("/api/profiles").json()["profiles"]}
    assert profiles["shell"]["available"] is True
    assert profiles["shell"]["reason"] is None
    assert "demo-build" not in profiles


def test_the_demo_starts_four(daemon: Daemon) -> None:
    """The demo is four agents that run in scratch folders of their own."""
    answer = daemon.http.post("/api/demo")
    assert answer.status_code == 201
    agents = answer.json()["agents"]
    assert len(agents) == len({agent["session_id"] for agent in agents}) == 4
    for agent in agents:
        wait_for(lambda shown=agent: daemon.screen(shown).strip(), f"something of {agent['name']}")
    for agent in agents:
        daemon.end(agent)


# ---------------------------------------------------------------------- nothing of a user's text runs


def test_text_that_tmux_would_run(daemon: Daemon) -> None:
    """A name and a folder with tmux's and the shell's words for "run this" are taken as text."""
    canary = daemon.directory / "canary"
    folder = daemon.directory / f"a#(touch {canary.name})b;c"
    folder.mkdir()
    name = f"#(touch {canary});$(touch c) #{{pid}}"
    agent = daemon.spawn(name=name, cwd=str(folder))
    assert daemon.agent(agent["id"])["name"] == name
    daemon.type(agent, "clear; pwd\r")
    daemon.wait_screen(agent, folder.name)
    daemon.type(agent, f"printf '\\033]0;#(touch {canary})\\007'\r")
    wait_for(lambda: daemon.agent(agent["id"])["title"].startswith("#(touch"), "the title")
    daemon.end(agent)
    assert not canary.exists()
    assert not (folder / canary.name).exists()


def test_a_program_with_a_strange_name(daemon: Daemon) -> None:
    """A program whose name holds a line feed and a bar confuses nobody: the agent lives and its end is told."""
    agent = daemon.spawn()
    program = daemon.directory / "odd | na\nme 1|2|3"
    program.symlink_to(sys.executable)
    daemon.type(agent, f"exec $'{program.name.join(['./', ''])}'".replace("\n", "\\n") + " -c 'input(); exit(6)'\r")
    wait_for(lambda: "odd" in daemon.tmux(agent, "display-message", "-p", "#{pane_current_command}"), "the program")
    wait_for(lambda: daemon.agent(agent["id"])["state"] == "working", "its state")
    daemon.type(agent, "\r")
    assert daemon.wait_state(agent, "exited", "lost")["exit_status"] == 6
    daemon.end(agent)


def test_environment_of_an_agent(own_daemon: Daemon) -> None:
    """An agent's environment holds no way to its tmux server and nothing of the daemon's secrets."""
    own_daemon.environment |= {"ORCHESTRA_SECRET": "hush", "AWS_SECRET_ACCESS_KEY": "hush", "TMUX": "/tmp/x,1,0"}
    own_daemon.start()
    agent = own_daemon.spawn()
    target = own_daemon.directory / "environment"
    own_daemon.type(agent, f"env > {target}; echo written\r")
    own_daemon.wait_screen(agent, "\nwritten")
    names = {line.partition("=")[0] for line in target.read_text().splitlines()}
    assert not {name for name in names if name.startswith(("TMUX", "AWS", "PYTHON"))}
    own = {f"ORCHESTRA_{name}" for name in ("URL", "AGENT_ID", "SESSION_ID", "TOKEN", "RUN", "WRAPPERS")}
    assert {name for name in names if name.startswith("ORCHESTRA")} == own
    assert {"HOME", "PATH", "SHELL", "TERM", "COLORTERM"} <= names
    inherited = own_daemon.tmux(agent, "show-environment", "-g")
    assert "hush" not in inherited


# ---------------------------------------------------------------------- screen, history, input, size


def test_screen_in_three_forms(daemon: Daemon) -> None:
    """text, ansi and json show the same screen."""
    agent = daemon.spawn(rows=10, columns=40)
    daemon.type(agent, "clear; printf '\\033[1;31mr\\303\\266d\\033[m \\346\\274\\242'\r")
    daemon.wait_screen(agent, "röd 漢")
    path = f"/api/sessions/{agent['session_id']}/screen"
    wait_for(lambda: "\x1b[" in daemon.http.get(path, params={"format": "ansi"}).text, "the screen")
    shown = daemon.http.get(path, params={"format": "json"}).json()
    assert (shown["rows"], shown["columns"], len(shown["lines"])) == (10, 40, 10)
    emulator = Emulator(10, 40)
    emulator.feed(daemon.http.get(path, params={"format": "ansi"}).content)
    snapshot = emulator.snapshot()
    assert [row.rstrip() for row in snapshot.text_rows()] == daemon.screen(agent).splitlines()
    cursor = snapshot.cursor
    assert shown["cursor"] == {"row": cursor.row, "column": cursor.column, "visible": True, "shape": cursor.shape}
    assert snapshot.cell(0, 0).style.is_bold if hasattr(snapshot.cell(0, 0).style, "is_bold") else True
    assert code_of(daemon.http.get(path, params={"format": "png"})) == (400, "bad_parameter", "format")
    assert code_of(daemon.http.get(path, params={"size": "1"})) == (400, "bad_parameter", "size")
    daemon.end(agent)


def text_of(rows: list[list[Any]]) -> list[str]:
    """Return history rows as text."""
    return ["".join(run[1] * run[2] if len(run) == 3 else run[1] for run in row).rstrip() for row in rows]


def test_scrollback_comes_newest_first(daemon: Daemon) -> None:
    """Pages count from the oldest row, come newest first, join without gap, and end at the oldest."""
    agent = daemon.spawn(rows=10, columns=60)
    path = f"/api/sessions/{agent['session_id']}/scrollback"
    assert daemon.http.get(path).json() == {"total": 0, "first": 0, "rows": []}
    daemon.type(agent, "clear; for i in $(seq 1 300); do echo line $i; done; echo done\r")
    daemon.wait_screen(agent, "\ndone")
    newest = daemon.http.get(path).json()
    total = newest["total"]
    assert total == 302 - 10, "300 lines, `done` and the prompt, less the screen"
    assert (newest["first"], len(newest["rows"])) == (total - 200, 200)
    pages, before = text_of(newest["rows"]), newest["first"]
    while before:
        page = daemon.http.get(path, params={"before": before, "limit": 60}).json()
        assert page["total"] == total
        assert page["first"] == max(0, before - 60)
        assert len(page["rows"]) == before - page["first"]
        pages, before = text_of(page["rows"]) + pages, page["first"]
    lines = [row for row in pages if row.startswith("line ")]
    assert lines == [f"line {number}" for number in range(1, len(lines) + 1)]
    assert daemon.http.get(path, params={"before": 0}).json()["rows"] == []
    beyond = daemon.http.get(path, params={"before": total + 1000, "limit": 1}).json()
    assert (beyond["first"], len(beyond["rows"])) == (total - 1, 1)
    for bad in ({"limit": 0}, {"limit": 1001}, {"before": -1}, {"limit": "x"}):
        assert code_of(daemon.http.get(path, params=bad))[:2] == (400, "bad_parameter")
    daemon.end(agent)


def test_search_in_the_scrollback(daemon: Daemon) -> None:
    """The rows that hold a text are told by their numbers; a row of that number holds it."""
    agent = daemon.spawn(rows=10, columns=60)
    path = f"/api/sessions/{agent['session_id']}/scrollback"
    daemon.type(agent, "clear; seq 1 200; echo done\r")
    daemon.wait_screen(agent, "\ndone")
    found = daemon.http.get(f"{path}/search", params={"text": "77"}).json()
    assert found["is_all"] is True
    assert len(found["rows"]) == 2, "77 and 177"
    for number, wanted in zip(found["rows"], ("177", "77"), strict=True):
        page = daemon.http.get(path, params={"before": number + 1, "limit": 1}).json()
        assert (page["total"], text_of(page["rows"])) == (found["total"], [wanted])
    for bad in ({}, {"text": ""}, {"text": "x" * 201}, {"text": "x", "limit": 0}, {"text": "x", "limit": 1001}):
        assert code_of(daemon.http.get(f"{path}/search", params=bad))[:2] == (400, "bad_parameter")
    daemon.end(agent)


def test_scrollback_while_rows_scroll_away(daemon: Daemon) -> None:
    """A page fetched during a flood holds the rows that it says it holds."""
    agent = daemon.spawn(rows=10, columns=60)
    path = f"/api/sessions/{agent['session_id']}/scrollback"
    daemon.type(agent, "clear; for i in $(seq 1 6000); do echo line $i; done; echo done\r")
    wait_for(lambda: daemon.http.get(path, params={"limit": 1}).json()["total"] > 400, "some history")
    seen: dict[int, str] = {}
    for _ in range(15):
        page = daemon.http.get(path, params={"before": 300, "limit": 50}).json()
        assert (page["first"], len(page["rows"])) == (250, 50)
        for number, row in enumerate(text_of(page["rows"]), page["first"]):
            assert seen.setdefault(number, row) == row
    daemon.wait_screen(agent, "\ndone")
    daemon.end(agent)


def test_every_byte_arrives(daemon: Daemon) -> None:
    """bytes_base64 reaches the program byte for byte, whatever the bytes are, in order with text around it."""
    agent = daemon.spawn()
    target = daemon.directory / "every-byte"
    read_raw(daemon, agent, target)
    noise = random.Random(7).randbytes(5000)
    exact = bytes(range(256)) + b";-Rt=b: Enter\\;" + noise
    daemon.type(agent, "first;")
    daemon.type_bytes(agent, base64.b64encode(exact).decode())
    daemon.type(agent, "last")
    expected = b"first;" + exact + b"last"
    wait_for(lambda: len(target.read_bytes()) >= len(expected), "all bytes")
    assert target.read_bytes() == expected
    daemon.end(agent)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": "a", "bytes_base64": "YQ=="}, "text"),
        ({"bytes_base64": "not base64!"}, "bytes_base64"),
        ({"text": 5}, "text"),
        ({"text": "x", "enter": True}, "enter"),
    ],
)
def test_input_that_is_refused(daemon: Daemon, body: dict[str, Any], field: str) -> None:
    """Input in another form is refused with its field."""
    path = f"/api/sessions/{daemon.agents()[0]['session_id']}/input"
    assert code_of(daemon.http.post(path, json=body))[::2] == (400, field)


def test_half_a_surrogate_is_refused(daemon: Daemon) -> None:
    """Text that is not Unicode is refused, not typed in part."""
    path = f"/api/sessions/{daemon.agents()[0]['session_id']}/input"
    headers = {"content-type": "application/json"}
    answer = daemon.http.post(path, content=b'{"text": "a\\ud800b"}', headers=headers)
    assert answer.status_code == 400


def test_resize(daemon: Daemon) -> None:
    """A resize reaches the program and the screen; a wrong size changes nothing."""
    agent = daemon.spawn()
    path = f"/api/sessions/{agent['session_id']}/resize"
    answer = daemon.http.post(path, json={"rows": 33, "columns": 99})
    assert (answer.status_code, answer.json()["rows"], answer.json()["columns"]) == (200, 33, 99)
    daemon.type(agent, "clear; stty size\r")
    daemon.wait_screen(agent, "33 99")
    assert (
        daemon.http.get(f"/api/sessions/{agent['session_id']}/screen", params={"format": "json"}).json()["rows"] == 33
    )
    for wrong, field in (({"rows": 1, "columns": 80}, "rows"), ({"rows": 24, "columns": 1001}, "columns")):
        assert code_of(daemon.http.post(path, json=wrong)) == (400, "bad_size", field)
    assert code_of(daemon.http.post(path, json={"rows": True, "columns": 80})) == (400, "bad_body", "rows")
    assert (daemon.agent(agent["id"])["rows"], daemon.agent(agent["id"])["columns"]) == (33, 99)
    daemon.end(agent)


def test_a_resize_at_once_after_the_start(daemon: Daemon) -> None:
    """A resize that comes while the terminal is being attached holds for program and screen alike."""
    for rows in range(20, 26):
        agent = daemon.http.post("/api/agents", json={"profile": "shell", "rows": 10, "columns": 40}).json()
        answer = daemon.http.post(f"/api/sessions/{agent['session_id']}/resize", json={"rows": rows, "columns": 50})
        assert answer.status_code == 200
        daemon.wait_screen(agent, PROMPT)
        daemon.type(agent, f"clear; seq 1 {rows - 2}\r")
        wait_for(lambda: daemon.screen(agent).splitlines()[: rows - 2] == [str(n) for n in range(1, rows - 1)], "rows")  # noqa: B023
        daemon.end(agent)


def test_every_change_is_recorded(daemon: Daemon) -> None:
    """Start, input, resize and stop are in the audit trail, with who and on what, and never what was typed."""
    agent = daemon.spawn()
    secret = "".join(random.choices(string.ascii_letters, k=20))
    daemon.type(agent, f"# {secret}\r")
    daemon.http.post(f"/api/sessions/{agent['session_id']}/resize", json={"rows": 20, "columns": 60})
    daemon.end(agent)
    trail = (daemon.directory / "audit" / "audit.jsonl").read_text()
    assert secret not in trail
    assert secret not in daemon.log.read_text()
    records = [json.loads(line) for line in trail.splitlines()]
    done = {
        (record["action"], record["outcome"]) for record in records if agent["id"].partition("-")[2] in record["target"]
    }
    for action in ("agent.spawn", "session.input", "session.resize", "agent.stop"):
        assert (action, "ok") in done, done


def test_one_hung_tmux_server_harms_nobody_else(own_daemon: Daemon) -> None:
    """While one agent's tmux server is stopped, everything else answers; that agent answers again afterwards."""
    own_daemon.start()
    other = own_daemon.agents()[0]
    own_daemon.wait_screen(other, PROMPT)
    hung = own_daemon.spawn()
    server = own_daemon.tmux_pid(hung)
    os.kill(server, signal.SIGSTOP)
    try:
        for _ in range(45):
            with pytest.raises(httpx.ReadTimeout):
                own_daemon.http.get(f"/api/sessions/{hung['session_id']}/scrollback", timeout=0.05)
        own_daemon.type(other, "echo $((6*7))\r")
        own_daemon.wait_screen(other, "\n42")
        before = time.monotonic()
        assert own_daemon.http.get("/readyz").status_code == 200
        assert own_daemon.http.get(f"/api/sessions/{other['session_id']}/scrollback").status_code == 200
        assert time.monotonic() - before < IN_TIME_S / 3
    finally:
        os.kill(server, signal.SIGCONT)
    own_daemon.type(hung, "echo $((7*7))\r")
    own_daemon.wait_screen(hung, "\n49")
