"""The screens of Claude Code that are kept: which, and how each comes about."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.real_agents.claude import claude_environment, make_claude_home, open_claude
from tests.real_agents.installed import require, version_of
from tests.real_agents.stage import HOME, PROJECT, Stage, make_project
from tests.real_agents.terminal import Terminal
from tests.stand_in.model import StandIn
from tests.stand_in.turn import Failure, ToolUse, Turn

__all__ = ["SCENES"]

Scene = Callable[[int, int, list[str]], None]
ALLOWED = {"permissions": {"allow": ["Bash(tail:*)"]}}
QUESTION = {
    "questions": [
        {
            "question": "Which store shall the queue use?",
            "header": "Store",
            "multiSelect": False,
            "options": [
                {"label": "SQLite", "description": "One file, transactions"},
                {"label": "Memory", "description": "Fast, gone with the process"},
            ],
        }
    ]
}
PLAN = "# A queue that survives\n\n1. Open an SQLite file\n2. Insert on add\n3. Update on take\n"
EDIT = {"file_path": str(PROJECT / "README.md"), "old_string": "# Job queue", "new_string": "# A queue of jobs"}
RUN = {"command": "python3 check.py", "description": "Run the check"}
READ = {"file_path": str(PROJECT / "README.md")}


@contextmanager
def _open(
    rows: int, columns: int, log: list[str], *arguments: str, environment: dict[str, str] | None = None, ready: str = ""
) -> Iterator[Stage]:
    make_project()
    with TemporaryDirectory(prefix="orc-", dir="/tmp") as folder, StandIn() as model:
        opened = open_claude(
            Path(folder),
            model,
            *arguments,
            events=(),
            settings=ALLOWED,
            environment=environment,
            rows=rows,
            columns=columns,
            home=HOME,
            project=PROJECT,
            wait_for=ready or "? for shortcuts",
        )
        with opened as claude:
            claude.terminal.wait_quiet(1)
            yield Stage("claude", version_of("claude"), claude.terminal, model, log)


@contextmanager
def _open_first(rows: int, columns: int, log: list[str], *, is_onboarded: bool) -> Iterator[Stage]:
    make_project()
    make_claude_home(HOME, PROJECT, is_trusted=False, is_onboarded=is_onboarded)
    with TemporaryDirectory(prefix="orc-", dir="/tmp") as folder, StandIn() as model:
        environment = claude_environment(HOME, model.address)
        argv = [str(require("claude"))]
        with Terminal(Path(folder), argv, cwd=PROJECT, environment=environment, rows=rows, columns=columns) as terminal:
            yield Stage("claude", version_of("claude"), terminal, model, log)


def first_start(rows: int, columns: int, log: list[str]) -> None:
    """Keep the questions of a first start."""
    with _open_first(rows, columns, log, is_onboarded=False) as stage:
        stage.terminal.wait_for("Dark mode")
        stage.keep("theme", "blocked", "Started in an empty home.", wait="question")
    with _open_first(rows, columns, log, is_onboarded=True) as stage:
        stage.terminal.wait_for("trust")
        stage.keep("trust", "blocked", "Started in a folder that nobody has said to trust.", wait="trust")


def resting(rows: int, columns: int, log: list[str]) -> None:
    """Keep the composer, empty and filled, and the menus over it."""
    with _open(rows, columns, log) as stage:
        terminal = stage.terminal
        stage.keep("idle", "idle", "Started; the composer is empty.", composer="empty")
        terminal.type("Explain how the queue")
        terminal.wait_for("Explain how")
        stage.keep("typed", "idle", "A text was typed and not handed in.", composer="filled")
        terminal.press("C-u")
        terminal.wait_gone("Explain how")
        terminal.paste("".join(f"line {number} of a long text\n" for number in range(50)).rstrip())
        terminal.wait_for("Pasted text")
        stage.keep("pasted", "idle", "50 lines were pasted and not handed in.", composer="filled")
        terminal.press("C-u")
        terminal.wait_gone("Pasted text")
        terminal.type("/")
        terminal.wait_for("/add-dir")
        stage.keep("slash-menu", "skip", "A slash was typed: the menu of commands.", composer="filled")
        terminal.press("BSpace")
        terminal.wait_for("? for shortcuts")
        terminal.type("?")
        terminal.wait_for("to undo")
        stage.keep("help", "skip", "A question mark was typed: the help.", composer="empty")
        terminal.press("Escape")
        terminal.wait_for("? for shortcuts")
        terminal.type("/model")
        terminal.press("Enter")
        terminal.wait_for("Select model")
        stage.keep("model-picker", "skip", "/model was handed in.")


def modes(rows: int, columns: int, log: list[str]) -> None:
    """Keep the empty composer in the other permission modes."""
    for mode, ready in (("plan", "plan mode on"), ("acceptEdits", "accept edits on"), ("auto", "auto mode on")):
        with _open(rows, columns, log, "--permission-mode", mode, ready=ready) as stage:
            stage.keep(f"idle-{mode.lower()}", "idle", f"Started with --permission-mode {mode}.", composer="empty")


def answering(rows: int, columns: int, log: list[str]) -> None:
    """Keep a turn: thinking, typed meanwhile, answered, its transcript, interrupted."""
    with _open(rows, columns, log) as stage:
        terminal, model = stage.terminal, stage.model
        model.say(Turn("The queue keeps its jobs in a heap.", is_held=True))
        stage.submit("Explain how the queue picks the next job")
        model.wait_held()
        terminal.wait_for("interrupt")
        stage.keep_moving("working", "The model has begun and says nothing.")
        terminal.type("And then")
        terminal.wait_for("And then")
        stage.keep("working-typed", "working", "A text was typed while it works.", composer="filled", quiet_s=0)
        terminal.press("C-u")
        terminal.wait_gone("And then")
        model.release()
        terminal.wait_for("in a heap", "? for shortcuts")
        stage.keep("answered", "idle", "The model has answered.", composer="empty")
        terminal.press("C-o")
        terminal.wait_for("transcript")
        stage.keep("transcript", "skip", "Ctrl-O was pressed: the viewer of the transcript.")
        terminal.press("C-o")
        terminal.wait_for("? for shortcuts")
        model.say(Turn("Late.", is_held=True))
        stage.submit("Explain it once more")
        model.wait_held()
        terminal.wait_for("interrupt")
        terminal.press("Escape")
        terminal.wait_gone("interrupt")
        stage.keep("taken-back", "idle", "Escape was pressed before it said anything.", composer="filled")
        terminal.press("C-u")
        model.say_instead(Turn("I follow the file.", [ToolUse("Bash", {"command": "tail -f README.md"})]))
        stage.submit("Follow the file")
        terminal.wait_for("tail -f README.md", "interrupt")
        terminal.press("Escape")
        terminal.wait_for("Interrupted")
        stage.keep("interrupted", "idle", "Escape was pressed while a tool ran.", composer="empty")


def misleading(rows: int, columns: int, log: list[str]) -> None:
    """Keep a rest that reads like a dialog: the person sent a numbered text, and the model answered with a question."""
    with _open(rows, columns, log) as stage:
        stage.model.say(Turn("Do you want to proceed?\n\n1. Yes\n2. No"))
        stage.submit("1. Read the queue")
        stage.terminal.wait_for("Do you want to proceed?", "2. No")
        stage.terminal.wait_gone("interrupt")
        stage.keep("like-a-dialog", "idle", "The model has answered with a question and numbers.", composer="empty")


def tools(rows: int, columns: int, log: list[str]) -> None:
    """Keep a running tool, and one that went into the background."""
    with _open(rows, columns, log) as stage:
        stage.model.say(Turn("I follow the file.", [ToolUse("Bash", {"command": "tail -f README.md"})]))
        stage.submit("Follow the file")
        stage.terminal.wait_for("tail -f README.md", "interrupt")
        stage.keep_moving("working-tool", "A command runs that was allowed beforehand.")
    with _open(rows, columns, log) as stage:
        follow = {"command": "tail -f README.md", "run_in_background": True}
        stage.model.say(Turn("I follow the file.", [ToolUse("Bash", follow)]), Turn("It is being followed."))
        stage.submit("Follow the file in the background")
        stage.terminal.wait_for("It is being followed")
        stage.terminal.wait_gone("interrupt")
        stage.keep("background", "idle", "The turn is over; a command runs on in the background.", composer="empty")


def asking(rows: int, columns: int, log: list[str]) -> None:
    """Keep every dialog that waits for a person."""
    dialogs = (
        ("permission-bash", "permission", "proceed?", "It wants to run a command.", (ToolUse("Bash", RUN),)),
        (
            "permission-edit",
            "permission",
            "make this edit",
            "It wants to edit a file.",
            (ToolUse("Read", READ), ToolUse("Edit", EDIT)),
        ),
        (
            "permission-fetch",
            "permission",
            "allow Claude to fetch",
            "It wants to fetch a page.",
            (ToolUse("WebFetch", {"url": "https://example.org/", "prompt": "What is it?"}),),
        ),
        ("question", "question", "Which store", "It asks with options.", (ToolUse("AskUserQuestion", QUESTION),)),
    )
    for name, wait, shown, how, wanted in dialogs:
        with _open(rows, columns, log) as stage:
            stage.model.say(*(Turn("One moment.", [tool]) for tool in wanted))
            stage.submit("Go on, please")
            stage.terminal.wait_for(shown)
            stage.keep(name, "blocked", how, wait=wait)


def planning(rows: int, columns: int, log: list[str]) -> None:
    """Keep the approval of a plan, and of leaving plan mode without one."""
    for name, has_plan in (("plan", True), ("plan-none", False)):
        with _open(rows, columns, log, "--permission-mode", "plan", ready="plan mode on") as stage:
            model = stage.model
            model.say(Turn("I write it down.", is_held=True))
            stage.submit("Plan it, please")
            model.wait_held()
            body = str(model.requests()[-1].body)
            file = re.search(r"/[\w/.-]+/plans/[\w-]+\.md", body)
            if file is None:
                raise ValueError("the request names no file for a plan")
            write = Turn("I write it down.", [ToolUse("Write", {"file_path": file[0], "content": PLAN})])
            model.release()
            stage.terminal.wait_gone("interrupt")
            model.say(*([write] if has_plan else []), Turn("Here it is.", [ToolUse("ExitPlanMode", {})]))
            stage.submit("Go on")
            stage.terminal.wait_for("written up a plan" if has_plan else "Exit plan mode?")
            stage.keep(name, "blocked", "It hands a plan in for approval.", wait="permission")


def failing(rows: int, columns: int, log: list[str]) -> None:
    """Keep what it shows when the model refuses."""
    at_once = {"CLAUDE_CODE_MAX_RETRIES": "0"}
    for name, failure, state, wait in (
        ("limit", Failure(429, message="This request would exceed your rate limit."), "waiting_input", "limit"),
        ("overloaded", Failure(529, message="Overloaded"), "idle", None),
        ("unauthorised", Failure(401, message="invalid x-api-key"), "idle", None),
    ):
        with _open(rows, columns, log, environment=at_once) as stage:
            stage.model.say(Turn(failure=failure, times=20))
            stage.submit("Explain the queue")
            stage.terminal.wait_for("resend" if failure.status == HTTPStatus.UNAUTHORIZED else "●")
            stage.terminal.wait_gone("interrupt")
            stage.keep(name, state, f"The model answered {failure.status}.", wait=wait, composer="empty")
    with _open(rows, columns, log) as stage:
        stage.model.say(Turn(failure=Failure(500, message="Internal"), times=20))
        stage.submit("Explain the queue")
        stage.terminal.wait_for("attempt")
        stage.keep("retrying", "working", "The model answers 500, and it tries again.", composer="empty", quiet_s=0)


def ending(rows: int, columns: int, log: list[str]) -> None:
    """Keep what is left when it has ended."""
    with _open(rows, columns, log) as stage:
        os.kill(stage.terminal.process_id, signal.SIGKILL)
        stage.terminal.wait(lambda: stage.terminal.is_dead, "it lives")
        stage.keep("killed", "exited", "The program was killed; the pane stays.")
    with _open(rows, columns, log) as stage:
        stage.submit("/exit")
        stage.terminal.wait(lambda: stage.terminal.is_dead, "it lives")
        stage.keep("exited", "exited", "/exit was handed in; the pane stays.")


SCENES: tuple[Scene, ...] = (
    first_start,
    resting,
    modes,
    answering,
    misleading,
    tools,
    asking,
    planning,
    failing,
    ending,
)
