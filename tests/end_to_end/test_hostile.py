"""Programs and people that mean harm, against a real daemon: what they do harms nobody but themselves."""

import json
import secrets
import stat
import sys
import threading
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trio
from trio_websocket import WebSocketConnection, open_websocket_url

from orchestra.access import Issuer, Permission, local_issuer
from orchestra.web.sign_in import LOCAL_AUDIENCE
from tests.end_to_end.daemon import IN_TIME_S, Daemon, wait_for
from tests.end_to_end.watcher import eventually, in_thread, watching

MAX_TITLE_CHARACTERS = 256
HUGE_TITLE = r"""printf '\033]2;'; head -c 500000 /dev/zero | tr '\0' T; printf '\007'; read -r"""
COLOURS = r"""
for row in {1..240}; do line=
for column in {1..100}; do line+=$'\033[38;5;'$((column + row))mx$'\033[4'$((column % 8))my; done
printf '%s%s%s%s%s\n' "$line" "$line" "$line" "$line" "$line"; done; printf '\033[0mall printed'; read -r
"""  # a thousand cells a row, each in colours of its own


def script(daemon: Daemon, name: str, text: str) -> str:
    """Write a bash script into the daemon's own directory, and return the words that run it."""
    path = daemon.directory / name
    path.write_text(text)
    return f"bash {path}"


def daemon_token(daemon: Daemon, subject: str, permissions: Collection[Permission]) -> str:
    """Return a token of another person than the owner, made with the daemon's own key."""
    key = (daemon.directory / "keys" / "issuer.pem").read_bytes()
    issuer = Issuer(key, local_issuer(key), LOCAL_AUDIENCE)
    now_unix_s = int(time.time())
    return issuer.issue(
        f"local|{subject}",
        permissions,
        lifetime_s=600,
        now_unix_s=now_unix_s,
        signed_in_unix_s=now_unix_s,
        token_id=secrets.token_hex(8),
    )


@asynccontextmanager
async def viewer(daemon: Daemon, token: str) -> AsyncIterator[WebSocketConnection]:
    """Open a WebSocket as a script would."""
    address = f"{daemon.url.replace('http', 'ws')}/ws?token={token}"
    with trio.fail_after(IN_TIME_S):
        async with open_websocket_url(address) as connection:
            yield connection


async def say(connection: WebSocketConnection, **message: object) -> None:
    """Send one message."""
    await connection.send_message(json.dumps(message))


async def hear(connection: WebSocketConnection, kind: str) -> dict[str, Any]:
    """Return the next message of a kind."""
    while True:
        message: dict[str, Any] = json.loads(await connection.get_message())
        if message["type"] == kind:
            return message


def audit_records(daemon: Daemon) -> list[dict[str, Any]]:
    """Return the audit trail."""
    return [json.loads(line) for line in (daemon.directory / "audit" / "audit.jsonl").read_text().splitlines()]


def title_of(daemon: Daemon, agent: dict[str, Any]) -> str:
    """Return the agent's title as everybody is told it."""
    return str(daemon.agent(agent["id"])["title"])


def test_a_huge_title_is_cut_before_anybody_is_told_it(daemon: Daemon) -> None:
    """A title of half a megabyte reaches viewers as 256 characters."""
    agent = daemon.spawn()
    words = script(daemon, "title.sh", HUGE_TITLE)
    daemon.type(agent, f"{words}\r")
    wait_for(lambda: "TTT" in title_of(daemon, agent), "the title")
    assert title_of(daemon, agent) == "T" * MAX_TITLE_CHARACTERS
    daemon.end(agent)


def test_a_title_is_never_a_format(daemon: Daemon) -> None:
    """Neither a command nor a variable nor a time of tmux's formats is expanded in a title."""
    agent = daemon.spawn()
    canary = daemon.directory / "canary"
    title = f"x #(touch {canary}) #{{pid}} %H #[fg=red]"
    daemon.type(agent, f"printf '\\033]2;%s\\007' '{title}'\r")
    wait_for(lambda: title_of(daemon, agent).startswith("x"), "the title")
    assert title_of(daemon, agent) == title
    assert not canary.exists()
    daemon.end(agent)


