"""Hub: agents on real tmux servers through starts, ends, races and faults."""

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trio

from orchestra.agents import Agent, AgentState
from orchestra.errors import ConflictError, NotFoundError, OrchestraError, SetupError, UnavailableError
from orchestra.ids import AgentId
from orchestra.runtime.agent_planner import SpawnRequest
from orchestra.store.agent_table import AgentTable
from orchestra.store.database import open_database
from tests.runtime.house import OWNER, end_servers, open_house, profile, until


async def test_life(short_dir: Path) -> None:
    """An agent comes, runs, ends with its status, and goes; everybody who listens is told, and its row follows."""
    async with open_house(short_dir) as house:
        told: list[AgentId] = []
        house.hub.listeners.add(told.append)
        agent = await house.spawn("sh")
        assert [row.id for row in await house.rows()] == [agent.id]
        house.hub.pane(agent.session_id).type_keys(b"exit 4\r", lambda: None, lambda: None)
        await until(lambda: house.state(agent) is AgentState.EXITED, "its end")
        assert house.hub.agent(agent.id).exit_status == 4
        assert (await house.rows())[0].exit_status == 4
        await house.hub.remove(agent.id)
        assert await house.rows() == []
        assert not (short_dir / "t" / agent.socket_name).exists()
        with pytest.raises(NotFoundError):
            house.hub.agent(agent.id)
        assert set(told) == {agent.id}


async def test_what_runs_is_not_removed(short_dir: Path) -> None:
    """Removing a running agent is refused; stopping it first allows it."""
    async with open_house(short_dir) as house:
        agent = await house.spawn("sh")
        with pytest.raises(ConflictError) as refused:
            await house.hub.remove(agent.id)
        assert refused.value.code == "still_running"
        assert (await house.hub.stop(agent.id)).state is AgentState.EXITED


async def test_many_removals_at_once(short_dir: Path) -> None:
    """Of many removals at once one does it, the others find nothing; no row comes back by a change under way."""
    async with open_house(short_dir) as house:
        agent = await house.spawn("sh")
        await house.hub.stop(agent.id)
        done: list[str] = []

        async def remove() -> None:
            """Forget a row, unless full."""
            try:
                await house.hub.remove(agent.id)
                done.append("removed")
            except NotFoundError:
                done.append("not there")

        async with trio.open_nursery() as nursery:
            for _ in range(5):
                nursery.start_soon(remove)
        assert sorted(done) == ["not there"] * 4 + ["removed"]
        assert await house.rows() == []


async def test_the_last_of_several_sizes_holds(short_dir: Path) -> None:
    """Sizes that are asked for at once are taken in turn: tmux, screen and row end at the last one."""
    async with open_house(short_dir) as house:
        agent = await house.spawn("sh", rows=24, columns=80)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(house.hub.resize, agent.session_id, 30, 100)
            await trio.testing.wait_all_tasks_blocked()
            nursery.start_soon(house.hub.resize, agent.session_id, 24, 80)
        pane = house.hub.pane(agent.session_id)
        await until(lambda: pane.picture.snapshot.rows == 24, "the picture's size")
        facts = await pane.server.facts()
        assert (facts.rows, facts.columns) == pane.size == (24, 80)
        assert (house.hub.agent(agent.id).rows, (await house.rows())[0].columns) == (24, 80)


async def test_a_cancelled_start_leaves_nothing(short_dir: Path) -> None:
    """A start that is given up at any moment leaves neither a row nor a tmux server."""
    async with open_house(short_dir) as house:
        for wait_s in (0.0, 0.001, 0.003, 0.006, 0.01, 0.02):
            with trio.move_on_after(wait_s) as scope:
                agents = await house.hub.spawn(SpawnRequest("sh", OWNER))
            if not scope.cancelled_caught:
                await house.hub.stop(agents[0].id)
                await house.hub.remove(agents[0].id)
        assert dict(house.hub.agents) == {}
        assert await house.rows() == []
        await until(lambda: list((short_dir / "t").iterdir()) == [], "no socket")


async def test_several_start_together_or_not_at_all(short_dir: Path) -> None:
    """When one of the agents of a profile cannot start, those before it are ended."""
    broken = profile("broken", "no-such-program")
    async with open_house(short_dir, broken, profile("both", starts=("sh", "broken"))) as house:
        with pytest.raises(SetupError):
            await house.hub.spawn(SpawnRequest("both", OWNER))
        assert dict(house.hub.agents) == {}
        assert await house.rows() == []
        assert list((short_dir / "t").iterdir()) == []


