"""Database: SQLite with one writer, in write-ahead mode. A restart loses nothing that was committed."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, TypeVar

import trio

from orchestra.errors import SetupError, UnavailableError
from orchestra.store.migration import MIGRATIONS

__all__ = ["Database", "open_database"]

T = TypeVar("T")

BUSY_TIMEOUT_S: Final = 5.0


class Database:
    """One connection, used by one worker thread at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._one_at_a_time = trio.CapacityLimiter(1)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in a worker thread, inside one transaction that is undone when it raises.

        Raises `UnavailableError` when the file cannot be read or written now: disk full, locked, gone.
        """
        try:
            return await trio.to_thread.run_sync(self._in_transaction, work, limiter=self._one_at_a_time)
        except sqlite3.OperationalError as error:
            raise UnavailableError("database_unavailable", f"The database cannot be used now: {error}.") from error

    def _in_transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            return work(self._connection)


@asynccontextmanager
async def open_database(path: Path) -> AsyncIterator[Database]:
    """Open or create the database; raise `SetupError` when it is damaged or newer than this program."""
    connection = await trio.to_thread.run_sync(_connect, path)
    try:
        yield Database(connection)
    finally:
        connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        _check(connection, path)
        _migrate(connection, path)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise SetupError(
            "database_damaged", f"{path} cannot be read ({error}); move it away and start again."
        ) from error
    except SetupError:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise SetupError("database_damaged", f"{path} is damaged ({verdict}); move it away and start again.")


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise SetupError("database_newer", f"{path} was written by a newer Orchestra; use that one.")
    for number in range(version, len(MIGRATIONS)):
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            for statement in MIGRATIONS[number]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
