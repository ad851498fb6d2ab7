"""Tasks in the page: one gives them, watches them move, reads what came out, ends them and decides about them."""

import re
from collections.abc import Callable
from typing import Final

from playwright.sync_api import Locator, expect

from tests.browser.tab import IN_TIME_MS, Tab, fresh_link
from tests.end_to_end.daemon import Daemon

EXPECTED_REFUSAL: Final = re.compile(r"the server responded with a status of 40[04]")
"""Chromium reports every refusal to its console."""


def give(tab: Tab, brief: str, title: str = "", *, after: str = "", approve: bool = False) -> Locator:
    """Fill the form of a new task in and send it; return the opened task."""
    tab.page.get_by_test_id("place-tasks").click()
    tab.page.keyboard.press("t")
    form = tab.page.get_by_test_id("new-task")
    form.get_by_label("What is to be done").fill(brief)
    form.get_by_label("Title").fill(title)
    form.get_by_label("After tasks").fill(after)
    if approve:
        form.get_by_label("A person approves it").check()
    form.get_by_role("button", name="Give task").click()
    opened = tab.page.get_by_test_id("task-detail")
    expect(opened.get_by_role("heading", level=2)).to_have_text(title or brief)
    return opened


def wait_state(opened: Locator, state: str) -> None:
    """Wait until the opened task is in a state."""
    expect(opened).to_have_attribute("data-state", state, timeout=IN_TIME_MS)


def number_of(opened: Locator) -> int:
    """Return the number of the opened task."""
    return int((opened.get_attribute("aria-label") or "").removeprefix("Task "))


def test_a_shell_task_is_given_and_shows_its_output(signed_in: Tab) -> None:
    """The task completes before one's eyes, and its output, exit code, attempt and events are there."""
    opened = give(signed_in, "echo $((6 * 7))-forty-two", "Count")
    wait_state(opened, "completed")
    expect(opened.get_by_test_id("task-output")).to_have_text("42-forty-two\n")
    expect(opened.get_by_test_id("task-outcome")).to_contain_text("exit code 0")
    expect(opened.get_by_test_id("task-attempts")).to_contain_text("Attempt 1")
    for word in ("Queued", "Running", "Completed"):
        expect(opened.get_by_test_id("task-events")).to_contain_text(word)
    expect(opened.get_by_role("button", name="Cancel task")).to_be_hidden()
    row = signed_in.page.get_by_test_id(f"task-{number_of(opened)}")
    expect(row).to_have_attribute("data-state", "completed")
    opened.get_by_role("button", name="Open terminal").click()
    signed_in.wait_xterm("42-forty-two")
    signed_in.page.get_by_test_id("back").click()
    wait_state(opened, "completed")


def test_a_failing_task_says_why_and_is_tried_again(signed_in: Tab, daemon: Daemon) -> None:
    """A command that fails shows its exit code and output; tried again, it counts two attempts."""
    place = daemon.directory / "tried"
    opened = give(signed_in, f"echo nearly; test -e {place} || exit 3", "Fail once")
    wait_state(opened, "failed")
    expect(opened.get_by_test_id("task-outcome")).to_contain_text("exit code 3")
    expect(opened.get_by_test_id("task-output")).to_have_text("nearly\n")
    expect(opened.get_by_test_id("task-state")).to_contain_text("exit code 3")
    place.touch()
    opened.get_by_role("button", name="Try again").click()
    wait_state(opened, "completed")
    expect(opened.get_by_test_id("task-attempts").get_by_role("listitem")).to_have_count(2)


def test_a_running_task_is_cancelled(signed_in: Tab, daemon: Daemon) -> None:
    """One press ends the task and its program; the task says so and can be tried again."""
    opened = give(signed_in, "sleep 1000", "Sleep long")
    wait_state(opened, "working")
    opened.get_by_role("button", name="Cancel task").click()
    wait_state(opened, "cancelled")
    expect(opened.get_by_role("button", name="Try again")).to_be_visible()
    agent = daemon.http.get(f"/api/tasks/{number_of(opened)}").json()["agent_id"]
    daemon.wait_state({"id": agent}, "exited", "failed")


def test_tasks_of_others_move_in_the_list(signed_in: Tab, daemon: Daemon) -> None:
    """What a program gives appears in the list by itself and moves there; filters show the part that was asked for."""
    gate = daemon.directory / "gate"
    brief = f"while test ! -e {gate}; do sleep 0.05; done"
    signed_in.page.get_by_test_id("place-tasks").click()
    first = daemon.http.post("/api/delegate", json={"to": "shell", "brief": brief, "title": "First"}).json()["task_id"]
    second = daemon.http.post(
        "/api/delegate", json={"to": "shell", "brief": "true", "title": "Second", "after": [first]}
    ).json()["task_id"]
    rows = [signed_in.page.get_by_test_id(f"task-{number}") for number in (first, second)]
    expect(rows[0]).to_have_attribute("data-state", "working")
    expect(rows[1]).to_have_attribute("data-state", "submitted")
    signed_in.page.get_by_role("radio", name="Completed").click()
    expect(rows[0]).to_be_hidden()
    gate.touch()
    for row in rows:
        expect(row).to_have_attribute("data-state", "completed", timeout=IN_TIME_MS)
    signed_in.page.get_by_role("radio", name="Open").click()
    expect(rows[0]).to_be_hidden()


