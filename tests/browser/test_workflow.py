"""The whole workflow in the page, lived through with the demo's primary: no AI account, but real agents and tasks."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from playwright.sync_api import Locator, expect

from tests.browser.axe import violations
from tests.browser.tab import IN_TIME_MS, Tab, fresh_link
from tests.browser.talk import open_chat, write
from tests.end_to_end.daemon import Daemon, fresh_daemon

MUTE: Final = """
title = "Mute"
description = "Reads lines, and never says that it took a message."

[find]
programs = ["bash"]

[interactive]
command = ["{program}", "-c", "{wrappers}/orchestra-hook Ready '{}'; echo ready; exec cat"]

[messages]
acknowledge = "hook"

[status]
rules = "mute"

[status.hooks]
Ready = "ready"
"""
MUTE_RULES: Final = """
version = "2026.11.23.1"

[[rules]]
name = "reads"
priority = 10
region = "whole"
any = ['^ready']
state = "idle"
"""

PHONE = {"width": 390, "height": 844}


def start_agent(tab: Tab, profile: str, name: str, folder: Path | None = None, *, worktree: bool = False) -> Locator:
    """Start an agent by the form, and return its opened terminal."""
    tab.page.get_by_test_id("place-agents").click()
    tab.page.keyboard.press("c")
    form = tab.page.get_by_test_id("new-agent")
    form.get_by_test_id(f"profile-{profile}").click()
    form.get_by_label("Name").fill(name)
    if folder is not None:
        form.get_by_role("textbox", name="Folder").fill(str(folder))
    if worktree:
        form.get_by_role("checkbox").check()
    form.get_by_role("button", name="Start agent").click()
    opened = tab.page.get_by_role("region", name=f"Terminal of {name}")
    expect(opened).to_be_visible()
    return opened


def agent_named(daemon: Daemon, name: str) -> dict[str, str]:
    """Return the agent of that name."""
    return next(agent for agent in daemon.agents() if agent["name"] == name)


def test_from_sign_in_to_the_answer_of_a_plan(daemon: Daemon, new_tab: Callable[[], Tab]) -> None:
    """A primary is started and asked; its plan is approved; three tasks move and open; the answer is in the chat."""
    tab = new_tab()
    tab.sign_in(fresh_link(daemon))
    start_agent(tab, "demo-primary", "primary")
    tab.wait_xterm("you>")
    talk = open_chat(tab, agent_named(daemon, "primary"))
    write(talk, "Make a plan for the primes")
    plan = talk.get_by_test_id("plan")
    expect(plan).to_contain_text("primary proposes a plan of 3 tasks", timeout=IN_TIME_MS)
    expect(talk.get_by_test_id("delivery")).to_have_attribute("data-state", "acknowledged")
    expect(tab.page.get_by_test_id("needs-count")).to_have_text("3")
    expect(plan).to_contain_text("seq 2 2000 | factor")
    assert violations(tab) == []
    plan.get_by_role("button", name="Approve all 3").click()
    rows = talk.get_by_test_id("talk-tasks").get_by_role("button")
    expect(rows).to_have_count(3)
    for place in range(3):
        expect(rows.nth(place)).to_have_attribute("data-state", "completed", timeout=IN_TIME_MS)
    expect(talk.get_by_test_id("reply")).to_contain_text("Count the primes below 2000: 303", timeout=IN_TIME_MS)
    rows.nth(1).click()
    opened = tab.page.get_by_test_id("task-detail")
    expect(opened.get_by_test_id("task-output")).to_have_text("303\n")
    expect(opened).to_contain_text("Given by")
    for word in ("Needs approval", "Running", "Completed"):
        expect(opened.get_by_test_id("task-events")).to_contain_text(word)
    expect(tab.page.get_by_test_id("needs-count")).to_be_hidden()
    tab.page.get_by_test_id("place-grid").click()
    expect(tab.page.locator("[data-tile]")).to_have_count(2)

    tab.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    open_chat(tab, agent_named(daemon, "primary"))
    expect(talk.get_by_test_id("reply")).to_be_in_viewport()
    assert tab.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    talk.get_by_role("button", name="Why primary is in this state").click()
    expect(tab.page.get_by_test_id("explanation")).to_contain_text("Decides")
    assert violations(tab) == []


def test_a_new_agent_gets_a_branch_of_its_own(signed_in: Tab, daemon: Daemon) -> None:
    """The form tells what is wrong with a folder; with a repository's the agent works in a worktree of it."""
    signed_in.expected = re.compile(r"the server responded with a status of 400")
    folder = daemon.directory / "project"
    folder.mkdir()
    git = ("git", "-C", str(folder), "-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run([*git, "init", "-q"], check=True, env=daemon.environment)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "Begin"], check=True, env=daemon.environment)

    signed_in.page.keyboard.press("c")
    form = signed_in.page.get_by_test_id("new-agent")
    form.get_by_role("textbox", name="Folder").fill("/")
    form.get_by_role("checkbox").check()
    form.get_by_role("button", name="Start agent").click()
    expect(form.get_by_role("alert")).to_contain_text("git")
    signed_in.page.keyboard.press("Escape")

    start_agent(signed_in, "shell", "brancher", folder, worktree=True)
    signed_in.wait_terminal()
    signed_in.page.keyboard.type("git branch --show-current\n")
    signed_in.wait_xterm("orchestra/brancher-")
    signed_in.page.get_by_role("button", name="More about brancher").click()
    expect(signed_in.page.get_by_role("dialog", name="About brancher")).to_contain_text("worktrees")
    daemon.end(agent_named(daemon, "brancher"))


def test_a_message_that_nobody_heard_of_is_offered_again(new_tab: Callable[[], Tab]) -> None:
    """The daemon dies before the program says that it took a message: the page says so, and sends it again."""
    tab = new_tab()
    tab.expected = re.compile("WebSocket connection to|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET")
    with fresh_daemon() as daemon:
        profiles = daemon.directory / ".config" / "orchestra" / "profiles"
        (profiles / "rules").mkdir(parents=True)
        (profiles / "mute.toml").write_text(MUTE)
        (profiles / "rules" / "mute.toml").write_text(MUTE_RULES)
        daemon.start()
        tab.sign_in(fresh_link(daemon))
        start_agent(tab, "mute", "mute")
        tab.wait_xterm("ready")
        talk = open_chat(tab, agent_named(daemon, "mute"))
        write(talk, "Do you hear me?")
        expect(talk.get_by_test_id("delivery")).to_have_attribute("data-state", "submitted", timeout=IN_TIME_MS)
        daemon.kill()
        daemon.start()
        tab.wait_connected()
        expect(talk.get_by_test_id("delivery")).to_have_attribute("data-state", "failed", timeout=IN_TIME_MS)
        talk.get_by_role("button", name="Send again").click()
        expect(talk.get_by_test_id("delivery")).to_have_count(2)
        expect(talk.get_by_test_id("delivery").nth(1)).to_have_attribute("data-state", re.compile("queued|submitted"))
