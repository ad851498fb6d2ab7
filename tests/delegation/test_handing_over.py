"""What a running agent is told of a task."""

from orchestra.delegation import brief_message
from tests.delegation.some_task import some_task


def test_the_message_names_the_task_and_how_it_ends() -> None:
    """The number comes first, the brief whole, then the files and the ways to finish that this agent has."""
    task = some_task(12, brief="Fix it.\n\nAll of it.", context={"files": ["a.py", "b.py"]})
    heard, unheard = (brief_message(task, is_answer_heard=is_heard) for is_heard in (True, False))
    for text in (heard, unheard):
        assert text.startswith("task 12: Fix it.\n\nAll of it.\n\nFiles that matter: a.py, b.py\n\n[")
        assert "report_result" in text and "task_id 12" in text
    assert "or simply answer" in heard and "curl" not in heard
    assert "only by your report" in unheard and "/api/tasks/12/result" in unheard
    assert "Files" not in brief_message(some_task(1), is_answer_heard=True)