def test_a_task_is_approved_with_a_better_brief(signed_in: Tab) -> None:
    """A task that waits for a person shows in Needs me; the brief is corrected there, and that one is run."""
    opened = give(signed_in, "echo wrong", "Ask first", approve=True)
    wait_state(opened, "awaiting_approval")
    number = number_of(opened)
    signed_in.page.get_by_test_id("place-needs").click()
    card = signed_in.page.get_by_test_id(f"approval-{number}")
    expect(card).to_contain_text("echo wrong")
    card.get_by_role("button", name="Edit").click()
    card.get_by_label("Brief").fill("echo right")
    card.get_by_role("button", name="Approve").click()
    expect(card).to_be_hidden()
    signed_in.page.get_by_test_id("place-tasks").click()
    signed_in.page.get_by_test_id(f"task-{number}").click()
    wait_state(opened, "completed")
    expect(opened.get_by_test_id("task-output")).to_have_text("right\n")
    expect(opened.get_by_test_id("task-brief")).to_have_text("echo right")


def test_a_task_is_rejected_with_a_reason(signed_in: Tab) -> None:
    """A refused task never runs, says why, and offers nothing more."""
    opened = give(signed_in, "echo never", "Do not", approve=True)
    wait_state(opened, "awaiting_approval")
    opened.get_by_role("button", name="Reject").click()
    opened.get_by_label("Why not").fill("Not on a Friday")
    opened.get_by_role("button", name="Reject").click()
    wait_state(opened, "rejected")
    expect(opened.get_by_test_id("task-state")).to_contain_text("Not on a Friday")
    expect(opened.get_by_test_id("task-attempts")).to_be_hidden()
    expect(opened.get_by_role("button", name="Try again")).to_be_hidden()


def test_what_the_daemon_refuses_stands_beside_its_field(signed_in: Tab) -> None:
    """A folder that is not there is told at the folder; what was typed stays, and a corrected form is taken."""
    signed_in.expected = EXPECTED_REFUSAL
    signed_in.page.keyboard.press("t")
    form = signed_in.page.get_by_test_id("new-task")
    form.get_by_role("button", name="Give task").click()
    expect(form.get_by_role("alert")).to_have_text("Say what is to be done.")
    form.get_by_label("What is to be done").fill("pwd")
    form.get_by_role("textbox", name="Folder").fill("/nowhere/at/all")
    form.get_by_role("button", name="Give task").click()
    expect(form.get_by_role("textbox", name="Folder")).to_have_attribute("aria-invalid", "true")
    form.get_by_role("textbox", name="Folder").fill("/")
    form.get_by_role("button", name="Give task").click()
    opened = signed_in.page.get_by_test_id("task-detail")
    wait_state(opened, "completed")
    expect(opened.get_by_test_id("task-output")).to_have_text("/\n")


def test_who_may_only_look_is_offered_nothing(daemon: Daemon, new_tab: Callable[[], Tab]) -> None:
    """A person without the right to give tasks sees them and no button that would be refused."""
    given = daemon.http.post("/api/delegate", json={"to": "shell", "brief": "true", "approve": True}).json()
    tab = new_tab()
    viewer = daemon.printed("token", "--role", "viewer").strip()
    tab.sign_in_as(viewer, f"{daemon.url}/#/tasks/{given['task_id']}")
    opened = tab.page.get_by_test_id("task-detail")
    wait_state(opened, "awaiting_approval")
    for name in ("Approve", "Reject", "Cancel task", "Give a task"):
        expect(tab.page.get_by_role("button", name=name, exact=True)).to_be_hidden()


def test_a_reload_comes_back_to_the_task(signed_in: Tab, daemon: Daemon) -> None:
    """The opened task stands in the address; after a reload, and for a link, it is there again."""
    opened = give(signed_in, "echo stays", "Stay")
    wait_state(opened, "completed")
    signed_in.page.reload()
    wait_state(opened, "completed")
    expect(opened.get_by_test_id("task-output")).to_have_text("stays\n")
    signed_in.page.goto(fresh_link(daemon))
    signed_in.wait_connected()
    signed_in.page.goto(f"{daemon.url}/#/tasks/{999_999}")
    signed_in.expected = EXPECTED_REFUSAL
    expect(signed_in.page.get_by_test_id("empty")).to_contain_text("There is no such task.")
