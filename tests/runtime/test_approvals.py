"""Approvals over real SQLite: asked once, decided once, and given to the program as decided."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trio

from orchestra.agents import ApprovalState, Choice, Decision, Report
from orchestra.errors import BadInputError, ConflictError, NotFoundError, OurError, TooFastError
from orchestra.runtime.approvals import HOOK_LIFE_S, KEPT_S, MAX_WAITING, QUESTION_LIFE_S, Approvals
from orchestra.store.database import open_database
from tests.agents.some_approval import ADA, QUESTIONS, asked
from tests.runtime.approval_world import ASK, BOB, ApprovalWorld
from tests.runtime.house import until

ALLOW, DENY, ALWAYS = Choice(Decision.ALLOW), Choice(Decision.DENY, "No."), Choice(Decision.ALWAYS)
FIRST = f"apr_{ASK}0"
USED = asked()
"""What PostToolUse is given too: tool and input as they were asked for."""


@asynccontextmanager
async def world_of(directory: Path) -> AsyncIterator[ApprovalWorld]:
    """Give a world with a database."""
    async with open_database(directory / "db") as database:
        yield ApprovalWorld(database)


@asynccontextmanager
async def running(world: ApprovalWorld) -> AsyncIterator[Approvals]:
    """Run approvals, as one life of the daemon."""
    approvals = world.approvals()
    async with trio.open_nursery() as nursery:
        await nursery.start(approvals.run)
        yield approvals
        nursery.cancel_scope.cancel()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[ApprovalWorld]:
    """Give a world of the test's own."""
    async with world_of(tmp_path) as made:
        yield made


async def test_a_report_that_comes_twice_is_one_approval(world: ApprovalWorld) -> None:
    """It is told once, with the time of the report, also after a restart."""
    async with running(world) as approvals:
        await approvals.on_report(ADA, world.question())
        world.now_unix_s += 5
        await approvals.on_report(ADA, world.question())
    async with running(world) as approvals:
        await approvals.on_report(ADA, world.question())
        (one,) = await approvals.page(None, None, 10)
    assert world.told == [one]
    assert (one.id, one.state, one.created_unix_ms) == (FIRST, ApprovalState.WAITING, 100_000)
    assert one.expires_unix_ms == 100_000 + int(HOOK_LIFE_S * 1000)


async def test_the_first_decision_wins_and_is_given_whenever_asked_for(world: ApprovalWorld) -> None:
    """Of two at once one is refused with who was first; the program gets the same answer again, after a restart too."""
    async with running(world) as approvals:
        await approvals.on_report(ADA, world.question())
        refused: list[ConflictError] = []

        async def decide(choice: Choice, by: str) -> None:
            try:
                await approvals.decide(FIRST, choice, by)
            except ConflictError as error:
                refused.append(error)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(decide, ALLOW, "issuer|ada")
            nursery.start_soon(decide, DENY, "issuer|bob")
        found = await approvals.wait_answer(ADA, f"{ASK}0", 0.1)
        assert found is not None and found.is_for_program
        assert len(refused) == 1 and f"by {found.decided_by}" in refused[0].message
        taken = await approvals.take(found)
        assert await approvals.take(taken) == taken and world.taken == [taken]
    async with running(world) as approvals:
        assert await approvals.wait_answer(ADA, f"{ASK}0", 0.1) == taken
    assert [one.state for one in world.told] == [ApprovalState.WAITING, *[ApprovalState.ANSWERED] * 2]


async def test_whoever_waits_is_woken(world: ApprovalWorld) -> None:
    """A poll that began before the question was known ends with its decision; one that comes to its end says so."""
    found: list[Any] = []
    async with running(world) as approvals, trio.open_nursery() as nursery:

        async def poll() -> None:
            found.append(await approvals.wait_answer(ADA, f"{ASK}0", 5.0))

        nursery.start_soon(poll)
        await trio.testing.wait_all_tasks_blocked()
        await approvals.on_report(ADA, world.question())
        assert (await approvals.wait_decided(FIRST, 0.01)).is_waiting
        await approvals.decide(FIRST, DENY, "issuer|ada")
        with trio.fail_after(5):
            while not found:  # noqa: ASYNC110
                await trio.sleep(0.001)
    assert found[0].choice == DENY


