"""The demo: four scripted agents at work, for a person without an account."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.tab import COUNT_COLOURS, Tab, fresh_link
from tests.end_to_end.daemon import Daemon


def test_the_demo_fills_the_grid_with_life(own_daemon: Daemon, new_tab: Callable[[], Tab]) -> None:
    """One click on an empty grid gives four tiles whose canvases are painted and whose screens keep changing."""
    daemon, tab = own_daemon, new_tab()
    for agent in daemon.agents():
        daemon.end(agent)
        daemon.end(agent)
    tab.sign_in(fresh_link(daemon))
    tab.page.get_by_role("button", name="Try the demo").click()
    expect(tab.page.locator("[data-tile]")).to_have_count(4)
    sessions = [str(agent["session_id"]) for agent in daemon.agents()]
    for session in sessions:
        tab.wait("window.orchestraProbe.textRows(it).some((row) => row.trim() !== '')", session)
        before = tab.rows(session)
        tab.wait("JSON.stringify(window.orchestraProbe.textRows(it[0])) !== JSON.stringify(it[1])", [session, before])
        tab.wait(f"({COUNT_COLOURS})(it) > 10", session)
    tab.screenshot("grid")
