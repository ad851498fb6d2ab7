"""WaitingWatch: says of a task at work that its agent waits for a person, and that it goes on."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import structlog
import trio

from orchestra.agents import AgentState, MessageState, Source
from orchestra.errors import NotFoundError, UnavailableError
from orchestra.ids import AgentId
from orchestra.runtime.alarm import Alarm
from orchestra.runtime.approvals import Approvals
from orchestra.runtime.hub import Hub
from orchestra.runtime.mailroom import Mailroom
from orchestra.runtime.status_desk import StatusDesk
from orchestra.runtime.task_driver import TaskDriver

__all__ = ["WaitingWatch"]

SETTLED_S: Final = 1.0  # a state that does not last so long is no news: a prompt that is answered at once, a flicker
RESTS_S: Final = 10.0  # an agent that took a task and rests so long has forgotten it, or was interrupted
AGAIN_S: Final = 1.0

_log = structlog.get_logger()


class _Wait(Enum):
    """For what a person is needed."""

    NOTHING = auto()
    DECISION = auto()
    QUESTION = auto()
    ANSWER = auto()
    REPORT = auto()


_LASTS_S: Final = {wait: RESTS_S if wait is _Wait.REPORT else SETTLED_S for wait in _Wait}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What an agent was seen to wait for, since when on Trio's clock."""

    wait: _Wait
    since_s: float


class WaitingWatch:
    """Looks at the agents of open attempts. Owns what it saw of them; the driver owns the tasks."""

    def __init__(
        self,
        hub: Hub,
        status: StatusDesk,
        approvals: Approvals,
        mailroom: Mailroom,
        driver: TaskDriver,
        *,
        unix_s: Callable[[], float],
    ) -> None:
        self._hub = hub
        self._status = status
        self._approvals = approvals
        self._mailroom = mailroom
        self._driver = driver
        self._unix_s = unix_s
        self._alarm = Alarm()
        self._seen: dict[AgentId, _Seen] = {}

    async def run(self) -> None:
        """Look whenever something about an agent at work may have changed, for ever."""

        def on_agent(agent_id: AgentId) -> None:
            if self._driver.works(agent_id):
                self._alarm.ring()

        self._approvals.listeners.add(lambda approval: on_agent(approval.agent_id))
        self._status.listeners.add(on_agent)
        self._hub.listeners.add(on_agent)
        while True:
            await self._alarm.sleep(await self._look())

    # ------------------------------------------------------------------ inside

    async def _look(self) -> float | None:
        """Note what has lasted long enough; return when the next will have, on Trio's clock (None: nothing waits)."""
        now, next_s = trio.current_time(), math.inf
        at_work = self._driver.agents_at_work
        self._seen = {agent_id: seen for agent_id, seen in self._seen.items() if agent_id in at_work}
        for agent_id in at_work:
            wait = self._wait_of(agent_id)
            seen = self._seen.get(agent_id)
            if seen is None or seen.wait is not wait:
                seen = self._seen[agent_id] = _Seen(wait, now)
            ripe_s = seen.since_s + _LASTS_S[wait]
            if ripe_s > now:
                next_s = min(next_s, ripe_s)
            elif not await self._noted(agent_id, wait):
                next_s = min(next_s, now + AGAIN_S)
        return None if next_s == math.inf else next_s

    def _wait_of(self, agent_id: AgentId) -> _Wait:
        task = self._driver.task_of(agent_id)
        try:
            verdict = self._status.verdict(agent_id)
            is_watched = self._status.is_watched(agent_id)
        except NotFoundError:
            return _Wait.NOTHING
        state = verdict.state
        if state is AgentState.BLOCKED and verdict.source is not Source.CALL:
            return _Wait.DECISION
        if task is not None and self._approvals.question_of(agent_id, task.id) is not None:
            return _Wait.QUESTION
        if state is AgentState.WAITING_INPUT:
            return _Wait.ANSWER
        rests = state in (AgentState.IDLE, AgentState.DONE) and is_watched
        return _Wait.REPORT if rests and task is not None and task.names_an_agent else _Wait.NOTHING

    async def _noted(self, agent_id: AgentId, wait: _Wait) -> bool:
        """Tell the driver; return whether nothing is left to be done about it."""
        try:
            if wait is _Wait.REPORT and not await self._has_taken(agent_id):
                return False
            reason = self._reason(agent_id, wait)
            await self._driver.note_waiting(agent_id, is_waiting=wait is not _Wait.NOTHING, reason=reason)
        except NotFoundError:
            return True
        except UnavailableError as error:
            _log.warning("waiting_not_noted", agent=agent_id, reason=error.message)
            return False
        return True

    async def _has_taken(self, agent_id: AgentId) -> bool:
        """Say whether an agent that rests has had its task for long; one that has yet to take it does not rest."""
        attempt = self._driver.attempt_of(agent_id)
        if attempt is None:
            return False
        message, reply = await self._mailroom.handing_over(attempt.task_id, attempt.number)
        if message is None or message.state is MessageState.FAILED or reply is not None:
            return False
        is_heard = self._mailroom.manner(agent_id).acknowledges
        taken_unix_ms = message.acknowledged_unix_ms if is_heard else message.submitted_unix_ms
        return taken_unix_ms is not None and self._unix_s() - taken_unix_ms / 1000 >= RESTS_S

    def _reason(self, agent_id: AgentId, wait: _Wait) -> str:
        if wait is _Wait.NOTHING:
            return ""
        if wait is _Wait.REPORT:
            return "Its agent rests and has not said what came out: tell it in its terminal, or cancel the task."
        task = self._driver.task_of(agent_id)
        asked = self._approvals.question_of(agent_id, task.id) if task is not None else None
        if wait is _Wait.QUESTION and asked is not None:
            return f"Its agent waits for an answer (question): {asked.title}"
        verdict = self._status.verdict(agent_id)
        what = "a decision" if wait is _Wait.DECISION else "an answer"
        about = f" ({verdict.wait.value})" if verdict.wait is not None else ""
        said = f": {verdict.evidence}" if verdict.evidence else "."
        return f"Its agent waits for {what}{about}{said}"
