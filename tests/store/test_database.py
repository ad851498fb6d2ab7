"""Database: committed work is kept, a failure changes nothing, a file that will not do is named."""

import sqlite3
from pathlib import Path

import pytest
import trio

from orchestra.errors import SetupError, UnavailableError
from orchestra.store.database import open_database
from orchestra.store.migration import MIGRATIONS


async def test_the_schema_is_made_once(tmp_path: Path) -> None:
    """A new file gets the newest schema, and opening it again changes nothing."""
    for _ in range(2):
        async with open_database(tmp_path / "db") as database:
            found = await database.run(lambda connection: connection.execute("PRAGMA user_version").fetchone()[0])
            assert found == len(MIGRATIONS)
            assert (
                await database.run(lambda connection: connection.execute("PRAGMA journal_mode").fetchone()[0]) == "wal"
            )


async def test_a_failure_undoes_its_transaction(tmp_path: Path) -> None:
    """Work that raises leaves nothing behind."""
    async with open_database(tmp_path / "db") as database:
        await database.run(lambda connection: connection.execute("CREATE TABLE t (n)"))

        def half(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO t VALUES (1)")
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await database.run(half)
        assert await database.run(lambda connection: connection.execute("SELECT count(*) FROM t").fetchone()[0]) == 0


async def test_work_is_done_one_at_a_time(tmp_path: Path) -> None:
    """Work of many tasks is serialised, and none is lost."""
    async with open_database(tmp_path / "db") as database:
        await database.run(lambda connection: connection.execute("CREATE TABLE t (n INTEGER)"))
        await database.run(lambda connection: connection.execute("INSERT INTO t VALUES (0)"))

        def add(connection: sqlite3.Connection) -> None:
            (number,) = connection.execute("SELECT n FROM t").fetchone()
            connection.execute("UPDATE t SET n = ?", (number + 1,))

        async with trio.open_nursery() as nursery:
            for _ in range(20):
                nursery.start_soon(database.run, add)
        assert await database.run(lambda connection: connection.execute("SELECT n FROM t").fetchone()[0]) == 20


async def test_a_full_disk_is_for_now(tmp_path: Path) -> None:
    """A file that may not grow raises `UnavailableError`, and takes work again when it may."""
    async with open_database(tmp_path / "db") as database:
        await database.run(lambda connection: connection.execute("CREATE TABLE t (n)"))
        pages = database._connection.execute("PRAGMA page_count").fetchone()[0]
        database._connection.execute(f"PRAGMA max_page_count = {pages}")
        big = "x" * 100_000
        with pytest.raises(UnavailableError) as refused:
            await database.run(lambda connection: connection.execute("INSERT INTO t VALUES (?)", (big,)))
        assert refused.value.code == "database_unavailable"
        database._connection.execute("PRAGMA max_page_count = 100000")
        await database.run(lambda connection: connection.execute("INSERT INTO t VALUES (?)", (big,)))


async def test_what_is_no_database(tmp_path: Path) -> None:
    """A file of something else is refused and left as it is."""
    path = tmp_path / "db"
    path.write_bytes(b"something else " * 100)
    with pytest.raises(SetupError) as refused:
        async with open_database(path):
            pass
    assert refused.value.code == "database_damaged"
    assert path.read_bytes() == b"something else " * 100


async def test_a_newer_schema_is_left_alone(tmp_path: Path) -> None:
    """A database of a newer Orchestra is refused."""
    path = tmp_path / "db"
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(SetupError) as refused:
        async with open_database(path):
            pass
    assert refused.value.code == "database_newer"
