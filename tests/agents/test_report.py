"""Reports, as wrappers and hooks write them."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.agents import Report, parse_report
from orchestra.errors import BadInputError

GOOD: dict[str, Any] = {"token": "oat_x", "kind": "ended", "unix_ms": 5, "data": {"exit_code": 0}}


def test_a_report_is_read() -> None:
    """Its four values are there, its file's name too; its token is not shown."""
    report = parse_report("n", json.dumps(GOOD).encode())
    assert report == Report("n", "oat_x", "ended", 5, {"exit_code": 0})
    assert "oat_x" not in repr(report)


@pytest.mark.parametrize(
    "changes",
    [
        {"token": 1},
        {"kind": "other"},
        {"kind": ["ended"]},
        {"unix_ms": True},
        {"unix_ms": "5"},
        {"unix_ms": -1},
        {"unix_ms": 1 << 70},
        {"data": []},
    ],
)
def test_anything_else_is_no_report(changes: dict[str, Any]) -> None:
    """A value of the wrong kind is refused, as is one that is missing."""
    with pytest.raises(BadInputError):
        parse_report("n", json.dumps({**GOOD, **changes}).encode())
    (name,) = changes
    with pytest.raises(BadInputError):
        parse_report("n", json.dumps({key: value for key, value in GOOD.items() if key != name}).encode())


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_of_json_is_null(word: str) -> None:
    """It is kept out of everything that is made of a report."""
    text = json.dumps(GOOD).replace('{"exit_code": 0}', f'{{"cost_usd": {word}, "all": [1.5, {word}]}}')
    assert parse_report("n", text.encode()).data == {"cost_usd": None, "all": [1.5, None]}


@given(st.binary(max_size=200))
def test_no_bytes_do_harm(text: bytes) -> None:
    """Whatever lies in a spool is a report or is refused."""
    with contextlib.suppress(BadInputError):
        assert parse_report("n", text).name == "n"
