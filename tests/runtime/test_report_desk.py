"""ReportDesk: every report is kept once, in order, and only the agent's own."""

import json
from pathlib import Path
from typing import Any

import pytest
import trio

from orchestra.agents import Report
from orchestra.errors import UnavailableError
from orchestra.ids import AgentId
from orchestra.runtime import report_desk
from orchestra.runtime.report_desk import ReportDesk
from orchestra.runtime.run_folder import RunFolder
from tests.runtime.house import until

AGENT = AgentId("agent-" + "a" * 26)
NOW_UNIX_S = 1_000.0


class Desk:
    """A desk over one agent's folder, and what its handler was given."""

    def __init__(self, path: Path) -> None:
        self.folder = RunFolder(path / "run")
        self.folder.create({})
        self.heard: list[str] = []
        self.is_full = False
        self.desk = ReportDesk(
            lambda _: self.folder, lambda token, _: token == "right", lambda: [AGENT], lambda: NOW_UNIX_S
        )
        self.desk.handlers.append(self.hear)

    async def hear(self, agent_id: AgentId, report: Report) -> None:
        """Note a report, unless full."""
        if self.is_full:
            raise UnavailableError("database_unavailable", "full")
        self.heard.append(f"{agent_id[:5]} {report.kind} {report.data}")

    def put(self, name: str, token: str = "right", *, text: str | None = None, unix_ms: int = 1) -> None:  # noqa: S107
        """Put a report into the spool."""
        value = {"token": token, "kind": "hook", "unix_ms": unix_ms, "data": {"n": name}}
        (self.folder.path / "spool" / name).write_text(json.dumps(value) if text is None else text)

    def left(self) -> list[str]:
        """Return what is still in the spool."""
        return [name for name, _ in self.folder.reports()]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give a desk."""
    return Desk(tmp_path)


async def test_reports_are_kept_in_order_and_then_removed(desk: Desk) -> None:
    """Each is heard once, however often somebody says that there is something."""
    for name in ("2", "1"):
        desk.put(name)
    await desk.desk.collect(AGENT)
    await desk.desk.collect(AGENT)
    assert desk.heard == ["agent hook {'n': '1'}", "agent hook {'n': '2'}"]
    assert desk.left() == []


async def test_what_cannot_be_kept_now_stays(desk: Desk) -> None:
    """While the ledger is full nothing is removed; afterwards all of it is heard."""
    desk.put("1")
    desk.is_full = True
    await desk.desk.collect(AGENT)
    assert desk.left() == ["1"]
    desk.is_full = False
    await desk.desk.collect(AGENT)
    assert len(desk.heard) == 1


async def test_what_is_not_the_agents_own_word_is_dropped(desk: Desk) -> None:
    """A report with another token, or none at all, is heard by nobody and does not hold up what follows."""
    desk.put("1", token="wrong")
    desk.put("2", text="no report")
    desk.put("3")
    assert [report.data for report in await desk.desk.newest(AGENT)] == [{"n": "3"}]
    await desk.desk.collect(AGENT)
    assert desk.heard == ["agent hook {'n': '3'}"]
    assert desk.left() == []


async def test_a_report_that_breaks_a_handler_is_dropped(desk: Desk) -> None:
    """What follows it is heard all the same, and it is not heard again and again."""

    async def broken(_agent_id: AgentId, report: Report) -> None:
        if report.data == {"n": "1"}:
            raise OverflowError("too large")

    desk.desk.handlers.append(broken)
    desk.put("1")
    desk.put("2")
    await desk.desk.collect(AGENT)
    assert desk.heard == ["agent hook {'n': '1'}", "agent hook {'n': '2'}"]
    assert desk.left() == []


async def test_no_report_is_from_tomorrow(desk: Desk) -> None:
    """A time that is yet to come counts as now; what it says would be believed over everything until then."""
    desk.put("1", unix_ms=int(NOW_UNIX_S * 1000) - 1)
    desk.put("2", unix_ms=1 << 50)
    assert [report.unix_ms for report in await desk.desk.newest(AGENT)] == [999_999, 1_000_000]


async def test_a_sweep_costs_one_switch_for_all_agents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody has reported anything; whoever has is heard, whether or not anybody was poked."""
    agents = [AgentId(f"agent-{letter * 26}") for letter in "abcdefgh"]
    folders = {agent_id: RunFolder(tmp_path / agent_id) for agent_id in agents}
    for folder in folders.values():
        folder.create({})
    value = {"token": "right", "kind": "hook", "unix_ms": 1, "data": {}}
    (folders[agents[3]].path / "spool" / "1").write_text(json.dumps(value))
    switches, sweeps, heard = 0, 0, []
    run_sync = trio.to_thread.run_sync

    async def counted(*given: Any) -> Any:  # noqa: ANN401
        nonlocal switches
        switches += 1
        return await run_sync(*given)

    def all_agents() -> list[AgentId]:
        nonlocal sweeps
        sweeps += 1
        return agents

    async def hear(agent_id: AgentId, _report: Report) -> None:
        heard.append(agent_id)

    monkeypatch.setattr(trio.to_thread, "run_sync", counted)
    monkeypatch.setattr(report_desk, "SWEEP_S", 0.02)
    desk = ReportDesk(folders.__getitem__, lambda _token, _agent: True, all_agents, lambda: NOW_UNIX_S)
    desk.handlers.append(hear)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(desk.run)
        await until(lambda: heard and sweeps > 5, "five sweeps")
        (folders[agents[7]].path / "spool" / "1").write_text(json.dumps(value))
        await until(lambda: not folders[agents[7]].has_reports(), "the other report's end")
        nursery.cancel_scope.cancel()
    assert heard == [agents[3], agents[7]]
    assert switches == sweeps + 2 * 2  # a look into the one spool that has something, and a removal
