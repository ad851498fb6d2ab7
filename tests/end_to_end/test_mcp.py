"""The MCP server: a model's client gives tasks, waits for them and reads what came out; bad clients get an answer."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import httpx
import pytest
import trio

from tests.end_to_end.daemon import Daemon, fresh_daemon, wait_for
from tests.end_to_end.mcp_client import JSON, answers, called, mcp_client, message, posted, refusal

# The SDK's client leaves a stream's generators to the garbage collector, which Trio warns of.
pytestmark = pytest.mark.filterwarnings("ignore:Async generator 'http(x|core)2:ResourceWarning")

TOOLS = [
    *("ask_human", "delegate", "handoff", "list_agents", "report_result", "send_message"),
    *("task_cancel", "task_result", "task_status", "task_wait"),
]


@pytest.fixture(scope="module")
def daemon() -> Iterator[Daemon]:
    """Give a running daemon that all tests of this file share."""
    with fresh_daemon() as running:
        yield running.start()


def role_token(daemon: Daemon, role: str) -> str:
    """Return a token of the owner with a lesser role."""
    return daemon.printed("token", "--role", role).strip()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_task_from_delegate_to_its_result(daemon: Daemon, mode: Literal["auto", "legacy"]) -> None:
    """Clients of both eras list the tools, give a task, wait for it and read what came out."""
    async with mcp_client(daemon, daemon.token, mode) as client:
        listed = (await client.list_tools()).tools
        assert sorted(tool.name for tool in listed) == TOOLS
        assert all(tool.description and tool.annotations and tool.input_schema["type"] == "object" for tool in listed)
        given = await client.call_tool("delegate", {"to": "shell", "brief": "echo 漢字; exit 3", "title": "Say it"})
        task = given.structured_content
        assert set(task) >= {"task_id", "state", "links"} and task["title"] == "Say it"
        assert given.content[0].text.startswith(f"Task {task['task_id']} is ")  # type: ignore[union-attr]
        done = await called(client, "task_wait", task_id=task["task_id"], timeout_s=10)
        assert (done["state"], done["is_final"], done["result"]["exit_code"]) == ("failed", True, 3)
        result = await client.call_tool("task_result", {"task_id": task["task_id"]})
        assert "漢字" in result.content[0].text  # type: ignore[union-attr]
        assert [each["number"] for each in result.structured_content["attempts_made"]] == [1]
        assert (await called(client, "task_status", task_id=task["task_id"]))["state"] == "failed"
        assert await refusal(client, "task_cancel", task_id=task["task_id"]) == (409, "already_final", None)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_handoff_tells_that_it_goes_on(daemon: Daemon, mode: Literal["auto", "legacy"]) -> None:
    """Progress arrives at once and while the task runs; the answer holds its result."""
    heard: list[float] = []
    running = daemon.directory / f"goes-on-{mode}"
    running.touch()

    async def progress(waited_s: float, _total: float | None, _text: str | None) -> None:
        heard.append(waited_s)
        if len(heard) > 1:
            running.unlink(missing_ok=True)

    async with mcp_client(daemon, daemon.token, mode) as client:
        brief = f"while test -e {running}; do sleep 0.1; done; echo done"
        arguments = {"to": "shell", "brief": brief, "wait_s": 60}
        result = await client.call_tool("handoff", arguments, progress_callback=progress)
    assert result.structured_content["result"]["text"] == "done\n"
    assert heard[0] < 1.0 and all(later - earlier < 10.0 for earlier, later in pairwise(heard))


async def test_a_handoff_that_takes_longer_is_found_again(daemon: Daemon) -> None:
    """When the time is over the answer is the task's number; the task goes on, and another client reads its result."""
    place = daemon.directory / "go"
    async with mcp_client(daemon, daemon.token) as client:
        brief = f"until test -e {place}; do sleep 0.05; done; echo at last"
        task = await called(client, "handoff", to="shell", brief=brief, wait_s=0.3)
        assert not task["is_final"] and "result" not in task
    place.touch()
    async with mcp_client(daemon, daemon.token, "legacy") as client:
        done = await called(client, "task_wait", task_id=task["task_id"])
        assert done["result"]["text"] == "at last\n"


async def test_the_same_key_is_one_task(daemon: Daemon) -> None:
    """A repeated call with its idempotency key is the same task, through either tool; another task is refused."""
    async with mcp_client(daemon, daemon.token) as client:
        wanted = {"to": "shell", "brief": "echo once", "idempotency_key": "again"}
        first = await called(client, "delegate", **wanted)
        second = await called(client, "handoff", **wanted)
        assert (second["task_id"], second["result"]["text"]) == (first["task_id"], "once\n")
        other = {**wanted, "brief": "echo twice"}
        assert await refusal(client, "delegate", **other) == (422, "key_reused", "Idempotency-Key")


async def test_what_is_refused_names_code_and_field(daemon: Daemon) -> None:
    """Errors of ours are answers that a model can act upon, and say nothing of the inside."""
    async with mcp_client(daemon, daemon.token) as client:
        assert await refusal(client, "delegate", to="nobody", brief="x") == (400, "unknown_profile", "to")
        assert await refusal(client, "delegate", to="shell", brief=" ") == (400, "bad_brief", "brief")
        assert await refusal(client, "delegate", brief="x") == (400, "bad_arguments", "to")
        assert await refusal(client, "delegate", to="shell", brief="x", when="now") == (400, "bad_arguments", "when")
        assert await refusal(client, "task_status", task_id=10**9) == (404, "unknown_task", "id")
        assert await refusal(client, "task_wait", task_id=1, timeout_s=101) == (400, "bad_arguments", "timeout_s")
        assert await refusal(client, "no_such_tool") == (404, "unknown_tool", None)


