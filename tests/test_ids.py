"""Public names: made, parsed, told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.errors import BadInputError
from orchestra.ids import (
    ALPHABET,
    RANDOM_BYTES,
    STEM_CHARACTERS,
    agent_id,
    new_stem,
    parse_agent_id,
    parse_session_id,
    session_id,
    stem_of,
)

STEMS = st.text(ALPHABET, min_size=STEM_CHARACTERS, max_size=STEM_CHARACTERS)


@given(st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES))
def test_a_stem_is_made_of_random_bytes(random: bytes) -> None:
    """26 characters of the alphabet; each bit of the first 130 counts."""
    stem = new_stem(random)
    assert len(stem) == STEM_CHARACTERS
    assert set(stem) <= set(ALPHABET)
    other = (int.from_bytes(random) ^ 1 << 129).to_bytes(RANDOM_BYTES)
    assert new_stem(other) != stem


@pytest.mark.parametrize("size", [0, RANDOM_BYTES - 1, RANDOM_BYTES + 1])
def test_a_stem_takes_as_many_bytes_as_it_needs(size: int) -> None:
    """Fewer would be guessable, more would be thrown away."""
    with pytest.raises(ValueError, match="random bytes"):
        new_stem(b"x" * size)


@given(STEMS)
def test_ids_come_back(stem: str) -> None:
    """What is printed is parsed, and both ids of an agent share their stem."""
    assert parse_agent_id(agent_id(stem)) == f"agent-{stem}"
    assert parse_session_id(session_id(stem)) == f"sess-{stem}"
    assert stem_of(agent_id(stem)) == stem_of(session_id(stem)) == stem


@pytest.mark.parametrize(
    "text", ["", "agent-", "agent-" + "a" * 25, "agent-" + "A" * 26, "agent-" + "a" * 26 + "\n", "x"]
)
def test_what_is_no_id_is_refused(text: str) -> None:
    """Neither a prefix nor a line feed after it passes."""
    with pytest.raises(BadInputError) as refused:
        parse_agent_id(text)
    assert refused.value.code == "bad_agent_id"
    with pytest.raises(BadInputError) as refused:
        parse_session_id(text.replace("agent", "sess"))
    assert refused.value.code == "bad_session_id"
