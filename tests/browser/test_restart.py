"""The daemon dies and comes back: the agents were never gone, and the page finds them by itself."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.tab import IN_TIME_MS, PROMPT_IS_LAST, Tab, fresh_link
from tests.end_to_end.daemon import PROMPT, Daemon


def test_the_page_outlives_a_killed_daemon(own_daemon: Daemon, new_tab: Callable[[], Tab]) -> None:
    """After `kill -9` and a new start on the same state the page reconnects: same agents, same screens, keys work."""
    daemon, tab = own_daemon, new_tab()
    tab.expected = re.compile("WebSocket connection to|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET")
    for _ in range(2):
        daemon.spawn()
    tab.sign_in(fresh_link(daemon))
    agents = daemon.agents()
    for agent in agents:
        daemon.type(agent, f"echo kept-{agent['id'][-6:]}\r")
        tab.wait_rows(agent["session_id"], f"kept-{agent['id'][-6:]}")
        tab.wait(PROMPT_IS_LAST, [agent["session_id"], PROMPT])
    before = {agent["session_id"]: tab.rows(agent["session_id"]) for agent in agents}

    daemon.kill()
    expect(tab.page.get_by_test_id("link-strip")).to_be_visible()
    expect(tab.page.get_by_test_id("connection")).not_to_have_attribute("data-state", "open")
    daemon.start()
    tab.wait_connected()
    expect(tab.page.get_by_test_id("link-strip")).to_be_hidden(timeout=IN_TIME_MS)

    assert [agent["session_id"] for agent in daemon.agents()] == [agent["session_id"] for agent in agents]
    for session, rows in before.items():
        tab.wait("JSON.stringify(window.orchestraProbe.textRows(it[0])) === JSON.stringify(it[1])", [session, rows])
    tab.open_terminal(agents[0]["session_id"])
    tab.page.keyboard.type("echo back-$((1 + 1))\n")
    tab.wait_xterm("back-2")
