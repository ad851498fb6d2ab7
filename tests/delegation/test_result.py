"""Outcomes: kept as JSON and read again, bounded at the beginning."""

import json

from hypothesis import given
from hypothesis import strategies as st

from orchestra.delegation import Outcome, bounded_text
from orchestra.delegation.result import MAX_TEXT_BYTES


def test_an_outcome_is_what_it_was() -> None:
    """What is written as JSON is read as the same value."""
    outcome = Outcome(
        is_success=False, exit_code=3, text="漢", error="e", usage={"in": 1}, cost_usd=0.5, artefacts={"files": ["a"]}
    )
    assert Outcome.of(json.loads(json.dumps(outcome.public()))) == outcome


@given(st.text(max_size=40), st.integers(0, 40_000))
def test_the_end_of_a_text_is_kept(text: str, times: int) -> None:
    """A short text stays as it is; of a long one at most 256 KiB stay, its end among them, in whole characters."""
    whole = (text or "x") * times
    kept = bounded_text(whole)
    if len(whole.encode(errors="replace")) <= MAX_TEXT_BYTES:
        assert kept == whole.encode(errors="replace").decode()
    else:
        assert len(kept.encode()) <= MAX_TEXT_BYTES
        assert kept.startswith("[...]\n") and whole.endswith(kept[-20:])
