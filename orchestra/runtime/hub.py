"""Hub: every agent and its pane. Sole owner of the agent table in memory and of the panes' tasks.

An agent's tmux server outlives the daemon: on a new start the hub adopts what is there, says what is lost, and ends
what nobody knows.
"""

import math
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import structlog
import trio

from orchestra import ids, tmux
from orchestra.agents import ENDED, Agent, AgentState, Profile, Stop, check_size, moved
from orchestra.errors import BadInputError, ConflictError, NotFoundError, OrchestraError, UnavailableError
from orchestra.ids import AgentId, SessionId
from orchestra.runtime.agent_memory import ProgramMemory, memory_of
from orchestra.runtime.agent_planner import AgentPlanner, SpawnRequest
from orchestra.runtime.agent_rows import AgentRows
from orchestra.runtime.agent_tokens import AgentTokens
from orchestra.runtime.frame_maker import FrameMaker
from orchestra.runtime.latest import Latest
from orchestra.runtime.niceness import stand_back
from orchestra.runtime.pane import Pane
from orchestra.runtime.place import Place
from orchestra.runtime.profile_library import Launch, ProfileLibrary
from orchestra.runtime.program_end import end_program
from orchestra.runtime.pty import Spawner
from orchestra.runtime.rounds import Rounds
from orchestra.runtime.tally import Tally
from orchestra.runtime.tmux_server import REFUSED, Tmux, TmuxServer
from orchestra.runtime.worktree import Worktrees

__all__ = ["ENDED", "Hub"]

MAX_AGENTS: Final = 200  # each is a tmux server and two clients: about 12 MiB of memory
STOP_DEADLINE_S: Final = 6.5  # below the time that a change over HTTP may take

_log = structlog.get_logger()


