"""What agents ask in the page: the demo's primary asks for a permission and a question, and a person answers."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import violations
from tests.browser.tab import IN_TIME_MS, Tab, fresh_link
from tests.browser.talk import open_chat, write
from tests.end_to_end.daemon import Daemon, wait_for

PHONE = {"width": 390, "height": 844}


@contextmanager
def running_primary(daemon: Daemon, name: str) -> Iterator[dict[str, Any]]:
    """Run a demo primary, from its prompt on."""
    agent: dict[str, Any] = daemon.http.post("/api/agents", json={"profile": "demo-primary", "name": name}).json()
    daemon.wait_screen(agent, "you>")
    yield agent
    daemon.end(agent)


@pytest.fixture(scope="module")
def primary(daemon: Daemon) -> Iterator[dict[str, Any]]:
    """Give a demo primary that the tests of this file share; each answers what it has made it ask."""
    with running_primary(daemon, "primary") as agent:
        yield agent


def asked(place: Tab | Locator) -> Locator:
    """Return the card that waits for an answer."""
    found = place.page if isinstance(place, Tab) else place
    return found.locator("[data-testid^=ask-][data-state=waiting]")


def replied(talk: Locator, text: str) -> None:
    """Wait until the newest answer of the agent holds `text`."""
    expect(talk.get_by_test_id("reply").last).to_contain_text(text, timeout=IN_TIME_MS)


def test_a_permission_is_given_in_the_chat(
    signed_in: Tab, daemon: Daemon, new_tab: Callable[[], Tab], primary: dict[str, Any]
) -> None:
    """The card shows the command, Allow lets it run, and everybody who saw the card sees who decided."""
    other = new_tab()
    other.sign_in(fresh_link(daemon))
    other.page.get_by_test_id("place-needs").click()
    talk = open_chat(signed_in, primary)
    write(talk, "Please clean up")
    card = asked(talk)
    expect(card.get_by_test_id("tool-command")).to_have_text("rm -f plan.json task.json")
    expect(card).to_contain_text("primary asks to use Bash")
    expect(signed_in.page.get_by_test_id("needs-count")).to_have_text("1")
    expect(signed_in.page.get_by_test_id("decisions")).to_have_text("1 to decide")
    expect(asked(other)).to_be_visible()
    assert violations(signed_in) == []
    card.get_by_role("button", name="Allow").click()
    replied(talk, "Cleaned up.")
    for tab in (signed_in, other):
        expect(tab.page.get_by_test_id("decided").last).to_contain_text("Allowed by root")
        expect(tab.page.get_by_test_id("needs-count")).to_be_hidden()
    decided = daemon.http.get("/api/approvals?state=all").json()["approvals"][0]
    assert (decided["agent_id"], decided["decision"]) == (primary["id"], "allow")


def test_a_permission_is_denied_with_a_reason_in_needs_me(signed_in: Tab, primary: dict[str, Any]) -> None:
    """The reason reaches the agent; the card in Needs me says what became of it and goes."""
    write(open_chat(signed_in, primary), "Please clean up")
    signed_in.page.get_by_test_id("place-needs").click()
    card = asked(signed_in)
    card.get_by_role("button", name="Deny").click()
    card.get_by_label("Why not").fill("Not on a Friday")
    signed_in.page.keyboard.press("Enter")
    expect(signed_in.page.get_by_test_id("decided")).to_contain_text("Denied by root")
    replied(open_chat(signed_in, primary), "I was not allowed to clean up: Not on a Friday")
    signed_in.page.get_by_test_id("place-needs").click()
    expect(signed_in.page.locator("[data-testid^=ask-]")).to_have_count(0)


def test_always_is_not_asked_again(signed_in: Tab, daemon: Daemon) -> None:
    """Always says what for, and the next request of that kind has no card."""
    with running_primary(daemon, "another") as agent:
        talk = open_chat(signed_in, agent)
        write(talk, "Please clean up")
        expect(asked(talk)).to_contain_text("Bash(rm:*)")
        asked(talk).get_by_role("button", name="Always").click()
        replied(talk, "Cleaned up.")
        write(talk, "Clean up again")
        expect(talk.get_by_test_id("reply")).to_have_count(2, timeout=IN_TIME_MS)
        expect(talk.get_by_test_id("decided")).to_have_count(1)


def test_a_question_is_answered_from_the_keyboard(signed_in: Tab, primary: dict[str, Any]) -> None:
    """Options are reached and chosen with keys alone; the agent gets the answer."""
    talk = open_chat(signed_in, primary)
    write(talk, "Ask me a question")
    card = asked(talk)
    expect(card.get_by_role("button", name="Answer")).to_be_disabled()
    card.get_by_role("radio", name="Words").focus()
    signed_in.page.keyboard.press("ArrowDown")
    expect(card.get_by_role("radio", name="Primes")).to_be_checked()
    assert violations(signed_in) == []
    for _ in range(2):
        signed_in.page.keyboard.press("Tab")
    signed_in.page.keyboard.press("Enter")
    replied(talk, "You chose: Primes")


def test_the_terminal_is_faster(signed_in: Tab, daemon: Daemon, primary: dict[str, Any]) -> None:
    """What is answered in the terminal closes the card in the page, which says so."""
    talk = open_chat(signed_in, primary)
    write(talk, "Ask me a question")
    expect(asked(talk)).to_be_visible()
    signed_in.page.get_by_test_id("place-grid").click()
    expect(signed_in.page.get_by_test_id("tile-asks")).to_have_text("What is to be counted?")
    signed_in.open_tile(primary["session_id"])
    strip = signed_in.page.get_by_test_id("asks-strip")
    strip.get_by_role("button", name="Answer").click()
    expect(asked(strip)).to_be_visible()
    daemon.type(primary, "1")
    expect(strip).to_contain_text("Answered in the terminal")
    expect(asked(signed_in)).to_have_count(0)
    replied(open_chat(signed_in, primary), "You chose: Words")


def test_a_card_on_a_phone(daemon: Daemon, new_tab: Callable[[], Tab], primary: dict[str, Any]) -> None:
    """On 390 px the card fills the place, its buttons can be hit, and nothing hangs out."""
    tab = new_tab()
    tab.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    tab.page.emulate_media(color_scheme="light")
    tab.sign_in(fresh_link(daemon))
    daemon.http.post("/api/messages", json={"to": primary["id"], "text": "clean up"})
    tab.page.get_by_test_id("decisions").click()
    card = asked(tab)
    box, button = card.bounding_box(), card.get_by_role("button", name="Allow").bounding_box()
    assert box is not None and button is not None
    assert box["width"] > 0.85 * PHONE["width"]
    assert button["height"] >= 36
    assert tab.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations(tab) == []
    card.get_by_role("button", name="Allow").click()
    wait_for(lambda: "Cleaned up" in daemon.screen(primary), "the agent goes on")


def test_who_may_only_look_gets_no_buttons(daemon: Daemon, new_tab: Callable[[], Tab], primary: dict[str, Any]) -> None:
    """A viewer sees what is asked, and is neither counted as needed nor offered an answer."""
    daemon.http.post("/api/messages", json={"to": primary["id"], "text": "clean up"})
    tab = new_tab()
    tab.sign_in_as(daemon.printed("token", "--role", "viewer").strip(), f"{daemon.url}/#/chat/{primary['session_id']}")
    expect(asked(tab)).to_contain_text("Somebody who may decide")
    expect(asked(tab).get_by_role("button", name=re.compile("Allow|Deny|Always"))).to_have_count(0)
    expect(tab.page.get_by_test_id("decisions")).to_be_hidden()
    waiting = daemon.http.get("/api/approvals").json()["approvals"][0]
    assert daemon.http.post(f"/api/approvals/{waiting['id']}", json={"decision": "deny"}).status_code == 200
    expect(tab.page.get_by_test_id("decided").last).to_contain_text("Denied")
