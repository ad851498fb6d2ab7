"""Messages through a whole daemon: what is refused and how, who may send and see, and what a crash does to them."""

import json
import random
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from orchestra.ids import agent_id, session_id
from tests.end_to_end.daemon import Daemon, wait_for
from tests.end_to_end.test_agents import code_of, other_person, read_raw

NOBODY = "a" * 26
MAX_TEXT_BYTES = 1 << 20


def send(daemon: Daemon, agent: dict[str, Any], text: str) -> dict[str, Any]:
    """Send a message and return it as it was taken."""
    answer = daemon.http.post("/api/messages", json={"to": agent["id"], "text": text})
    assert answer.status_code == 202, answer.text
    message: dict[str, Any] = answer.json()
    return message


def message_of(daemon: Daemon, number: int) -> dict[str, Any]:
    """Return a message as it is now."""
    message: dict[str, Any] = daemon.http.get(f"/api/messages/{number}").json()
    return message


def wait_state(daemon: Daemon, number: int, *states: str) -> dict[str, Any]:
    """Wait until a message is in one of `states`, and return it."""
    wait_for(lambda: message_of(daemon, number)["state"] in states, f"{number} to be one of {states}")
    return message_of(daemon, number)


def test_a_message_arrives_and_says_how_far_it_is(daemon: Daemon, tmp_path: Path) -> None:
    """It is taken as queued, typed whole with Enter, and tells the time of each state; either id names the agent."""
    agent = daemon.spawn()
    read_raw(daemon, agent, tmp_path / "read")
    first = send(daemon, agent, "one\r\ntwo; #(touch x)\n")
    assert (first["state"], first["text"], first["is_cut"]) == ("queued", "one\ntwo; #(touch x)", False)
    assert (first["agent_id"], first["session_id"]) == (agent["id"], agent["session_id"])
    told = wait_state(daemon, first["id"], "submitted")
    assert told["queued_unix_ms"] <= told["pasted_unix_ms"] <= told["submitted_unix_ms"] - 45
    answer = daemon.http.post("/api/messages", json={"to": agent["session_id"], "text": "three"})
    assert (answer.status_code, answer.json()["sender"]) == (202, answer.json()["owner"])
    expected = b"one\ntwo; #(touch x)\rthree\r"
    wait_for(lambda: (tmp_path / "read").read_bytes() == expected, "both messages")
    assert not (daemon.directory / "x").exists()
    trail = [json.loads(line) for line in (daemon.directory / "audit" / "audit.jsonl").read_text().splitlines()]
    sent = [record for record in trail if record["action"] == "message.send"]
    assert {record["target"] for record in sent} == {agent["id"], agent["session_id"]}
    assert "two" not in json.dumps(sent)


