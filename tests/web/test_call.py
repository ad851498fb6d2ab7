"""The values between the guard and a handler."""

from dataclasses import FrozenInstanceError

import pytest

from orchestra.web.call import JSON_TYPE, Answer, Call


def test_a_call_and_an_answer_cannot_be_changed() -> None:
    """What was checked stays what was checked; defaults are not shared by accident."""
    call, answer = Call(None), Answer()
    with pytest.raises(FrozenInstanceError):
        call.request_id = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        call.path["id"] = "other"  # type: ignore[index]
    with pytest.raises(TypeError):
        answer.headers["X"] = "y"  # type: ignore[index]


def test_an_answer_is_json_and_200_unless_it_says_otherwise() -> None:
    """The usual case needs no words."""
    assert (Answer().status, Answer().media_type) == (200, JSON_TYPE)
