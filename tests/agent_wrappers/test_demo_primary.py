"""The demo's primary without a daemon that does anything: requests of any length, and what it says of a refusal."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent_wrappers.wrapped import TIMEOUT_S, WRAPPERS, House, house

LONG = "words " * 22_000 + "end"
"""More than a program takes as one argument."""


@pytest.fixture
def place(short_dir: Path) -> Iterator[House]:
    """Give a house with its daemon."""
    with house(short_dir) as made:
        yield made


@pytest.mark.parametrize("wish", ["", "plan "])
def test_a_request_may_be_as_long_as_it_likes(wish: str, place: House) -> None:
    """It is taken whole and given to the daemon; where that refuses, the demo says so and waits for the next one."""
    place.daemon.status = 500
    request = wish + LONG
    done = subprocess.run(
        ["bash", str(WRAPPERS / "demo-primary"), str(place.state)],
        env=place.environment(),
        input=f"{request}\nagain\n".encode(),
        capture_output=True,
        check=False,
        timeout=TIMEOUT_S,
    )
    assert done.returncode == 0 and done.stderr == b"", done.stderr[-500:]
    told = [report["data"] for report in place.reports("hook")]
    assert [one["event"] for one in told] == ["SessionStart", *["UserPromptSubmit", "Stop"] * 2]
    assert told[1]["input"]["prompt"] == request and told[3]["input"]["prompt"] == "again"
    asked = [one.path for one in place.daemon.asked if "/reports" not in one.path]
    assert asked == ["/api/plans" if wish else "/api/delegate", "/api/delegate"]
    assert done.stdout.count("✗ The daemon refused".encode()) == 2


def test_an_answer_may_be_as_long_as_it_likes(place: House) -> None:
    """What the daemon answers goes to a program by a pipe, whatever its length."""
    script = (WRAPPERS / "demo-primary").read_text()
    functions = script[script.index("# Values of the daemon's last answer") : script.index("# The tasks that")]
    answer = '{"result": {"text": "' + "x" * 300_000 + '"}}'
    (place.state / "answer").write_text(answer)
    python = shutil.which("python3")
    done = place.bash(f"PYTHON={python}\n{functions}\nORC_CALL_BODY=$(cat '{place.state}/answer')\nfield result.text")
    assert done.stdout == b"x" * 300_000
