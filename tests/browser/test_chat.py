"""Chat in the page: what is written reaches the agent's terminal, and one sees how far it has come."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from tests.browser.tab import IN_TIME_MS, Tab, fresh_link
from tests.browser.talk import open_chat, write
from tests.end_to_end.daemon import PROMPT, Daemon

ARRIVED: Final = re.compile("submitted|acknowledged")


@pytest.fixture
def agent(daemon: Daemon) -> Iterator[dict[str, Any]]:
    """Give a shell of the test's own, with a prompt, and end it afterwards."""
    agent = daemon.spawn()
    daemon.wait_screen(agent, PROMPT)
    yield agent
    daemon.end(agent)


def test_a_message_arrives_and_says_so(signed_in: Tab, daemon: Daemon, agent: dict[str, Any]) -> None:
    """What is sent runs in the shell, the composer is empty, and the message says that it was submitted."""
    talk = open_chat(signed_in, agent)
    write(talk, "echo chat-$((20 + 3))")
    expect(talk.get_by_test_id("delivery")).to_have_attribute("data-state", ARRIVED, timeout=IN_TIME_MS)
    expect(talk.get_by_test_id("composer")).to_have_value("")
    daemon.wait_screen(agent, "chat-23")
    write(talk, "echo first\necho $((30 + 4))-second")
    expect(talk.get_by_test_id("delivery")).to_have_count(2)
    expect(talk.get_by_test_id("delivery").nth(1)).to_have_attribute("data-state", ARRIVED, timeout=IN_TIME_MS)
    daemon.wait_screen(agent, "34-second")


def test_history_is_there_after_a_reload(signed_in: Tab, agent: dict[str, Any]) -> None:
    """The conversation stands in the address and comes back whole, in its order."""
    talk = open_chat(signed_in, agent)
    for text in ("echo one", "echo two"):
        write(talk, text)
    expect(talk.get_by_test_id("delivery")).to_have_count(2)
    signed_in.page.reload()
    expect(talk.get_by_role("log")).to_contain_text(re.compile("echo one.*echo two", re.DOTALL))


def test_two_people_see_one_conversation(
    daemon: Daemon, new_tab: Callable[[], Tab], signed_in: Tab, agent: dict[str, Any]
) -> None:
    """What one tab sends shows in the other as it moves."""
    other = new_tab()
    other.sign_in(fresh_link(daemon))
    watched = open_chat(other, agent)
    write(open_chat(signed_in, agent), "echo shared")
    expect(watched.get_by_test_id("delivery")).to_have_attribute("data-state", ARRIVED, timeout=IN_TIME_MS)
    expect(watched.get_by_role("log")).to_contain_text("echo shared")


def test_a_message_that_failed_says_why(signed_in: Tab, daemon: Daemon, agent: dict[str, Any]) -> None:
    """A message that waits when the program ends fails with the reason; there is nobody to send it to again."""
    talk = open_chat(signed_in, agent)
    daemon.tmux(agent, "copy-mode")
    write(talk, "echo too late")
    delivery = talk.get_by_test_id("delivery")
    expect(delivery).to_have_attribute("data-state", "queued")
    expect(talk.get_by_role("log")).to_contain_text("It waits: its terminal is in copy mode.")
    daemon.http.delete(f"/api/agents/{agent['id']}")
    expect(delivery).to_have_attribute("data-state", "failed", timeout=IN_TIME_MS)
    expect(talk.get_by_role("log")).to_contain_text("program has ended")
    expect(talk.get_by_role("button", name="Send again")).to_be_hidden()


def test_another_agent_is_called_by_its_name(signed_in: Tab, daemon: Daemon, agent: dict[str, Any]) -> None:
    """What an agent sends to another stands there with the name that it has in the page."""
    other = daemon.spawn(name="errand boy")
    talk = open_chat(signed_in, agent)
    body = json.dumps({"to": agent["id"], "text": "echo an errand"})
    headers = '-H "Authorization: Bearer $ORCHESTRA_TOKEN" -H "Content-Type: application/json"'
    daemon.type(other, f"curl -s -o /dev/null \"$ORCHESTRA_URL/api/messages\" {headers} -d '{body}'\r")
    expect(talk.get_by_role("log")).to_contain_text("an errand", timeout=IN_TIME_MS)
    expect(talk.get_by_role("log")).to_contain_text("errand boy")
    daemon.end(other)


def test_why_an_agent_is_in_its_state(signed_in: Tab, agent: dict[str, Any]) -> None:
    """The state beside a name opens its explanation: which source decides, and by what."""
    open_chat(signed_in, agent)
    signed_in.page.get_by_role("button", name=f"Why {agent['name']} is in this state").click()
    expect(signed_in.page.get_by_test_id("explanation")).to_contain_text("Decides")


def test_the_only_one_who_answers_is_opened_by_itself(signed_in: Tab, daemon: Daemon, agent: dict[str, Any]) -> None:
    """Who opens the chat can only mean the agent that answers; a shell says beforehand that it runs what it is sent."""
    primary = daemon.http.post("/api/agents", json={"profile": "demo-primary"}).json()
    try:
        page = signed_in.page
        page.get_by_test_id("place-chat").click()
        expect(page.get_by_role("heading", name=primary["name"])).to_be_visible()
        expect(page.get_by_test_id(f"chat-{primary['session_id']}")).to_have_attribute("aria-current", "true")
        page.get_by_test_id(f"chat-{agent['session_id']}").click()
        expect(page.get_by_text("This is a shell: it runs what you send")).to_be_visible()
    finally:
        daemon.end(primary)
