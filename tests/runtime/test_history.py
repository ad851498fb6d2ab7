"""History: rows that have scrolled away, of a real tmux server."""

from pathlib import Path

from orchestra.runtime.history import MAX_FOUND_ROWS, Found, History
from tests.runtime.house import server_of
from tests.runtime.test_tmux_server import create, until_rows

COLUMNS = 40


async def test_pages(short_dir: Path) -> None:
    """Rows are counted from the oldest; pages end just before the row that is named."""
    server = server_of(short_dir)
    await create(server, short_dir, "sh", "-c", "seq 1 100; exec sleep 100")
    history = History(server)
    try:
        await until_rows(server, 91)
        total, first, rows = await history.page(None, 20, COLUMNS)
        assert (total, first) == (91, 71)
        assert [row.text.rstrip() for row in rows] == [str(number) for number in range(72, 92)]
        _, first, rows = await history.page(5, 20, COLUMNS)
        assert (first, [row.text.rstrip() for row in rows]) == (0, ["1", "2", "3", "4", "5"])
        assert await history.page(0, 20, COLUMNS) == (91, 0, [])
    finally:
        await server.kill()


async def test_search(short_dir: Path) -> None:
    """The newest rows that hold the text come first; capitals count where there are some; text is no pattern."""
    server = server_of(short_dir)
    program = "seq 1 50; echo 'An Error: 50.1 %% [x]'; echo 漢字 error; seq 51 90; exec sleep 100"
    await create(server, short_dir, "sh", "-c", program)
    history = History(server)
    try:
        await until_rows(server, 83)
        assert await history.search("error") == Found(83, (51, 50), is_all=True)
        assert await history.search("Error") == Found(83, (50,), is_all=True)
        assert (await history.search("ERROR")).rows == ()
        assert (await history.search("1 %% [x]")).rows == (50,)
        assert (await history.search("字 e")).rows == (51,)
        assert (await history.search(".*")).rows == ()
        newest = await history.search("1", 3)
        assert newest == Found(83, (82, 72, 62), is_all=False)
        assert (await history.search("90")).rows == (), "what is still on the screen is not history"
    finally:
        await server.kill()


async def test_search_of_nothing(short_dir: Path) -> None:
    """Where nothing has scrolled away nothing is found, whatever the screen shows."""
    server = server_of(short_dir)
    await create(server, short_dir, "sh", "-c", "echo here; exec sleep 100")
    try:
        assert await History(server).search("here") == Found(0, (), is_all=True)
    finally:
        await server.kill()


async def test_search_tells_a_bounded_number_of_rows(short_dir: Path) -> None:
    """Of a flood the newest thousand rows are told, and that there are more."""
    server = server_of(short_dir)
    await create(server, short_dir, "sh", "-c", "seq 1 3000; exec sleep 100")
    try:
        await until_rows(server, 2991)
        found = await History(server).search("1")
        assert len(found.rows) == MAX_FOUND_ROWS == 1000
        assert not found.is_all
        assert list(found.rows) == sorted(found.rows, reverse=True)
    finally:
        await server.kill()