async def test_an_agent_sees_its_own_questions_alone(world: ApprovalWorld) -> None:
    """Another agent that knows the number is told that there is none; one that nobody asked is not there yet."""
    async with running(world) as approvals:
        await approvals.on_report(ADA, world.question())
        await approvals.decide(FIRST, ALLOW, "issuer|ada")
        with pytest.raises(NotFoundError):
            await approvals.wait_answer(BOB, f"{ASK}0", 0.0)
        assert await approvals.wait_answer(BOB, f"{ASK}1", 0.01) is None


Move = Callable[[ApprovalWorld], Report]
OVER: list[tuple[str, Move, tuple[str, str | None, str | None]]] = [
    ("yes", lambda world: world.report("PostToolUse", **USED), ("answered", "allow", "terminal")),
    ("failed", lambda world: world.report("PostToolUseFailure", **USED), ("answered", "allow", "terminal")),
    ("no", lambda world: world.report("AskWithdrawn", f"{ASK}0"), ("withdrawn", None, "terminal")),
    ("late", lambda world: world.report("AskExpired", f"{ASK}0"), ("expired", None, None)),
    ("stop", lambda world: world.report("Stop"), ("withdrawn", None, "terminal")),
    ("prompt", lambda world: world.report("UserPromptSubmit", prompt="x"), ("withdrawn", None, "terminal")),
    ("end", lambda world: world.report("SessionEnd", reason="exit"), ("withdrawn", None, "terminal")),
]


@pytest.mark.parametrize(("move", "state"), [row[1:] for row in OVER], ids=[row[0] for row in OVER])
async def test_what_the_terminal_decided_first(
    world: ApprovalWorld, move: Move, state: tuple[str, str | None, str | None]
) -> None:
    """Each sign of it ends the card; a person who comes later is refused, and the hook is given nothing."""
    async with running(world) as approvals:
        await approvals.on_report(ADA, world.question())
        await approvals.on_report(BOB, move(world))
        assert (await approvals.approval(FIRST)).is_waiting, "another agent's word"
        await approvals.on_report(ADA, move(world))
        over = (await approvals.approval(FIRST)).public()
        assert (over["state"], over["decision"], over["decided_by"]) == state
        assert over["reason"] or over["state"] == "answered"
        with pytest.raises(ConflictError, match="in the terminal" if state[2] else "expired"):
            await approvals.decide(FIRST, ALLOW, "issuer|ada")
        found = await approvals.wait_answer(ADA, f"{ASK}0", 0.0)
        assert found is not None and not found.is_for_program
        with pytest.raises(OurError):
            await approvals.take(found)
    assert len(world.told) == 2


@pytest.mark.parametrize(
    "other",
    [
        lambda world: world.report("PostToolUse", **asked("Bash", command="ls")),
        lambda world: world.report("PostToolUse", **asked("Read", file_path="x")),
        lambda world: world.report("PostToolUse", tool_name=1),
        lambda world: world.report("Stop", agent_id="sub"),
        lambda world: world.report("Notification", message="x"),
        lambda world: world.report("AskWithdrawn", f"{ASK}1"),
        lambda world: world.report("AskWithdrawn", "../x"),
        lambda world: replace(world.report("Stop"), unix_ms=99_999),
        lambda world: replace(world.report("Stop"), kind="line"),
        lambda _world: Report("n", "t", "hook", 100_000, {"event": "Stop", "text": "x"}),
    ],
)
async def test_what_decides_nothing(world: ApprovalWorld, other: Move) -> None:
    """Other tools, parts, questions and older reports leave it waiting."""
    async with running(world) as approvals:
        await approvals.on_report(ADA, world.question())
        await approvals.on_report(ADA, other(world))
        assert (await approvals.approval(FIRST)).is_waiting and len(world.told) == 1


async def test_the_end_of_a_part_is_its_own(world: ApprovalWorld) -> None:
    """What a subagent asks outlives the main turn, and ends with that subagent."""
    async with running(world) as approvals:
        await approvals.on_report(ADA, world.question(0, {**asked(), "agent_id": "sub"}))
        await approvals.on_report(ADA, world.report("Stop"))
        assert (await approvals.approval(FIRST)).is_waiting
        await approvals.on_report(ADA, world.report("SubagentStop", agent_id="sub"))
        assert (await approvals.approval(FIRST)).state is ApprovalState.WITHDRAWN


