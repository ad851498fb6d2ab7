"""Approvals: what agents ask people, from the hook's report to the answer that it takes. Sole writer of approvals.

A decision is committed, then told, and only then given to the program; the store lets exactly one decision win.
"""

import re
from collections import deque
from collections.abc import Callable
from typing import Any, Final

import structlog
import trio

from orchestra.agents import (
    ENDED,
    PERMISSION_EVENT,
    TERMINAL,
    Agent,
    Approval,
    ApprovalKind,
    ApprovalState,
    Ask,
    Choice,
    Decision,
    Report,
    approval_id,
    check_choice,
    read_ask,
    read_question,
    tool_key,
)
from orchestra.errors import ConflictError, NotFoundError, TooFastError, UnavailableError
from orchestra.ids import AgentId
from orchestra.runtime.approval_rows import ApprovalRows
from orchestra.runtime.hub import Hub

__all__ = ["HOOK_LIFE_S", "KEPT_S", "MAX_WAITING", "QUESTION_LIFE_S", "Approvals"]

HOOK_LIFE_S: Final = 580.0  # below the 590 s that the hook waits, so that no decision comes after it gave up
QUESTION_LIFE_S: Final = 86_400.0  # of a question that an agent asked by a tool: people sleep
MAX_WAITING: Final = 32  # of one agent: more is a program that runs wild
SWEEP_S: Final = 5.0
KEPT_S: Final = 30 * 86_400.0  # what is decided; the audit trail keeps who decided for ever
FORGET_S: Final = 3600.0
MAX_ALLOWED: Final = 256  # decisions whose tool has yet to end
ASK_RANDOM_BYTES: Final = 16

ASK_WITHDRAWN: Final = "AskWithdrawn"
ASK_EXPIRED: Final = "AskExpired"
"""What our own hook says of a question that it asked: its program ended it, or its time is over."""
USED: Final = frozenset({"PostToolUse", "PostToolUseFailure"})
"""Events that tell that a tool was used: somebody allowed it."""
OVER: Final = frozenset({"Stop", "StopFailure", "UserPromptSubmit", "SubagentStop"})
"""Events after which nothing of that conversation can be waiting any more."""
SESSION_END: Final = frozenset({"SessionEnd"})

AT_TERMINAL: Final = "It was answered, or closed, in the agent's terminal."
TURN_OVER: Final = "The agent has gone on without it."
PROGRAM_ENDED: Final = "The agent's program has ended."
TOO_LATE: Final = "Nobody decided it here in time. The question may still stand in the agent's terminal."
UNREADABLE: Final = "It could not be read here: look at the agent's terminal."
TOO_MANY: Final = f"{MAX_WAITING} of this agent wait already: look at its terminal."
_ASK: Final = re.compile(r"[0-9a-f]{32}")

_log = structlog.get_logger()


