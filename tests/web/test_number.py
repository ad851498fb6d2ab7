"""Numbers as clients give them."""

import pytest
from pydantic import BaseModel, ValidationError

from orchestra.errors import BadInputError
from orchestra.web.number import MAX_NUMBER, Number, number_in_path


class Named(BaseModel):
    """A body that names something by its number."""

    number: Number


@pytest.mark.parametrize("number", [1, MAX_NUMBER])
def test_a_number_is_read(number: int) -> None:
    """From one to the largest, in a path and in a body."""
    assert number_in_path(str(number), "bad_task_id", "A task") == number
    assert Named(number=number).number == number


@pytest.mark.parametrize("text", ["", "x", "-1", "1.0", " 1", "١", str(MAX_NUMBER + 1), "1" * 5000])
def test_what_is_no_number_is_refused(text: str) -> None:
    """Neither words nor other digits, and nothing that no column can hold."""
    with pytest.raises(BadInputError, match="A task's id is a whole number") as caught:
        number_in_path(text, "bad_task_id", "A task")
    assert (caught.value.code, caught.value.field) == ("bad_task_id", "id")


@pytest.mark.parametrize("number", [0, -1, MAX_NUMBER + 1, 1 << 70])
def test_a_number_out_of_range_is_refused(number: int) -> None:
    """In a body as in a path."""
    with pytest.raises(ValidationError):
        Named(number=number)
