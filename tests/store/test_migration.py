"""Migrations: an older file becomes a newer one and keeps what is in it."""

import sqlite3
from pathlib import Path

import pytest

from orchestra.store.database import open_database
from orchestra.store.migration import MIGRATIONS

FIRST_AGENT = ("a", "s", "shell", "one", "idle", 24, 80, "me", "/", '["/bin/sh"]', 1.0, 2.0, None, "socket")


def schema(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return what every table and index is made by."""
    return connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()


@pytest.mark.parametrize("version", range(len(MIGRATIONS)))
async def test_each_older_version_becomes_the_newest(tmp_path: Path, version: int) -> None:
    """A database of any earlier version ends with the schema of a new one."""
    with sqlite3.connect(tmp_path / "old") as old:
        for number in range(version):
            for statement in MIGRATIONS[number]:
                old.execute(statement)
        old.execute(f"PRAGMA user_version = {version}")
    old.close()
    async with open_database(tmp_path / "old"), open_database(tmp_path / "new"):
        pass
    with sqlite3.connect(tmp_path / "old") as migrated, sqlite3.connect(tmp_path / "new") as fresh:
        assert schema(migrated) == schema(fresh)
        assert migrated.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    migrated.close()
    fresh.close()


async def test_agents_of_the_first_version_are_kept(tmp_path: Path) -> None:
    """An agent that an older daemon wrote is there afterwards, for interactive use and without a task."""
    with sqlite3.connect(tmp_path / "db") as old:
        for statement in MIGRATIONS[0]:
            old.execute(statement)
        old.execute("INSERT INTO agent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", FIRST_AGENT)
        old.execute("PRAGMA user_version = 1")
    old.close()
    async with open_database(tmp_path / "db") as database:
        row = await database.run(lambda connection: connection.execute("SELECT * FROM agent").fetchone())
    assert tuple(row)[: len(FIRST_AGENT)] == FIRST_AGENT
    assert (row["purpose"], row["parent"], row["task_id"], row["conversation"], row["worktree"]) == (
        "interactive",
        None,
        None,
        "",
        "",
    )
