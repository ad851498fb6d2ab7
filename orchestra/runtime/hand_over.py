"""HandOver: gives tasks to agents that run already, by message, and hears by what they end.

The message names its attempt, and only one message ever does: whatever is killed when, a brief is typed once. What
became of an attempt is always read from what is stored, the message and the reply to it.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final

import trio

from orchestra.agents import (
    ENDED,
    Acknowledgement,
    Agent,
    AgentState,
    Message,
    MessageState,
    Profile,
    Purpose,
    Reply,
    Stop,
)
from orchestra.delegation import Attempt, Outcome, Task, TaskRequest, bounded_text, brief_message
from orchestra.errors import BadInputError, ConflictError, NotFoundError, TooBigError, UnavailableError
from orchestra.ids import AgentId
from orchestra.runtime.agent_voice import ANSWERED
from orchestra.runtime.handed_delivery import MAX_HANDED_CHARACTERS
from orchestra.runtime.hub import Hub
from orchestra.runtime.mailroom import Mailroom
from orchestra.runtime.program_end import press
from orchestra.runtime.report_desk import ReportDesk
from orchestra.runtime.task_driver import TaskDriver
from orchestra.runtime.task_runner import Fate

__all__ = ["HandOver", "hears_answers"]

LATE_WORD_S: Final = 2.0  # a program's word about a message may lie in its spool when the message has failed
MAX_HANDED_BRIEF: Final = MAX_HANDED_CHARACTERS - 2_000  # the rest is for what is said around it
INTERRUPT_S: Final = 5.0  # for a program to stop what it does; a program that goes on all the same is left to people
GIVES_BACK_S: Final = 2.0  # for a prompt that is given back to stand where people type, after the program rests
AGAIN_S: Final = 1.0
AWAY_S: Final = 600.0  # without a sign of life from a program in a terminal of its own: a suspended laptop comes back

_BUSY: Final = (AgentState.WORKING, AgentState.BLOCKED)


class HandOver:
    """The part of the attempt runner that deals with agents of their own right. `run` watches for ends.

    `has_typed_text` says whether something stands where people type in an agent.
    """

    def __init__(
        self, hub: Hub, desk: ReportDesk, mailroom: Mailroom, has_typed_text: Callable[[AgentId], bool]
    ) -> None:
        self._hub = hub
        self._desk = desk
        self._mailroom = mailroom
        self._has_typed_text = has_typed_text
        self._stirred, self._to_look = trio.open_memory_channel[AgentId](math.inf)  # a few for each message

    async def run(self, driver: TaskDriver) -> None:
        """Tell `driver` of every attempt's end, for ever."""

        def on_message(message: Message) -> None:
            if message.attempt is not None:
                self._stirred.send_nowait(message.agent_id)

        def on_reply(reply: Reply) -> None:
            if driver.works(reply.agent_id):
                self._stirred.send_nowait(reply.agent_id)

        def on_agent(agent_id: AgentId) -> None:
            if driver.works(agent_id) and self._end_of(agent_id) is not None:
                self._stirred.send_nowait(agent_id)

        self._mailroom.listeners.add(on_message)
        self._mailroom.reply_listeners.add(on_reply)
        self._hub.listeners.add(on_agent)
        async with trio.open_nursery() as nursery:
            async for agent_id in self._to_look:
                nursery.start_soon(self._look, agent_id, driver)

    # ------------------------------------------------------------------ what the attempt runner asks

    def check(self, request: TaskRequest, owner: str) -> TaskRequest:
        """Return the request as it is; raise an `OrchestraError` when the agent it names cannot be given it."""
        agent = self._hub.agents.get(AgentId(request.to))
        if agent is None or agent.owner != owner:
            raise NotFoundError("unknown_agent", "There is no such agent.", field="to")
        if agent.purpose is Purpose.TASK:
            raise ConflictError("agent_takes_no_tasks", "That agent was started for one task alone.", field="to")
        if not agent.has_screen:
            self._check_handed(agent, request)
        elif self._hub.profiles.is_shell(agent.profile):
            message = "That is a terminal: nobody in it reads a task. Give it to the profile `shell`."
            raise ConflictError("agent_takes_no_tasks", message, field="to")
        if agent.state in ENDED:
            raise ConflictError("program_ended", "The program of that agent has ended.", field="to")
        if request.worktree or request.cwd:
            field = "worktree" if request.worktree else "cwd"
            message = "A running agent works where it is; say in the brief where the work lies."
            raise BadInputError("agent_has_its_folder", message, field=field)
        return request

    async def begin(self, task: Task, attempt: Attempt) -> None:
        """Put the message that hands the attempt over into the agent's mail, once."""
        known, _ = await self._mailroom.handing_over(task.id, attempt.number)
        if known is None:
            profile = self._profile(attempt.agent_id)
            text = brief_message(task, is_answer_heard=profile is not None and hears_answers(profile))
            await self._mailroom.send(
                attempt.agent_id,
                text,
                sender=task.requester,
                owner=task.owner,
                task_id=task.id,
                attempt=attempt.number,
            )

    async def has_told(self, attempt: Attempt) -> bool:
        """Say whether the message that hands the attempt over has reached its agent, or any of it may have."""
        message, _ = await self._mailroom.handing_over(attempt.task_id, attempt.number)
        arrived = (MessageState.SUBMITTED, MessageState.ACKNOWLEDGED)
        return message is not None and (message.was_typed or message.state in arrived)

    async def survey(self, attempt: Attempt) -> Fate:
        """Say whether the last life handed the attempt over; what became of it since is looked at soon."""
        message, _ = await self._mailroom.handing_over(attempt.task_id, attempt.number)
        if message is None:
            return Fate.NEVER_BEGAN
        self._stirred.send_nowait(attempt.agent_id)
        return Fate.RUNS

    async def end(self, attempt: Attempt) -> None:
        """Take the message back, or interrupt the program that works at it; raise `UnavailableError` when not yet."""
        message, reply = await self._mailroom.handing_over(attempt.task_id, attempt.number)
        if message is None or reply is not None:
            return
        if message.state is MessageState.QUEUED:
            message = await self._mailroom.withdraw(message.id, f"Task {attempt.task_id} was given up.")
        if self._end_of(attempt.agent_id) is not None or (
            message.state is MessageState.FAILED and not message.was_typed
        ):
            return
        if message.state in (MessageState.QUEUED, MessageState.PASTED):
            raise UnavailableError("being_typed", "Its brief is being typed; it is interrupted after that.")
        await self._interrupt(attempt.agent_id, message)

    # ------------------------------------------------------------------ inside

    def _check_handed(self, agent: Agent, request: TaskRequest) -> None:
        """Refuse what a program in a terminal of its own cannot be handed, before a task is made of it."""
        if not self._mailroom.manner(agent.id).is_handed:
            message = "That program runs in a terminal of its own, and nothing there fetches tasks."
            raise ConflictError("agent_takes_no_tasks", message, field="to")
        if len(request.brief) > MAX_HANDED_BRIEF:
            message = f"An agent in a terminal of its own takes a brief of {MAX_HANDED_BRIEF} characters; use a file."
            raise TooBigError("brief_too_long", message, field="brief")

    async def _look(self, agent_id: AgentId, driver: TaskDriver) -> None:
        """Close an agent's open attempt if what is stored says that it is over."""
        await self._wait_back(agent_id, driver)
        while True:
            attempt, task = driver.attempt_of(agent_id), driver.task_of(agent_id)
            if attempt is None or task is None or not task.names_an_agent:
                return
            try:
                await self._conclude(attempt, driver)
            except UnavailableError:
                await trio.sleep(AGAIN_S)
            else:
                return

    async def _wait_back(self, agent_id: AgentId, driver: TaskDriver) -> None:
        """Give an agent that is lost and may give a sign of life once more its time, while it has a task."""
        with trio.move_on_after(AWAY_S):
            while driver.works(agent_id) and self._is_away(agent_id):  # noqa: ASYNC110 - listeners, no waiters
                await trio.sleep(AGAIN_S)

    def _is_away(self, agent_id: AgentId) -> bool:
        agent = self._hub.agents.get(agent_id)
        return agent is not None and agent.state in ENDED and not agent.is_over

    async def _conclude(self, attempt: Attempt, driver: TaskDriver) -> None:
        message, reply = await self._mailroom.handing_over(attempt.task_id, attempt.number)
        if message is None:
            return
        is_over = self._end_of(attempt.agent_id) is not None or message.state is MessageState.FAILED
        if is_over and not self._is_answer(message, reply):
            await self._desk.collect(attempt.agent_id)  # its last word may not be read yet
            await trio.sleep(LATE_WORD_S)
            message, reply = await self._mailroom.handing_over(attempt.task_id, attempt.number)
        if message is None:
            return
        if reply is not None and self._is_answer(message, reply):
            await driver.concluded(attempt, Outcome(is_success=True, text=bounded_text(reply.text)))
        elif (end := self._end_of(attempt.agent_id)) is not None:
            if message.state is MessageState.QUEUED:  # an agent that was only lost may come back for it
                await self._mailroom.withdraw(message.id, f"Task {attempt.task_id} was given up.")
            await driver.concluded(attempt, Outcome(is_success=False, error=end), is_hopeless=True)
        elif message.state is MessageState.FAILED:
            outcome = Outcome(is_success=False, error=message.reason)
            await driver.concluded(attempt, outcome, is_hopeless=message.was_typed)  # it may have arrived

    def _is_answer(self, message: Message, reply: Reply | None) -> bool:
        """Say whether a reply to the message is the result: its program took the message, and its answers are heard."""
        profile = self._profile(message.agent_id)
        is_heard = profile is None or hears_answers(profile)  # of an agent that is gone the reply itself shows it
        return reply is not None and message.state is MessageState.ACKNOWLEDGED and is_heard

    def _end_of(self, agent_id: AgentId) -> str | None:
        agent = self._hub.agents.get(agent_id)
        if agent is None:
            return "Its agent was removed before it had finished."
        if agent.state not in ENDED:
            return None
        how = f" with exit status {agent.exit_status}" if agent.exit_status is not None else ""
        return f"Its agent ended{how} before it had finished."

    def _profile(self, agent_id: AgentId) -> Profile | None:
        agent: Agent | None = self._hub.agents.get(agent_id)
        try:
            return None if agent is None else self._hub.profiles.get(agent.profile)
        except BadInputError:
            return None

    async def _interrupt(self, agent_id: AgentId, message: Message) -> None:
        """Press what makes the program stop its work, if it is at that; a person's agent is never ended."""
        agent, profile = self._hub.agents.get(agent_id), self._profile(agent_id)
        if agent is None or not agent.has_screen:
            return  # nobody can press a key there; it works on, and what it reports then is refused
        stop = Stop() if profile is None else profile.stop
        if not stop.interrupt or not self._mailroom.is_newest_taken(message) or not self._is_busy(agent_id):
            return
        is_anothers = self._has_typed_text(agent_id)
        await self._press(agent_id, stop.interrupt)
        await self._wait_typed(agent_id, INTERRUPT_S, lambda: not self._is_busy(agent_id))
        if stop.clear:  # it rests, and its composer may be painted after that
            await self._wait_typed(agent_id, GIVES_BACK_S, lambda: False)
        if stop.clear and not is_anothers and self._has_typed_text(agent_id):
            await self._press(agent_id, stop.clear)  # our own brief, given back

    async def _wait_typed(self, agent_id: AgentId, at_most_s: float, is_over: Callable[[], bool]) -> None:
        """Wait until something stands where people type, or `is_over`."""
        with trio.move_on_after(at_most_s):
            while not self._has_typed_text(agent_id) and not is_over():  # noqa: ASYNC110 - listeners, no waiters
                await trio.sleep(0.05)

    async def _press(self, agent_id: AgentId, keys: Sequence[str]) -> None:
        try:
            await press(self._hub.pane(self._hub.agent(agent_id).session_id), keys)
        except NotFoundError as error:
            raise UnavailableError("not_attached", error.message) from error

    def _is_busy(self, agent_id: AgentId) -> bool:
        agent = self._hub.agents.get(agent_id)
        return agent is not None and agent.state in _BUSY


def hears_answers(profile: Profile) -> bool:
    """Say whether a profile's programs tell which message they took and what they answered to it."""
    tells = any(event in profile.status.hooks for event in ANSWERED)
    return tells and profile.messages.acknowledge is Acknowledgement.HOOK
