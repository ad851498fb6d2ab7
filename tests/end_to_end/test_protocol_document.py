"""docs/protocol.md is enough to write a client from: one that was, which knows nothing else, sees what tmux has."""

import ast
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio
from trio_websocket import open_websocket_url

from tests.end_to_end.daemon import Daemon
from tests.end_to_end.document_client import DocumentClient, Text

IN_TIME_S = 15
CHECK_EVERY = 64  # pictures (1.4)
XTERM = Path("frontend/node_modules/@xterm/headless/lib-headless/xterm-headless.js")
PLAYER = Path(__file__).parent.parent / "laws" / "xterm_screens.mjs"
MADE = (
    "clear; for n in $(seq 1 60); do echo line $n; done; "
    r"printf '\033[31mred\033[m 漢字 e\314\201 \033[4:3mcurly\033[m\n'; "
    r"printf '\033[3;9r\033[3;1H\033[2M\033[r\033[20;70H漢'; "
    r"printf '\033[5;1H\033[44mblue\033[K\033[m\033[22;1H'"
)


async def token_of(daemon: Daemon) -> str:
    """Sign in as section 2 says: the code of the sign-in link, once."""
    link = str(daemon.ready["login_url"])
    base, _, code = link.partition("/login#code=")
    async with httpx.AsyncClient(trust_env=False, timeout=IN_TIME_S) as http:
        answer = await http.post(f"{base}/auth/login", json={"code": code})
    return str(answer.json()["access_token"])


@asynccontextmanager
async def connected(daemon: Daemon, token: str) -> AsyncIterator[DocumentClient]:
    """Open a WebSocket as section 1 says, and read from it."""
    url = f"ws{daemon.url.removeprefix('http')}/ws"
    headers = [("Authorization", f"Bearer {token}")]
    async with open_websocket_url(
        url, extra_headers=headers, connect_timeout=IN_TIME_S, disconnect_timeout=IN_TIME_S
    ) as connection:
        try:
            client = DocumentClient(connection)
            async with trio.open_nursery() as nursery:
                nursery.start_soon(client.run)
                yield client
                nursery.cancel_scope.cancel()
        finally:
            await connection._recv_channel.aclose()
            await trio.aclose_forcefully(connection._stream)


async def captured(daemon: Daemon, agent: dict[str, Any]) -> list[str]:
    """Return tmux's own rows, blanks at the end left out."""
    words = ("capture-pane", "-p", "-t", "=main:0.0")
    command = ["tmux", "-S", str(daemon.tmux_socket(agent)), *words]
    done = await trio.run_process(command, capture_stdout=True)
    return [row.rstrip() for row in done.stdout.decode().split("\n")[:-1]]


def drawn(texts: list[Text]) -> dict[str, Any]:
    """Return what a terminal that is not ours shows after all texts."""
    chain = [{"rows": text.rows, "columns": text.columns, "text": text.data} for text in texts]
    argv = ["node", str(PLAYER), str(XTERM.resolve())]
    done = subprocess.run(argv, check=True, input=json.dumps([chain]), capture_output=True, text=True, timeout=60)
    shown: dict[str, Any] = json.loads(done.stdout)[0][-1]
    return shown


def test_the_client_knows_only_the_document() -> None:
    """It imports nothing of Orchestra's."""
    tree = ast.parse(Path(__file__).with_name("document_client.py").read_text("utf-8"))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert names == {"json", "zlib", "collections.abc", "dataclasses", "typing", "msgspec", "trio", "trio_websocket"}


