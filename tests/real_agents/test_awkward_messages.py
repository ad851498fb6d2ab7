"""Awkward texts as messages to the real Claude Code and Codex: each reaches the model once, whole and in order."""

import os
import re
from collections.abc import Sequence
from typing import Final

import pytest

from orchestra.tmux import normal_form
from tests.end_to_end.daemon import wait_for
from tests.real_agents.primary import Primary, open_primary
from tests.runtime.awkward import awkward_texts
from tests.stand_in.model import StandIn

COUNT: Final = int(os.environ.get("ORCHESTRA_TEST_MESSAGES", "20"))
"""How many of the texts: 200 are the proof, and take minutes."""
LONG: Final = "0123456789abcde\n" * 6_400
COMPOSER_TEXTS: Final = (
    "! touch shell",
    "!touch shell",
    "#touch shell",
    "? what",
    "many\n\nlines\\",
    "ends\\",
    "!",
    "\\",
)
"""What a composer may take for a mode, a menu or a line feed of its own."""
EACH_S: Final = 20.0
FOLDED: Final = re.compile(r'\s*<pasted_content id="([^"]+)">\n(?P<text>.*)\n</pasted_content id="\1">\s*', re.DOTALL)


def unfolded(prompt: str) -> str:
    """Return what a prompt says, out of the marks of a folded paste, without blanks and line ends around it."""
    found = FOLDED.fullmatch(prompt)
    return (found["text"] if found else prompt).strip()


def heard(model: StandIn) -> list[str]:
    """Return what the user said in the conversation so far, as the model last got it."""
    return [unfolded(prompt) for request in model.requests()[-1:] for prompt in request.prompts]


def deliver(primary: Primary, model: StandIn, texts: Sequence[str]) -> None:
    """Send all texts at once; see each acknowledged and in the conversation once, in order, with nothing between."""
    daemon, agent = primary.daemon, primary.agent
    numbers = []
    for text in texts:
        answer = daemon.http.post("/api/messages", json={"to": agent["id"], "text": text})
        assert answer.status_code == 202, answer.text
        numbers.append(answer.json()["id"])

    def state(number: int) -> str:
        found: str = daemon.http.get(f"/api/messages/{number}").json()["state"]
        return found

    for number, text in zip(numbers, texts, strict=True):
        wait_for(lambda number=number: state(number) in {"acknowledged", "failed"}, repr(text[:60]), EACH_S)
    wanted = [normal_form(text).strip() for text in texts]
    wait_for(lambda: wanted[-1] in heard(model), "the last one's request", EACH_S)
    found = [text for text in heard(model) if text in set(wanted) or not text.startswith("<")]
    differing = [(one[:90], other[:90]) for one, other in zip(wanted, found, strict=False) if one != other]
    assert (differing[:3], len(found)) == ([], len(wanted))
    assert [state(number) for number in numbers] == ["acknowledged"] * len(texts)
    assert not (primary.project / "shell").exists()


@pytest.mark.parametrize("cli", ["claude", "codex"])
def test_awkward_messages_reach_the_model_as_one_each(cli: str) -> None:
    """Quotes, paste marks, 50 lines, 100 KB, a leading `!` or a last backslash: one message each, acknowledged."""
    texts = [*COMPOSER_TEXTS, LONG + "end", *awkward_texts(COUNT)]
    texts = [text.encode(errors="replace").decode() for text in texts]  # no JSON holds half a surrogate pair
    with StandIn() as unused, StandIn() as model:
        chosen = {"codex": model} if cli == "codex" else {}
        with open_primary(unused if cli == "codex" else model, profile=cli, **chosen) as primary:
            deliver(primary, model, texts)