class Unwritable:
    """Rows in a real table, whose writing can be made to fail."""

    def __init__(self, table: AgentTable) -> None:
        self._table = table
        self.is_full = False

    async def all(self) -> list[Agent]:
        """Return every row."""
        return await self._table.all()

    async def put(self, agent: Agent) -> None:
        """Write a row, unless full."""
        self._check()
        await self._table.put(agent)

    async def remove(self, identity: AgentId) -> None:
        """Forget a row, unless full."""
        self._check()
        await self._table.remove(identity)

    def _check(self) -> None:
        if self.is_full:
            raise UnavailableError("database_unavailable", "full")


async def test_a_full_disk_ends_no_agent(short_dir: Path) -> None:
    """While rows cannot be written, agents run on and starts are refused whole; afterwards the row is true again."""
    async with open_database(short_dir / "rows") as database:
        rows = Unwritable(AgentTable(database))
        async with open_house(short_dir, rows=rows) as house:
            agent = await house.spawn("sh")
            rows.is_full = True
            with pytest.raises(UnavailableError):
                await house.hub.spawn(SpawnRequest("sh", OWNER))
            assert list(house.hub.agents) == [agent.id]
            house.hub.pane(agent.session_id).type_keys(b"exit 6\r", lambda: None, lambda: None)
            await until(lambda: house.state(agent) is AgentState.EXITED, "its end")
            rows.is_full = False
            other = await house.spawn("sh")
            assert house.state(other) is not AgentState.LOST


async def test_a_server_that_dies_takes_nobody_along(short_dir: Path) -> None:
    """One agent's tmux server is killed: that agent is lost with its picture, the other types on."""
    async with open_house(short_dir) as house:
        gone, stays = await house.spawn("sh"), await house.spawn("sh")
        house.hub.pane(gone.session_id).type_keys(b"echo $((6*7))\r", lambda: None, lambda: None)
        await until(lambda: "42" in house.text(gone), "the answer")
        house.tmux(gone, "kill-server")
        await until(lambda: house.state(gone) is AgentState.LOST, "its loss", 2)
        assert "42" in house.text(gone)
        house.hub.pane(stays.session_id).type_keys(b"echo $((7*7))\r", lambda: None, lambda: None)
        await until(lambda: "49" in house.text(stays), "the other's answer")
        await house.hub.remove(gone.id)


async def test_what_survived_is_adopted(short_dir: Path) -> None:
    """A second hub finds running agents running, lost ones lost, and strangers ended."""
    async with open_house(short_dir, keep=True) as house:
        runs, dies = await house.spawn("sh", rows=20, columns=60), await house.spawn("sh")
    try:
        house.tmux(dies, "kill-server")
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.bind(str(short_dir / "t" / "stranger"))
        async with open_house(short_dir) as again:
            assert list(again.hub.agents) == [runs.id, dies.id]
            assert again.state(runs) is not AgentState.LOST
            assert again.state(dies) is AgentState.LOST
            assert again.hub.pane(runs.session_id).size == (20, 60)
            assert not (short_dir / "t" / "stranger").exists()
            await until(lambda: again.hub.pane(runs.session_id)._pty is not None, "the attachment")
    finally:
        end_servers(short_dir)


async def test_only_what_runs_is_made_to_stand_back(short_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process number of a program that ended before it was adopted may be somebody else's: it is left alone."""
    async with open_house(short_dir, keep=True) as house:
        runs, ended = await house.spawn("sh"), await house.spawn("sh")
        await house.hub.stop(ended.id)
    try:
        asked: list[int] = []

        async def note(process_id: int, _niceness: int) -> None:
            asked.append(process_id)

        monkeypatch.setattr("orchestra.runtime.hub.stand_back", note)
        async with open_house(short_dir) as again:
            facts = {one: await again.hub.pane(one.session_id).server.facts() for one in (runs, ended)}
            await until(lambda: {facts[runs].process_id, *(one.server_id for one in facts.values())} <= set(asked))
            assert facts[ended].is_dead
            assert facts[ended].process_id not in asked
    finally:
        end_servers(short_dir)


async def test_a_size_that_nobody_asked_for_is_told(short_dir: Path) -> None:
    """A detached client is attached again: the agent's own program may not end the watch."""
    async with open_house(short_dir) as house:
        agent = await house.spawn("sh")
        pane = house.hub.pane(agent.session_id)
        for _ in range(6):
            first = pane._pty
            house.tmux(agent, "detach-client", "-s", "main")
            await until(lambda seen=first: pane._pty is not None and pane._pty is not seen, "another attachment")
        assert house.state(agent) is not AgentState.LOST


@pytest.mark.parametrize("field", ["rows", "columns"])
async def test_nothing_happens_for_a_wrong_size(short_dir: Path, field: str) -> None:
    """A wrong size starts nothing."""
    async with open_house(short_dir) as house:
        wanted: dict[str, Any] = {field: 1}
        with pytest.raises(OrchestraError):
            await house.hub.spawn(replace(SpawnRequest("sh", OWNER), **wanted))
        assert dict(house.hub.agents) == {}
