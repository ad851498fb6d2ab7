"""Which task waits for which."""

from orchestra.delegation import TaskState, Waits
from tests.delegation.some_task import some_task

AGENT, OTHER = "agent-" + "a" * 26, "agent-" + "b" * 26
W, Q = TaskState.WORKING, TaskState.QUEUED


def test_a_task_waits_for_what_it_comes_after_what_it_gave_and_what_its_agent_works_at() -> None:
    """By however many others, each way; what has begun waits for what came of it alone."""
    tasks = [
        some_task(1, after=(2,)),
        some_task(2, recipient=AGENT, state=Q, after=(9,)),
        some_task(3, agent_id=AGENT, recipient=AGENT, state=W, after=(8,)),
        some_task(4, parent_id=3, recipient=OTHER, state=Q),
        some_task(5, agent_id=OTHER, state=W),
        some_task(6),
    ]
    waits = Waits({task.id: task for task in tasks})
    assert waits.reach([1]) == {1, 2, 3, 4, 5, 9}
    assert waits.reach([3]) == {3, 4, 5}
    assert waits.reach([5, 6]) == {5, 6}
    assert (waits.given(3), waits.given(1), waits.at_work(AGENT), waits.at_work("shell")) == ([4], [], [3], [])


def test_a_circle_is_walked_once() -> None:
    """What waits for itself does not keep the walk going."""
    waits = Waits({1: some_task(1, after=(2,)), 2: some_task(2, after=(1,))})
    assert waits.reach([1]) == {1, 2}
