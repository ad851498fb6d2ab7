"""A real Chromium for the browser tests, and daemons for it to look at."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from building.system_program import PROGRAMS, find_browser
from tests.browser.tab import IN_TIME_MS, Tab, fresh_link
from tests.end_to_end.daemon import Daemon, fresh_daemon
from tests.source_tree import PACKAGE

FLAGS = (
    "--no-sandbox",  # the only page is our own, and a container often lacks the rights that a sandbox needs
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)
"""The tests talk to loopback; the browser must not talk to anybody else."""


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Give one Chromium for all browser tests; each test gets contexts of its own in it."""
    path = find_browser()
    assert path, f"Chromium is missing. Install it: {PROGRAMS['chromium'].instruction}"
    assert (PACKAGE / "web" / "page" / "index.html").exists(), "the page is not built: `python -m building.page`"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=2 * IN_TIME_MS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_tab(browser: Browser) -> Iterator[Callable[[], Tab]]:
    """Give a function that opens a tab; all tabs are checked for complaints and closed at the end."""
    tabs: list[Tab] = []

    def new_tab() -> Tab:
        tabs.append(Tab.opened(browser.new_context(viewport={"width": 1280, "height": 800})))
        return tabs[-1]

    try:
        yield new_tab
        for tab in tabs:
            tab.check_clean()
    finally:
        for tab in tabs:
            tab.context.close()


@pytest.fixture(scope="module")
def daemon() -> Iterator[Daemon]:
    """Give a running daemon that the tests of a file share; none of them ends it."""
    with fresh_daemon() as running:
        yield running.start()


@pytest.fixture
def own_daemon() -> Iterator[Daemon]:
    """Give a running daemon of the test's own."""
    with fresh_daemon() as running:
        yield running.start()


@pytest.fixture
def signed_in(new_tab: Callable[[], Tab], daemon: Daemon) -> Tab:
    """Give a tab that shows the live grid of the shared daemon."""
    tab = new_tab()
    tab.sign_in(fresh_link(daemon))
    return tab
