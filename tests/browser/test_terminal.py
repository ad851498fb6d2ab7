"""Typing into a live terminal: keys, floods, pastes, history, sizes, and several people at once."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.tab import COUNT_COLOURS, IN_TIME_MS, PROMPT_IS_LAST, Tab, fresh_link
from tests.end_to_end.daemon import PROMPT, Daemon, wait_for

STOPPED_WITHIN_S = 1.0
MAX_WHEEL_TURNS = 30


@pytest.fixture
def agent(daemon: Daemon) -> Iterator[dict[str, Any]]:
    """Give a shell of the test's own, with a prompt, and end it afterwards."""
    agent = daemon.spawn()
    yield agent
    daemon.end(agent)


@pytest.fixture
def opened(signed_in: Tab, agent: dict[str, Any]) -> Tab:
    """Give a tab in which that shell's terminal is open."""
    signed_in.open_terminal(agent["session_id"])
    return signed_in


def test_a_command_shows_its_output(opened: Tab, agent: dict[str, Any]) -> None:
    """What is typed runs in the shell; its output is in xterm.js and in the cells that the tile is drawn from."""
    opened.page.keyboard.type("echo $((6 * 7))-forty-two\n")
    opened.wait_xterm("42-forty-two")
    opened.wait_rows(agent["session_id"], "42-forty-two")
    opened.page.get_by_test_id("back").click()
    opened.wait_rows(agent["session_id"], "42-forty-two")
    opened.wait(f"({COUNT_COLOURS})(it) > 5", agent["session_id"])


def test_colours_reach_the_canvas(signed_in: Tab, daemon: Daemon, agent: dict[str, Any]) -> None:
    """Truecolor cells are painted with their colour, exactly, on the tile."""
    daemon.type(agent, r"printf '\e[48;2;17;119;51m%10s\e[0m\n' ''" + "\r")
    signed_in.wait(f"({HAS_COLOUR})(it[0], it[1], it[2], it[3])", [agent["session_id"], 17, 119, 51])


def test_a_flood_is_stopped_by_ctrl_c_within_a_second(opened: Tab, agent: dict[str, Any]) -> None:
    """`yes` floods the terminal; Ctrl-C brings the prompt back, as seen in the browser, within one second."""
    opened.page.keyboard.type("yes\n")
    opened.wait(
        "window.orchestraProbe.textRows(it).filter((row) => row.trim() === 'y').length > 9", agent["session_id"]
    )
    pressed_s = time.monotonic()
    opened.page.keyboard.press("Control+c")
    opened.wait(PROMPT_IS_LAST, [agent["session_id"], PROMPT])
    assert time.monotonic() - pressed_s < STOPPED_WITHIN_S
    opened.page.keyboard.type("echo still-$((1 + 1))\n")
    opened.wait_xterm("still-2")


def test_characters_of_many_scripts_go_both_ways(opened: Tab, agent: dict[str, Any]) -> None:
    """Composed and wide characters are typed, echoed and shown."""
    opened.page.keyboard.insert_text("echo 'añ 名前 👍 ok'")
    opened.page.keyboard.press("Enter")
    opened.wait_rows(agent["session_id"], "añ 名前 👍 ok")


def test_arrows_and_tab_work(opened: Tab) -> None:
    """The arrow up brings the last command back, and Home goes to its start."""
    opened.page.keyboard.type("echo once\n")
    opened.wait_xterm("once")
    opened.page.keyboard.press("ArrowUp")
    opened.page.keyboard.press("Home")
    opened.page.keyboard.type("printf again-; ")
    opened.page.keyboard.press("Enter")
    opened.wait_xterm("again-once")


def test_a_paste_is_bracketed_when_the_program_asks(opened: Tab, agent: dict[str, Any]) -> None:
    """Two pasted lines stand at the shell's prompt and do not run before Enter."""
    opened.page.evaluate(PASTE, "echo first-$((1 + 1))\necho second-$((1 + 2))")
    opened.wait_xterm("second-$((1 + 2))")
    assert not any("first-2" in row for row in opened.rows(agent["session_id"]))
    opened.page.keyboard.press("Enter")
    opened.wait_xterm("first-2")
    opened.wait_xterm("second-3")


def test_the_wheel_opens_the_history(opened: Tab, agent: dict[str, Any]) -> None:
    """Lines that have scrolled away are fetched from tmux; a key goes back to the live screen."""
    opened.page.keyboard.type("seq 1000 1 1200\n")
    opened.wait_xterm("1200")
    assert not any("1100" in row for row in opened.rows(agent["session_id"]))
    opened.page.get_by_test_id("terminal-screen").hover()
    opened.page.mouse.wheel(0, -600)
    expect(opened.page.get_by_test_id("leave-history")).to_be_visible()
    history = opened.page.get_by_role("region", name="Scrollback")
    for _ in range(MAX_WHEEL_TURNS):
        expect(history).to_contain_text("1")
        if "1100" in (history.text_content() or ""):
            break
        opened.page.mouse.wheel(0, -600)
    expect(history).to_contain_text("1100")
    opened.page.get_by_test_id("leave-history").click()
    expect(opened.page.get_by_test_id("leave-history")).to_be_hidden()
    opened.page.keyboard.type("echo live\n")
    opened.wait_xterm("live")