class Hub:
    """All agents. `listeners` are told the id of each agent that came, changed or went; `tally` counts what happens.

    `rounds` calls viewers when something is due. `verifies_frames` is a debug switch: every frame is played through a
    model client before it is sent. Without `tokens` agents get no token and no run folder.
    """

    def __init__(
        self,
        *,
        program: Tmux,
        spawner: Spawner,
        rows: AgentRows,
        profiles: ProfileLibrary,
        place: Place,
        unix_s: Callable[[], float],
        random: Callable[[int], bytes],
        tokens: AgentTokens | None = None,
        worktrees: Worktrees | None = None,
        verifies_frames: bool = False,
    ) -> None:
        self.profiles = profiles
        self.planner = AgentPlanner(profiles, place, tokens, worktrees, unix_s=unix_s, random=random)
        self.tally = Tally()
        self._verifies_frames = verifies_frames
        self.listeners: set[Callable[[AgentId], None]] = set()
        self._program = program
        self._spawner = spawner
        self._rows = rows
        self._place = place
        self._unix_s = unix_s
        self._agents: dict[AgentId, Agent] = {}
        self._panes: dict[SessionId, Pane] = {}
        self._scopes: dict[AgentId, trio.CancelScope] = {}
        self._next_number = 1
        self._to_keep, self._kept = trio.open_memory_channel[AgentId](MAX_AGENTS)
        self._host = socket.gethostname()
        self._frame_maker = FrameMaker()
        self.state_of = self._state_of  # the status desk knows better
        self.rounds = Rounds()
        self._flood_gate = trio.Lock()

    # ------------------------------------------------------------------ what is there

    @property
    def home(self) -> Path:
        """Where an agent works when nobody says where."""
        return self._place.home

    @property
    def agents(self) -> Mapping[AgentId, Agent]:
        """Every agent by id, oldest first."""
        return self._agents

    def agent(self, identity: AgentId) -> Agent:
        """Return one agent; raise `NotFoundError`."""
        try:
            return self._agents[identity]
        except KeyError:
            raise NotFoundError("unknown_agent", "There is no such agent.", field="id") from None

    def agent_of(self, session: SessionId) -> Agent:
        """Return the agent of a session; raise `NotFoundError`."""
        found = self._agents.get(ids.agent_id(ids.stem_of(session)))
        if found is None:
            raise NotFoundError("unknown_session", "There is no such session.", field="session_id")
        return found

    def pane(self, session: SessionId) -> Pane:
        """Return the terminal of a session; raise `NotFoundError`, `ConflictError` (`no_screen`) where it has none."""
        if not self.agent_of(session).has_screen:
            raise ConflictError("no_screen", "That program runs in a terminal of its own, which is not seen here.")
        return self._panes[session]

    # ------------------------------------------------------------------ life

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Adopt what survived, all at once, report ready, then keep every pane for as long as its tmux server lives."""
        async with trio.open_nursery() as nursery:
            await self._adopt()
            nursery.start_soon(self._frame_maker.run)
            nursery.start_soon(self.rounds.run)
            task_status.started()
            async for identity in self._kept:
                nursery.start_soon(self._keep, identity)

    async def spawn(self, request: SpawnRequest) -> list[Agent]:
        """Start an agent, or those that the profile starts together; raise `BadInputError` or `SetupError`."""
        profile = self.profiles.get(request.profile)
        parts = [self.profiles.get(name) for name in profile.starts] or [profile]
        if len(self._agents) + len(parts) > MAX_AGENTS:
            raise _too_many()
        started: list[Agent] = []
        try:
            for part in parts:
                started.append(await self._spawn_one(part, request))  # noqa: PERF401 - those before a failure are ended
        except BaseException:
            for agent in started:
                await self._discard_whatever(agent.id)
            raise
        return started

    async def stop(self, identity: AgentId) -> Agent:
        """End the agent's program; its screen and history stay. Raise `UnavailableError` when it does not end."""
        agent = self.agent(identity)
        pane = self.pane(agent.session_id)
        with trio.move_on_after(STOP_DEADLINE_S):
            try:
                facts = await end_program(pane, self._manner_of_ending(agent))
            except UnavailableError as error:
                if error.code != REFUSED:
                    raise
                await pane.server.kill()  # it has no such pane (any more): its program has seen to that
                await self._move(self.agent(identity).id, AgentState.LOST, agent.exit_status)
                return self.agent(identity)
            await self._note_facts(identity, await pane.server.settled(facts))
            return self.agent(identity)
        raise UnavailableError("does_not_end", "The program did not end; try again.")

    async def remove(self, identity: AgentId) -> None:
        """Forget an agent that has ended, or that has no screen here: its tmux server, screen and history go."""
        agent = self.agent(identity)
        if agent.state not in ENDED and agent.has_screen:
            raise ConflictError("still_running", "The program still runs; stop it first.")
        await self._discard(identity)

    async def resize(self, session: SessionId, rows: int, columns: int) -> Agent:
        """Give a session a new size; raise `BadInputError` outside 2..500 rows and 2..1000 columns."""
        check_size(rows, columns)
        identity = self.agent_of(session).id
        await self.pane(session).resize(rows, columns)
        agent = self.agent(identity)
        if (agent.rows, agent.columns) != (rows, columns):
            await self._put(replace(agent, rows=rows, columns=columns))
        return self.agent(identity)

    async def see(self, identity: AgentId, state: AgentState, since_unix_s: float) -> None:
        """Take the state of a living agent from whoever knows more than tmux; one that has ended stays as it is."""
        agent = self._agents.get(identity)
        if agent is not None and agent.state not in ENDED:
            await self._move(identity, state, agent.exit_status, since_unix_s)

    async def memory(self, identity: AgentId) -> ProgramMemory:
        """Return what an agent's programs take now; raise `NotFoundError`, `ConflictError` (`no_screen`).

        Raises `UnavailableError` when its tmux server does not answer.
        """
        pane = self.pane(self.agent(identity).session_id)
        facts = pane.facts or await pane.server.facts()
        if facts.is_dead:
            return ProgramMemory(0, 0)
        return await trio.to_thread.run_sync(memory_of, facts.process_id)

    async def join(self, request: SpawnRequest) -> tuple[Agent, Launch, dict[str, str]]:
        """Take in a program that a person starts in a terminal of their own: return how, and the agent's variables.

        Raises `BadInputError`, `SetupError`, `ConflictError` (`too_many_agents`) and `UnavailableError`.
        """
        if len(self._agents) >= MAX_AGENTS:
            raise _too_many()
        profile = self.profiles.get(request.profile)
        agent = self.planner.plan(profile, request, {agent.name for agent in self._agents.values()})
        try:
            await self._put(agent)
            launch, own = await self.planner.lay_ready(agent, profile, request)
        except BaseException:
            await self._discard_whatever(agent.id)
            raise
        return agent, launch, own

    async def settle(self, identity: AgentId, state: AgentState, exit_status: int | None = None) -> None:
        """Take the state of an agent from whoever hears of what no terminal shows: it may come back from `lost`."""
        if identity in self._agents:
            await self._move(identity, state, exit_status)

    # ------------------------------------------------------------------ inside

    def _manner_of_ending(self, agent: Agent) -> Stop:
        """Return how the program is asked to end: at a task nobody reads keys."""
        with suppress(BadInputError):  # its profile may be gone
            if agent.task_id is None:
                return self.profiles.get(agent.profile).stop
        return Stop()

    async def _discard(self, identity: AgentId) -> None:
        agent = self._agents.pop(identity)  # before any wait: nobody may write its row anew, or remove it twice
        pane = self._panes.pop(agent.session_id, None)
        if (scope := self._scopes.pop(identity, None)) is not None:
            scope.cancel()
        self._tell(identity)
        try:
            await self.planner.strip(agent)
            await self._rows.remove(identity)
        finally:  # a row that stays is an agent that is lost; a program that nobody can see any more must not stay
            if pane is not None:
                with trio.move_on_after(STOP_DEADLINE_S, shield=True):
                    await pane.server.kill()

    async def _discard_whatever(self, identity: AgentId) -> None:
        """Undo a start that failed or was cancelled; its tmux server may be there already."""
        with trio.CancelScope(shield=True, deadline=trio.current_time() + STOP_DEADLINE_S):
            if (agent := self._agents.get(identity)) is not None:
                try:
                    await self._discard(identity)
                finally:
                    await self.planner.unsettle(agent)

    async def _spawn_one(self, profile: Profile, request: SpawnRequest) -> Agent:
        if len(self._agents) >= MAX_AGENTS:
            raise _too_many()
        planned = self.planner.plan(profile, request, {agent.name for agent in self._agents.values()})
        agent = await self.planner.settled(planned, request)
        pane = self._new_pane(agent)
        try:
            await self._put(agent)  # the intent is written before anything starts
            await pane.server.create(
                agent.command,
                env=await self.planner.outfit(agent, profile, request),
                cwd=agent.cwd,
                rows=agent.rows,
                columns=agent.columns,
                niceness=self._place.niceness,
            )
            await trio.lowlevel.checkpoint_if_cancelled()
        except BaseException:
            await self._discard_whatever(agent.id)
            raise
        self._to_keep.send_nowait(agent.id)
        return agent

    def _new_pane(self, agent: Agent) -> Pane:
        server = TmuxServer(self._program, self._place.sockets / agent.socket_name)
        pane = Pane(
            self._next_number,
            server,
            self._spawner,
            self._place.environment,
            rows=agent.rows,
            columns=agent.columns,
            maker=self._frame_maker,
            tally=self.tally,
            gate=self._flood_gate,
            niceness=self._place.tmux_niceness,
            is_verifying=self._verifies_frames,
        )
        self._next_number += 1
        self._panes[agent.session_id] = pane
        return pane

    async def _adopt(self) -> None:
        rows = await self._rows.all()
        self._agents.update({row.id: row for row in rows})
        async with trio.open_nursery() as nursery:
            for row in rows:
                if row.has_screen:
                    nursery.start_soon(self._adopt_one, row)
        known = {row.socket_name for row in rows}
        for path in self._place.sockets.iterdir():
            if path.name not in known and not (path.is_symlink() or path.is_dir()):
                await TmuxServer(self._program, path).kill()

    async def _adopt_one(self, row: Agent) -> None:
        server = TmuxServer(self._program, self._place.sockets / row.socket_name)
        try:
            facts = await server.facts()
            await server.end_left_clients()
        except OrchestraError:
            self._new_pane(row)
            await self._move(row.id, AgentState.LOST, row.exit_status)
            return
        sized = replace(row, rows=facts.rows, columns=facts.columns)
        self._agents[row.id] = sized
        self._new_pane(sized)
        await self._note_facts(row.id, await server.settled(facts))
        self._to_keep.send_nowait(row.id)

    async def _keep(self, identity: AgentId) -> None:
        agent = self._agents.get(identity)
        if agent is None:
            return
        mailbox: Latest[tmux.PaneFacts] = Latest()
        with trio.CancelScope() as scope:
            self._scopes[identity] = scope
            try:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(self._follow, identity, mailbox)
                    await self._panes[agent.session_id].run(mailbox.put)
                    nursery.cancel_scope.cancel()
            except* Exception as group:  # noqa: BLE001 - a failing agent never takes another down
                _log.error("pane_failed", agent=identity, exc_info=group)
            if identity in self._agents:
                await self._move(identity, AgentState.LOST, self._agents[identity].exit_status)

    async def _follow(self, identity: AgentId, mailbox: Latest[tmux.PaneFacts]) -> None:
        server = self._panes[self._agents[identity].session_id].server
        facts = await mailbox.take()
        async with trio.open_nursery() as nursery:
            if not facts.is_dead:  # the number of a program that has ended may be somebody else's by now
                nursery.start_soon(stand_back, facts.process_id, self._place.niceness)
            nursery.start_soon(stand_back, facts.server_id, self._place.tmux_niceness)
            while True:
                await self._note_facts(identity, await server.settled(facts))
                facts = await mailbox.take()

    async def _note_facts(self, identity: AgentId, facts: tmux.PaneFacts) -> None:
        agent = self._agents.get(identity)
        if agent is None or (agent.state in (AgentState.EXITED, AgentState.FAILED) and not facts.is_dead):
            return  # facts from before its end, or of what somebody started in its place behind our back
        title = "" if facts.title == self._host else facts.title
        if title != agent.title:
            self._agents[identity] = replace(agent, title=title)
            self._tell(identity)
        state, since_unix_s = self.state_of(agent, facts)
        await self._move(identity, state, facts.exit_status, since_unix_s)

    async def _move(self, identity: AgentId, state: AgentState, status: int | None, since: float = math.inf) -> None:
        agent = self._agents[identity]
        if agent.state is state and agent.exit_status == status:
            return
        begun = agent.state_since_unix_s
        if agent.state is not state:  # heard late, it counts from when it was, though not from before the last one
            begun = min(max(begun, since), self._unix_s())
        state = moved(agent.state, state)
        try:
            await self._put(replace(agent, state=state, exit_status=status, state_since_unix_s=begun))
        except UnavailableError as error:  # a full disk ends no agent; the next change writes the whole row again
            _log.error("agent_not_written", agent=identity, reason=error.message)

    async def _put(self, agent: Agent) -> None:
        self._agents[agent.id] = agent
        self._tell(agent.id)
        await self._rows.put(agent)

    def _state_of(self, agent: Agent, facts: tmux.PaneFacts) -> tuple[AgentState, float]:
        return _state(agent, facts, is_shell=self.profiles.is_shell(agent.profile)), self._unix_s()

    def _tell(self, identity: AgentId) -> None:
        for listener in self.listeners:
            listener(identity)


def _too_many() -> ConflictError:
    return ConflictError("too_many_agents", f"There are {MAX_AGENTS} agents already; remove one first.")


def _state(agent: Agent, facts: tmux.PaneFacts, *, is_shell: bool) -> AgentState:
    """Return the state that tmux's facts show: only a shell can be seen to wait at its prompt."""
    if facts.is_dead:
        return agent.state if agent.state is AgentState.FAILED else AgentState.EXITED
    if is_shell and facts.command == Path(agent.command[0]).name:
        return AgentState.IDLE
    if not is_shell and agent.state not in (AgentState.STARTING, *ENDED):
        return agent.state  # as it was known; tmux's facts say nothing against it
    return AgentState.WORKING
