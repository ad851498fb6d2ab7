"""What tmux tells about a pane."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra import tmux
from orchestra.errors import UnavailableError

RUNNING = "77|0|||4711|24|80|0|0|12|bash|a title"


def test_a_running_program() -> None:
    """Every field finds its place; there is no exit status yet."""
    facts = tmux.parse_facts(RUNNING)
    assert (facts.server_id, facts.process_id, facts.rows, facts.columns, facts.history_rows) == (77, 4711, 24, 80, 12)
    assert (facts.is_dead, facts.exit_status, facts.command, facts.title) == (False, None, "bash", "a title")


@pytest.mark.parametrize(("fields", "status"), [("1|7|", 7), ("1|0|", 0), ("1||9", 137), ("1||", None), ("0|7|", None)])
def test_how_it_ended(fields: str, status: int | None) -> None:
    """An exit code, 128 + signal, or None where tmux does not know yet or the program runs."""
    assert tmux.parse_facts(RUNNING.replace("0||", fields, 1)).exit_status == status


def test_a_title_may_hold_bars() -> None:
    """The title comes last and holds what it likes."""
    assert tmux.parse_facts(RUNNING + "|b|c").title == "a title|b|c"


@given(st.text(max_size=60))
def test_anything_else_is_refused(answer: str) -> None:
    """What is not of that form raises `UnavailableError` and nothing else."""
    try:
        tmux.parse_facts(answer)
    except UnavailableError as error:
        assert error.code == "tmux_answer"  # noqa: PT017


def test_the_format_is_one_line_of_as_many_fields() -> None:
    """The format asks for what the parser reads."""
    assert "\n" not in tmux.facts_format()
    assert tmux.facts_format().count("#{") == RUNNING.count("|") + 1