def test_the_wheel_is_cursor_keys_in_a_full_screen_program(opened: Tab, agent: dict[str, Any]) -> None:
    """A program on the alternate screen that does not ask for the mouse gets cursor keys, and no history opens."""
    opened.page.keyboard.type("printf '\\033[?1049h\\033[H\\033[2Jpager'; cat -v\n")
    opened.wait_xterm("pager")
    opened.wait("window.orchestraProbe.modes(it) & 1024", agent["session_id"])
    opened.page.get_by_test_id("terminal-screen").hover()
    opened.page.mouse.wheel(0, -200)
    opened.wait_xterm("^[[A")
    opened.page.mouse.wheel(0, 200)
    opened.wait_xterm("^[[B")
    expect(opened.page.get_by_test_id("leave-history")).to_be_hidden()


def test_a_text_is_found_in_the_history(opened: Tab, agent: dict[str, Any]) -> None:
    """A search shows the newest row that holds a text, goes to older ones, says how many there are, and ends."""
    opened.page.keyboard.type("seq 1000 1 2200\n")
    opened.wait_xterm("2200")
    opened.page.get_by_role("button", name="Search in the history").click()
    search = opened.page.get_by_test_id("history-search")
    expect(search).to_be_visible()
    opened.page.keyboard.type("11")
    expect(search).to_contain_text("1 of 120")
    history = opened.page.get_by_role("region", name="Scrollback")
    expect(history).to_contain_text("2119")
    opened.page.keyboard.press("Enter")
    expect(search).to_contain_text("2 of 120")
    opened.page.keyboard.press("Shift+Enter")
    opened.page.keyboard.press("Shift+Enter")
    expect(search).to_contain_text("120 of 120")
    expect(history).to_contain_text("1011")
    opened.screenshot("history-search")
    opened.page.keyboard.type("x")
    expect(search).to_contain_text("Nothing found")
    opened.page.keyboard.press("Escape")
    expect(search).to_be_hidden()
    expect(opened.page.get_by_test_id("leave-history")).to_be_visible()
    opened.page.keyboard.press("Control+f")
    expect(search).to_be_visible()
    opened.page.get_by_test_id("leave-history").click()
    expect(search).to_be_hidden()
    opened.page.keyboard.type("echo live\n")
    opened.wait_xterm("live")


def test_looking_never_resizes(daemon: Daemon, new_tab: Callable[[], Tab], agent: dict[str, Any]) -> None:
    """A viewer with a small window opens the terminal, and its size stays; the button changes it for everybody."""
    tab = new_tab()
    tab.page.set_viewport_size({"width": 700, "height": 420})
    tab.sign_in(fresh_link(daemon))
    tab.open_terminal(agent["session_id"])
    tab.page.keyboard.type("stty size\n")
    tab.wait_xterm("24 80")
    before = daemon.agent(agent["id"])
    assert (before["rows"], before["columns"]) == (24, 80)
    tab.page.get_by_role("button", name="Fit to my window").click()
    tab.wait("document.querySelector('[data-testid=terminal-size]').textContent !== '24x80'")
    after = daemon.agent(agent["id"])
    assert (after["rows"], after["columns"]) != (24, 80)
    tab.page.keyboard.type("clear; stty size\n")
    tab.wait_xterm(f"{after['rows']} {after['columns']}")


def test_two_people_see_each_other_type(
    daemon: Daemon, new_tab: Callable[[], Tab], opened: Tab, agent: dict[str, Any]
) -> None:
    """Two browsers on one terminal, of different sizes: each sees what the other types, neither changes its size."""
    other = new_tab()
    other.page.set_viewport_size({"width": 900, "height": 600})
    other.sign_in(fresh_link(daemon))
    other.open_terminal(agent["session_id"])
    opened.page.keyboard.type("echo from-the-first\n")
    other.wait_xterm("from-the-first")
    other.page.keyboard.type("echo from-the-second\n")
    opened.wait_xterm("from-the-second")
    wait_for(lambda: "from-the-second" in _screen(opened, agent), "the output's own row")
    wait_for(lambda: _screen(opened, agent) == _screen(other, agent), "one screen in both")
    assert daemon.agent(agent["id"])["columns"] == 80


def test_a_program_that_ends_stays_with_its_exit_status(opened: Tab) -> None:
    """After `exit 3` the screen stays, the state says how it ended, and no key is taken any longer."""
    opened.page.keyboard.type("echo last words; exit 3\n")
    expect(opened.page.get_by_test_id("ended")).to_contain_text("3", timeout=IN_TIME_MS)
    opened.wait_xterm("last words")
    expect(opened.page.get_by_test_id("terminal")).to_have_attribute("data-state", "exited")


def _screen(tab: Tab, agent: dict[str, Any]) -> list[str]:
    """Return the rows of a terminal's present screen as a tab has it."""
    rows: list[str] = tab.page.evaluate("(id) => window.orchestraProbe.textRows(id)", agent["session_id"])
    return [row.rstrip() for row in rows]


IS_FLOODED = "(row) => row.trim() === 'y'"

PASTE = """(text) => {
  const transfer = new DataTransfer();
  transfer.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true });
  document.querySelector(".xterm-helper-textarea").dispatchEvent(event);
}"""

HAS_COLOUR = """(id, red, green, blue) => {
  const canvas = document.querySelector(`[data-testid="tile-${id}"] canvas`);
  if (!canvas?.width) return false;
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const wanted = (255 << 24 | blue << 16 | green << 8 | red) >>> 0;
  return new Uint32Array(pixels.buffer).includes(wanted);
}"""
