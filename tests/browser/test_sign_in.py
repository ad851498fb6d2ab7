"""Getting in with a link from the terminal, staying in, and being kept out."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.tab import Tab, fresh_link
from tests.end_to_end.daemon import Daemon


def test_a_link_leads_to_the_live_grid(daemon: Daemon, new_tab: Callable[[], Tab]) -> None:
    """The link signs in, the code leaves the address at once, and the first agent's tile is there."""
    tab = new_tab()
    tab.sign_in(fresh_link(daemon))
    assert "code" not in tab.page.url
    (agent,) = daemon.agents()
    expect(tab.page.get_by_test_id(f"tile-{agent['session_id']}")).to_be_visible()
    assert tab.page.evaluate("() => document.cookie") == ""


def test_a_link_is_good_once(daemon: Daemon, new_tab: Callable[[], Tab]) -> None:
    """A second browser with the same link gets a page that says what to do, and no terminal."""
    link = fresh_link(daemon)
    new_tab().sign_in(link)
    second = new_tab()
    second.expected = _refused(401)
    second.page.goto(link)
    expect(second.page.get_by_test_id("login")).to_have_attribute("data-state", "failed")
    expect(second.page.get_by_role("heading", name="This link did not work")).to_be_visible()
    expect(second.page.get_by_text("orchestra open")).to_be_visible()
    second.page.goto(daemon.url)
    expect(second.page.get_by_test_id("signed-out")).to_be_visible()
    assert second.page.locator("[data-tile]").count() == 0


def test_a_code_can_be_pasted(daemon: Daemon, new_tab: Callable[[], Tab]) -> None:
    """Whoever opens the bare address can paste a link from the terminal instead."""
    tab = new_tab()
    tab.page.goto(daemon.url)
    tab.page.get_by_test_id("sign-in-code").fill(fresh_link(daemon))
    tab.page.get_by_role("button", name="Sign in").click()
    tab.wait_connected()


def test_nonsense_is_refused_where_it_was_typed(daemon: Daemon, new_tab: Callable[[], Tab]) -> None:
    """What is no code is said to be none, without asking the daemon."""
    tab = new_tab()
    tab.page.goto(daemon.url)
    tab.page.get_by_test_id("sign-in-code").fill("hello there")
    tab.page.get_by_role("button", name="Sign in").click()
    expect(tab.page.get_by_text("There is no code in this.")).to_be_visible()


def test_a_reload_stays_signed_in_and_shows_the_true_screen(daemon: Daemon, signed_in: Tab) -> None:
    """After a reload the same terminal is open, with what was on it, and takes keys."""
    (agent,) = daemon.agents()
    signed_in.open_terminal(agent["session_id"])
    signed_in.page.keyboard.type("echo before-$((40 + 2))\n")
    signed_in.wait_xterm("before-42")
    signed_in.page.reload()
    signed_in.wait_connected()
    signed_in.wait_terminal()
    signed_in.wait_xterm("before-42")
    signed_in.page.keyboard.type("echo after-$((40 + 3))\n")
    signed_in.wait_xterm("after-43")


def test_another_tab_of_the_same_browser_is_not_signed_in(daemon: Daemon, signed_in: Tab) -> None:
    """The token stays in its tab: a page opened beside it has to sign in itself."""
    beside = signed_in.context.new_page()
    beside.goto(daemon.url)
    expect(beside.get_by_test_id("signed-out")).to_be_visible()


def _refused(status: int) -> re.Pattern[str]:
    """Match the browser's own line about an answer that the test provokes."""
    return re.compile(f"Failed to load resource: the server responded with a status of {status}")
