"""`orchestra mcp`: a client that speaks stdio alone has the same tools, also over a restart of the daemon."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Literal

import pytest
import trio
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from orchestra.cli.stdio_bridge import MAX_LINE_BYTES, MAX_UNDER_WAY
from tests.end_to_end.daemon import IN_TIME_S, Daemon, wait_for
from tests.end_to_end.mcp_client import called, message, refusal
from tests.end_to_end.watcher import in_thread


def command(daemon: Daemon) -> list[str]:
    """Return the command line of a bridge that acts as the owner."""
    return [sys.executable, "-m", "orchestra", "mcp", "--state-dir", str(daemon.directory)]


@asynccontextmanager
async def stdio(daemon: Daemon, mode: Literal["auto", "legacy"] = "auto") -> AsyncIterator[Client]:
    """Give the SDK's client, connected to a bridge."""
    program, *arguments = command(daemon)
    server = StdioServerParameters(command=program, args=arguments, env=daemon.environment)
    async with Client(stdio_client(server), mode=mode) as client:
        yield client


@contextmanager
def bridge(command: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a bridge whose lines a test writes by hand."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(environment)
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def asked(process: subprocess.Popen[bytes], count: int, *lines: object) -> list[dict[str, Any]]:
    """Write lines (bytes as they are, else JSON), return `count` that are answered, and see the bridge end."""
    assert process.stdin is not None and process.stdout is not None
    for line in lines:
        process.stdin.write((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n")
        process.stdin.flush()
    told = [json.loads(process.stdout.readline()) for _ in range(count)]
    output, errors = process.communicate(timeout=IN_TIME_S)
    assert (process.returncode, output, errors) == (0, b"", b"")
    return told


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_same_tools_by_stdio(daemon: Daemon, mode: Literal["auto", "legacy"]) -> None:
    """Clients of both eras list the tools, give a task, hear that it goes on, and read its result or a refusal."""
    heard: list[float] = []
    running = daemon.directory / f"goes-on-{mode}"
    running.touch()

    async def progress(waited_s: float, _total: float | None, _text: str | None) -> None:
        heard.append(waited_s)
        running.unlink(missing_ok=True)

    with trio.fail_after(30):
        async with stdio(daemon, mode) as client:
            assert {tool.name for tool in (await client.list_tools()).tools} >= {"delegate", "task_wait"}
            brief = f"while test -e {running}; do sleep 0.1; done; echo done 漢字"
            arguments = {"to": "shell", "brief": brief, "wait_s": 20}
            result = await client.call_tool("handoff", arguments, progress_callback=progress)
            assert result.structured_content["result"]["text"] == "done 漢字\n"
            assert heard
            assert await refusal(client, "task_status", task_id=10**9) == (404, "unknown_task", "id")


async def test_a_restart_in_between_and_in_the_middle(own_daemon: Daemon) -> None:
    """A client goes on after a crash of the daemon as if nothing had been; a handoff under way stays one task."""
    daemon = own_daemon.start()
    go, begun = daemon.directory / "go", daemon.directory / "begun"
    brief = f"echo x >> {begun}; until test -e {go}; do sleep 0.05; done; echo at last"
    results: list[Any] = []

    async def hand_off(client: Client) -> None:
        results.append(await client.call_tool("handoff", {"to": "shell", "brief": brief, "wait_s": 40}))

    with trio.fail_after(60):
        async with stdio(daemon) as client:
            await client.list_tools()
            async with trio.open_nursery() as nursery:
                nursery.start_soon(hand_off, client)
                await in_thread(wait_for, begun.exists, "the task runs")
                daemon.kill()
                await in_thread(daemon.start)
                go.touch()
            assert results[0].structured_content["result"]["text"] == "at last\n"
            assert begun.read_text() == "x\n"
            daemon.stop()
            await in_thread(daemon.start)
            task = await called(client, "task_status", task_id=1)
            assert task["state"] == "completed"
    assert [one["task_id"] for one in daemon.http.get("/api/tasks").json()["tasks"]] == [1]


def test_lines_that_are_no_messages(daemon: Daemon) -> None:
    """Malformed lines get JSON-RPC's errors, in their order, and the next line is answered all the same."""
    listing = {**message("tools/list"), "id": "last"}
    lines = [b"{", b"", b"[" * 100_000, [message("tools/list")], {"jsonrpc": "2.0", "id": 7}, b"\xff\xfe"]
    lines += [{"jsonrpc": "2.0", "id": 8, "result": {}}, {"jsonrpc": "2.0", "method": "notifications/initialized"}]
    with bridge(command(daemon), daemon.environment) as process:
        told = asked(process, 7, *lines, b'"' + b"x" * MAX_LINE_BYTES, listing)
    errors = [(one["id"], one["error"]["code"]) for one in told if "error" in one]
    assert errors == [(None, -32700), (None, -32700), (None, -32600), (7, -32600), (None, -32700), (None, -32600)]
    (answer,) = (one for one in told if "result" in one)
    assert answer["id"] == "last" and answer["result"]["tools"]


def test_an_agent_is_itself(daemon: Daemon) -> None:
    """With an agent's environment the bridge is that agent; the address is the one that the daemon announced."""
    token = daemon.printed("token", "--role", "viewer").strip()
    run = daemon.directory / "run" / "somebody"
    environment = {**daemon.environment, "ORCHESTRA_TOKEN": token, "ORCHESTRA_URL": "http://127.0.0.1:9"}
    call = message("tools/call", name="delegate", arguments={"to": "shell", "brief": "true"})
    with bridge(command(daemon)[:4], {**environment, "ORCHESTRA_RUN": str(run)}) as process:
        (told,) = asked(process, 1, call)
    assert told["result"]["structuredContent"]["code"] == "permission_missing"
    with bridge(command(daemon)[:4], {**environment, "ORCHESTRA_TOKEN": "oat_x", "ORCHESTRA_RUN": str(run)}) as process:
        (told,) = asked(process, 1, call)
    assert told["error"]["data"]["code"] == "token_invalid"


def test_without_a_daemon_requests_wait_and_stop_with_the_input(own_daemon: Daemon) -> None:
    """Nobody is there: requests wait, only so many, and the bridge ends with its input."""
    waiting = [{**message("tools/list"), "id": number} for number in range(MAX_UNDER_WAY + 1)]
    with bridge(command(own_daemon), own_daemon.environment) as process:
        (told,) = asked(process, 1, *waiting)
    assert (told["id"], told["error"]["code"]) == (MAX_UNDER_WAY, -32600)
