"""Approval: decided once, by whom, and what of it is told."""

import json

import pytest

from orchestra.agents import APPROVAL_MOVES, TERMINAL, Approval, ApprovalState, Choice, Decision, approval_id
from orchestra.errors import ConflictError, OurError
from tests.agents.some_approval import QUESTIONS, RULES, asked, some_approval

ALLOW, DENY = Choice(Decision.ALLOW), Choice(Decision.DENY, "Not today.")


def ends() -> list[Approval]:
    """Return one approval in each state that is an end."""
    one = some_approval()
    return [one.answered(ALLOW, "issuer|ada", 5), one.withdrawn("Why.", 5, TERMINAL), one.expired("Too late.", 5)]


def test_only_what_waits_is_decided() -> None:
    """Every move from an end is refused with a conflict that says who decided or why it is over."""
    assert {one.state for one in ends()} == set(ApprovalState) - {ApprovalState.WAITING}
    assert all(not APPROVAL_MOVES[one.state] for one in ends())
    for one, who in zip(ends(), ("by issuer|ada", "in the terminal: Why.", "expired already: Too late."), strict=True):
        for move in (
            lambda one=one: one.answered(DENY, "issuer|bob", 6),
            lambda one=one: one.withdrawn("x", 6),
            lambda one=one: one.expired("x", 6),
        ):
            with pytest.raises(ConflictError) as refused:
                move()
            assert refused.value.code == "already_decided" and who in refused.value.message


def test_only_a_person_here_decides_for_the_program() -> None:
    """What was decided in the terminal is known to the program; nothing is given to it."""
    decided = some_approval().answered(DENY, "issuer|ada", 5)
    assert decided.is_for_program and decided.taken(7).taken(9).taken_unix_ms == 7
    for one in (some_approval(), some_approval().answered(ALLOW, TERMINAL, 5), *ends()[1:]):
        assert not one.is_for_program
        with pytest.raises(OurError):
            one.taken(7)


def test_what_may_be_decided() -> None:
    """`always` is there only where the program said what it would allow; a question is answered."""
    assert some_approval().decisions == (Decision.ALLOW, Decision.DENY)
    with_rules = some_approval({**asked(), "permission_suggestions": RULES})
    assert with_rules.decisions == (Decision.ALLOW, Decision.DENY, Decision.ALWAYS)
    assert some_approval(asked("ExitPlanMode", plan="x")).decisions == (Decision.ALLOW, Decision.DENY)
    question = some_approval(asked("AskUserQuestion", questions=QUESTIONS))
    assert question.decisions == (Decision.ANSWER, Decision.DENY)


def test_what_is_told() -> None:
    """All of it is JSON; a decision comes with its text and its time."""
    waiting = some_approval().public()
    assert (waiting["state"], waiting["decision"], waiting["decided_by"]) == ("waiting", None, None)
    assert "given" not in waiting and "tool_key" not in waiting
    choice = Choice(Decision.ANSWER, answers={"Which store?": "Memory"})
    told = json.loads(json.dumps(some_approval().answered(choice, "issuer|ada", 5).public()))
    assert (told["decision"], told["answers"], told["decided_unix_ms"]) == ("answer", {"Which store?": "Memory"}, 5)
    assert told["session_id"] == "sess-" + "a" * 26


def test_an_id_is_the_same_however_often() -> None:
    """A report that comes twice is the same approval."""
    assert approval_id("ab" * 16) == approval_id("ab" * 16) == "apr_" + "ab" * 16