async def test_the_use_that_was_allowed_here_decides_no_other(world: ApprovalWorld) -> None:
    """Two equal commands wait: that the one allowed here was run says nothing of the other."""
    async with running(world) as approvals:
        for number in range(2):
            await approvals.on_report(ADA, world.question(number))
        await approvals.decide(FIRST, ALLOW, "issuer|ada")
        assert approvals.is_asking(ADA) and not approvals.is_asking(BOB)
        await approvals.on_report(ADA, world.report("PostToolUse", **USED))
        assert (await approvals.approval(f"apr_{ASK}1")).is_waiting
        await approvals.on_report(ADA, world.report("PostToolUse", **USED))
        assert (await approvals.approval(f"apr_{ASK}1")).decided_by == "terminal"
        assert not approvals.is_asking(ADA)


async def test_a_use_that_never_came_is_forgotten_with_its_turn(world: ApprovalWorld) -> None:
    """What was allowed here and interrupted says nothing of the same command in the next turn."""
    async with running(world) as approvals:
        await approvals.on_report(ADA, world.question(0))
        await approvals.decide(FIRST, ALLOW, "issuer|ada")
        await approvals.on_report(ADA, world.report("UserPromptSubmit", prompt="x"))
        await approvals.on_report(ADA, world.question(1))
        await approvals.on_report(ADA, world.report("PostToolUse", **USED))
        assert (await approvals.approval(f"apr_{ASK}1")).decided_by == "terminal"


@pytest.mark.parametrize("tool", ["AskUserQuestion", "ExitPlanMode"])
async def test_a_question_is_known_by_its_tool(world: ApprovalWorld, tool: str) -> None:
    """Its input has answers when it was used, so that only the tool tells."""
    given = asked(tool, questions=QUESTIONS, plan="x")
    async with running(world) as approvals:
        await approvals.on_report(ADA, world.question(0, given))
        await approvals.on_report(ADA, world.report("PostToolUse", **asked(tool, answers={"a": "b"})))
        over = await approvals.approval(FIRST)
        assert over.decided_by == "terminal" and over.choice is not None
        assert over.choice.decision is (Decision.ANSWER if tool == "AskUserQuestion" else Decision.ALLOW)


async def test_nobody_waits_for_ever(world: ApprovalWorld) -> None:
    """When the hook's time is over the card is expired, before the hook gives up and for whoever decides late."""
    async with running(world) as approvals:
        await approvals.on_report(ADA, world.question(0))
        await approvals.on_report(ADA, world.question(1))
        world.now_unix_s += HOOK_LIFE_S
        with pytest.raises(ConflictError, match="terminal"):
            await approvals.decide(FIRST, ALLOW, "issuer|ada")
        assert (await approvals.approval(FIRST)).state is ApprovalState.EXPIRED
    async with running(world) as approvals:  # it looks at once
        await until(lambda: len(world.told) == 4, "the other one's end")
        assert (await approvals.approval(f"apr_{ASK}1")).state is ApprovalState.EXPIRED


@pytest.mark.parametrize(("wait_s", "life_s"), [(60, 60), (5_000, HOOK_LIFE_S), (-1, HOOK_LIFE_S), ("x", HOOK_LIFE_S)])
async def test_a_hook_that_waits_less_says_so(world: ApprovalWorld, wait_s: object, life_s: float) -> None:
    """A card lives no longer than its hook waits."""
    report = world.question()
    report.data["wait_s"] = wait_s
    async with running(world) as approvals:
        await approvals.on_report(ADA, report)
        assert (await approvals.approval(FIRST)).expires_unix_ms == 100_000 + int(life_s * 1000)


