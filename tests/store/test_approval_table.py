"""ApprovalTable: approvals come back as they were written; one decision wins; what is old goes."""

from dataclasses import replace
from pathlib import Path

import pytest

from orchestra.agents import TERMINAL, Approval, ApprovalState, Choice, Decision
from orchestra.store import approval_table
from orchestra.store.approval_table import ApprovalTable
from orchestra.store.database import open_database
from tests.agents.some_approval import QUESTIONS, RULES, asked, some_approval

ANSWER = Choice(Decision.ANSWER, "Gern.", {"Which store?": "Memory é漢😀"})


def numbered(number: int, owner: str = "issuer|ada") -> Approval:
    """Return an approval of its own, newer with every number."""
    return some_approval(id=f"apr_{number:032x}", owner=owner, created_unix_ms=number)


async def test_approvals_come_back(tmp_path: Path) -> None:
    """Every field survives closing and opening, decided or not."""
    question = some_approval(asked("AskUserQuestion", questions=QUESTIONS), task_id=7, subagent="s")
    plan = some_approval(asked("ExitPlanMode", plan="é\ud83d"), id="apr_plan", created_unix_ms=2)
    always = some_approval({**asked(), "permission_suggestions": RULES}, id="apr_rules", created_unix_ms=3)
    async with open_database(tmp_path / "db") as database:
        table = ApprovalTable(database)
        for one in (question, plan, always):
            assert await table.put(one)
        answered = question.answered(ANSWER, "issuer|ada", 9)
        assert await table.decide(answered)
        await table.take(taken := answered.taken(11))
        await table.take(replace(taken, taken_unix_ms=12))
        assert await table.decide(over := always.withdrawn("Why.", 10, TERMINAL))
    async with open_database(tmp_path / "db") as database:
        table = ApprovalTable(database)
        assert await table.get(question.id) == taken
        assert await table.get(plan.id) == plan and await table.get(always.id) == over
        assert await table.get("apr_none") is None
        assert await table.waiting() == [plan]


async def test_one_decision_wins(tmp_path: Path) -> None:
    """The same id again changes nothing, and neither does a second decision."""
    one = some_approval()
    async with open_database(tmp_path / "db") as database:
        table = ApprovalTable(database)
        assert await table.put(one) and not await table.put(replace(one, title="other"))
        first = one.answered(Choice(Decision.ALLOW), "issuer|ada", 5)
        assert await table.decide(first)
        assert not await table.decide(one.answered(Choice(Decision.DENY), "issuer|bob", 6))
        assert not await table.decide(one.expired("x", 6)) and not await table.put(one)
        assert await table.get(one.id) == first
        assert not await table.decide(replace(first, id="apr_none"))


async def test_a_page_is_somebodys_newest_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is narrowed by owner and state, by number and by the bytes of what it holds."""
    async with open_database(tmp_path / "db") as database:
        table = ApprovalTable(database)
        ada, bob, last = numbered(1), numbered(2, "issuer|bob"), numbered(3)
        for one in (ada, bob, last):
            await table.put(one)
        await table.decide(over := last.expired("x", 9))
        assert await table.page(None, None, 10) == [over, bob, ada]
        assert await table.page("issuer|ada", None, 10) == [over, ada]
        assert await table.page("issuer|ada", ApprovalState.WAITING, 10) == [ada]
        assert await table.page(None, None, 2) == [over, bob]
        monkeypatch.setattr(approval_table, "MAX_PAGE_BYTES", 1)
        assert await table.page(None, None, 10) == [over]


async def test_what_is_old_or_too_much_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Decided ones go by age and by number, the oldest first; what waits never goes."""
    monkeypatch.setattr(approval_table, "MAX_KEPT", 2)
    async with open_database(tmp_path / "db") as database:
        table = ApprovalTable(database)
        for number in range(1, 7):
            await table.put(numbered(number))
            if number > 1:
                await table.decide(numbered(number).expired("x", 100 + number))
        await table.forget(0)
        assert [one.created_unix_ms for one in await table.page(None, None, 10)] == [6, 5, 1]
        await table.forget(106)
        assert [one.created_unix_ms for one in await table.page(None, None, 10)] == [6, 1]
