"""AgentTable: agents come back as they were written, oldest first."""

from dataclasses import replace
from pathlib import Path

from orchestra.agents import Agent, AgentState
from orchestra.ids import agent_id, session_id
from orchestra.store.agent_table import AgentTable
from orchestra.store.database import open_database


def agent(letter: str, created_unix_s: float) -> Agent:
    """Return an agent whose id is made of one letter."""
    stem = letter * 26
    return Agent(
        id=agent_id(stem),
        session_id=session_id(stem),
        profile="shell",
        name=f"name {letter} 漢",
        state=AgentState.WORKING,
        rows=24,
        columns=80,
        owner="iss|sub",
        cwd="/tmp/a b",
        command=("sh", "-c", "echo 'x'"),
        title="not kept",
        created_unix_s=created_unix_s,
        state_since_unix_s=created_unix_s + 0.5,
        exit_status=None,
        socket_name=letter * 12,
    )


async def test_agents_come_back(tmp_path: Path) -> None:
    """Every field but the title survives closing and opening, in the order of creation."""
    young, old = agent("y", 20.25), agent("o", 10.5)
    async with open_database(tmp_path / "db") as database:
        table = AgentTable(database)
        assert await table.all() == []
        await table.put(young)
        await table.put(old)
    async with open_database(tmp_path / "db") as database:
        assert await AgentTable(database).all() == [replace(old, title=""), replace(young, title="")]


async def test_a_change_keeps_what_never_changes(tmp_path: Path) -> None:
    """Writing again changes state, size, name and exit status; profile, owner and command stay."""
    async with open_database(tmp_path / "db") as database:
        table = AgentTable(database)
        first = agent("a", 1.0)
        await table.put(first)
        changed = replace(first, state=AgentState.EXITED, exit_status=3, rows=30, columns=90, state_since_unix_s=9.0)
        await table.put(replace(changed, owner="thief", profile="other"))
        assert await table.all() == [replace(changed, title="")]


async def test_removing_twice_is_once(tmp_path: Path) -> None:
    """Forgetting an agent that is not there does nothing."""
    async with open_database(tmp_path / "db") as database:
        table = AgentTable(database)
        await table.put(agent("a", 1.0))
        await table.remove(agent("a", 1.0).id)
        await table.remove(agent("a", 1.0).id)
        assert await table.all() == []
