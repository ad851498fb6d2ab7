"""`task_update` through a whole daemon: everybody who may see a task watches it move."""

from tests.end_to_end.daemon import Daemon
from tests.end_to_end.test_agents import other_person
from tests.end_to_end.test_delegation import delegate
from tests.end_to_end.watcher import Watcher, in_thread, watching


def told(watcher: Watcher, number: int) -> list[str]:
    """Return the statuses of a task in the order in which a viewer was told of them."""
    return [one["status"] for one in watcher.heard if one["type"] == "task_update" and one["task_id"] == number]


async def test_a_task_is_told_from_submitted_to_completed(daemon: Daemon) -> None:
    """A shell task that waits for another is told as submitted, queued, running, completed; strangers hear nothing."""
    go, end = daemon.directory / "go", daemon.directory / "end"
    async with watching(daemon) as owner, watching(daemon, other_person(daemon)) as stranger:
        await owner.hears("hello")
        await stranger.hears("hello")
        first = await in_thread(delegate, daemon, f"while test ! -e {go}; do sleep 0.02; done")
        brief = f"while test ! -e {end}; do sleep 0.02; done; echo done"
        second = await in_thread(lambda: delegate(daemon, brief, title="Second", after=[first["task_id"]]))
        number = second["task_id"]
        waiting = await owner.hears("task_update", task_id=number)
        assert (waiting["status"], waiting["state"]) == ("submitted", "submitted")
        assert (waiting["agent"], waiting["title"], waiting["parent_id"]) == ("shell", "Second", None)
        go.touch()
        running = await owner.hears("task_update", task_id=number, status="running")
        assert (running["state"], running["agent_id"]) == (
            "working",
            daemon.http.get(f"/api/tasks/{number}").json()["agent_id"],
        )
        end.touch()
        done = await owner.hears("task_update", task_id=number, status="completed")
        assert waiting["elapsed_ms"] <= running["elapsed_ms"] <= done["elapsed_ms"]
        assert told(owner, number) == ["submitted", "queued", "running", "completed"]
        assert not [one for one in stranger.heard if one["type"] == "task_update"]


async def test_a_refused_task_says_why(daemon: Daemon) -> None:
    """A task that a person refuses is told with that person's reason."""
    async with watching(daemon) as owner:
        await owner.hears("hello")
        given = await in_thread(lambda: delegate(daemon, "true", approve=True))
        asked = await owner.hears("task_update", task_id=given["task_id"])
        assert asked["status"] == "awaiting_approval"
        address = f"/api/tasks/{given['task_id']}/reject"
        await in_thread(lambda: daemon.http.post(address, json={"reason": "not on a Friday"}))
        refused = await owner.hears("task_update", task_id=given["task_id"], status="rejected")
        assert refused["reason"] == "not on a Friday"
