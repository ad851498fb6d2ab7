"""The race for a decision: person, terminal, deadline and restart at once, and exactly one of them wins.

A program of the world outlives the daemon, as a real one does: it has a dialog and a hook, and what is answered first
closes the dialog.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import trio
from hypothesis import given, settings
from hypothesis import strategies as st
from trio.testing import MockClock

from orchestra.agents import Approval, ApprovalState, Choice, Decision, Report, printed
from orchestra.errors import ConflictError, NotFoundError, UnavailableError
from orchestra.runtime.approvals import HOOK_LIFE_S, Approvals
from orchestra.store.approval_table import ApprovalTable
from tests.agents.some_approval import ADA, asked
from tests.laws.task_world import new_database
from tests.runtime.approval_world import ASK, ApprovalWorld

ASKS = 3
HISTORIES = 300
PEOPLE = ("issuer|ada", "issuer|bob")
DEEDS = ("ask", "ask again", "yes", "no", "allow", "deny", "poll", "poll", "stop", "later", "hear", "hear", "full")


class FullTable(ApprovalTable):
    """Cannot write now and then, before anything is written."""

    is_full = False

    async def decide(self, approval: Approval) -> bool:
        """Write, unless the disk is full."""
        if self.is_full:
            raise UnavailableError("database_unavailable", "full")
        return await super().decide(approval)


@dataclass
class Program:
    """One dialog and its hook. `closed_by` is what closed it; `outputs` is all that the hook was given."""

    number: int
    asked: Report | None = None
    closed_by: str | None = None
    outputs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether the dialog stands."""
        return self.asked is not None and self.closed_by is None