async def test_an_agent_that_is_gone_asks_nothing(world: ApprovalWorld) -> None:
    """When its program ends, what it asks is withdrawn at once; one that went meanwhile, at the start."""
    async with running(world) as approvals:
        await approvals.on_report(ADA, world.question(0))
        await approvals.on_report(BOB, world.question(1))
        await trio.testing.wait_all_tasks_blocked()
        world.end(ADA)
        await until(lambda: len(world.told) == 3, "the withdrawal", 2.0)
        over = await approvals.approval(FIRST)
        assert (over.state, over.decided_by) == (ApprovalState.WITHDRAWN, None) and over.reason
    del world.agents[BOB]
    async with running(world) as approvals:
        await until(lambda: len(world.told) == 4, "the other withdrawal")
        assert not await world.table.waiting()


async def test_what_cannot_be_shown_is_left_to_the_terminal(world: ApprovalWorld) -> None:
    """Input that is no JSON, and more than 32 at once, are withdrawn as they come: the hook waits for nobody."""
    async with running(world) as approvals:
        data = {"event": "PermissionRequest", "text": "{", "ask": "f" * 32}
        await approvals.on_report(ADA, Report("n", "t", "hook", 100_000, data))
        assert (await approvals.approval("apr_" + "f" * 32)).state is ApprovalState.WITHDRAWN
        for number in range(MAX_WAITING):
            report = world.report("PermissionRequest", f"{number:032x}", **asked())
            await approvals.on_report(ADA, report)
        await approvals.on_report(ADA, world.report("PermissionRequest", "e" * 32, **asked()))
        over = await approvals.approval("apr_" + "e" * 32)
        assert (over.state, over.detail["input"]) == (ApprovalState.WITHDRAWN, {"command": "rm -r build"})
        assert len(await world.table.waiting()) == MAX_WAITING
        with pytest.raises(TooFastError):
            await approvals.ask(world.agents[ADA], "Which?", ())


async def test_a_wrong_choice_decides_nothing(world: ApprovalWorld) -> None:
    """It is refused with its field, and the card stays; an unknown one is not there."""
    async with running(world) as approvals:
        await approvals.on_report(ADA, world.question())
        with pytest.raises(BadInputError):
            await approvals.decide(FIRST, ALWAYS, "issuer|ada")
        assert (await approvals.approval(FIRST)).is_waiting and len(world.told) == 1
        with pytest.raises(NotFoundError):
            await approvals.decide("apr_none", ALLOW, "issuer|ada")


async def test_an_agents_own_question(world: ApprovalWorld) -> None:
    """The same one again is one; turns that end do not end it, a day and the agent's end do."""
    async with running(world) as approvals:
        one = await approvals.ask(world.agents[ADA], "Which?", ("a",))
        assert await approvals.ask(world.agents[ADA], "Which?", ("a",)) == one and len(world.told) == 1
        assert not approvals.is_asking(ADA), "no program waits for it"
        await approvals.on_report(ADA, world.report("Stop"))
        world.now_unix_s += QUESTION_LIFE_S - 1
        decided = await approvals.decide(one.id, Choice(Decision.ANSWER, answers={"Which?": "b"}), "issuer|ada")
        assert await approvals.wait_decided(one.id, 0.0) == decided
        world.end(ADA)
        with pytest.raises(ConflictError):
            await approvals.ask(world.agents[ADA], "More?", ())


async def test_what_is_decided_is_kept_for_a_month(world: ApprovalWorld) -> None:
    """A start forgets what is older, and nothing else."""

    async def settled(condition: Callable[[], Awaitable[object]]) -> bool:
        with trio.move_on_after(5):
            while not await condition():  # noqa: ASYNC110
                await trio.sleep(0.005)
            return True
        return False

    async with running(world) as approvals:
        await approvals.on_report(ADA, world.question(0))
        await approvals.on_report(ADA, world.report("AskWithdrawn", f"{ASK}0"))
    world.now_unix_s += KEPT_S - 1
    async with running(world) as approvals:
        await approvals.on_report(ADA, world.question(1))
        await approvals.on_report(ADA, world.report("AskWithdrawn", f"{ASK}1"))
        await trio.testing.wait_all_tasks_blocked(0.05)
        assert len(await approvals.page(None, None, 10)) == 2
    world.now_unix_s += 2
    async with running(world) as approvals:

        async def is_forgotten() -> bool:
            return len(await approvals.page(None, None, 10)) == 1

        assert await settled(is_forgotten)
