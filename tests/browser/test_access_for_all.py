"""The page for people who do not use a mouse, do not see colours, or look at it on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.tab import Tab, fresh_link
from tests.end_to_end.daemon import Daemon

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def agent(daemon: Daemon) -> dict[str, Any]:
    """Give the terminal that every new daemon starts."""
    return daemon.agents()[0]


def test_the_grid_has_nothing_for_axe_to_find(signed_in: Tab, agent: dict[str, Any]) -> None:
    """axe-core finds no violation in the grid."""
    expect(signed_in.page.get_by_test_id(f"tile-{agent['session_id']}")).to_be_visible()
    assert violations(signed_in) == []


def test_a_terminal_has_nothing_for_axe_to_find(signed_in: Tab, agent: dict[str, Any]) -> None:
    """axe-core finds no violation around an opened terminal."""
    signed_in.open_terminal(agent["session_id"])
    assert violations(signed_in) == []


def test_signing_in_has_nothing_for_axe_to_find(daemon: Daemon, new_tab: Callable[[], Tab]) -> None:
    """axe-core finds no violation where one signs in."""
    tab = new_tab()
    tab.page.goto(daemon.url)
    expect(tab.page.get_by_test_id("signed-out")).to_be_visible()
    assert violations(tab) == []


def test_a_light_page_has_nothing_for_axe_to_find(
    daemon: Daemon, new_tab: Callable[[], Tab], agent: dict[str, Any]
) -> None:
    """Contrast holds in the light theme as well."""
    tab = new_tab()
    tab.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    tab.sign_in(fresh_link(daemon))
    expect(tab.page.get_by_test_id(f"tile-{agent['session_id']}")).to_be_visible()
    assert violations(tab) == []


def test_everything_works_from_the_keyboard(signed_in: Tab, agent: dict[str, Any]) -> None:
    """A tile opens with its number, keys go to the terminal, the leader key and Escape leave it."""
    expect(signed_in.page.get_by_test_id(f"tile-{agent['session_id']}")).to_be_visible()
    signed_in.page.keyboard.press("1")
    signed_in.wait_terminal()
    signed_in.page.keyboard.type("echo by-keys\n")
    signed_in.wait_xterm("by-keys")
    signed_in.page.keyboard.press("Control+\\")
    signed_in.page.keyboard.press("Escape")
    expect(signed_in.page.get_by_test_id("terminal")).to_be_hidden()
    signed_in.page.keyboard.press("Control+k")
    expect(signed_in.page.get_by_test_id("palette")).to_be_visible()
    signed_in.page.keyboard.press("Escape")
    expect(signed_in.page.get_by_test_id("palette")).to_be_hidden()


def test_a_phone_gets_a_page_of_its_width(daemon: Daemon, new_tab: Callable[[], Tab], agent: dict[str, Any]) -> None:
    """On 390 px nothing hangs out at the side, and a terminal has its key bar."""
    tab = new_tab()
    tab.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    tab.sign_in(fresh_link(daemon))
    expect(tab.page.get_by_test_id(f"tile-{agent['session_id']}")).to_be_visible()
    assert tab.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    tab.page.locator(f'[data-tile="{agent["session_id"]}"]').click()
    expect(tab.page.get_by_test_id("key-bar")).to_be_visible()
    assert violations(tab) == []
