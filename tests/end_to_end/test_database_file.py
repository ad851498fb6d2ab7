"""The daemon's database file: damaged it is named and left alone; what is old goes; what came twice is kept once."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.end_to_end.daemon import Daemon, wait_for
from tests.end_to_end.test_hand_over import hook, started, with_profiles


def run_tasks(daemon: Daemon, count: int) -> None:
    """Have some tasks done."""
    for number in range(count):
        body = {"to": "shell", "brief": f"echo {number} # {'x' * 3000}", "wait_s": 10}
        assert daemon.http.post("/api/delegate", json=body).json()["state"] == "completed"


def damage(path: Path, how: str) -> None:
    """Break a database that is closed."""
    data = bytearray(path.read_bytes())
    if how == "header":
        data[:16] = b"not a database!!"
    elif how == "pages":
        for page in range(2, len(data) // 4096):
            data[page * 4096 : page * 4096 + 2000] = b"\x5a" * 2000
    else:
        del data[len(data) // 2 :]
    path.write_bytes(data)


@pytest.mark.parametrize("how", ["header", "pages", "half"])
def test_a_damaged_file_is_named_and_left_alone(own_daemon: Daemon, how: str) -> None:
    """The daemon does not start on it, says which file and what to do, and changes no byte; moved away, it starts."""
    daemon = own_daemon.start()
    run_tasks(daemon, 3)
    assert daemon.stop() == 0
    path = daemon.directory / "orchestra.sqlite3"
    damage(path, how)
    before = path.read_bytes()
    refused = daemon.run("serve", "--port", "0", "--no-open", "--json")
    assert refused.returncode != 0
    assert str(path) in refused.stderr and "move it away" in refused.stderr, refused.stderr
    assert "Traceback" not in refused.stderr
    assert path.read_bytes() == before
    for file in daemon.directory.glob("orchestra.sqlite3*"):
        file.rename(daemon.directory / f"damaged-{file.name}")
    daemon.start()
    assert daemon.http.get("/api/tasks").json()["tasks"] == []


def test_what_is_old_goes_at_the_next_start(own_daemon: Daemon) -> None:
    """With --keep-days a task that ended earlier is gone with all that belongs to it; a later one stays."""
    daemon = own_daemon.start()
    run_tasks(daemon, 2)
    assert daemon.stop() == 0
    with sqlite3.connect(daemon.directory / "orchestra.sqlite3") as database:
        database.execute("UPDATE task SET state_since_unix_s = state_since_unix_s - 2.5 * 86400 WHERE id = 1")
    database.close()
    daemon.start("--keep-days", "3")
    assert daemon.http.get("/api/tasks/1").status_code == 200
    assert daemon.stop() == 0
    daemon.start("--keep-days", "2")
    wait_for(lambda: daemon.http.get("/api/tasks/1").status_code == 404, "that it went")
    assert [task["task_id"] for task in daemon.http.get("/api/tasks").json()["tasks"]] == [2]
    run_tasks(daemon, 1)
    assert daemon.http.get("/api/tasks").json()["tasks"][0]["task_id"] == 3
    assert daemon.run("serve", "--keep-days", "-1").returncode == 2


def test_a_report_that_is_told_again_is_one_reply() -> None:
    """Killed between a reply's commit and its report's removal the next daemon reads it again, and keeps one reply."""
    with with_profiles() as daemon:
        agent = started(daemon.start())
        spool = daemon.directory / "run" / agent["id"].removeprefix("agent-") / "spool"
        report: bytes = b""
        daemon.kill()
        hook(daemon, agent, "Stop", last_assistant_message="said once")
        (path,) = [one for one in spool.glob("*.json") if json.loads(one.read_text())["data"].get("event") == "Stop"]
        report = path.read_bytes()

        def replies() -> list[str]:
            entries = daemon.http.get(f"/api/conversations/{agent['session_id']}").json()["entries"]
            return [one["text"] for one in entries if one["kind"] == "reply"]

        daemon.start()
        wait_for(lambda: replies() == ["said once"], "the reply")
        wait_for(lambda: not path.exists(), "that the report was taken")
        daemon.kill()
        path.write_bytes(report)  # as if it had not been removed any more
        daemon.start()
        wait_for(lambda: not path.exists(), "that the report was taken again")
        assert replies() == ["said once"]
        hook(daemon, agent, "Stop", last_assistant_message="said once")
        wait_for(lambda: replies() == ["said once", "said once"], "another turn with the same words")
