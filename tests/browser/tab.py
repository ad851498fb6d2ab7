"""One tab of a real Chromium, with what a browser test asks of it. It remembers what went wrong in the page."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from tests.end_to_end.daemon import PROMPT, Daemon

IN_TIME_MS = 15_000
"""Nothing that a test waits for takes longer; what has not come by then never will."""

SCREENSHOTS = Path(__file__).parent.parent / "screenshots"

SIGN_IN_AS = """(token) => sessionStorage.setItem("orchestra.token", JSON.stringify({
  accessToken: token, expiresUnixS: Date.now() / 1000 + 600,
}))"""

WATCH_POLICY = """
window.brokenPolicies = [];
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  brokenPolicies.push(`${violatedDirective}: ${blockedURI}`));
"""


@dataclass
class Tab:
    """A page in a context of its own (no cookies, no storage of another). Owned by one test."""

    context: BrowserContext
    page: Page
    problems: list[str] = field(default_factory=list)
    expected: re.Pattern[str] | None = None
    """What a test provokes on purpose, such as a connection refused while there is no daemon."""

    @classmethod
    def opened(cls, context: BrowserContext) -> "Tab":
        """Open a tab and listen to its console, its uncaught errors and its broken policies."""
        context.set_default_timeout(IN_TIME_MS)
        context.add_init_script(WATCH_POLICY)
        tab = cls(context, context.new_page())
        tab.page.on("console", tab._on_console)
        tab.page.on("pageerror", lambda error: tab.problems.append(f"uncaught: {error}"))
        return tab

    def _on_console(self, message: ConsoleMessage) -> None:
        """Keep errors and warnings of the console, except about what the tests themselves do to a canvas."""
        if message.type in {"error", "warning"} and "willReadFrequently" not in message.text:
            self.problems.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def check_clean(self) -> None:
        """Fail when the page complained of anything that the test did not expect."""
        problems = [*self.problems, *self.page.evaluate("() => window.brokenPolicies ?? []")]
        unexpected = [text for text in problems if not (self.expected and self.expected.search(text))]
        assert not unexpected, unexpected

    # ------------------------------------------------------------------ going places

    def sign_in(self, link: str) -> None:
        """Follow a sign-in link and wait until the grid is live."""
        self.page.goto(link)
        self.wait_connected()

    def sign_in_as(self, token: str, address: str) -> None:
        """Open an address as whoever holds a bearer token, and wait until it is live."""
        self.context.add_init_script(f"({SIGN_IN_AS})({token!r})")
        self.page.goto(address)
        self.wait_connected()

    def wait_connected(self) -> None:
        """Wait until the status bar says that what one sees is live."""
        expect(self.page.get_by_test_id("connection")).to_have_attribute("data-state", "open", timeout=IN_TIME_MS)

    def open_tile(self, session_id: str) -> None:
        """Open a terminal from its tile and wait until it is there."""
        self.page.locator(f'[data-tile="{session_id}"]').click()
        expect(self.page.get_by_test_id("terminal")).to_be_visible()

    def open_terminal(self, session_id: str) -> None:
        """Open a terminal from its tile and wait until xterm.js shows it and has the focus."""
        self.open_tile(session_id)
        self.wait_terminal()

    def wait_terminal(self) -> None:
        """Wait until the opened terminal shows a prompt and takes keys."""
        self.wait(f"document.querySelector('.xterm-rows')?.textContent.includes({PROMPT!r})")
        self.wait("document.activeElement?.classList.contains('xterm-helper-textarea')")

    # ------------------------------------------------------------------ what is shown

    def wait(self, condition: str, argument: object = None, in_time_ms: float = IN_TIME_MS) -> None:
        """Wait until a JavaScript expression (`it` is `argument`) is true, looking at every frame."""
        self.page.wait_for_function(f"(it) => ({condition})", arg=argument, timeout=in_time_ms, polling="raf")

    def rows(self, session_id: str) -> list[str]:
        """Return what the page holds of a terminal, from the decoded cells that its tile is drawn from."""
        rows: list[str] = self.page.evaluate("(id) => window.orchestraProbe.textRows(id)", session_id)
        return rows

    def wait_rows(self, session_id: str, text: str) -> None:
        """Wait until a terminal's cells, as this page holds them, contain `text` in one row."""
        self.wait("window.orchestraProbe?.textRows(it[0]).some((row) => row.includes(it[1]))", [session_id, text])

    def wait_xterm(self, text: str) -> None:
        """Wait until the opened terminal (xterm.js) shows `text`."""
        self.wait(
            "[...document.querySelectorAll('.xterm-rows > div')].some((row) => "
            "row.textContent.replaceAll('\\u00a0', ' ').includes(it))",
            text,
        )

    def screenshot(self, name: str) -> None:
        """Keep a picture for a person to look at (`tests/screenshots/`, not in git)."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


PROMPT_IS_LAST = (
    "window.orchestraProbe.textRows(it[0]).map((row) => row.trimEnd()).filter((row) => row !== '').at(-1) === it[1]"
)

# How many different colours are painted on a tile's canvas.
COUNT_COLOURS = """(id) => {
  const canvas = document.querySelector(`[data-testid="tile-${id}"] canvas`);
  if (!canvas || !canvas.width || !canvas.height) return 0;
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return new Set(new Uint32Array(pixels.buffer)).size;
}"""


def fresh_link(daemon: Daemon) -> str:
    """Return a sign-in link as `orchestra open` prints it."""
    return daemon.printed("open", "--no-open").strip()
