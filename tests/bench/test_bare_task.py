"""The comparator of delegation runs its commands for real, and leaves no server behind."""

from pathlib import Path

import pytest
import trio

from bench.bare_task import bare_task_s, bare_tasks_s
from bench.bell import open_bell

IN_TIME_S = 30.0


async def test_the_time_ends_when_the_command_has_ended(short_dir: Path) -> None:
    """The command ran, it took as long as it takes, and its tmux server is gone."""
    took_s = await bare_task_s(short_dir / "s", f"sleep 0.3; echo done >{short_dir}/kept")
    assert (short_dir / "kept").read_text() == "done\n"
    assert 0.3 <= took_s < IN_TIME_S
    words = ["tmux", "-S", str(short_dir / "s"), "has-session"]
    assert (await trio.run_process(words, capture_stdout=True, capture_stderr=True, check=False)).returncode != 0


async def test_as_many_run_at_a_time_as_is_said(short_dir: Path) -> None:
    """Six commands of a fifth of a second, two at once, take three turns."""
    kept = short_dir / "kept"
    took_s = await bare_tasks_s(short_dir, lambda number: f"sleep 0.2; echo {number} >>{kept}", 6, 2)
    assert sorted(kept.read_text().split()) == list("012345")
    assert took_s >= 3 * 0.2


@pytest.mark.parametrize("rings", [1, 3])
async def test_a_bell_tells_once_of_each_ring(short_dir: Path, rings: int) -> None:
    """It is heard after the program rang it, however often that was before."""
    with open_bell(short_dir) as bell:
        before_s = 0.0
        for _ in range(rings):
            await trio.run_process(["sh", "-c", bell.command])
            heard_s = await bell.rung_s()
            assert heard_s > before_s
            before_s = heard_s
