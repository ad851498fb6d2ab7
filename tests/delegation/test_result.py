"""Outcomes: kept as JSON and read again, bounded at the beginning."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.delegation import Outcome, bounded_text, reported_outcome, with_report
from orchestra.delegation.result import MAX_ARTEFACT_BYTES, MAX_TEXT_BYTES
from orchestra.errors import OrchestraError


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


def test_a_report_is_bounded() -> None:
    """A success says something; what is too long is refused, not cut; a failure's first line says why."""
    assert reported_outcome(" x", is_success=True, artefacts={"n": 1}).public() == {
        **Outcome(is_success=True, text=" x", artefacts={"n": 1}).public()
    }
    failed = reported_outcome("\nno luck\nat all", is_success=False, artefacts={})
    assert (failed.is_success, failed.error, failed.text) == (False, "no luck", "\nno luck\nat all")
    assert reported_outcome("", is_success=False, artefacts={}).error
    for text, artefacts, code in (
        (" ", {}, "empty_result"),
        ("x" * (MAX_TEXT_BYTES + 1), {}, "result_too_long"),
        ("x", {"a": "y" * MAX_ARTEFACT_BYTES}, "artefacts_too_big"),
        ("x", {"a": [float("nan")]}, "bad_artefacts"),
    ):
        with pytest.raises(OrchestraError) as refused:
            reported_outcome(text, is_success=True, artefacts=artefacts)
        assert refused.value.code == code


def test_a_report_and_a_program_s_end_are_one_result() -> None:
    """The text is the report's, the exit code the program's; it is a success only if both say so."""
    said = Outcome(is_success=True, text="said", artefacts={"a": 1, "diff": "x"})
    ended = Outcome(is_success=True, exit_code=0, text="printed", artefacts={"diff": "y"})
    both = with_report(ended, said)
    assert (both.text, both.exit_code, both.is_success) == ("said", 0, True)
    assert both.artefacts == {"a": 1, "diff": "y"}
    assert with_report(ended, None) == ended
    crashed = Outcome(is_success=False, exit_code=3, error="exit code 3")
    assert (with_report(crashed, said).is_success, with_report(crashed, said).error) == (False, "exit code 3")
    denied = Outcome(is_success=False, text="no", error="no")
    assert (with_report(ended, denied).is_success, with_report(ended, denied).error) == (False, "no")