class Race:
    """One history. Reports lie in the spool until they are heard, and may be heard again after that."""

    def __init__(self) -> None:
        self.world = ApprovalWorld(new_database(":memory:"))
        self.table = FullTable(self.world.database)
        self.programs = [Program(number) for number in range(ASKS)]
        self.spool: list[Report] = []
        self.heard: list[Report] = []
        self.won: dict[str, tuple[str, Decision]] = {}

    @property
    def approvals(self) -> Approvals:
        """Return new approvals, as a daemon that starts has them."""
        hub: Any = self.world
        made = Approvals(hub, self.table, unix_s=lambda: self.world.now_unix_s, random=bytes)
        made.listeners.add(self.world.told.append)
        return made

    def given(self, number: int) -> dict[str, Any]:
        """Return what dialog `number` asks."""
        return asked("Bash", command=f"make {number}")

    async def live(self, groups: list[list[tuple[str, int]]]) -> None:
        """Do the deeds of each group at once, as one life of the daemon, then die."""
        approvals = self.approvals
        async with trio.open_nursery() as nursery:
            await nursery.start(approvals.run)
            for group in groups:
                async with trio.open_nursery() as together:
                    for deed, number in group:
                        together.start_soon(self.do, approvals, deed, number)
            nursery.cancel_scope.cancel()

    async def do(self, approvals: Approvals, deed: str, number: int) -> None:
        """Do one thing that may happen at any time."""
        self.world.now_unix_s += 0.001
        match deed:
            case "allow" | "deny":
                await self.decide(approvals, number, Decision(deed))
            case "poll":
                await self.poll(approvals, self.programs[number])
            case "hear":
                await self.hear(approvals)
            case "later":
                self.world.now_unix_s += HOOK_LIFE_S / 3
            case "full":
                self.table.is_full = not self.table.is_full
            case _:
                self.report(deed, number)

    def report(self, deed: str, number: int) -> None:
        """Do what programs and their terminals do, and put what they report into the spool."""
        program = self.programs[number]
        match deed:
            case "ask" if program.asked is None:
                program.asked = self.world.question(number, self.given(number))
                self.spool.append(program.asked)
            case "ask again" if self.heard:
                self.spool.append(self.heard[number % len(self.heard)])
            case "yes" if program.is_open:
                program.closed_by = "yes"
                self.spool.append(self.world.report("PostToolUse", **self.given(number)))
            case "no" if program.is_open:
                program.closed_by = "no"
                self.spool.append(self.world.report("AskWithdrawn", f"{ASK}{number}"))
            case "stop" if not any(one.is_open for one in self.programs):
                self.spool.append(self.world.report("Stop"))

    async def hear(self, approvals: Approvals) -> None:
        """Give what lies in the spool to the approvals, in order; only then it is removed."""
        for report in list(self.spool):
            with suppress(UnavailableError):
                await approvals.on_report(ADA, report)
                self.heard.append(report)
                with suppress(ValueError):
                    self.spool.remove(report)
                continue
            return

    async def decide(self, approvals: Approvals, number: int, decision: Decision) -> None:
        """Decide as one of two people."""
        identity, by = f"apr_{ASK}{number}", PEOPLE[decision is Decision.DENY]
        with suppress(ConflictError, NotFoundError, UnavailableError):
            decided = await approvals.decide(identity, Choice(decision), by)
            assert identity not in self.won, "two people were told that they have decided"
            self.won[identity] = (by, decision)
            assert decided.decided_by == by

    async def poll(self, approvals: Approvals, program: Program) -> None:
        """Ask as the hook does; what it is given closes the dialog that stands."""
        if program.asked is None or program.closed_by == "no":
            return
        found = await approvals.wait_answer(ADA, f"{ASK}{program.number}", 0.0)
        if found is not None and found.is_for_program:
            program.outputs.append(printed(await approvals.take(found)))
            program.closed_by = program.closed_by or "hook"

    async def check(self) -> None:
        """Hold what was kept, told and printed against each other."""
        for program in self.programs:
            identity = f"apr_{ASK}{program.number}"
            kept = await self.table.get(identity)
            told = [one for one in self.world.told if one.id == identity]
            if kept is None:
                assert not told and not program.outputs and identity not in self.won
                continue
            ends = [one for one in told if not one.is_waiting and one.taken_unix_ms is None]
            assert [one.is_waiting for one in told].count(True) == 1, "it came once"
            assert len(ends) == (0 if kept.is_waiting else 1), "its end was told once"
            assert (identity in self.won) == kept.is_for_program
            if kept.is_for_program:
                assert kept.choice is not None
                assert self.won[identity] == (kept.decided_by, kept.choice.decision)
            assert all(output == printed(kept) for output in program.outputs)
            assert bool(program.outputs) == (kept.taken_unix_ms is not None)


deeds = st.tuples(st.sampled_from(DEEDS), st.integers(0, ASKS - 1))
lives = st.lists(st.lists(st.lists(deeds, min_size=1, max_size=5), max_size=6), min_size=1, max_size=3)


@settings(max_examples=HISTORIES, deadline=None)
@given(lives)
def test_exactly_one_decision_wins(histories: list[list[list[tuple[str, int]]]]) -> None:
    """What is kept, told and printed is one decision, whatever comes at once, twice, late or after a restart."""
    race = Race()

    async def play() -> None:
        begin: list[list[tuple[str, int]]] = [[("ask", number) for number in range(ASKS)], [("hear", 0)]]
        for number, life in enumerate(histories):
            await race.live([*begin, *life] if number == 0 else life)
            await race.check()
        race.table.is_full = False
        await race.live([[("hear", 0)], [("hear", 0)], [("poll", number) for number in range(ASKS)]])
        await race.check()
        await race.live([[("poll", number) for number in range(ASKS)]])
        await race.check()
        await settled(race)

    trio.run(play, clock=MockClock(autojump_threshold=0))


async def settled(race: Race) -> None:
    """Check that in the end nothing waits that its terminal has closed, and that every winner's hook was told."""
    for program in race.programs:
        kept = await race.table.get(f"apr_{ASK}{program.number}")
        assert kept is not None
        if program.closed_by in ("yes", "no"):
            assert not kept.is_waiting, program.closed_by
        if kept.is_for_program and program.closed_by != "no":
            assert program.outputs
        if kept.state is ApprovalState.EXPIRED:
            assert not program.outputs
