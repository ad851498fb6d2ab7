"""One question from end to end: a daemon of its own, measured and gone again."""

import psutil
import pytest

from bench import target_latency
from bench.run import Run


async def test_a_latency_is_measured_and_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message takes some time, no more than there and back, and no process stays."""
    before = {process.pid for process in psutil.process_iter()}
    monkeypatch.setattr(target_latency, "QUICK_PINGS", 20)
    (figure,) = await target_latency.measure_latency(Run(is_quick=True))
    assert (figure.name, figure.samples, figure.limit) == ("target.latency", 20, 100.0)
    assert 0 < figure.value <= 2 * figure.comparator + target_latency.CUT_OFF_MS + 1.0
    ours = {child.pid for child in psutil.Process().children(recursive=True)}
    assert ours - before == set()
