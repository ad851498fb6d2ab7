"""News: what happens by itself and one viewer is told: agents, messages, tasks, approvals. One owner: the viewer."""

from collections.abc import Callable, Iterator

import msgspec

from orchestra.access import Principal
from orchestra.agents import Approval, Message, Reply
from orchestra.delegation import Task
from orchestra.ids import AgentId, SessionId
from orchestra.runtime.agent_news import AgentNews
from orchestra.runtime.approval_news import ApprovalNews
from orchestra.runtime.approvals import Approvals
from orchestra.runtime.hub import Hub
from orchestra.runtime.mailroom import Mailroom
from orchestra.runtime.message_news import MessageNews
from orchestra.runtime.task_book import TaskBook
from orchestra.runtime.task_news import TaskNews
from orchestra.wire import Agents

__all__ = ["News"]


class News:
    """Listens from `listen` to `close` and rings when `take` has something; `drop` ends a subscription (AgentNews)."""

    def __init__(
        self,
        hub: Hub,
        mailroom: Mailroom,
        book: TaskBook,
        approvals: Approvals,
        *,
        drop: Callable[[SessionId], bool],
        ring: Callable[[], None],
    ) -> None:
        self._hub = hub
        self._mailroom = mailroom
        self._book = book
        self._all_approvals = approvals
        self._ring = ring
        self._agents = AgentNews(hub, drop)
        self._messages = MessageNews()
        self._tasks = TaskNews(book.unix_s)
        self._approvals = ApprovalNews()

    @property
    def is_waiting(self) -> bool:
        """Whether `take` has something."""
        return any(news.is_waiting for news in (self._agents, self._messages, self._tasks, self._approvals))

    def listen(self) -> None:
        """Begin to hear what happens."""
        self._hub.listeners.add(self._agent_changed)
        self._mailroom.listeners.add(self._said)
        self._mailroom.reply_listeners.add(self._said)
        self._mailroom.waiting_listeners.add(self._said)
        self._book.listeners.add(self._task_moved)
        self._all_approvals.listeners.add(self._approval_moved)

    def close(self) -> None:
        """Hear nothing any more."""
        self._hub.listeners.discard(self._agent_changed)
        self._mailroom.listeners.discard(self._said)
        self._mailroom.reply_listeners.discard(self._said)
        self._mailroom.waiting_listeners.discard(self._said)
        self._book.listeners.discard(self._task_moved)
        self._all_approvals.listeners.discard(self._approval_moved)

    def first(self, principal: Principal) -> Agents:
        """Return all agents that `principal` may see."""
        return self._agents.first(principal)

    def note_all(self) -> None:
        """Tell of every agent again: the viewer may see fewer than before, or more."""
        for identity in self._hub.agents:
            self._agent_changed(identity)

    def take(self, principal: Principal) -> Iterator[msgspec.Struct]:
        """Return what is to be said to `principal`: of agents, messages, tasks, approvals."""
        yield from self._agents.take(principal)
        yield from self._messages.take(principal)
        yield from self._tasks.take(principal)
        yield from self._approvals.take(principal)

    def _agent_changed(self, identity: AgentId) -> None:
        self._agents.note(identity)
        self._ring()

    def _said(self, said: Message | Reply) -> None:
        self._messages.note(said)
        self._ring()

    def _task_moved(self, task: Task) -> None:
        self._tasks.note(task)
        self._ring()

    def _approval_moved(self, approval: Approval) -> None:
        self._approvals.note(approval)
        self._ring()
