"""What may be asked of a task, and what a plan may hold."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.delegation import TaskRequest, check_plan, check_request, request_of
from orchestra.errors import BadInputError, TooBigError
from tests.delegation.some_task import some_task


def request(**changes: Any) -> TaskRequest:  # noqa: ANN401 - fields of a request
    """Return a request that is right, with `changes`."""
    return TaskRequest(**{"to": "shell", "brief": "make", **changes})


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"brief": " \n"}, "bad_brief", "brief"),
        ({"brief": "a\0b"}, "bad_brief", "brief"),
        ({"title": "two\nlines"}, "bad_title", "title"),
        ({"title": "x" * 201}, "bad_title", "title"),
        ({"deadline_s": 0.0}, "bad_deadline", "deadline_s"),
        ({"deadline_s": -5.0}, "bad_deadline", "deadline_s"),
        ({"deadline_s": float("nan")}, "bad_deadline", "deadline_s"),
        ({"deadline_s": float("inf")}, "bad_deadline", "deadline_s"),
        ({"retries": -1}, "bad_retries", "retries"),
        ({"retries": 6}, "bad_retries", "retries"),
        ({"after": (1, 1)}, "bad_after", "after"),
        ({"after": tuple(range(65))}, "bad_after", "after"),
        ({"context": {"files": "a"}}, "bad_context", "context.files"),
        ({"context": {"files": ["a\nb"]}}, "bad_context", "context.files"),
    ],
)
def test_what_is_out_of_bounds_is_named(changes: dict[str, Any], code: str, field: str) -> None:
    """Each fault has a code and says in which field it is."""
    with pytest.raises(BadInputError) as caught:
        check_request(request(**changes))
    assert (caught.value.code, caught.value.field) == (code, field)


def test_a_brief_has_a_megabyte() -> None:
    """What just fits is taken, in bytes of UTF-8, and a byte more is not."""
    check_request(request(brief="é" * 500_000))
    with pytest.raises(TooBigError) as caught:
        check_request(request(brief="é" * 500_000 + "x"))
    assert caught.value.code == "brief_too_long"


def test_a_title_is_found_in_the_brief() -> None:
    """Without a title the first line of the brief is shown."""
    assert request(brief="\n  do this\nand that").shown_title == "do this"
    assert request(title=" named ").shown_title == "named"
    assert len(request(brief="x" * 500).shown_title) == 80


@given(st.integers(1, 8), st.data())
def test_a_plan_has_an_order_unless_it_is_a_circle(size: int, data: st.DataObject) -> None:
    """Whatever waits for what: each task comes after those it names, or the plan is refused as a circle."""
    names = [f"k{number}" for number in range(size)]
    requests = [
        request(key=name, after=tuple(data.draw(st.lists(st.sampled_from(names), unique=True, max_size=2))))
        for name in names
    ]
    try:
        order = check_plan(requests)
    except BadInputError:
        waiting = set(range(size))
        while free := {one for one in waiting if not any(names.index(str(n)) in waiting for n in requests[one].after)}:
            waiting -= free
        assert waiting, "a plan without a circle was refused"
        return
    assert sorted(order) == list(range(size))
    place = {index: at for at, index in enumerate(order)}
    assert all(place[names.index(str(name))] < place[index] for index in order for name in requests[index].after)


@pytest.mark.parametrize(
    ("requests", "code"),
    [
        ([], "bad_plan"),
        ([request()] * 33, "bad_plan"),
        ([request(key="a"), request(key="a")], "bad_plan"),
        ([request(after=("nobody",))], "unknown_key"),
        ([request(key="a", after=("a",))], "cycle"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(requests: list[TaskRequest], code: str) -> None:
    """Too few, too many, two of one name, a name of nobody, a task that waits for itself."""
    with pytest.raises(BadInputError) as caught:
        check_plan(requests)
    assert caught.value.code == code


def test_a_title_that_nobody_gave_can_be_shown_and_follows_the_brief() -> None:
    """It is one printable line; a task that has it has none of its own when it is corrected."""
    brief = "make\tall\u3000of \u200dit\nand more"
    task = some_task(brief=brief, title=TaskRequest(to="shell", brief=brief).shown_title)
    assert task.title == "make all of  it"
    check_request(request_of(task))
    assert replace(request_of(task), brief="other").shown_title == "other"
    assert request_of(replace(task, title="mine")).title == "mine"