async def test_a_client_of_cells_sees_what_tmux_has(own_daemon: Daemon) -> None:
    """Signs in, subscribes, types, is told that it was written, follows scrolls and a resize, verifies checksums."""
    daemon = own_daemon.start()
    async with connected(daemon, await token_of(daemon)) as client:
        await client.until(lambda: len(client.heard) >= 2, "the greeting")
        assert [message["type"] for message in client.heard[:2]] == ["hello", "agents"]
        (agent,) = client.heard[1]["agents"]
        session = agent["session_id"]
        await client.say("subscribe_terminal", session_id=session, encoding="cells", focused=True)
        await client.until(lambda: client.screen(session), "a keyframe")

        async def shows_what_tmux_has() -> bool:
            screen = client.screen(session)
            return screen is not None and [row.rstrip() for row in screen.text()] == await captured(daemon, agent)

        number = await client.type(session, f"{MADE}; echo do''ne\r")
        await client.until(lambda: client.input_acks.get(session, 0) >= number, "the acknowledgement")
        await client.until(lambda: "done" in "".join(client.screen(session).text()), "the output")
        await eventually(shows_what_tmux_has)
        keyframes = client.keyframes
        for _ in range(3 * CHECK_EVERY):
            seen = client.screen(session).seq
            await client.type(session, "x")
            await client.until(lambda seq=seen: client.screen(session).seq > seq, "the echo")
            if client.checksums > client.keyframes:
                break
        assert client.checksums > client.keyframes == keyframes, "a delta had none"
        await client.type(session, "\x15clear; seq 1 200\r")
        await client.until(lambda: "\n200 " in "\n".join(client.screen(session).text()), "the numbers")
        for number in range(5):
            await client.type(session, f"echo more {number}\r")
            await client.until(lambda n=number: f"\nmore {n} " in "\n".join(client.screen(session).text()), "a line")
        assert client.scrolls > 0
        await client.say("resize", session_id=session, rows=10, columns=100)
        await client.until(lambda: client.screen(session).rows == 10, "the other size")
        await eventually(shows_what_tmux_has)
        assert client.screen(session).columns == 100
        assert client.deltas > client.keyframes


async def test_a_client_that_finds_its_screen_wrong_gets_it_anew_and_is_counted(own_daemon: Daemon) -> None:
    """One lie about a checksum brings one keyframe and one mismatch in `/metrics`, and the screen is right."""
    daemon = own_daemon.start("--verify-frames")
    token = await token_of(daemon)

    async def mismatches() -> float:
        async with httpx.AsyncClient(trust_env=False, headers={"Authorization": f"Bearer {token}"}) as http:
            answer = await http.get(f"{daemon.url}/metrics")
        lines = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
        assert float(lines['orchestra_model_mismatches_total{encoding="cells"}']) == 0
        return float(lines["orchestra_checksum_mismatches_total"])

    async with connected(daemon, token) as client:
        await client.until(lambda: len(client.heard) >= 2, "the greeting")
        (agent,) = client.heard[1]["agents"]
        session = agent["session_id"]
        assert await mismatches() == 0
        client.lies = 1
        await client.say("subscribe_terminal", session_id=session, encoding="cells", focused=True)
        await client.until(lambda: client.keyframes == 2, "a second keyframe")
        assert await mismatches() == 1
        await client.type(session, "echo ri''ght\r")
        await client.until(lambda: "right" in "".join(client.screen(session).text()), "the output")

        async def shows_what_tmux_has() -> bool:
            return [row.rstrip() for row in client.screen(session).text()] == await captured(daemon, agent)

        await eventually(shows_what_tmux_has)
        assert client.keyframes == 2
        assert await mismatches() == 1


@pytest.mark.skipif(shutil.which("node") is None or not XTERM.exists(), reason="Node.js and `npm ci` are needed")
async def test_a_client_of_text_sees_what_tmux_has(own_daemon: Daemon) -> None:
    """One that only writes `terminal_output.data` into a terminal, at the size that it was told, shows the screen."""
    daemon = own_daemon.start("--verify-frames")
    async with connected(daemon, await token_of(daemon)) as client:
        await client.until(lambda: len(client.heard) >= 2, "the greeting")
        (agent,) = client.heard[1]["agents"]
        session = agent["session_id"]
        await client.say("subscribe_terminal", session_id=session)
        await client.until(lambda: client.texts, "a first text")
        number = await client.type(session, f"{MADE}; echo do''ne\r")
        await client.until(lambda: client.input_acks.get(session, 0) >= number, "the acknowledgement")
        await client.until(lambda: "done" in "".join(text.data for text in client.texts), "the output")
        await client.say("resize", session_id=session, rows=12, columns=60)
        await client.until(lambda: client.texts[-1].rows == 12, "a text for the other size")
        await client.type(session, "echo af''ter\r")

        async def shows_what_tmux_has() -> bool:
            shown = await trio.to_thread.run_sync(drawn, client.texts)
            rows = ["".join(cell[0] for cell in row).rstrip() for row in shown["cells"]]
            return "after" in rows[-2] + "".join(rows) and rows == await captured(daemon, agent)

        await eventually(shows_what_tmux_has)


async def eventually(look: Any) -> None:  # noqa: ANN401
    """Wait until an awaited condition is true."""
    with trio.move_on_after(IN_TIME_S):
        while not await look():  # noqa: ASYNC110
            await trio.sleep(0.05)
        return
    raise AssertionError("what is shown is not what tmux has")
