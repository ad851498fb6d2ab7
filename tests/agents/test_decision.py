"""What may be decided, and what the program's hook then prints: the shapes that the real program takes."""

from typing import Any

import pytest

from orchestra.agents import TERMINAL, Approval, Choice, Decision, check_choice, printed
from orchestra.agents.decision import MAX_ANSWER_CHARACTERS
from orchestra.errors import BadInputError, OurError
from tests.agents.some_approval import QUESTIONS, RULES, asked, some_approval

PERMISSION = some_approval({**asked(), "permission_suggestions": RULES})
PLAN = some_approval(asked("ExitPlanMode", plan="1. Do it\n", planFilePath="/p"))
QUESTION = some_approval(asked("AskUserQuestion", questions=QUESTIONS))
ANSWERS = {"Which store?": "Memory", "Which name?": "Ada"}


def decision(approval: Approval, choice: Choice) -> dict[str, Any]:
    """Return the decision that the hook prints."""
    check_choice(approval, choice)
    output = printed(approval.answered(choice, "issuer|ada", 5))["hookSpecificOutput"]
    assert output["hookEventName"] == "PermissionRequest" and set(output) == {"hookEventName", "decision"}
    found: dict[str, Any] = output["decision"]
    return found


def mode(name: str) -> list[dict[str, str]]:
    """Return the permissions that a plan goes on with."""
    return [{"type": "setMode", "mode": name, "destination": "session"}]


def test_what_the_hook_prints() -> None:
    """Every kind and decision, as docs/agents.md measured them."""
    assert decision(PERMISSION, Choice(Decision.ALLOW)) == {"behavior": "allow"}
    denied = {"behavior": "deny", "message": "Not on a Sunday."}
    for approval in (PERMISSION, PLAN, QUESTION):
        assert decision(approval, Choice(Decision.DENY, "Not on a Sunday.")) == denied
        assert decision(approval, Choice(Decision.DENY))["message"]
    always = [{**RULES[0], "destination": "session"}]
    assert decision(PERMISSION, Choice(Decision.ALWAYS)) == {"behavior": "allow", "updatedPermissions": always}
    answered = {"questions": QUESTIONS, "answers": ANSWERS}
    assert decision(QUESTION, Choice(Decision.ANSWER, answers=ANSWERS)) == {
        "behavior": "allow",
        "updatedInput": answered,
    }
    for chosen, then in ((None, "default"), ("default", "default"), ("acceptEdits", "acceptEdits")):
        assert decision(PLAN, Choice(Decision.ALLOW, mode=chosen)) == {
            "behavior": "allow",
            "updatedInput": {"plan": "1. Do it\n"},
            "updatedPermissions": mode(then),
        }


@pytest.mark.parametrize(
    ("approval", "choice", "field"),
    [
        (PERMISSION, Choice(Decision.ANSWER, answers=ANSWERS), "decision"),
        (some_approval(), Choice(Decision.ALWAYS), "decision"),
        (PLAN, Choice(Decision.ALWAYS), "decision"),
        (QUESTION, Choice(Decision.ALLOW), "decision"),
        (PERMISSION, Choice(Decision.DENY, "x" * (MAX_ANSWER_CHARACTERS + 1)), "message"),
        (PERMISSION, Choice(Decision.ALLOW, answers={}), "answers"),
        (PERMISSION, Choice(Decision.ALLOW, mode="acceptEdits"), "mode"),
        (PLAN, Choice(Decision.ALLOW, mode="bypassPermissions"), "mode"),
        (PLAN, Choice(Decision.DENY, mode="default"), "mode"),
        (QUESTION, Choice(Decision.ANSWER), "answers"),
        (QUESTION, Choice(Decision.ANSWER, answers={"Which store?": "Memory"}), "answers"),
        (QUESTION, Choice(Decision.ANSWER, answers={**ANSWERS, "Why?": "x"}), "answers"),
        (QUESTION, Choice(Decision.ANSWER, answers={**ANSWERS, "Which name?": " "}), "answers"),
        (
            QUESTION,
            Choice(Decision.ANSWER, answers={**ANSWERS, "Which name?": "x" * (MAX_ANSWER_CHARACTERS + 1)}),
            "answers",
        ),
    ],
)
def test_what_is_no_decision_of_it(approval: Approval, choice: Choice, field: str) -> None:
    """A choice that this approval does not take is refused with its field."""
    with pytest.raises(BadInputError) as refused:
        check_choice(approval, choice)
    assert refused.value.field == field


def test_nothing_is_printed_for_what_nobody_here_decided() -> None:
    """While it waits, and when the terminal was faster, there is nothing to print."""
    for one in (PERMISSION, PERMISSION.answered(Choice(Decision.ALLOW), TERMINAL, 5), PERMISSION.expired("x", 5)):
        with pytest.raises(OurError):
            printed(one)