def test_a_program_cannot_lie_about_itself_with_its_name(daemon: Daemon) -> None:
    """A program whose name holds line feeds and what tmux tells its clients neither loses nor ends its agent."""
    agent = daemon.spawn()
    forged = r"x\n%subscription-changed facts $0 @0 0 %0 : 1|1|7||1|24|80|0|0|0|forged|forged"
    words = script(daemon, "name.sh", f"""printf '\\033]2;named\\007'; exec -a $'{forged}' sleep 60""")
    daemon.type(agent, f"{words}\r")
    wait_for(lambda: title_of(daemon, agent) == "named", "the program")
    daemon.type(agent, "still here")
    daemon.wait_screen(agent, "still here")
    assert daemon.agent(agent["id"])["state"] == "working"
    stopped = daemon.http.delete(f"/api/agents/{agent['id']}")
    assert (stopped.status_code, stopped.json()["state"], stopped.json()["exit_status"]) == (200, "exited", 128 + 1)
    daemon.end(agent)


def test_reading_a_wide_coloured_history_holds_nobody_up(daemon: Daemon) -> None:
    """While a history with a colour for every cell is read, the daemon answers others."""
    agent = daemon.spawn(rows=24, columns=1000)
    words = script(daemon, "colours.sh", COLOURS)
    daemon.type(agent, f"{words}\r")
    daemon.wait_screen(agent, "all printed")
    address = f"/api/sessions/{agent['session_id']}/scrollback"
    token, took_s = daemon.token, [0.0]

    def read() -> None:
        with daemon.client(token) as client:
            began_s = time.monotonic()
            assert len(client.get(address, params={"limit": 200}).json()["rows"]) == 200
            took_s[0] = time.monotonic() - began_s

    reader = threading.Thread(target=read)
    reader.start()
    waits_s = []
    while reader.is_alive():
        began_s = time.monotonic()
        assert daemon.http.get("/healthz").status_code == 200
        waits_s.append(time.monotonic() - began_s)
    reader.join()
    assert took_s[0] > 0
    assert max(waits_s) < took_s[0] / 2, (waits_s, took_s)
    daemon.end(agent)


async def test_a_renewal_that_permits_less_ends_what_it_does_not_permit(daemon: Daemon) -> None:
    """A connection that renews with a token that may no longer see others' agents gets no further frame of them."""
    agent = await trio.to_thread.run_sync(daemon.spawn)
    session = agent["session_id"]
    async with viewer(daemon, daemon_token(daemon, "eve", Permission)) as eve:
        await say(eve, type="subscribe_terminal", session_id=session)
        await hear(eve, "terminal_output")
        await say(eve, type="auth", token=daemon_token(daemon, "eve", []))
        assert (await hear(eve, "error"))["code"] == "permission_missing"
        await say(eve, type="auth", token=daemon_token(daemon, "eve", [Permission.SESSIONS_READ]))
        assert (await hear(eve, "unsubscribed"))["reason"] == "removed"
        assert (await hear(eve, "agent_removed"))["session_id"] == session
        await trio.to_thread.run_sync(daemon.type, agent, "echo secret\r")
        await say(eve, type="subscribe_terminal", session_id=session)
        assert (await hear(eve, "error"))["code"] == "unknown_session"
        await say(eve, type="ping", id=1)
        assert "secret" not in str(await hear(eve, "pong"))
    await trio.to_thread.run_sync(daemon.end, agent)


async def test_what_a_client_says_is_not_kept_to_be_told_again(daemon: Daemon) -> None:
    """A refusal repeats at most 300 characters of a message of 60,000, wherever they stood."""
    huge = "s" * 60_000
    async with viewer(daemon, daemon_token(daemon, "eve", Permission)) as eve:
        for message in (
            {"type": "unsubscribe_terminal", "session_id": huge},
            {"type": "subscribe_terminal", "session_id": "x", "encoding": huge},
            {"type": huge},
        ):
            await say(eve, **message)
            assert len(json.dumps(await hear(eve, "error"))) < 1000


def test_every_change_of_an_agent_stands_in_the_trail_by_its_own_word(own_daemon: Daemon) -> None:
    """The first agent's start, a start, a stop and a removal are recorded as what they were, before and after."""
    own_daemon.start()
    (first,) = own_daemon.agents()
    agent = own_daemon.spawn()
    own_daemon.end(agent)
    deeds = [
        (record["action"], record["outcome"]) for record in audit_records(own_daemon) if record["target"] == agent["id"]
    ]
    assert deeds == [
        ("agent.spawn", "ok"),
        ("agent.stop", "begun"),
        ("agent.stop", "ok"),
        ("agent.remove", "begun"),
        ("agent.remove", "ok"),
    ]
    starts = [record for record in audit_records(own_daemon) if record["target"] == first["id"]]
    assert [(record["actor"], record["action"]) for record in starts] == [("daemon", "agent.spawn")]


