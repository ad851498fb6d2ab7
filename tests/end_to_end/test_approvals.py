"""Approvals through a whole daemon: what a hook asks, who may decide it, and what the hook prints."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import pytest
import trio

from orchestra.access import Role
from tests.agents.some_approval import QUESTIONS, RULES, asked
from tests.end_to_end.daemon import IN_TIME_S, Daemon, wait_for
from tests.end_to_end.mcp_client import called, mcp_client, refusal
from tests.end_to_end.test_agents import code_of, other_person
from tests.end_to_end.test_status import HOOK, token_of
from tests.end_to_end.watcher import in_thread, watching

# The SDK's client leaves a stream's generators to the garbage collector, which Trio warns of.
pytestmark = pytest.mark.filterwarnings("ignore:Async generator 'http(x|core)2:ResourceWarning")

ALLOWED = {"hookSpecificOutput": {"hookEventName": "PermissionRequest", "decision": {"behavior": "allow"}}}


def environment(daemon: Daemon, agent: dict[str, Any]) -> dict[str, str]:
    """Return the environment of an agent's hook."""
    return {
        "PATH": os.environ["PATH"],
        "ORCHESTRA_RUN": str(daemon.directory / "run" / agent["id"].removeprefix("agent-")),
        "ORCHESTRA_URL": daemon.url,
        "ORCHESTRA_AGENT_ID": agent["id"],
        "ORCHESTRA_TOKEN": token_of(daemon, agent),
    }


