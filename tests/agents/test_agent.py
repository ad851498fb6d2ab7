"""Agent: its public form, its name and its size."""

import json

import pytest

from orchestra.agents import Agent, AgentState, check_name, check_size
from orchestra.errors import BadInputError
from orchestra.ids import agent_id, session_id

STEM = "a" * 26
AGENT = Agent(
    id=agent_id(STEM),
    session_id=session_id(STEM),
    profile="shell",
    name="Ada",
    state=AgentState.IDLE,
    rows=24,
    columns=80,
    owner="iss|sub",
    cwd="/",
    command=("sh",),
    title="",
    created_unix_s=1.0,
    state_since_unix_s=2.0,
    exit_status=None,
    socket_name="aaaaaaaaaaaa",
)


def test_the_public_form_keeps_the_socket_to_itself() -> None:
    """The network sees JSON values, and not where the tmux socket is."""
    public = AGENT.public()
    assert json.loads(json.dumps(public)) == public
    assert "socket_name" not in public
    assert (public["state"], public["command"]) == ("idle", ["sh"])


@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (500, 1000), (24, 80)])
def test_sizes_that_will_do(rows: int, columns: int) -> None:
    """Both ends of both ranges are taken."""
    check_size(rows, columns)


@pytest.mark.parametrize(
    ("rows", "columns", "field"), [(1, 80, "rows"), (501, 80, "rows"), (24, 1, "columns"), (24, 1001, "columns")]
)
def test_sizes_that_will_not(rows: int, columns: int, field: str) -> None:
    """One beyond is refused and named."""
    with pytest.raises(BadInputError) as refused:
        check_size(rows, columns)
    assert (refused.value.code, refused.value.field) == ("bad_size", field)


@pytest.mark.parametrize(
    ("name", "kept"), [("Ada", "Ada"), ("  Ada ", "Ada"), ("漢字 #(x)", "漢字 #(x)"), ("x" * 64, "x" * 64)]
)
def test_names_that_will_do(name: str, kept: str) -> None:
    """Any printable text of 1 to 64 characters is a name."""
    assert check_name(name) == kept


@pytest.mark.parametrize("name", ["", "   ", "x" * 65, "a\nb", "a\x1bb", "a\x7fb", "a\x9bb", "a\u202eb", "a\u2028b"])
def test_names_that_will_not(name: str) -> None:
    """Empty, too long and unprintable names are refused; so are those that turn the writing direction."""
    with pytest.raises(BadInputError) as refused:
        check_name(name)
    assert refused.value.field == "name"
