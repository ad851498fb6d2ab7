"""What may be decided about an approval, and the JSON that the program's hook prints for it.

The shapes were measured with the real programs (docs/agents.md, "Answers that work"). Codex takes `allow` and `deny`.
"""

from collections.abc import Mapping
from typing import Any, Final

from orchestra.agents.approval import Approval, ApprovalKind, Choice, Decision
from orchestra.agents.ask import PERMISSION_EVENT
from orchestra.errors import BadInputError, OurError

__all__ = ["MAX_ANSWER_CHARACTERS", "PLAN_MODES", "check_choice", "printed"]

MAX_ANSWER_CHARACTERS: Final = 10_000  # of a message or one answer: a program takes no more text from a hook
PLAN_MODES: Final = ("default", "acceptEdits")
DENIED: Final = "A person denied this."


def check_choice(approval: Approval, choice: Choice) -> None:
    """Raise `BadInputError`, with the field at fault, when `choice` is none that this approval takes."""
    if choice.decision not in approval.decisions:
        taken = ", ".join(approval.decisions)
        raise BadInputError("decision_not_possible", f"This takes {taken}.", field="decision")
    if len(choice.message) > MAX_ANSWER_CHARACTERS:
        raise _too_long("message")
    if choice.mode is not None and (approval.kind is not ApprovalKind.PLAN or choice.decision is not Decision.ALLOW):
        raise BadInputError("mode_not_possible", "Only a plan that is allowed goes on in a mode.", field="mode")
    if choice.mode is not None and choice.mode not in PLAN_MODES:
        raise BadInputError("bad_mode", f"A mode is one of {', '.join(PLAN_MODES)}.", field="mode")
    _check_answers(approval, choice)


def _check_answers(approval: Approval, choice: Choice) -> None:
    if choice.decision is not Decision.ANSWER:
        if choice.answers is not None:
            raise BadInputError("answers_not_possible", "Only a question takes answers.", field="answers")
        return
    answers = choice.answers or {}
    asked = {question["question"] for question in approval.detail["questions"]}
    if answers.keys() != asked or not all(text.strip() for text in answers.values()):
        raise BadInputError("bad_answers", "`answers` holds a text for each question asked.", field="answers")
    if any(len(text) > MAX_ANSWER_CHARACTERS for text in answers.values()):
        raise _too_long("answers")


def _too_long(field: str) -> BadInputError:
    return BadInputError("text_too_long", f"A text has at most {MAX_ANSWER_CHARACTERS} characters.", field=field)


def printed(approval: Approval) -> dict[str, Any]:
    """Return what the hook prints for a decision; raise `OurError` when there is none for the program."""
    if approval.choice is None or not approval.is_for_program:
        raise OurError("nothing_decided", f"Approval {approval.id} is {approval.state}: nothing is printed for it.")
    return {"hookSpecificOutput": {"hookEventName": PERMISSION_EVENT, "decision": _decision(approval, approval.choice)}}


def _decision(approval: Approval, choice: Choice) -> Mapping[str, Any]:
    match choice.decision:
        case Decision.DENY:
            return {"behavior": "deny", "message": choice.message or DENIED}
        case Decision.ALWAYS:
            return {"behavior": "allow", "updatedPermissions": approval.given["rules"]}
        case Decision.ANSWER:
            answers = dict(choice.answers or {})
            return {
                "behavior": "allow",
                "updatedInput": {"questions": approval.given["questions"], "answers": answers},
            }
        case _ if approval.kind is ApprovalKind.PLAN:
            mode = {"type": "setMode", "mode": choice.mode or PLAN_MODES[0], "destination": "session"}
            return {
                "behavior": "allow",
                "updatedInput": {"plan": approval.given["plan"]},
                "updatedPermissions": [mode],
            }
        case _:
            return {"behavior": "allow"}