@contextmanager
def asking(daemon: Daemon, agent: dict[str, Any], given: dict[str, Any]) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the hook that asks, until the block ends."""
    with subprocess.Popen(
        [HOOK, "PermissionRequest"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(daemon, agent),
        start_new_session=True,
    ) as process:
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps(given).encode())
            process.stdin.close()
            process.stdin = None
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def printed(process: "subprocess.Popen[bytes]") -> Any:  # noqa: ANN401 - any JSON value
    """Return what the hook printed when it ended by itself, or None."""
    output, _ = process.communicate(timeout=IN_TIME_S)
    assert process.returncode == 0
    return json.loads(output) if output else None


def report(daemon: Daemon, agent: dict[str, Any], event: str, given: dict[str, Any]) -> None:
    """Call a hook that asks nothing."""
    env = environment(daemon, agent)
    subprocess.run([HOOK, event], input=json.dumps(given).encode(), env=env, check=True, timeout=IN_TIME_S)


def waiting(daemon: Daemon, agent: dict[str, Any]) -> dict[str, Any]:
    """Wait for the one approval of an agent that waits, and return it."""

    def look() -> dict[str, Any] | None:
        found = daemon.http.get("/api/approvals").json()["approvals"]
        return next((one for one in found if one["agent_id"] == agent["id"]), None)

    found = wait_for(look, "an approval")
    assert found is not None
    return found


def one(daemon: Daemon, identity: str) -> dict[str, Any]:
    """Return an approval."""
    found: dict[str, Any] = daemon.http.get(f"/api/approvals/{identity}").json()
    return found


def wait_over(daemon: Daemon, identity: str) -> dict[str, Any]:
    """Wait until an approval does not wait any more, and return it."""
    wait_for(lambda: one(daemon, identity)["state"] != "waiting", "its end")
    return one(daemon, identity)


@pytest.fixture(scope="module")
def agent(daemon: Daemon) -> dict[str, Any]:
    """Give an agent that all tests of the file share."""
    return daemon.spawn()


async def test_an_approval_from_the_hook_to_its_answer(daemon: Daemon, agent: dict[str, Any]) -> None:
    """It is told as it comes, decided once, told again, printed by the hook; strangers hear nothing; it is audited."""
    async with watching(daemon) as owner, watching(daemon, other_person(daemon)) as stranger:
        await owner.hears("hello")
        await stranger.hears("hello")
        with await in_thread(lambda: asking(daemon, agent, {**asked(), "permission_suggestions": RULES})) as hook:
            await owner.until(lambda: updates(owner, "waiting"), "the card")
            (told,) = updates(owner, "waiting")
            assert told == await in_thread(waiting, daemon, agent) == await in_thread(one, daemon, told["id"])
            assert (told["title"], told["kind"]) == ("Bash: rm -r build", "permission")
            assert told["decisions"] == ["allow", "deny", "always"]
            address = f"/api/approvals/{told['id']}"
            answer = await in_thread(lambda: daemon.http.post(address, json={"decision": "allow"}))
            assert answer.status_code == 200
            assert await in_thread(printed, hook) == ALLOWED
        await owner.until(lambda: [each for each in updates(owner, "answered") if each["taken_unix_ms"]], "its taking")
        assert {**updates(owner, "answered")[-1], "taken_unix_ms": None} == answer.json()
        late = await in_thread(lambda: daemon.http.post(address, json={"decision": "deny"}))
        assert code_of(late) == (409, "already_decided", None)
        assert answer.json()["decided_by"] in late.json()["detail"]
        assert not [heard for heard in stranger.heard if heard["type"] == "approval_update"]
    parts = [part.read_text() for part in (daemon.directory / "audit").iterdir()]
    trail = [json.loads(line) for part in parts for line in part.splitlines()]
    decided = [line for line in trail if line["target"] == told["id"]]
    assert [(line["action"], line["outcome"]) for line in decided] == [
        *[("approval.allow", "begun"), ("approval.allow", "ok")],
        *[("approval.deny", "begun"), ("approval.deny", "refused")],
    ]
    assert {line["actor"] for line in decided} == {answer.json()["decided_by"]}


def updates(watcher: Any, state: str) -> list[dict[str, Any]]:  # noqa: ANN401 - a watcher
    """Return the approvals that a viewer was told of in a state."""
    told = [heard["approval"] for heard in watcher.heard if heard["type"] == "approval_update"]
    return [each for each in told if each["state"] == state]


def test_only_the_owner_decides_and_nobody_else_is_told(daemon: Daemon, agent: dict[str, Any]) -> None:
    """A viewer looks and decides nothing; for another person there is none; agents, the asking one too, may neither."""
    other = daemon.spawn()
    with asking(daemon, agent, asked()):
        identity = waiting(daemon, agent)["id"]
        address, body = f"/api/approvals/{identity}", {"decision": "allow"}
        with daemon.client(daemon.printed("token", "--role", "viewer").strip()) as viewer:
            assert viewer.get(address).status_code == 200
            assert code_of(viewer.post(address, json=body)) == (403, "permission_missing", None)
        with daemon.client(other_person(daemon)) as stranger:
            assert code_of(stranger.get(address)) == (404, "unknown_approval", "id")
            assert code_of(stranger.post(address, json=body)) == (404, "unknown_approval", "id")
            assert stranger.get("/api/approvals?state=all").json() == {"approvals": []}
        with daemon.client(other_person(daemon, Role.ADMIN)) as admin:
            assert admin.get(address).json()["id"] == identity
        poll = f"/api/agents/{agent['id']}/answers/{identity.removeprefix('apr_')}"
        for token, code in ((token_of(daemon, agent), 204), (token_of(daemon, other), 403), (daemon.token, 403)):
            with daemon.client(token) as client:
                assert client.get(poll, params={"wait_s": 0}).status_code == code
                if token != daemon.token:
                    assert code_of(client.get("/api/approvals")) == (403, "permission_missing", None)
                    assert code_of(client.post(address, json=body)) == (403, "permission_missing", None)
        with daemon.client(token_of(daemon, other)) as client:
            own = poll.replace(agent["id"], other["id"])
            assert code_of(client.get(own, params={"wait_s": 0})) == (404, "unknown_approval", "ask")
        assert one(daemon, identity)["state"] == "waiting"
    report(daemon, agent, "Stop", {})
    assert wait_over(daemon, identity)["state"] == "withdrawn"
    daemon.end(other)


def test_a_wrong_decision_names_its_field(daemon: Daemon, agent: dict[str, Any]) -> None:
    """Bad input is refused with its field, and the approval goes on waiting; then the right answer is printed."""
    with asking(daemon, agent, asked("AskUserQuestion", questions=QUESTIONS)) as hook:
        identity = waiting(daemon, agent)["id"]
        answers = {"Which store?": "Memory", "Which name?": "Ada"}
        for body, code in (
            ({}, (400, "bad_body", "decision")),
            ({"decision": "perhaps"}, (400, "bad_body", "decision")),
            ({"decision": "allow"}, (400, "decision_not_possible", "decision")),
            ({"decision": "answer"}, (400, "bad_answers", "answers")),
            ({"decision": "answer", "answers": {"Which store?": 1}}, (400, "bad_body", "answers.Which store?")),
            ({"decision": "deny", "message": "x" * 10_001}, (400, "text_too_long", "message")),
            ({"decision": "deny", "mode": "plan"}, (400, "mode_not_possible", "mode")),
            ({"decision": "deny", "why": "x"}, (400, "bad_body", "why")),
        ):
            assert code_of(daemon.http.post(f"/api/approvals/{identity}", json=body)) == code
        assert code_of(daemon.http.get("/api/approvals?state=perhaps")) == (400, "bad_parameter", "state")
        assert code_of(daemon.http.post("/api/approvals/apr_x", json={"decision": "deny"}))[1] == "unknown_approval"
        body = {"decision": "answer", "answers": answers}
        assert daemon.http.post(f"/api/approvals/{identity}", json=body).status_code == 200
        decision = printed(hook)["hookSpecificOutput"]["decision"]
        assert decision == {"behavior": "allow", "updatedInput": {"questions": QUESTIONS, "answers": answers}}


def test_a_hook_that_is_ended_withdraws_its_card(daemon: Daemon, agent: dict[str, Any]) -> None:
    """The program ends its hook when the terminal says No: the card goes at once, and a late answer is refused."""
    with asking(daemon, agent, asked()) as hook:
        identity = waiting(daemon, agent)["id"]
        hook.terminate()
        over = wait_over(daemon, identity)
        assert (over["state"], over["decided_by"]) == ("withdrawn", "terminal")
        assert printed(hook) is None
        late = daemon.http.post(f"/api/approvals/{identity}", json={"decision": "allow"})
        assert code_of(late) == (409, "already_decided", None) and "in the terminal" in late.json()["detail"]


def test_a_yes_in_the_terminal_ends_the_hook(daemon: Daemon, agent: dict[str, Any]) -> None:
    """The tool was used: the card is answered there, and the hook, which nobody ended, goes without a word."""
    with asking(daemon, agent, asked()) as hook:
        identity = waiting(daemon, agent)["id"]
        report(daemon, agent, "PostToolUse", asked())
        over = wait_over(daemon, identity)
        assert (over["state"], over["decision"], over["decided_by"]) == ("answered", "allow", "terminal")
        assert printed(hook) is None


def test_nothing_is_lost_when_the_daemon_restarts(own_daemon: Daemon) -> None:
    """A card waits on; a decision that nobody took yet is taken later; what a hook says meanwhile is heard."""
    daemon = own_daemon.start()
    agents = [daemon.spawn() for _ in range(3)]
    hooks = [asking(daemon, agent, asked("Bash", command=f"make {n}")) for n, agent in enumerate(agents)]
    with hooks[0] as first, hooks[1] as second, hooks[2] as third:
        cards = [waiting(daemon, agent)["id"] for agent in agents]
        os.kill(second.pid, signal.SIGSTOP)
        for curl in children(second.pid):
            os.kill(curl, signal.SIGKILL)
        body = {"decision": "deny", "message": "Not now."}
        assert daemon.http.post(f"/api/approvals/{cards[1]}", json=body).status_code == 200
        daemon.kill()
        third.terminate()
        assert printed(third) is None
        daemon.start()
        assert one(daemon, cards[0])["state"] == "waiting"
        assert wait_over(daemon, cards[2])["state"] == "withdrawn"
        os.kill(second.pid, signal.SIGCONT)
        decision = printed(second)["hookSpecificOutput"]["decision"]
        assert decision == {"behavior": "deny", "message": "Not now."}
        assert daemon.http.post(f"/api/approvals/{cards[0]}", json={"decision": "allow"}).status_code == 200
        assert printed(first) == ALLOWED
    for agent in agents:
        daemon.end(agent)


def children(pid: int) -> list[int]:
    """Return the processes that a process has started and not waited for."""
    with open(f"/proc/{pid}/task/{pid}/children") as file:  # noqa: PTH123
        return [int(word) for word in file.read().split()]


def test_what_an_agent_asked_goes_with_it(daemon: Daemon) -> None:
    """Its program ends, and nobody is asked any more."""
    mine = daemon.spawn()
    with asking(daemon, mine, asked()):
        identity = waiting(daemon, mine)["id"]
        daemon.end(mine)
        over = wait_over(daemon, identity)
        assert (over["state"], over["decided_by"]) == ("withdrawn", None)


async def test_an_agent_asks_a_person(daemon: Daemon, agent: dict[str, Any]) -> None:
    """The call waits, and ends with the answer; one that took too long is gone on with, and the answer stays."""
    token = await in_thread(token_of, daemon, agent)
    found: list[dict[str, Any]] = []
    async with mcp_client(daemon, token) as client, trio.open_nursery() as nursery:

        async def ask() -> None:
            found.append(await called(client, "ask_human", question="Which store?", options=["SQLite", "Memory"]))

        nursery.start_soon(ask)
        card = await in_thread(waiting, daemon, agent)
        assert (card["kind"], card["decisions"]) == ("question", ["answer", "deny"])
        assert [option["label"] for option in card["detail"]["questions"][0]["options"]] == ["SQLite", "Memory"]
        await in_thread(daemon.wait_state, agent, "blocked")
        why = (await in_thread(daemon.http.get, f"/api/agents/{agent['id']}/explain")).json()["verdict"]
        assert (why["source"], why["wait"], why["evidence"]) == ("call", "question", "Which store?")
        body = {"decision": "answer", "answers": {"Which store?": "Neither"}}
        await in_thread(lambda: daemon.http.post(f"/api/approvals/{card['id']}", json=body))
        with trio.fail_after(IN_TIME_S):
            while not found:  # noqa: ASYNC110
                await trio.sleep(0.01)
        assert (found[0]["state"], found[0]["answer"]) == ("answered", "Neither")
        await in_thread(daemon.wait_state, agent, "idle", "working")
        again = await called(client, "ask_human", approval_id=card["id"], wait_s=0)
        assert again == found[0]
        late = await called(client, "ask_human", question="And why?", wait_s=0.1)
        assert (late["state"], late["answer"]) == ("waiting", None)
        assert (await called(client, "ask_human", question="And why?", wait_s=0)) == late
        body = {"decision": "deny", "message": "Ask me tomorrow."}
        await in_thread(lambda: daemon.http.post(f"/api/approvals/{late['approval_id']}", json=body))
        told = await client.call_tool("ask_human", {"approval_id": late["approval_id"]})
        assert told.content[0].text == "The person does not answer this. Ask me tomorrow."  # type: ignore[union-attr]


async def test_a_call_that_is_given_up(daemon: Daemon, agent: dict[str, Any]) -> None:
    """Whoever goes away in the middle of a call waits no more; the question stays with the person."""
    token = await in_thread(token_of, daemon, agent)
    async with mcp_client(daemon, token) as client:
        with trio.CancelScope() as scope:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(partial(called, client, "ask_human", question="Still there?"))
                await in_thread(daemon.wait_state, agent, "blocked")
                scope.cancel()
    await in_thread(daemon.wait_state, agent, "idle", "working")
    assert (await in_thread(waiting, daemon, agent))["title"] == "Still there?"


async def test_a_question_that_cannot_be_asked(daemon: Daemon, agent: dict[str, Any]) -> None:
    """What is missing or too much is refused with its field; a person asks nobody; others' questions are not there."""
    token = await in_thread(token_of, daemon, agent)
    other = await in_thread(daemon.spawn)
    async with mcp_client(daemon, token) as client:
        for arguments, code in (
            ({}, (400, "bad_arguments", "question")),
            ({"question": "x", "approval_id": "apr_x"}, (400, "bad_arguments", "question")),
            ({"question": " \n"}, (400, "bad_arguments", "question")),
            ({"question": "\x1b"}, (400, "empty_question", "question")),
            ({"question": "x" * 4001}, (400, "bad_arguments", "question")),
            ({"question": "x", "options": [""]}, (400, "bad_option", "options")),
            ({"question": "x", "options": ["a"] * 17}, (400, "bad_arguments", "options")),
            ({"approval_id": "apr_x"}, (404, "unknown_approval", "approval_id")),
        ):
            assert await refusal(client, "ask_human", **arguments) == code
        mine = await called(client, "ask_human", question="Mine?", wait_s=0)
    async with mcp_client(daemon, await in_thread(token_of, daemon, other)) as client:
        given = await refusal(client, "ask_human", approval_id=mine["approval_id"])
        assert given == (404, "unknown_approval", "approval_id")
    async with mcp_client(daemon, daemon.token) as client:
        assert await refusal(client, "ask_human", question="x") == (403, "not_an_agent", None)
    await in_thread(daemon.end, other)