async def test_a_viewer_may_look_and_not_give(daemon: Daemon) -> None:
    """The permissions of the token are those of the tools; what is refused is in the audit trail."""
    async with mcp_client(daemon, daemon.token) as client:
        task = await called(client, "handoff", to="shell", brief="true")
    async with mcp_client(daemon, role_token(daemon, "viewer")) as client:
        assert await refusal(client, "delegate", to="shell", brief="x") == (403, "permission_missing", None)
        assert await refusal(client, "task_cancel", task_id=task["task_id"]) == (403, "permission_missing", None)
        assert (await called(client, "task_status", task_id=task["task_id"]))["state"] == "completed"
    segments = sorted((daemon.directory / "audit").iterdir())
    trail = [json.loads(line) for segment in segments for line in segment.read_text().splitlines()]
    told = [(line["action"], line["outcome"]) for line in trail if line["action"] == "task.delegate"]
    assert {("task.delegate", "begun"), ("task.delegate", "ok"), ("task.delegate", "refused")} <= set(told)


def test_nobody_comes_in_without_a_credential(daemon: Daemon) -> None:
    """Without a token, and with a wrong one, the answer is 401 as a problem, and says which scheme."""
    with httpx.Client(base_url=daemon.url, trust_env=False) as client:
        without = client.post("/mcp", json=message("tools/list"), headers=JSON)
        wrong = client.post("/mcp", json=message("tools/list"), headers={**JSON, "Authorization": "Bearer oat_wrong"})
        foreign = client.post(
            "/mcp", json=message("tools/list"), headers={**JSON, "Origin": "http://somewhere.example"}
        )
    assert (without.status_code, without.json()["code"]) == (401, "not_signed_in")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "token_invalid")
    assert without.headers["WWW-Authenticate"].startswith("Bearer")
    assert foreign.status_code == 403


def test_every_answer_carries_our_headers_and_has_its_line(daemon: Daemon) -> None:
    """The security headers and the request's id are there once each, also on a stream; the log says what was asked."""
    response = posted(daemon, message("tools/call", name="list_agents", arguments={}))
    assert response.status_code == 200
    for name, value in {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}.items():
        assert response.headers.get_list(name) == [value]
    assert answers(response)[-1]["result"]["structuredContent"]["agents"]
    request_id = response.headers["X-Request-Id"]
    line = wait_for(
        lambda: next((line for line in daemon.log_lines() if line.get("request_id") == request_id), None), "its line"
    )
    assert line is not None
    assert (line["path"], line["status"], line["asked"]) == ("/mcp", 200, "tools/call list_agents")
    assert line["subject"].endswith(f"|{line['subject'].rpartition('|')[2]}")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", -32700),
        (b"", -32700),
        (b"\xff\xfe", -32700),
        (b"[" * 100_000, -32600),
        ([message("tools/list"), message("tools/list")], -32600),
        ([], -32600),
        ({"jsonrpc": "2.0", "id": 1, "result": {}}, -32600),
        ({"jsonrpc": "1.0", "id": 1, "method": "tools/list"}, -32600),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": []}, -32600),
        (7, -32600),
    ],
)
def test_what_is_no_message_is_said_to_be_none(daemon: Daemon, body: object, code: int) -> None:
    """Malformed JSON and malformed JSON-RPC get the protocol's error, a batch too, and the daemon goes on."""
    response = posted(daemon, body)
    assert (response.status_code, response.json()["error"]["code"]) == (400, code)
    assert daemon.http.get("/healthz").status_code == 200


def test_what_is_no_request_of_ours_is_refused(daemon: Daemon) -> None:
    """Other methods, other bodies and bodies that are too long are refused before anything reads them."""
    for method in ("GET", "DELETE", "PUT"):
        response = daemon.http.request(method, "/mcp")
        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
        assert response.headers["Allow"] == "POST"
    assert posted(daemon, message("tools/list"), **{"Content-Type": "text/plain"}).status_code == 415
    big = message("tools/call", name="delegate", arguments={"to": "shell", "brief": "x" * (4 << 20)})
    assert (posted(daemon, big).status_code, posted(daemon, big).json()["code"]) == (413, "body_too_big")
    unknown = answers(posted(daemon, message("no/such")))[-1]
    assert unknown["error"]["code"] == -32601
    assert daemon.http.post("/mcp/more", json={}).status_code == 405


async def test_twenty_calls_at_once(daemon: Daemon) -> None:
    """Calls that wait hold up nobody: twenty at once are all answered, each with its own."""
    results: dict[int, str] = {}

    async def one(number: int) -> None:
        async with mcp_client(daemon, daemon.token, "auto" if number % 2 else "legacy", 60) as client:
            task = await called(client, "handoff", to="shell", brief=f"echo {number}", wait_s=50)
            results[number] = task["result"]["text"]

    async with trio.open_nursery() as nursery:
        for number in range(20):
            nursery.start_soon(one, number)
    assert results == {number: f"{number}\n" for number in range(20)}
