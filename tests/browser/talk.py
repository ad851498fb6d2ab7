"""The chat of the page, as a person uses it."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.tab import Tab


def open_chat(tab: Tab, agent: Mapping[str, Any]) -> Locator:
    """Open the conversation with an agent and wait until its history is there; return it."""
    tab.page.get_by_test_id("place-chat").click()
    tab.page.get_by_test_id(f"chat-{agent['session_id']}").click()
    talk = tab.page.get_by_role("region", name=f"Conversation with {agent['name']}")
    expect(talk.get_by_test_id("composer")).to_be_editable()
    return talk


def write(talk: Locator, text: str) -> None:
    """Write a text and send it with Enter."""
    talk.get_by_test_id("composer").fill(text)
    talk.get_by_test_id("composer").press("Enter")
