"""A hub of agents that only exist, a clock that is set by hand, and approvals over real SQLite between them."""

from dataclasses import dataclass, field, replace
from typing import Any

from orchestra.agents import Agent, AgentState, Approval, Report, read_ask
from orchestra.ids import AgentId, agent_id, session_id, stem_of
from orchestra.runtime.approvals import Approvals
from orchestra.store.approval_table import ApprovalTable
from orchestra.store.database import Database
from tests.agents.some_approval import ADA, asked

__all__ = ["ASK", "BOB", "ApprovalWorld", "some_agent"]

BOB = agent_id("b" * 26)
ASK = "0" * 31


def some_agent(identity: AgentId = ADA, **changes: Any) -> Agent:  # noqa: ANN401 - fields of an agent
    """Return an agent that works."""
    fields: dict[str, Any] = {
        "id": identity,
        "session_id": session_id(stem_of(identity)),
        "profile": "claude",
        "name": "Claude",
        "state": AgentState.WORKING,
        "rows": 24,
        "columns": 80,
        "owner": "issuer|ada",
        "cwd": "/",
        "command": ("claude",),
        "title": "",
        "created_unix_s": 0.0,
        "state_since_unix_s": 0.0,
        "exit_status": None,
        "socket_name": stem_of(identity)[:12],
    }
    return Agent(**{**fields, **changes})


@dataclass
class ApprovalWorld:
    """What approvals stand on; it outlives them, as the machine outlives the daemon. It is a hub as they know one."""

    database: Database
    now_unix_s: float = 100.0
    agents: dict[AgentId, Agent] = field(default_factory=lambda: {ADA: some_agent(), BOB: some_agent(BOB)})
    listeners: set[Any] = field(default_factory=set)
    told: list[Approval] = field(default_factory=list)
    taken: list[Approval] = field(default_factory=list)

    def approvals(self) -> Approvals:
        """Return approvals that do not run yet, as a daemon that starts has them."""
        hub: Any = self
        made = Approvals(hub, self.table, unix_s=lambda: self.now_unix_s, random=bytes)
        made.listeners.add(self.told.append)
        made.taken_listeners.add(self.taken.append)
        return made

    @property
    def table(self) -> ApprovalTable:
        """The table behind them."""
        return ApprovalTable(self.database)

    def end(self, identity: AgentId) -> None:
        """Let an agent's program end."""
        self.agents[identity] = replace(self.agents[identity], state=AgentState.EXITED)
        for listener in tuple(self.listeners):
            listener(identity)

    def report(self, event: str, ask: str | None = None, **given: Any) -> Report:  # noqa: ANN401 - any JSON value
        """Return a hook's report of now."""
        data: dict[str, Any] = {"event": event, "input": given}
        if ask is not None:
            data["ask"] = ask
        return Report("name", "token", "hook", int(self.now_unix_s * 1000), data)

    def question(self, number: int = 0, given: dict[str, Any] | None = None) -> Report:
        """Return the report of a hook that asks."""
        value = asked() if given is None else given
        assert read_ask(value) is not None
        return self.report("PermissionRequest", f"{ASK}{number}", **value)
