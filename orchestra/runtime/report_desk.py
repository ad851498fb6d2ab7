"""ReportDesk: takes what agents report out of their run folders, in order, once; sole reader of the spools."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Final

import structlog
import trio

from orchestra.agents import Report, parse_report
from orchestra.errors import BadInputError, UnavailableError
from orchestra.ids import AgentId
from orchestra.runtime.run_folder import RunFolder

__all__ = ["ReportDesk"]

SWEEP_S: Final = 5.0  # an agent whose word did not come through is heard after so long

Handler = Callable[[AgentId, Report], Awaitable[None]]
"""Keeps what a report says; raises `UnavailableError` to be told again. The same report may come twice."""

_log = structlog.get_logger()


class ReportDesk:
    """Gives each report to all `handlers`, one after the other; only then it is removed.

    One at which a handler breaks is removed too, and the fault is in the log: the next would not be heard otherwise.
    `poke_listeners` are told each agent whose wrapper or hook says that it is there.
    """

    def __init__(
        self,
        folder: Callable[[AgentId], RunFolder],
        is_token_of: Callable[[str, AgentId], bool],
        agents: Callable[[], Iterable[AgentId]],
        unix_s: Callable[[], float],
    ) -> None:
        self.handlers: list[Handler] = []
        self.poke_listeners: list[Callable[[AgentId], Awaitable[None]]] = []
        self._folder = folder
        self._is_token_of = is_token_of
        self._agents = agents
        self._unix_s = unix_s
        self._locks: defaultdict[AgentId, trio.Lock] = defaultdict(trio.Lock)

    async def run(self) -> None:
        """Look into every spool now and then, for ever."""
        while True:
            folders = {agent_id: self._folder(agent_id) for agent_id in self._agents()}
            for agent_id in await trio.to_thread.run_sync(_with_reports, folders):
                await self.collect(agent_id)
            self._locks = defaultdict(trio.Lock, {key: lock for key, lock in self._locks.items() if lock.locked()})
            await trio.sleep(SWEEP_S)

    async def poked(self, agent_id: AgentId) -> None:
        """Hear that an agent's wrapper or hook is there, and take what it has reported."""
        for listener in self.poke_listeners:
            await listener(agent_id)
        await self.collect(agent_id)

    async def collect(self, agent_id: AgentId) -> None:
        """Take what an agent has reported; what cannot be kept now stays for the next time."""
        async with self._locks[agent_id]:
            for name, report in await self._look(agent_id):
                if report is not None:
                    try:
                        for handler in self.handlers:
                            await handler(agent_id, report)
                    except UnavailableError as error:
                        _log.warning("report_not_kept", agent=agent_id, kind=report.kind, reason=error.message)
                        return
                    except Exception:  # noqa: BLE001 - one report holds up neither those behind it nor other agents
                        _log.exception("report_dropped", agent=agent_id, kind=report.kind, name=name)
                await trio.to_thread.run_sync(self._folder(agent_id).remove_report, name)

    async def newest(self, agent_id: AgentId) -> list[Report]:
        """Return the newest of what lies in an agent's spool, in order, and leave it there: its end is the last."""
        return [report for _, report in await self._look(agent_id, is_end_wanted=True) if report is not None]

    async def _look(self, agent_id: AgentId, *, is_end_wanted: bool = False) -> list[tuple[str, Report | None]]:
        look = partial(self._folder(agent_id).reports, is_end_wanted=is_end_wanted)
        found = await trio.to_thread.run_sync(look)
        return [(name, self._read(agent_id, name, text)) for name, text in found]

    def _read(self, agent_id: AgentId, name: str, text: bytes) -> Report | None:
        try:
            report = parse_report(name, text)
        except BadInputError as error:
            _log.warning("report_refused", agent=agent_id, reason=error.message)
            return None
        if not self._is_token_of(report.token, agent_id):
            _log.warning("report_refused", agent=agent_id, reason="it does not carry the agent's token")
            return None
        return replace(report, unix_ms=min(report.unix_ms, int(self._unix_s() * 1000)))  # nothing is from tomorrow


def _with_reports(folders: dict[AgentId, RunFolder]) -> list[AgentId]:
    """Return the agents that have reported something: all in one thread, for a switch costs more than a look."""
    return [agent_id for agent_id, folder in folders.items() if folder.has_reports()]
