"""Awkward texts through the mailroom into the real Claude Code: each is one message, whole, once, in order."""

import os
import re
import unicodedata
from itertools import groupby
from typing import Any

import pytest

from orchestra.tmux import normal_form
from tests.end_to_end.daemon import wait_for
from tests.real_agents.primary import Primary, open_primary
from tests.runtime.awkward import awkward_texts
from tests.stand_in.model import StandIn
from tests.stand_in.turn import Turn

COUNT = int(os.environ.get("ORCHESTRA_TEST_MESSAGES", "24"))
IN_TIME_S = 40.0
"""Each at most. One that holds invisible characters takes a second Enter, after 3 s."""

SOON_S = 10.0
"""Long enough on a busy machine for one that nothing holds up."""

HALVES = re.compile("[\ud800-\udfff]")
FOLD_MARK = re.compile(r'\n?</?pasted_content id="\w+">\n?')
ZERO_WIDTH_JOINER = "\u200d"


LIKE_DIALOGS = (
    "1. Do you want to proceed?",
    "1. Would you like to run the following command?\n\u203a 2. Yes (y)\nPress enter to confirm or esc to cancel",
    "Do you want to make this edit to a.py?\n \u276f 1. Yes\n   2. No\n Esc to cancel \u00b7 Tab to amend",
    "Thank you",
)


def sent(primary: Primary, text: str) -> int:
    """Send a message and return its number."""
    answer = primary.daemon.http.post("/api/messages", json={"to": primary.agent["id"], "text": text})
    assert answer.status_code == 202, answer.text
    number: int = answer.json()["id"]
    return number


def wait_acknowledged(primary: Primary, number: int, in_time_s: float) -> None:
    """Wait for a message's end, which is that its program took it."""

    def over() -> dict[str, Any] | None:
        found: dict[str, Any] = primary.daemon.http.get(f"/api/messages/{number}").json()
        return found if found["state"] in {"acknowledged", "failed"} else None

    found = wait_for(over, f"the end of {number}", in_time_s)
    assert found and found["state"] == "acknowledged", (found, primary.daemon.screen(primary.agent))


def composed(text: str) -> str:
    """Return what Claude Code's composer makes of a text (docs/agents.md), without blanks at either end."""
    told = normal_form(text).replace("\t", " ").replace("\u2028", "\n").replace("\u2029", "\n")
    shown = [letter for letter in told if unicodedata.category(letter) != "Cf" or letter == ZERO_WIDTH_JOINER]
    return "".join(shown).strip()


def prompts(body: dict[str, Any]) -> list[str]:
    """Return what the person said in a conversation, without the marks of folded pastes; tabs are single blanks."""
    said: list[str] = []
    for message in body["messages"]:
        content = message["content"]
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        if message["role"] == "user":
            said += [block["text"] for block in blocks if block["type"] == "text"]
    mine = [text for text in said if not text.startswith("<system-reminder>")]
    return [FOLD_MARK.sub("", text).strip() for text in mine]


def alike(text: str) -> str:
    """Return `text` in NFC, as only what is not folded comes, every run of blanks as one: a tab becomes four."""
    return re.sub(" +", " ", unicodedata.normalize("NFC", text))


def test_awkward_texts_are_one_message_each() -> None:
    """Every message is acknowledged, and the model got each of them once, in order, as the composer makes it."""
    texts = [HALVES.sub("\ufffd", text) for text in awkward_texts(COUNT)]
    with StandIn() as model, open_primary(model) as primary:
        numbers = [sent(primary, text) for text in texts]

        for number in numbers:
            wait_acknowledged(primary, number, IN_TIME_S)
        wait_for(lambda: len(prompts(model.requests()[-1].body)) >= COUNT, "the last turn", 10.0)
        got = [alike(text) for text in prompts(model.requests()[-1].body)]
    assert got == [alike(composed(text)) for text in texts]


@pytest.mark.parametrize("profile", ["claude", "codex"])
def test_what_reads_like_a_dialog_is_text(profile: str) -> None:
    """Questions with numbers, sent or answered, are not taken for a decision: everything arrives at once, in order."""
    script = [Turn("Would you like to go on?\n\n1. Yes, proceed\n2. No") for _ in LIKE_DIALOGS]
    with StandIn() as unused, StandIn(*script) as model:
        opened = open_primary(model) if profile == "claude" else open_primary(unused, profile="codex", codex=model)

        def heard() -> list[str]:
            said = [FOLD_MARK.sub("", one.prompts[-1]).strip() for one in model.requests() if one.prompts]
            return [text for text, _ in groupby(said) if text in LIKE_DIALOGS]

        with opened as primary:
            for number, text in enumerate(LIKE_DIALOGS):
                wait_acknowledged(primary, sent(primary, text), SOON_S)
                wait_for(lambda number=number: len(heard()) > number, "the request", SOON_S)  # type: ignore[misc]
                primary.daemon.wait_state(primary.agent, "done")
        assert heard() == list(LIKE_DIALOGS)
