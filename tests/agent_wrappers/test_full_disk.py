"""A disk that takes no more: what cannot be written whole is not there at all, and it is said."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent_wrappers.wrapped import TIMEOUT_S, WRAPPERS, House, house

FULL = "trap '' XFSZ; ulimit -f 0\n"
"""Files can be made and nothing can be written into them, as on a full disk; pipes take what they always took."""


@pytest.fixture
def place(short_dir: Path) -> Iterator[House]:
    """Give a house with its daemon."""
    with house(short_dir) as made:
        yield made


@pytest.mark.parametrize("size", [10, 100_000])
def test_a_report_is_there_whole_or_not_at_all(size: int, place: House) -> None:
    """Neither an empty report nor its hidden beginning is left, and the shell that made it goes on."""
    script = f'printf -v text \'%0{size}d\' 0; {FULL}report hook "\\"$text\\""; printf on'
    assert place.bash(script).stdout == b"on"
    assert list((place.run / "spool").iterdir()) == []


def test_a_claim_that_cannot_be_written_is_none(place: House) -> None:
    """It is said what is wrong, nothing is started, and when there is room again the agent may be started."""
    wrapper = f'exec bash "{WRAPPERS}/orchestra-agent" "$@"'
    done = subprocess.run(
        ["bash", "-c", FULL + wrapper, "x", "--", "mkdir", "began"],
        env=place.environment(),
        cwd=place.state,
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    said = f"orchestra-agent: cannot write in {place.run}; nothing was started\n"
    assert (done.returncode, done.stderr.decode()) == (73, said)
    assert not (place.run / "claim").exists() and not (place.state / "began").exists()
    assert place.run_wrapper("--", "mkdir", "began").returncode == 0
    assert (place.state / "began").is_dir()
