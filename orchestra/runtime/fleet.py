"""Fleet: everything that makes terminals agents, around one hub: reports, status, messages, tasks, approvals."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

import trio

from orchestra.agents import Acknowledgement, AgentState, Approval, Message, MessageState
from orchestra.ids import AgentId
from orchestra.runtime.agent_tokens import AgentTokens
from orchestra.runtime.agent_voice import AgentVoice
from orchestra.runtime.approval_rows import ApprovalRows
from orchestra.runtime.approvals import Approvals
from orchestra.runtime.delegation import Delegation, open_delegation
from orchestra.runtime.hub import Hub
from orchestra.runtime.join_desk import JoinDesk
from orchestra.runtime.ledger import Ledger
from orchestra.runtime.mail_rows import MailRows
from orchestra.runtime.mailroom import Mailroom, open_mailroom
from orchestra.runtime.manner import Patience
from orchestra.runtime.profile_manner import ProfileManner
from orchestra.runtime.report_desk import ReportDesk
from orchestra.runtime.status_desk import StatusDesk
from orchestra.runtime.status_obstacle import StatusObstacle
from orchestra.runtime.waiting_watch import WaitingWatch

__all__ = ["Fleet", "open_fleet"]

PATIENCE_S: Final = 3600.0  # a message waits so long for an agent that works; the longest turns take about an hour


@dataclass(frozen=True, slots=True)
class Fleet:
    """What the doors need, each the owner of its own."""

    hub: Hub
    desk: ReportDesk
    status: StatusDesk
    mailroom: Mailroom
    delegation: Delegation
    approvals: Approvals
    joining: JoinDesk


@asynccontextmanager
async def open_fleet(
    hub: Hub,
    tokens: AgentTokens,
    *,
    ledger: Ledger,
    mail: MailRows,
    asked: ApprovalRows,
    random: Callable[[int], bytes],
    unix_s: Callable[[], float] = time.time,
) -> AsyncIterator[Fleet]:
    """Run all of it beside a hub that has adopted its agents, until the block ends."""
    tokens.is_over = partial(_is_over, hub)
    desk = ReportDesk(hub.planner.folder, tokens.is_of, lambda: hub.agents, unix_s)
    status = StatusDesk(hub, unix_s)
    joining = JoinDesk(hub, status)
    approvals = Approvals(hub, asked, unix_s=unix_s, random=random)
    async with (
        trio.open_nursery() as nursery,
        open_mailroom(
            hub,
            mail,
            obstacle=StatusObstacle(hub, status),
            manner=ProfileManner(hub, {Acknowledgement.HOOK}),
            patience=Patience(limit_s=PATIENCE_S),
        ) as mailroom,
    ):

        def on_taken(approval: Approval) -> None:
            if approval.tool and not approvals.is_asking(approval.agent_id):
                status.answered(approval.agent_id, approval.title)

        desk.poke_listeners.append(joining.heard)
        voice = AgentVoice(mailroom)
        desk.handlers += [status.on_report, joining.on_report, voice.on_report, approvals.on_report]
        approvals.taken_listeners.add(on_taken)
        status.listeners.add(mailroom.noticed)
        mailroom.listeners.add(partial(_on_message, hub, status))
        await nursery.start(status.run)
        await nursery.start(approvals.run)
        # Delegation reads reports when it takes up what the last life left: whoever hears them must be there by then.
        async with open_delegation(
            hub, ledger, random=random, desk=desk, mailroom=mailroom, status=status, unix_s=unix_s
        ) as delegation:
            approvals.task_at = delegation.driver.task_number_of
            voice.plans_of = delegation.plans_of
            nursery.start_soon(desk.run)
            nursery.start_soon(joining.run)
            nursery.start_soon(WaitingWatch(hub, status, approvals, mailroom, delegation.driver, unix_s=unix_s).run)
            yield Fleet(hub, desk, status, mailroom, delegation, approvals, joining)
            nursery.cancel_scope.cancel()


def _is_over(hub: Hub, agent_id: AgentId) -> bool:
    """Say whether an agent's pane holds no program any more; of a terminal of its own only its wrapper knows."""
    agent = hub.agents.get(agent_id)
    return agent is not None and agent.has_screen and agent.state in (AgentState.EXITED, AgentState.FAILED)


def _on_message(hub: Hub, status: StatusDesk, message: Message) -> None:
    """Note that an agent has a message; one that was handed it by its hook goes on with its turn."""
    if message.state is not MessageState.SUBMITTED:
        return
    status.input_sent(message.agent_id)
    if (agent := hub.agents.get(message.agent_id)) is not None and not agent.has_screen:
        status.answered(agent.id, "it was handed a message")