class Approvals:
    """All approvals. `listeners` are told each that came or moved, once it is stored; they must not wait.

    `taken_listeners` are told each whose decision the program has just been given. `task_at` says which task an agent
    works at that was not started for one.
    """

    def __init__(
        self, hub: Hub, rows: ApprovalRows, *, unix_s: Callable[[], float], random: Callable[[int], bytes]
    ) -> None:
        self.listeners: set[Callable[[Approval], None]] = set()
        self.taken_listeners: set[Callable[[Approval], None]] = set()
        self.task_at: Callable[[AgentId], int | None] = lambda _agent_id: None
        self._hub = hub
        self._rows = rows
        self._unix_s = unix_s
        self._random = random
        self._waiting: dict[str, Approval] = {}
        self._allowed: deque[tuple[AgentId, str, str]] = deque(maxlen=MAX_ALLOWED)
        self._changed = trio.Event()
        self._stirred = trio.Event()

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Take up what waits, report ready, then end what nobody can decide any more, for ever."""
        for approval in await self._rows.waiting():
            self._waiting[approval.id] = approval
        self._hub.listeners.add(self._on_agent)
        task_status.started()
        forget_at_s = trio.current_time()
        try:
            while True:
                self._stirred = trio.Event()
                try:
                    await self._sweep()
                    if trio.current_time() >= forget_at_s:
                        await self._rows.forget(self._unix_ms() - int(KEPT_S * 1000))
                        forget_at_s = trio.current_time() + FORGET_S
                except UnavailableError as error:
                    _log.error("approvals_not_swept", reason=error.message)
                with trio.move_on_after(SWEEP_S):
                    await self._stirred.wait()
        finally:
            self._hub.listeners.discard(self._on_agent)

    # ------------------------------------------------------------------ what people and programs ask

    async def approval(self, identity: str) -> Approval:
        """Return one approval; raise `NotFoundError`."""
        found = await self._rows.get(identity)
        if found is None:
            raise NotFoundError("unknown_approval", "There is no such approval.", field="id")
        return found

    async def page(self, owner: str | None, state: ApprovalState | None, limit: int) -> list[Approval]:
        """Return approvals as `ApprovalRows.page` does."""
        return await self._rows.page(owner, state, limit)

    async def decide(self, identity: str, choice: Choice, by: str) -> Approval:
        """Decide one for `by` (a principal's key) and return it.

        Raises `NotFoundError`, `ConflictError` (`already_decided`), `BadInputError` as `check_choice`,
        `UnavailableError` when it cannot be stored: then nothing was decided.
        """
        approval = await self.approval(identity)
        if approval.is_waiting and self._unix_ms() >= approval.expires_unix_ms:
            await self._settle(approval.expired(TOO_LATE, self._unix_ms()))
            approval = await self.approval(identity)
        if not approval.is_waiting:
            raise approval.refusal()
        check_choice(approval, choice)
        decided = approval.answered(choice, by, self._unix_ms())
        if not await self._settle(decided):
            raise (await self.approval(identity)).refusal()
        if choice.decision in (Decision.ALLOW, Decision.ALWAYS) and decided.tool:
            self._allowed.append((decided.agent_id, decided.tool, decided.tool_key))
        return decided

    async def ask(self, agent: Agent, question: str, options: tuple[str, ...]) -> Approval:
        """Ask people a question for an agent; the same one that waits already is that one.

        Raises `ConflictError` when the program has ended, `TooFastError` when 32 wait already.
        """
        if agent.state in ENDED:
            raise ConflictError("program_ended", PROGRAM_ENDED)
        asked = read_question(question, options)
        for one in self._waiting.values():
            if one.agent_id == agent.id and not one.tool and one.detail == asked.detail:
                return one
        if self._count(agent.id) >= MAX_WAITING:
            raise TooFastError("too_many_questions", f"{MAX_WAITING} of your questions wait already.")
        approval = self._new(agent, self._random(ASK_RANDOM_BYTES).hex(), asked, self._unix_ms(), QUESTION_LIFE_S)
        await self._put(approval)
        return approval

    async def wait_decided(self, identity: str, at_most_s: float) -> Approval:
        """Return one as soon as it is not waiting, or as it is when the time is over; raise `NotFoundError`."""
        with trio.move_on_after(at_most_s):
            while True:
                changed = self._changed
                if identity not in self._waiting and not (await self.approval(identity)).is_waiting:
                    break
                await changed.wait()
        return await self.approval(identity)

    async def wait_answer(self, agent_id: AgentId, ask: str, at_most_s: float) -> Approval | None:
        """Return what an agent's hook asked under that number, as `wait_decided`; None when it is not known yet.

        Raises `NotFoundError` (`unknown_approval`) when another agent asked it, or no hook can have.
        """
        unknown = NotFoundError("unknown_approval", "There is no such approval.", field="ask")
        if not _ASK.fullmatch(ask):
            raise unknown
        identity = approval_id(ask)
        with trio.move_on_after(at_most_s):
            while True:
                changed = self._changed
                if await self._rows.get(identity) is not None:
                    break
                await changed.wait()
            await self.wait_decided(identity, at_most_s)
        found = await self._rows.get(identity)
        if found is not None and found.agent_id != agent_id:
            raise unknown
        return found

    async def take(self, approval: Approval) -> Approval:
        """Note that the program is given the decision now; the same one again when it asks again."""
        taken = approval.taken(self._unix_ms())
        if taken is not approval:
            await self._rows.take(taken)
            self._tell(taken)
            for listener in tuple(self.taken_listeners):
                listener(taken)
        return taken

    def is_asking(self, agent_id: AgentId) -> bool:
        """Whether the program of an agent still waits for a decision."""
        return any(one.agent_id == agent_id and one.tool for one in self._waiting.values())

    def question_of(self, agent_id: AgentId, task_id: int) -> Approval | None:
        """Return the newest question of an agent's own, asked at this task, that waits for its answer."""
        asked = (one for one in self._waiting.values() if not one.tool)
        mine = (one for one in asked if (one.agent_id, one.task_id) == (agent_id, task_id))
        return max(mine, key=lambda one: one.created_unix_ms, default=None)

    # ------------------------------------------------------------------ what programs report

    async def on_report(self, agent_id: AgentId, report: Report) -> None:
        """Hear a report, which may come twice; raise `UnavailableError` when what follows cannot be kept now."""
        agent = self._hub.agents.get(agent_id)
        event, ask, given = (report.data.get(name) for name in ("event", "ask", "input"))
        if agent is None or report.kind != "hook" or not isinstance(event, str):
            return
        if isinstance(ask, str) and _ASK.fullmatch(ask):
            if event == PERMISSION_EVENT:
                await self._open(agent, ask, given, report)
            elif event == ASK_WITHDRAWN:
                await self._settle_asked(agent_id, ask, lambda one, now: one.withdrawn(AT_TERMINAL, now, TERMINAL))
            elif event == ASK_EXPIRED:
                await self._settle_asked(agent_id, ask, lambda one, now: one.expired(TOO_LATE, now))
        elif isinstance(given, dict):
            await self._hear(agent_id, event, given, report.unix_ms)

    async def _open(self, agent: Agent, ask: str, given: object, report: Report) -> None:
        asked = read_ask(given) if isinstance(given, dict) else None
        reason = UNREADABLE if asked is None else TOO_MANY if self._count(agent.id) >= MAX_WAITING else ""
        asked = asked or Ask(ApprovalKind.PERMISSION, "?", "", "", "?", {"tool": "?", "input": {}}, {})
        wait_s = report.data.get("wait_s")
        life_s = min(HOOK_LIFE_S, wait_s) if isinstance(wait_s, int) and wait_s > 0 else HOOK_LIFE_S
        approval = self._new(agent, ask, asked, report.unix_ms, life_s)
        await self._put(approval.withdrawn(reason, self._unix_ms()) if reason else approval)

    async def _hear(self, agent_id: AgentId, event: str, given: dict[str, Any], unix_ms: int) -> None:
        mine = [
            one
            for one in self._waiting.values()
            if one.agent_id == agent_id and one.tool and one.created_unix_ms <= unix_ms
        ]
        now = self._unix_ms()
        if event in USED:
            await self._used(agent_id, mine, given)
            return
        part = given.get("agent_id", "")
        if event in (*SESSION_END, *OVER) and not part:  # what was to be used in that turn is used, or never will be
            self._allowed = deque((one for one in self._allowed if one[0] != agent_id), maxlen=MAX_ALLOWED)
        for one in mine:
            if event in SESSION_END:
                await self._settle(one.withdrawn(PROGRAM_ENDED, now, TERMINAL))
            elif event in OVER and one.subagent == part:
                await self._settle(one.withdrawn(TURN_OVER, now, TERMINAL))

    async def _used(self, agent_id: AgentId, waiting: list[Approval], given: dict[str, Any]) -> None:
        """Hear that a tool was used: when nobody here allowed it, somebody at the terminal did."""
        tool, tool_input = given.get("tool_name"), given.get("tool_input")
        if not isinstance(tool, str) or not isinstance(tool_input, dict):
            return
        key = tool_key(tool_input)
        if (agent_id, tool, key) in self._allowed:
            self._allowed.remove((agent_id, tool, key))
            return
        for one in waiting:
            if one.tool == tool and (one.kind is not ApprovalKind.PERMISSION or one.tool_key == key):
                decision = Decision.ANSWER if one.kind is ApprovalKind.QUESTION else Decision.ALLOW
                await self._settle(one.answered(Choice(decision), TERMINAL, self._unix_ms()))
                return

    # ------------------------------------------------------------------ inside

    def _new(self, agent: Agent, ask: str, asked: Ask, unix_ms: int, life_s: float) -> Approval:
        return Approval(
            id=approval_id(ask),
            agent_id=agent.id,
            owner=agent.owner,
            task_id=agent.task_id if agent.task_id is not None else self.task_at(agent.id),
            kind=asked.kind,
            tool=asked.tool,
            tool_key=asked.tool_key,
            subagent=asked.subagent,
            title=asked.title,
            detail=asked.detail,
            given=asked.given,
            created_unix_ms=unix_ms,
            expires_unix_ms=unix_ms + int(life_s * 1000),
        )

    async def _put(self, approval: Approval) -> None:
        if await self._rows.put(approval):
            if approval.is_waiting:
                self._waiting[approval.id] = approval
            self._tell(approval)

    async def _settle_asked(self, agent_id: AgentId, ask: str, move: Callable[[Approval, int], Approval]) -> None:
        one = self._waiting.get(approval_id(ask))
        if one is not None and one.agent_id == agent_id:
            await self._settle(move(one, self._unix_ms()))

    async def _settle(self, decided: Approval) -> bool:
        """Store a decision, then tell it; say False when another one was first."""
        if not await self._rows.decide(decided):
            return False
        self._waiting.pop(decided.id, None)
        self._tell(decided)
        return True

    async def _sweep(self) -> None:
        """End what is too old, and what belongs to agents that have ended."""
        now = self._unix_ms()
        for one in list(self._waiting.values()):
            agent = self._hub.agents.get(one.agent_id)
            if agent is None or agent.state in ENDED:
                await self._settle(one.withdrawn(PROGRAM_ENDED, now))
            elif now >= one.expires_unix_ms:
                await self._settle(one.expired(TOO_LATE, now))

    def _on_agent(self, agent_id: AgentId) -> None:
        agent = self._hub.agents.get(agent_id)
        if agent is None or agent.state in ENDED:
            self._stirred.set()

    def _count(self, agent_id: AgentId) -> int:
        return sum(one.agent_id == agent_id for one in self._waiting.values())

    def _tell(self, approval: Approval) -> None:
        self._changed.set()
        self._changed = trio.Event()
        for listener in tuple(self.listeners):
            listener(approval)

    def _unix_ms(self) -> int:
        return int(self._unix_s() * 1000)
