"""The screens of Codex that are kept: which, and how each comes about."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.real_agents.codex import open_codex
from tests.real_agents.installed import version_of
from tests.real_agents.stage import HOME, PROJECT, Stage, make_project
from tests.recordings.agent_script import PATCH
from tests.recordings.demo_project import git
from tests.stand_in.model import StandIn
from tests.stand_in.turn import Failure, ToolUse, Turn

__all__ = ["SCENES"]

Scene = Callable[[int, int, list[str]], None]
TRUST = f'projects."{PROJECT}".trust_level'
UNASKED: dict[str, object] = {TRUST: None, "approval_policy": None, "sandbox_mode": None}
"""What is left out so that it asks whether to trust a folder."""
BUSY = "esc to interrupt"
IDLE = "? for shortcuts"
RUN = {
    "cmd": "python3 check.py",
    "sandbox_permissions": "require_escalated",
    "justification": "May I run the check outside the sandbox?",
}
EDIT = {"cmd": f"apply_patch <<'PATCH'\n{PATCH}\nPATCH\n"}
FOLLOW = {"cmd": "tail -f README.md", "yield_time_ms": 30000}
QUESTION = {
    "questions": [
        {
            "id": "store",
            "header": "Store",
            "question": "Which store shall the queue use?",
            "options": [
                {"label": "SQLite", "description": "One file, transactions"},
                {"label": "Memory", "description": "Fast, gone with the process"},
            ],
        }
    ]
}
PLAN = "<proposed_plan>\n# A queue that survives\n\n- Open an SQLite file\n- Insert on add\n</proposed_plan>"


@contextmanager
def _open(
    rows: int,
    columns: int,
    log: list[str],
    *,
    options: Mapping[str, object] | None = None,
    ready: str = IDLE,
    has_settings: bool = False,
) -> Iterator[Stage]:
    make_project()
    if has_settings:
        git("init", "-q")
        (PROJECT / ".codex").mkdir()
        (PROJECT / ".codex" / "config.toml").write_text('model_reasoning_effort = "low"\n')
    with TemporaryDirectory(prefix="orc-", dir="/tmp") as folder, StandIn() as model:
        chosen = {"sandbox_mode": "workspace-write", **(options or {})}
        opened = open_codex(
            Path(folder), model, options=chosen, rows=rows, columns=columns, home=HOME, project=PROJECT, wait_for=ready
        )
        with opened as codex:
            codex.terminal.wait_quiet(1)
            yield Stage("codex", version_of("codex"), codex.terminal, model, log)


def first_start(rows: int, columns: int, log: list[str]) -> None:
    """Keep the questions of a first start; it asks about trust only for a folder that has settings of its own."""
    with _open(rows, columns, log, options=UNASKED, ready="Trust this folder", has_settings=True) as stage:
        stage.keep("trust", "blocked", "Started in a folder that nobody has said to trust.", wait="trust")
    signed_out = {**UNASKED, "model_provider": "openai"}
    with _open(rows, columns, log, options=signed_out, ready="Sign in") as stage:
        stage.keep("sign-in", "blocked", "Started without an account.", wait="question")


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
        terminal.paste("".join(f"line {number} of a long text\n" for number in range(80)).rstrip())
        terminal.wait_for("Pasted Content")
        stage.keep("pasted", "idle", "80 lines were pasted and not handed in.", composer="filled")
        terminal.press("C-u")
        terminal.wait_gone("Pasted Content")
        terminal.type("/")
        terminal.wait_for("/model")
        stage.keep("slash-menu", "skip", "A slash was typed: the menu of commands.", composer="filled")
        terminal.press("BSpace")
        terminal.wait_for(IDLE)
        terminal.type("?")
        terminal.wait_gone(IDLE)
        stage.keep("help", "skip", "A question mark was typed: the help.", composer="empty")
        terminal.press("Escape")
        terminal.wait_for(IDLE)
        stage.submit("/model")
        terminal.wait_for("Select")
        stage.keep("model-picker", "skip", "/model was handed in.")


def answering(rows: int, columns: int, log: list[str]) -> None:
    """Keep a turn: thinking, typed meanwhile, answered, its transcript, interrupted."""
    with _open(rows, columns, log) as stage:
        terminal, model = stage.terminal, stage.model
        model.say(Turn("The queue keeps its jobs in a heap.", is_held=True))
        stage.submit("Explain how the queue picks the next job")
        model.wait_held()
        terminal.wait_for(BUSY)
        stage.keep_moving("working", "The model has begun and says nothing.")
        terminal.type("And then")
        terminal.wait_for("And then")
        stage.keep("working-typed", "working", "A text was typed while it works.", composer="filled", quiet_s=0)
        terminal.press("C-u")
        terminal.wait_gone("And then")
        model.release()
        terminal.wait_for("in a heap")
        terminal.wait_gone(BUSY)
        stage.keep("answered", "idle", "The model has answered.", composer="empty")
        terminal.press("C-t")
        terminal.wait_for("embedded mode")
        stage.keep("transcript", "idle", "Ctrl-T was pressed: the transcript, with the composer.", composer="empty")
        terminal.press("C-t")
        terminal.wait_gone("embedded mode")
        model.say(Turn("Late.", is_held=True))
        stage.submit("Explain it once more")
        model.wait_held()
        terminal.wait_for(BUSY)
        terminal.press("Escape")
        terminal.wait_gone(BUSY)
        stage.keep("interrupted", "idle", "Escape was pressed while it worked.", composer="empty")


def misleading(rows: int, columns: int, log: list[str]) -> None:
    """Keep a rest that reads like a dialog: the person sent a numbered text, and the model answered with a question."""
    with _open(rows, columns, log) as stage:
        stage.model.say(Turn("Would you like to see it?\n\n1. Yes\n2. No"))
        stage.submit("1. Read the queue")
        stage.terminal.wait_for("Would you like to see it?", "2. No")
        stage.terminal.wait_gone(BUSY)
        stage.keep("like-a-dialog", "idle", "The model has answered with a question and numbers.", composer="empty")


def tools(rows: int, columns: int, log: list[str]) -> None:
    """Keep a running tool, and one that went into the background."""
    with _open(rows, columns, log) as stage:
        stage.model.say(Turn("I follow the file.", [ToolUse("exec_command", FOLLOW)]))
        stage.submit("Follow the file")
        stage.terminal.wait_for("background terminal", BUSY)
        stage.keep_moving("working-tool", "A command runs that needs no permission.")
    with _open(rows, columns, log) as stage:
        follow = {**FOLLOW, "yield_time_ms": 250}
        stage.model.say(Turn("I follow.", [ToolUse("exec_command", follow)]), Turn("It is being followed."))
        stage.submit("Follow the file in the background")
        stage.terminal.wait_for("It is being followed")
        stage.terminal.wait_gone(BUSY)
        stage.keep("background", "idle", "The turn is over; a command runs on in the background.", composer="empty")


def asking(rows: int, columns: int, log: list[str]) -> None:
    """Keep every dialog that waits for a person."""
    read_only = {"sandbox_mode": "read-only"}
    for name, how, wanted, options in (
        ("permission-command", "It wants to run a command.", RUN, {}),
        ("permission-edit", "It wants to edit a file.", EDIT, read_only),
    ):
        with _open(rows, columns, log, options=options) as stage:
            stage.model.say(Turn("One moment.", [ToolUse("exec_command", wanted)]))
            stage.submit("Go on, please")
            stage.terminal.wait_for("Yes, proceed")
            stage.keep(name, "blocked", how, wait="permission")
    with _open(rows, columns, log) as stage:
        stage.submit("/plan")
        stage.terminal.wait_for("Plan mode")
        stage.keep("idle-plan", "idle", "/plan was handed in.", composer="empty")
        stage.model.say(Turn("One moment.", [ToolUse("request_user_input", QUESTION)]), Turn(PLAN))
        stage.submit("Plan it, please")
        stage.terminal.wait_for("Which store", "SQLite")
        stage.keep("question", "blocked", "It asks with options.", wait="question")
        stage.terminal.press("Enter")
        stage.terminal.wait_for("Implement this plan?")
        stage.keep("plan", "blocked", "It hands a plan in for approval.", wait="permission")


def failing(rows: int, columns: int, log: list[str]) -> None:
    """Keep what it shows when the model refuses."""
    limit = Failure(
        429,
        kind="usage_limit_reached",
        message="The usage limit has been reached",
        details={"plan_type": "pro", "resets_in_seconds": 7200},
    )
    none: dict[str, object] = {
        "model_providers.local.request_max_retries": 0,
        "model_providers.local.stream_max_retries": 0,
    }
    for name, failure, state, wait in (
        ("limit", limit, "waiting_input", "limit"),
        ("rate-limit", Failure(429), "waiting_input", "limit"),
        ("overloaded", Failure(503, message="Overloaded"), "idle", None),
        ("unauthorised", Failure(401, message="Incorrect API key"), "idle", None),
    ):
        with _open(rows, columns, log, options=none) as stage:
            stage.model.say(Turn(failure=failure, times=40))
            stage.submit("Explain the queue")
            stage.terminal.wait_for("■")
            stage.terminal.wait_gone(BUSY)
            stage.keep(name, state, f"The model answered {failure.status}.", wait=wait, composer="empty")
    with _open(rows, columns, log, options={"model_providers.local.request_max_retries": 0}) as stage:
        stage.model.say(Turn(failure=Failure(503, message="Overloaded"), times=40))
        stage.submit("Explain the queue")
        stage.terminal.wait_for("Reconnecting")
        stage.keep("retrying", "working", "The model answers 503, and it tries again.", composer="empty", quiet_s=0)


def ending(rows: int, columns: int, log: list[str]) -> None:
    """Keep what is left when it has ended."""
    with _open(rows, columns, log) as stage:
        os.kill(stage.terminal.process_id, signal.SIGKILL)
        stage.terminal.wait(lambda: stage.terminal.is_dead, "it lives")
        stage.keep("killed", "exited", "The program was killed; the pane stays.")
    with _open(rows, columns, log) as stage:
        stage.submit("/quit")
        stage.terminal.wait(lambda: stage.terminal.is_dead, "it lives")
        stage.keep("exited", "exited", "/quit was handed in; the pane stays.")


SCENES: tuple[Scene, ...] = (first_start, resting, answering, misleading, tools, asking, failing, ending)
