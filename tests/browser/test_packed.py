"""Packed frames in a real browser: the page's own reader, fed by a real daemon."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.tab import COUNT_COLOURS, PROMPT_IS_LAST, Tab, fresh_link
from tests.end_to_end.daemon import PROMPT, Daemon

ASK_FOR_PACKED = """
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (text) {
  send.call(this, text.replace('"encoding":"cells"', '"encoding":"packed"'));
};
const listen = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
window.packedMessages = window.plainFrames = 0;
Object.defineProperty(WebSocket.prototype, "onmessage", { ...listen, set(handler) {
  listen.set.call(this, (event) => {
    if (event.data instanceof ArrayBuffer) {
      const bytes = new Uint8Array(event.data);
      if (bytes[0] < 0x80) packedMessages += 1;
      else if (bytes.at(-1) !== 0x90) plainFrames += 1;  // no empty array of frames, as behind input that shows nothing
    }
    handler(event);
  });
} });
"""
"""The page asks for packed frames away from loopback only, which is where every test's daemon is."""


@pytest.fixture
def agent(daemon: Daemon) -> Iterator[dict[str, Any]]:
    """Give a shell of the test's own, with a prompt, and end it afterwards."""
    agent = daemon.spawn()
    yield agent
    daemon.end(agent)


def test_a_terminal_of_packed_frames(new_tab: Callable[[], Tab], daemon: Daemon, agent: dict[str, Any]) -> None:
    """What is typed, a flood and what is left of it come packed and are painted, in the terminal and on its tile."""
    session = agent["session_id"]
    tab = new_tab()
    tab.context.add_init_script(ASK_FOR_PACKED)
    tab.sign_in(fresh_link(daemon))
    tab.open_terminal(session)
    tab.page.keyboard.type("echo $((6 * 7))-forty-two\n")
    tab.wait_xterm("42-forty-two")
    tab.page.keyboard.type("base64 /dev/urandom\n")
    tab.wait("window.packedMessages > 60")
    tab.page.keyboard.press("Control+c")
    tab.wait(PROMPT_IS_LAST, [session, PROMPT])
    tab.page.keyboard.type("clear; printf '\\e[41m%s\\e[m 漢字\\n' still-$((1 + 1))\n")
    tab.wait_rows(session, "still-2 漢字")
    tab.wait(PROMPT_IS_LAST, [session, PROMPT])
    assert [row.rstrip() for row in tab.rows(session)] == [row.rstrip() for row in daemon.screen(agent).splitlines()]
    tab.page.get_by_test_id("back").click()
    tab.wait(f"({COUNT_COLOURS})(it) > 5", session)
    assert tab.page.evaluate("window.plainFrames") == 0
