"""A client of `/mcp`: the SDK's own, over streamable HTTP, and what is written by hand to ask badly."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import httpx
import httpx2
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from tests.end_to_end.daemon import IN_TIME_S, Daemon

JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


@asynccontextmanager
async def mcp_client(
    daemon: Daemon, token: str, mode: Literal["auto", "legacy"] = "auto", in_time_s: float = IN_TIME_S
) -> AsyncIterator[Client]:
    """Give a client that is connected; `legacy` shakes hands first, as the protocol did until 2025-11-25."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(headers=headers, timeout=in_time_s, trust_env=False) as http:
        transport = streamable_http_client(f"{daemon.url}/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


async def called(client: Client, name: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """Return what a tool answers to a program; fail when it is a refusal."""
    result = await client.call_tool(name, arguments)
    assert not result.is_error, result.content
    content: dict[str, Any] = result.structured_content
    return content


async def refusal(client: Client, name: str, **arguments: Any) -> tuple[int, str, str | None]:  # noqa: ANN401
    """Return status, code and field of a tool's refusal; fail when it is none, or says other things to a reader."""
    result = await client.call_tool(name, arguments)
    assert result.is_error, result.structured_content
    content = result.structured_content
    assert result.content[0].text.startswith(f"{content['code']}: {content['message']}")  # type: ignore[union-attr]
    return content["status"], content["code"], content["field"]


def message(method: str, **params: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """Return a request as JSON-RPC has it."""
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


def posted(daemon: Daemon, body: object, token: str | None = None, **headers: str) -> httpx.Response:
    """Post a body (bytes as they are, else JSON) to `/mcp` with the owner's token, or another one."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    credential = {"Authorization": f"Bearer {daemon.token if token is None else token}"}
    with httpx.Client(base_url=daemon.url, trust_env=False, timeout=IN_TIME_S) as client:
        return client.post("/mcp", content=content, headers={**JSON, **credential, **headers})


def answers(response: httpx.Response) -> list[dict[str, Any]]:
    """Return the messages of an answer, of a stream or not."""
    if response.headers["Content-Type"].startswith("application/json"):
        return [response.json()]
    lines = [line for line in response.text.splitlines() if line.startswith("data: ")]
    return [json.loads(line.removeprefix("data: ")) for line in lines]
