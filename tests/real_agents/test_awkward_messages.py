"""Awkward texts through the mailroom into the real Claude Code: each is one message, whole, once, in order."""

import os
import re
import unicodedata
from typing import Any

from orchestra.tmux import normal_form
from tests.end_to_end.daemon import wait_for
from tests.real_agents.primary import Primary, open_primary
from tests.runtime.awkward import awkward_texts
from tests.stand_in.model import StandIn

COUNT = int(os.environ.get("ORCHESTRA_TEST_MESSAGES", "24"))
IN_TIME_S = 40.0
"""Each at most. One that holds invisible characters takes a second Enter, after 3 s."""

HALVES = re.compile("[\ud800-\udfff]")
FOLD_MARK = re.compile(r'\n?</?pasted_content id="\w+">\n?')
ZERO_WIDTH_JOINER = "\u200d"


def sent(primary: Primary, text: str) -> int:
    """Send a message and return its number."""
    answer = primary.daemon.http.post("/api/messages", json={"to": primary.agent["id"], "text": text})
    assert answer.status_code == 202, answer.text
    number: int = answer.json()["id"]
    return number


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

        def message(number: int) -> dict[str, Any]:
            found: dict[str, Any] = primary.daemon.http.get(f"/api/messages/{number}").json()
            return found

        def is_over(number: int) -> bool:
            return message(number)["state"] in {"acknowledged", "failed"}

        for number in numbers:
            wait_for(lambda number=number: is_over(number), f"the end of {number}", IN_TIME_S)  # type: ignore[misc]
            found = message(number)
            assert found["state"] == "acknowledged", (found, primary.daemon.screen(primary.agent))
        wait_for(lambda: len(prompts(model.requests()[-1].body)) >= COUNT, "the last turn", 10.0)
        got = [alike(text) for text in prompts(model.requests()[-1].body)]
    assert got == [alike(composed(text)) for text in texts]
