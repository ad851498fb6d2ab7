"""AttemptRunner: starts an agent for each attempt at a task, and tells the driver how it ended."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import structlog
import trio

from orchestra import ids
from orchestra.access import Permission
from orchestra.agents import ENDED, Agent, Purpose, Report, TaskForm
from orchestra.delegation import Attempt, Outcome, Task, TaskRequest, whole_brief
from orchestra.errors import (
    BadInputError,
    ConflictError,
    NotFoundError,
    SetupError,
    TooBigError,
    UnavailableError,
)
from orchestra.ids import AgentId
from orchestra.runtime.agent_planner import SpawnRequest
from orchestra.runtime.hand_over import HandOver
from orchestra.runtime.hub import Hub
from orchestra.runtime.report_desk import ReportDesk
from orchestra.runtime.run_folder import RunFolder
from orchestra.runtime.task_driver import TaskDriver
from orchestra.runtime.task_runner import Fate
from orchestra.runtime.told_outcome import told_outcome
from orchestra.runtime.working_directory import working_directory

__all__ = ["AttemptRunner"]

MAX_KEPT_AGENTS: Final = 24  # ended ones of tasks, whose screens people may still want to see
MAX_DIFF_BYTES: Final = 256 << 10  # of what a task changed; all of it is at the agent's own diff
MAX_LISTED_FILES: Final = 1000
LEAVES_IN_S: Final = 5.0  # a program that has reported its end is gone by then, or is made to go

_log = structlog.get_logger()


class AttemptRunner:
    """Turns attempts into agents of the hub, or hands them over. `run` watches for agents that end without a word."""

    def __init__(
        self,
        hub: Hub,
        desk: ReportDesk,
        hand_over: HandOver,
        folder: Callable[[AgentId], RunFolder],
        random: Callable[[int], bytes],
    ) -> None:
        self._hub = hub
        self._desk = desk
        self._hand_over = hand_over
        self._folder = folder
        self._random = random
        self._over, self._noted = trio.open_memory_channel[AgentId](math.inf)  # at most one for each agent that ends

    async def run(self, driver: TaskDriver) -> None:
        """Tell `driver` of every attempt's end, for ever."""

        async def on_report(agent_id: AgentId, report: Report) -> None:
            await driver.is_loaded.wait()  # before that it knows of nobody, and the report would be lost
            task = driver.task_of(agent_id)
            # How the program of an agent of its own right ends is not how its task does.
            is_own = self.serves_one_task(agent_id)
            if report.kind in {"ended", "failed"} and driver.works(agent_id) and is_own:
                await driver.ended(agent_id, await self._outcome(agent_id, report, task))
                nursery.start_soon(self._see_off, agent_id, driver)

        def on_agent(agent_id: AgentId) -> None:
            agent = self._hub.agents.get(agent_id)
            if agent is not None and _is_of_a_task(agent) and agent.state in ENDED:
                self._over.send_nowait(agent_id)

        async with trio.open_nursery() as nursery:
            self._desk.handlers.append(on_report)
            self._hub.listeners.add(on_agent)
            nursery.start_soon(self._hand_over.run, driver)
            for agent in self._hub.agents.values():
                if _is_of_a_task(agent):
                    nursery.start_soon(self._see_off, agent.id, driver)
            async for agent_id in self._noted:
                nursery.start_soon(self._conclude, agent_id, driver)

    # ------------------------------------------------------------------ what the driver asks

    def check(self, request: TaskRequest, owner: str) -> TaskRequest:
        """Return the request with its folder filled in; raise an `OrchestraError` when nobody could work on it."""
        if ids.is_agent_id(request.to):
            return self._hand_over.check(request, owner)
        try:
            profile = self._hub.profiles.get(request.to)
        except BadInputError as error:
            raise BadInputError(error.code, error.message, field="to") from None
        if profile.task is None:
            raise BadInputError("no_task_form", f"{profile.title} does no tasks by itself.", field="to")
        if request.context.get("files") and profile.is_shell:
            message = "A command line names its files itself; leave `context.files` out."
            raise BadInputError("no_context", message, field="context.files")
        most = profile.task.max_brief_bytes
        brief = whole_brief(request.brief, request.context)
        if most is not None and len(brief.encode(errors="replace")) > most:
            message = f"{profile.title} takes its brief as an argument, of at most {most:,} bytes: put it into a file."
            raise TooBigError("brief_too_long", message, field="brief")
        if profile.find.programs:
            try:
                self._hub.profiles.program(profile)
            except SetupError as error:
                raise SetupError(error.code, error.message, field="to") from None
        return replace(request, cwd=working_directory(request.cwd or None, self._hub.home))

    def serves_one_task(self, agent_id: AgentId) -> bool:
        """Say whether an agent was started for a task, and is there for nothing else."""
        agent = self._hub.agents.get(agent_id)
        return agent is not None and _is_of_a_task(agent)

    def new_agent_id(self) -> AgentId:
        """Return a name for an agent that nobody has had."""
        return ids.agent_id(ids.new_stem(self._random(ids.RANDOM_BYTES)))

    async def begin(self, task: Task, attempt: Attempt) -> None:
        """Start the attempt's agent, or tell the one it is for; raise an `OrchestraError` when neither was done."""
        if task.names_an_agent:
            await self._hand_over.begin(task, attempt)
            return
        await self._tidy()
        request = SpawnRequest(
            profile=task.recipient,
            owner=task.owner,
            cwd=task.cwd or None,
            permissions=frozenset(Permission(name) for name in task.permissions),
            parent=task.requester_agent,
            stem=ids.stem_of(attempt.agent_id),
            task_id=task.id,
            attempt=attempt.number,
            brief=whole_brief(task.brief, task.context),
            worktree=task.is_in_worktree,
        )
        await self._hub.spawn(request)

    async def has_told(self, task: Task, attempt: Attempt) -> bool:
        """Say whether whoever works at an attempt can know of it: a message that waits has told nobody yet."""
        return not task.names_an_agent or await self._hand_over.has_told(attempt)

    async def survey(self, task: Task, attempt: Attempt) -> Fate | Outcome:
        """Say what became of an attempt: by its agent's report, its program, its claim, in this order."""
        if task.names_an_agent:
            return await self._hand_over.survey(attempt)
        told = await self._told(attempt.agent_id, task)
        if told is not None:
            return told
        agent = self._hub.agents.get(attempt.agent_id)
        if agent is not None and agent.state not in ENDED:
            return Fate.RUNS
        if await trio.to_thread.run_sync(self._folder(attempt.agent_id).claim):
            if agent is not None:
                await self._hub.remove(agent.id)
            return Fate.NEVER_BEGAN
        return await self._told(attempt.agent_id, task) or _without_a_word(agent)

    async def end(self, task: Task, attempt: Attempt) -> None:
        """End the attempt's program; raise `UnavailableError` when it is not gone yet."""
        if task.names_an_agent:
            await self._hand_over.end(attempt)
            return
        await trio.to_thread.run_sync(self._folder(attempt.agent_id).claim)
        agent = self._hub.agents.get(attempt.agent_id)
        if agent is not None and agent.state not in ENDED:
            await self._hub.stop(agent.id)

    # ------------------------------------------------------------------ inside

    async def _conclude(self, agent_id: AgentId, driver: TaskDriver) -> None:
        """Tell what an agent that has ended reported; without a report, that it ended."""
        await driver.is_loaded.wait()
        while True:
            try:
                await self._desk.collect(agent_id)
                agent = self._hub.agents.get(agent_id)
                if agent is not None and agent.state not in ENDED:
                    return  # its server answers again
                await driver.ended(agent_id, await self._told_or_not(agent_id, agent, driver))
            except UnavailableError:
                await trio.sleep(1.0)
            else:
                return

    async def _told_or_not(self, agent_id: AgentId, agent: Agent | None, driver: TaskDriver) -> Outcome:
        """Return what an agent reported; when that cannot be read for a fault of ours, that."""
        try:
            return await self._told(agent_id, driver.task_of(agent_id)) or _without_a_word(agent)
        except UnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - one agent's last word is not the others'
            _log.exception("end_not_understood", agent=agent_id)
            return Outcome(is_success=False, error=f"What it reported cannot be read: {type(error).__name__}.")

    async def _see_off(self, agent_id: AgentId, driver: TaskDriver) -> None:
        """End a program that says it has ended and goes on: no task would ever end it, and nobody waits for it."""
        await driver.is_loaded.wait()
        await trio.sleep(LEAVES_IN_S)
        while (agent := self._hub.agents.get(agent_id)) is not None and agent.state not in ENDED:
            if driver.works(agent_id):
                return
            _log.warning("still_there", agent=agent_id, reason="It reported its end; it is stopped.")
            try:
                await self._hub.stop(agent_id)
            except Exception as error:  # noqa: BLE001 - one that does not go is tried again, and ends nobody else
                _log.warning("not_stopped", agent=agent_id, reason=repr(error))
                await trio.sleep(LEAVES_IN_S)

    async def _with_changes(self, agent_id: AgentId, outcome: Outcome) -> Outcome:
        """Add what the agent changed in its worktree, if it has one."""
        agent = self._hub.agents.get(agent_id)
        changes = await self._hub.planner.changes(agent) if agent is not None else None
        if changes is None:
            return outcome
        artefacts = {
            "files": [file.path for file in changes.files][:MAX_LISTED_FILES],
            "diff": changes.patch[:MAX_DIFF_BYTES].decode(errors="replace"),
            "is_cut": changes.is_cut or len(changes.patch) > MAX_DIFF_BYTES or len(changes.files) > MAX_LISTED_FILES,
        }
        return replace(outcome, artefacts=artefacts)

    async def _told(self, agent_id: AgentId, task: Task | None) -> Outcome | None:
        reports = await self._desk.newest(agent_id)
        ends = [report for report in reports if report.kind in {"ended", "failed"}]
        return await self._outcome(agent_id, ends[-1], task) if ends else None

    async def _outcome(self, agent_id: AgentId, report: Report, task: Task | None) -> Outcome:
        return await self._with_changes(agent_id, told_outcome(report.data, self._form(task)))

    def _form(self, task: Task | None) -> TaskForm | None:
        """Return how a task's program does tasks; None where the task is over or its profile no longer there."""
        try:
            return self._hub.profiles.get(task.recipient).task if task is not None else None
        except BadInputError:
            return None

    async def _tidy(self) -> None:
        """Remove the oldest agents of tasks that are over."""
        ended = [one for one in self._hub.agents.values() if _is_of_a_task(one) and one.state in ENDED]
        for agent in ended[: max(0, len(ended) - MAX_KEPT_AGENTS)]:
            try:
                await self._desk.collect(agent.id)
                await self._hub.remove(agent.id)
            except (ConflictError, NotFoundError, UnavailableError):
                continue


def _is_of_a_task(agent: Agent) -> bool:
    return agent.purpose is Purpose.TASK


def _without_a_word(agent: Agent | None) -> Outcome:
    status = agent.exit_status if agent is not None else None
    how = f" with exit status {status}" if status is not None else ""
    return Outcome(is_success=False, exit_code=status, error=f"Its agent ended{how} and reported nothing.")
