"""AgentVoice: what a program's hooks say about messages: that it took one, and what it answered."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import structlog

from orchestra.agents import Report
from orchestra.errors import OrchestraError, UnavailableError
from orchestra.ids import AgentId
from orchestra.runtime.mailroom import Mailroom

__all__ = ["AgentVoice"]

TAKEN: Final = {"UserPromptSubmit": "prompt", "beforeSubmitPrompt": "prompt"}
"""Hooks that tell which text was taken, and the field of it."""
ANSWERED: Final = {
    "Stop": "last_assistant_message",
    "agent-turn-complete": "last-assistant-message",
}
"""Hooks that tell what was answered at the end of a turn, and the field of it."""
HANDED: Final = "MessageTaken"  # our own hook's word that it passed a message on
SUBAGENT: Final = "agent_id"  # only in what happens inside a subagent, which nobody here talks to

_log = structlog.get_logger()


class AgentVoice:
    """Hands what hooks say on to the mailroom. `plans_of` gives what an agent's answer asks a person to decide."""

    def __init__(self, mailroom: Mailroom) -> None:
        self.plans_of: Callable[[AgentId], Sequence[Mapping[str, Any]]] = lambda _agent_id: ()
        self._mailroom = mailroom

    async def on_report(self, agent_id: AgentId, report: Report) -> None:
        """Hear a report; raise `UnavailableError` when an answer cannot be kept now."""
        given, event = report.data.get("input"), report.data.get("event")
        if report.kind != "hook" or not isinstance(given, dict) or not isinstance(event, str) or SUBAGENT in given:
            return
        number = given.get("message")
        if event == HANDED and type(number) is int:
            self._mailroom.handed(agent_id, number)
        taken, answered = given.get(TAKEN.get(event, "")), given.get(ANSWERED.get(event, ""))
        if isinstance(taken, str) and taken.strip():
            self._mailroom.acknowledge(agent_id, taken)
        if isinstance(answered, str) and answered.strip():
            try:
                source, actions = f"hook {report.name}", self.plans_of(agent_id)
                await self._mailroom.reply(agent_id, answered, actions, source=source, report=report.name)
            except UnavailableError:
                raise
            except OrchestraError as error:
                _log.warning("reply_refused", agent=agent_id, reason=error.message)