def test_what_cannot_be_sent_is_refused(daemon: Daemon) -> None:
    """Empty, too long, to nobody, to what is no id: each says which it is, as a problem."""
    agent = daemon.spawn()

    def post(to: str, text: str) -> httpx.Response:
        return daemon.http.post("/api/messages", json={"to": to, "text": text})

    assert code_of(post(agent["id"], "\x1b[201~\r\n")) == (400, "empty_message", "text")
    assert code_of(post(agent["id"], "x" * (MAX_TEXT_BYTES + 1))) == (413, "message_too_long", "text")
    assert code_of(post(agent["id"], "é" * (MAX_TEXT_BYTES // 2 + 1))) == (413, "message_too_long", "text")
    assert code_of(post(agent["id"], "x" * (5 << 20)))[:2] == (413, "body_too_big")
    assert code_of(post(agent_id(NOBODY), "x"))[:2] == (404, "unknown_agent")
    assert code_of(post(session_id(NOBODY), "x"))[:2] == (404, "unknown_session")
    for bad in ("", "agent-1", "sess-primary", "../x", "17"):
        assert code_of(post(bad, "x"))[:2] == (400, "bad_session_id")
    for bad in ("x", "-1", "1.5", "9" * 16, "%20"):
        assert code_of(daemon.http.get(f"/api/messages/{bad}"))[:2] == (400, "bad_message_id")
    assert code_of(daemon.http.get("/api/messages/999999"))[:2] == (404, "unknown_message")
    assert code_of(daemon.http.post("/api/messages/999999/resend"))[:2] == (404, "unknown_message")
    for bad in ("before=x", "before=1m", "limit=0", "limit=201", "after=1"):
        answer = daemon.http.get(f"/api/conversations/{agent['session_id']}?{bad}")
        assert code_of(answer)[:2] == (400, "bad_parameter")
    assert code_of(daemon.http.get("/api/conversations/nobody"))[:2] == (400, "bad_session_id")


def test_only_messages_may_have_long_bodies(daemon: Daemon, tmp_path: Path) -> None:
    """A megabyte of text passes on this address, escaped by JSON or not; the other addresses keep their limit."""
    agent = daemon.spawn()
    read_raw(daemon, agent, tmp_path / "read", "paste")
    text = "é\n" * (MAX_TEXT_BYTES // 3) + "."
    body = json.dumps({"to": agent["id"], "text": text}, ensure_ascii=True)
    assert len(body) > 2 * MAX_TEXT_BYTES
    answer = daemon.http.post("/api/messages", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 202
    whole = b"\x1b[200~" + text.encode() + b"\x1b[201~\r"
    wait_for(lambda: (tmp_path / "read").read_bytes() == whole, "a megabyte", 30)
    other = daemon.http.post(f"/api/sessions/{agent['session_id']}/input", json={"text": "x" * MAX_TEXT_BYTES})
    assert code_of(other)[:2] == (413, "body_too_big")


def test_who_may_not_see_an_agent_learns_nothing_of_its_messages(daemon: Daemon) -> None:
    """Somebody else gets 404 for everything, a viewer may read and not send, nobody gets in without a token."""
    agent = daemon.spawn()
    number = send(daemon, agent, "# mine")["id"]
    with daemon.client(other_person(daemon)) as stranger:
        assert code_of(stranger.post("/api/messages", json={"to": agent["id"], "text": "x"}))[0] == 404
        assert code_of(stranger.get(f"/api/messages/{number}"))[:2] == (404, "unknown_message")
        assert code_of(stranger.post(f"/api/messages/{number}/resend"))[:2] == (404, "unknown_message")
        assert code_of(stranger.get(f"/api/conversations/{agent['session_id']}"))[0] == 404
    reader = daemon.printed("token", "--role", "viewer").strip()
    with daemon.client(reader) as viewer:
        assert viewer.get(f"/api/messages/{number}").status_code == 200
        assert viewer.get(f"/api/conversations/{agent['session_id']}").status_code == 200
        assert code_of(viewer.post("/api/messages", json={"to": agent["id"], "text": "x"}))[0] == 403
        assert code_of(viewer.post(f"/api/messages/{number}/resend"))[0] == 403
    with httpx.Client(base_url=daemon.url, trust_env=False) as nobody:
        assert nobody.get(f"/api/messages/{number}").status_code == 401
        assert nobody.post("/api/messages", json={"to": agent["id"], "text": "x"}).status_code == 401


def test_a_conversation_comes_in_pages(daemon: Daemon, tmp_path: Path) -> None:
    """Pages go back in time without a gap and without a repetition, and a page of long texts is shorter."""
    agent = daemon.spawn()
    read_raw(daemon, agent, tmp_path / "read")
    sent = [send(daemon, agent, f"message {number}")["id"] for number in range(7)]
    address, before, found = f"/api/conversations/{agent['session_id']}", "", []
    for _ in range(4):
        page = daemon.http.get(f"{address}?limit=3{before}").json()
        assert {entry["kind"] for entry in page["entries"]} == {"message"}
        found = [entry["id"] for entry in page["entries"]] + found
        if page["before"] is None:
            break
        before = f"&before={page['before']}"
    assert found == sent
    wait_state(daemon, sent[-1], "submitted")


def test_an_ended_program_takes_no_message(daemon: Daemon) -> None:
    """What waits for a program fails when it ends, and a new message is refused."""
    agent = daemon.spawn()
    daemon.tmux(agent, "copy-mode", "-t", "%0")
    number = send(daemon, agent, "waits")["id"]
    daemon.http.delete(f"/api/agents/{agent['id']}")
    failed = wait_state(daemon, number, "failed")
    assert "ended" in failed["reason"]
    assert failed["pasted_unix_ms"] is None
    assert code_of(daemon.http.post("/api/messages", json={"to": agent["id"], "text": "x"}))[:2] == (
        409,
        "program_ended",
    )
    assert code_of(daemon.http.post(f"/api/messages/{number}/resend"))[:2] == (409, "program_ended")


def test_a_crash_between_paste_and_enter_types_nothing_twice(own_daemon: Daemon, tmp_path: Path) -> None:
    """After kill -9 in the gap the message has failed and is offered again; only its sender types it a second time."""
    own_daemon.start()
    agent = own_daemon.spawn()
    target = tmp_path / "read"
    read_raw(own_daemon, agent, target)
    for attempt in range(12):
        text = f"attempt {attempt};"
        message = send(own_daemon, agent, text)
        wait_for(lambda text=text: text.encode() in target.read_bytes(), "the paste")
        own_daemon.kill()
        own_daemon.start()
        found = message_of(own_daemon, message["id"])
        if found["state"] == "failed":  # else Enter was typed before the daemon could be killed
            break
    else:
        pytest.fail("never killed in the gap")
    assert "daemon stopped" in found["reason"]
    assert found["pasted_unix_ms"] is not None
    assert found["submitted_unix_ms"] is None
    wait_for(lambda: own_daemon.agent(agent["id"])["state"] == "working", "the agent")
    again = own_daemon.http.post(f"/api/messages/{message['id']}/resend")
    assert again.status_code == 202, again.text
    wait_state(own_daemon, again.json()["id"], "submitted")
    wait_for(lambda: target.read_bytes().endswith(f"{text}{text}\r".encode()), "what was sent again")
    assert target.read_bytes().count(text.encode()) == 2
    assert code_of(own_daemon.http.post(f"/api/messages/{again.json()['id']}/resend"))[:2] == (409, "not_failed")


def test_a_stop_in_order_finishes_what_it_types(own_daemon: Daemon, tmp_path: Path) -> None:
    """A daemon that is told to stop types the Enter of what it pasted and says so; what waits is delivered later."""
    own_daemon.start()
    agent = own_daemon.spawn()
    target = tmp_path / "read"
    read_raw(own_daemon, agent, target)
    texts = [f"<message {number}>" for number in range(8)]
    sent = [send(own_daemon, agent, text)["id"] for text in texts]
    for text in texts[:3]:
        wait_for(lambda text=text: text.encode() in target.read_bytes(), "the paste")
        assert own_daemon.stop() == 0
        own_daemon.start()
    wait_state(own_daemon, sent[-1], "submitted")
    assert [message_of(own_daemon, number)["state"] for number in sent] == ["submitted"] * 8
    assert target.read_bytes() == "".join(f"{text}\r" for text in texts).encode()


def test_crashes_while_messages_are_delivered(own_daemon: Daemon, tmp_path: Path) -> None:
    """Through kill -9 at random moments every message is typed once at most, in order, and its state is true."""
    own_daemon.start()
    agent = own_daemon.spawn()
    target = tmp_path / "read"
    read_raw(own_daemon, agent, target)
    texts = [f"<message {number:02}>" for number in range(24)]
    sent = [send(own_daemon, agent, text)["id"] for text in texts]
    chance = random.Random(4)
    for _ in range(5):
        until_s = time.monotonic() + chance.uniform(0.1, 1.5)
        wait_for(lambda until_s=until_s: time.monotonic() >= until_s, "the moment")
        own_daemon.kill()
        own_daemon.start()
    wait_state(own_daemon, sent[-1], "submitted", "failed")
    found = [message_of(own_daemon, number) for number in sent]
    read = target.read_bytes().decode()
    places = [read.find(text) for text in texts]
    assert all(read.count(text) <= 1 for text in texts)
    assert [place for place in places if place >= 0] == sorted(place for place in places if place >= 0)
    for text, message in zip(texts, found, strict=True):
        assert message["state"] in {"submitted", "failed"}
        if message["state"] == "submitted":
            assert f"{text}\r" in read
        else:
            assert message["pasted_unix_ms"] is not None
    assert [message["state"] for message in found].count("submitted") >= 19