def test_a_folder_of_nobody_is_refused(daemon: Daemon) -> None:
    """A working directory that names a person whom the machine does not know is a bad request, not a fault."""
    answer = daemon.http.post("/api/agents", json={"profile": "shell", "cwd": "~nobody-at-all/x"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cwd")


def test_a_sign_in_link_stands_in_no_process_list(daemon: Daemon) -> None:
    """The browser is given a private page that leads to the link: every user of a machine can read its arguments."""
    told = daemon.directory / "browser-arguments"
    browser = daemon.directory / "browser.sh"
    browser.write_text(f'#!/bin/sh\nprintf %s "$*" > {told}\n')
    browser.chmod(0o700)
    done = daemon.run("open", DISPLAY=":99", BROWSER=f"{browser} %s", SSH_CONNECTION="")
    assert done.returncode == 0, done.stderr
    link = done.stdout.strip()
    page = daemon.directory / "sign-in.html"
    assert wait_for(lambda: told.exists() and told.read_text(), "the browser") == page.as_uri()
    assert link in page.read_text()
    assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_an_agent_cannot_hide_from_its_stop(daemon: Daemon) -> None:
    """A program that renames its session, or leaves its pane for another, is stopped and removed all the same."""
    renamed, moved = daemon.spawn(), daemon.spawn()
    daemon.tmux(renamed, "rename-session", "-t", "main", "other")
    daemon.type(renamed, "echo still $((40 + 2))\r")
    daemon.wait_screen(renamed, "still 42")
    assert daemon.http.delete(f"/api/agents/{renamed['id']}").json()["state"] == "exited"
    daemon.tmux(moved, "new-window", ";", "kill-pane", "-t", "%0")
    for agent in (renamed, moved):
        wait_for(lambda: daemon.http.delete(f"/api/agents/{agent['id']}").status_code in (204, 404), "the removal")  # noqa: B023
        assert not daemon.tmux_socket(agent).exists()


def test_folders_and_links_are_not_taken_for_forgotten_servers(own_daemon: Daemon) -> None:
    """A folder or a link among the sockets is left alone, and the daemon starts."""
    place = own_daemon.directory / "t"
    place.mkdir(mode=0o700)
    (place / "folder").mkdir()
    (place / "link").symlink_to(own_daemon.directory / "orchestra.sock")
    own_daemon.start()
    assert {"folder", "link"} <= {path.name for path in place.iterdir()}


async def test_a_resize_over_a_connection_is_recorded_with_how_it_ended(daemon: Daemon) -> None:
    """What a viewer's messages change stands in the trail in the words of the trail, before and after."""
    agent = await trio.to_thread.run_sync(daemon.spawn)
    session = agent["session_id"]
    async with viewer(daemon, daemon_token(daemon, "eve", Permission)) as eve:
        await say(eve, type="resize", session_id=session, rows=30, columns=90)
        await say(eve, type="resize", session_id=session, rows=1, columns=90)
        assert (await hear(eve, "error"))["code"] == "bad_size"
        await say(eve, type="input", session_id=session, seq=1, data="x")
        await hear(eve, "input_ack")
    deeds = [(record["action"], record["outcome"]) for record in audit_records(daemon) if record["target"] == session]
    assert deeds == [
        ("session.resize", "begun"),
        ("session.resize", "ok"),
        ("session.resize", "begun"),
        ("session.resize", "refused"),
        ("session.input", "ok"),
    ]
    await trio.to_thread.run_sync(daemon.end, agent)


@pytest.mark.parametrize("seed", range(3))
async def test_any_bytes_of_a_program_end_on_the_true_screen(daemon: Daemon, seed: int) -> None:
    """Random bytes in random cuts, real PTY and tmux in between: viewers live on, and see what tmux has in the end."""
    agent = await trio.to_thread.run_sync(daemon.spawn)
    session = agent["session_id"]
    program = f"{sys.executable} {Path(__file__).with_name('random_bytes.py')} {seed}"
    async with watching(daemon) as cells, watching(daemon) as text:
        await cells.say("subscribe_terminal", session_id=session, encoding="cells", focused=True)
        await text.say("subscribe_terminal", session_id=session, focused=True)
        await cells.say("input", session_id=session, seq=1, data=f"{program}\r")
        await cells.until(lambda: "after all" in cells.rows(session), "the end")

        async def same() -> bool:
            inside = (await in_thread(daemon.tmux, agent, "capture-pane", "-p", "-t", "=main:0.0")).splitlines()
            shown = [row.rstrip() for row in inside]
            return bool(shown) and cells.rows(session)[: len(shown)] == text.drawn(session)[: len(shown)] == shown

        await eventually(same, "the same screen everywhere")
    await trio.to_thread.run_sync(daemon.end, agent)
