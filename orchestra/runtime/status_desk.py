"""StatusDesk: every agent's evidence, and the state that follows from it. Sole owner of the evidence.

Hooks come through the report desk, facts through the hub, screens from the panes that it watches. What changes is
judged, and the hub is told the state; `verdict` says why.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, Final

import structlog
import trio

from orchestra import tmux
from orchestra.agents import (
    ENDED,
    Agent,
    AgentState,
    CallHeld,
    Evidence,
    FactsSeen,
    HookEvent,
    HookReading,
    InputSent,
    Meaning,
    Noted,
    OwnReport,
    Report,
    RuleResult,
    RuleSet,
    Say,
    ScreenSeen,
    ScreenText,
    Seen,
    Source,
    Verdict,
    judge,
    noted,
    read_hook,
    remembered,
)
from orchestra.errors import BadInputError, NotFoundError, OrchestraError
from orchestra.ids import AgentId
from orchestra.runtime.hub import Hub
from orchestra.screen import Snapshot

__all__ = ["StatusDesk"]

GAVE_UP: Final = "its wrapper gave up restarting it"
LOOK_S: Final = 0.25  # between two readings of one screen: rules cost a tenth of a millisecond to a millisecond

_log = structlog.get_logger()


class StatusDesk:
    """Judges agents. `listeners` are told an agent whose verdict may have changed."""

    def __init__(self, hub: Hub, unix_s: Callable[[], float]) -> None:
        self.listeners: set[Callable[[AgentId], None]] = set()
        self._hub = hub
        self._unix_s = unix_s
        self._evidence: dict[AgentId, Evidence] = {}
        self._read: dict[AgentId, tuple[Snapshot, str]] = {}
        self._held: dict[AgentId, dict[int, str]] = {}
        self._calls = count()
        self._stirred: dict[AgentId, trio.Event] = {}
        self._to_watch, self._watched = trio.open_memory_channel[AgentId](math.inf)  # one for each agent
        hub.state_of = self._state_of

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Watch every agent that there is and that comes, for ever."""
        known: set[AgentId] = set()

        def on_agent(agent_id: AgentId) -> None:
            if agent_id in self._hub.agents and agent_id not in known:
                known.add(agent_id)
                self._to_watch.send_nowait(agent_id)
            elif agent_id not in self._hub.agents:
                known.discard(agent_id)
                self._evidence.pop(agent_id, None)
                self._read.pop(agent_id, None)
            self._stir(agent_id)

        self._hub.listeners.add(on_agent)
        for agent_id in self._hub.agents:
            on_agent(agent_id)
        async with trio.open_nursery() as nursery:
            task_status.started()
            async for agent_id in self._watched:
                nursery.start_soon(self._watch, agent_id)

    # ------------------------------------------------------------------ what others ask and tell

    def verdict(self, agent_id: AgentId) -> Verdict:
        """Return the verdict of an agent by what its screen shows now; raise `NotFoundError`."""
        agent = self._hub.agent(agent_id)
        if self._of(agent_id).facts is not None and self._has_changed(agent):
            self._read_screen(agent)
        return judge(self._of(agent_id), self._unix_s())

    def is_decision_pending(self, agent_id: AgentId, typed: str = "") -> bool:
        """Say whether an agent waits for a decision; its screen counts without the rows of what we `typed` there.

        Raises `NotFoundError`.
        """
        sees = self.verdict(agent_id).sees_decision
        if not typed or sees != {Source.SCREEN}:
            return bool(sees)
        rules = self._rules(self._hub.agent(agent_id))
        shown = rules.read(self._screen(agent_id).without(typed)).screen if rules is not None else None
        return shown is not None and shown.rule.state is Seen.BLOCKED

    def is_watched(self, agent_id: AgentId) -> bool:
        """Say whether hooks or rules tell work from rest; raise `NotFoundError`."""
        self._hub.agent(agent_id)
        return self._of(agent_id).is_watched

    def rules(self, agent_id: AgentId) -> tuple[RuleSet | None, tuple[RuleResult, ...]]:
        """Return the screen rules of an agent and what becomes of each on its present screen."""
        rules = self._rules(self._hub.agent(agent_id))
        return rules, rules.read(self._screen(agent_id)).results if rules is not None else ()

    def note(self, agent_id: AgentId, event: Noted) -> None:
        """Take in an event; what follows from it is told soon."""
        self._evidence[agent_id] = noted(self._of(agent_id), event, self._unix_s())
        self._stir(agent_id)

    def input_sent(self, agent_id: AgentId) -> None:
        """Hear that a message was handed in: what was done before does not count as its answer."""
        if agent_id in self._hub.agents:
            self.note(agent_id, InputSent())

    def answered(self, agent_id: AgentId, text: str) -> None:
        """Hear that the program was given the decision that it waited for: it goes on with its turn."""
        if agent_id in self._hub.agents:
            reading = HookReading("Answered", "", Meaning(Say.WORKING), text)
            self.note(agent_id, HookEvent(reading, self._unix_s()))

    @contextmanager
    def held_for_person(self, agent_id: AgentId, text: str) -> Iterator[None]:
        """Hear that, inside this block, a call of the agent waits for a person who is asked `text`."""
        held = self._held.setdefault(agent_id, {})
        if held and self._of(agent_id).settled(self._unix_s()).call is None:
            held.clear()  # those were interrupted, and end when their time is over
        number = next(self._calls)
        held[number] = text
        self._note_held(agent_id)
        try:
            yield
        finally:
            if held.pop(number, None) is not None:
                self._note_held(agent_id)
            if not held and self._held.get(agent_id) is held:
                del self._held[agent_id]

    async def on_report(self, agent_id: AgentId, report: Report) -> None:
        """Take in what a hook of the agent's program says, and that its wrapper starts it no more."""
        agent = self._hub.agents.get(agent_id)
        if agent is not None and report.kind == "failed":
            self.note(agent_id, OwnReport(AgentState.FAILED, GAVE_UP))
            if agent.state is AgentState.EXITED:  # seen before this was read
                await self._hub.settle(agent_id, AgentState.FAILED, agent.exit_status)
        given: Any = report.data.get("input")
        event = report.data.get("event")
        if agent is None or report.kind != "hook" or not isinstance(event, str) or not isinstance(given, dict):
            return
        try:
            sources = self._hub.profiles.get(agent.profile).status
            self.note(agent_id, HookEvent(read_hook(event, given, sources), report.unix_ms / 1000))
        except BadInputError as error:
            _log.warning("hook_not_understood", agent=agent_id, reason=error.message)

    # ------------------------------------------------------------------ inside

    def _note_held(self, agent_id: AgentId) -> None:
        if agent_id in self._hub.agents:
            held = self._held.get(agent_id)
            self.note(agent_id, CallHeld(next(reversed(held.values())) if held else ""))

    def _of(self, agent_id: AgentId) -> Evidence:
        found = self._evidence.get(agent_id)
        if found is None:
            agent = self._hub.agent(agent_id)
            is_watched = False
            try:
                profile = self._hub.profiles.get(agent.profile)
                is_watched = bool(profile.status.hooks or self._rules(agent)) and not self._is_shell(agent)
            except BadInputError:
                pass
            was_heard = agent.state is not AgentState.STARTING
            found = Evidence(agent.created_unix_s, is_watched=is_watched, was_heard=was_heard)
            if is_watched or agent.state is AgentState.FAILED:
                found = remembered(found, agent.state, agent.state_since_unix_s)
            if not agent.has_screen:
                found = replace(found, facts=_wrapper_facts(agent), facts_unix_s=agent.state_since_unix_s)
            self._evidence[agent_id] = found
        return found

    def _state_of(self, agent: Agent, facts: tmux.PaneFacts) -> tuple[AgentState, float]:
        """Take in what tmux tells of an agent, and return the state that follows, and since when."""
        seen = FactsSeen(
            is_dead=facts.is_dead,
            exit_status=facts.exit_status,
            foreground=facts.command,
            is_at_prompt=self._is_shell(agent) and facts.command == Path(agent.command[0]).name,
        )
        if self._of(agent.id).facts is None:
            self._stir(agent.id)  # the screen could not be judged before; its state alone may be what it was
        self._evidence[agent.id] = noted(self._of(agent.id), seen, self._unix_s())
        verdict = judge(self._evidence[agent.id], self._unix_s())
        return verdict.state, verdict.since_unix_s

    def _is_shell(self, agent: Agent) -> bool:
        """Say whether an agent is nothing but a person's shell in a terminal of ours."""
        return agent.has_screen and self._hub.profiles.is_shell(agent.profile)

    def _rules(self, agent: Agent) -> RuleSet | None:
        if not agent.has_screen:
            return None
        try:
            return self._hub.profiles.rules(self._hub.profiles.get(agent.profile))
        except BadInputError:
            return None

    def _screen(self, agent_id: AgentId) -> ScreenText:
        agent = self._hub.agent(agent_id)
        snapshot = self._hub.pane(agent.session_id).picture.snapshot
        cursor = (snapshot.cursor.row, snapshot.cursor.column)
        return ScreenText.of(snapshot.text_rows(), cursor, agent.title)

    def _has_changed(self, agent: Agent) -> bool:
        """Say whether an agent's screen shows something else than when it was read last."""
        if not agent.has_screen:
            return False
        return self._read.get(agent.id) != (self._hub.pane(agent.session_id).picture.snapshot, agent.title)

    def _read_screen(self, agent: Agent) -> None:
        """Take in what the screen of an agent shows, where rules tell what that means."""
        rules = None if self._is_shell(agent) else self._rules(agent)
        if rules is None:
            return
        self._read[agent.id] = (self._hub.pane(agent.session_id).picture.snapshot, agent.title)
        seen = ScreenSeen(rules.read(self._screen(agent.id)))
        self._evidence[agent.id] = noted(self._of(agent.id), seen, self._unix_s())

    def _stir(self, agent_id: AgentId) -> None:
        if (event := self._stirred.get(agent_id)) is not None:
            event.set()

    async def _watch(self, agent_id: AgentId) -> None:
        """Read an agent's screen when it has changed, and tell the hub the state, until the agent is over."""
        agent = self._hub.agents.get(agent_id)
        if agent is None:
            return
        pane = self._hub.pane(agent.session_id) if agent.has_screen and not self._is_shell(agent) else None
        self._stirred[agent_id] = trio.Event()

        def wake(_number: int) -> None:
            self._stir(agent_id)

        if pane is not None and self._rules(agent) is not None:
            pane.watch(wake)
        try:
            while (agent := self._hub.agents.get(agent_id)) is not None and not agent.is_over:
                self._stirred[agent_id] = trio.Event()
                until_unix_s = await self._look(agent_id)
                await trio.sleep(LOOK_S)
                wait_s = math.inf if until_unix_s is None else max(0.0, until_unix_s - self._unix_s())
                with trio.move_on_after(wait_s):
                    await self._stirred[agent_id].wait()
        except NotFoundError:
            return
        except OrchestraError as error:
            _log.error("status_lost", agent=agent_id, reason=error.message)
        finally:
            if pane is not None:
                pane.unwatch(wake)
            self._stirred.pop(agent_id, None)

    async def _look(self, agent_id: AgentId) -> float | None:
        """Judge an agent by what is there now; return when time alone may change the verdict."""
        agent = self._hub.agent(agent_id)
        if self._of(agent_id).facts is None:
            facts = self._hub.pane(agent.session_id).facts
            if facts is None:
                return None  # tmux tells them soon
            self._state_of(agent, facts)
        self._read_screen(agent)
        now = self._unix_s()
        evidence = self._evidence[agent_id] = self._of(agent_id).settled(now)
        verdict = judge(evidence, now)
        if verdict.state not in (*ENDED, AgentState.STARTING):
            await self._hub.see(agent_id, verdict.state, verdict.since_unix_s)
        for listener in tuple(self.listeners):
            listener(agent_id)
        return verdict.until_unix_s


def _wrapper_facts(agent: Agent) -> FactsSeen:
    """Return what was last known of the process of an agent without a screen."""
    is_dead = agent.state in (AgentState.EXITED, AgentState.FAILED)
    return FactsSeen(
        is_answering=agent.state is not AgentState.LOST,
        is_dead=is_dead,
        exit_status=agent.exit_status,
        foreground=Path(agent.command[0]).name,
        silence="its wrapper has given no sign of life",
    )
