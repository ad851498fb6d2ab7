"""The demo agent that archives."""

import gzip
import signal
from pathlib import Path

from tests.agent_wrappers.demo import SLOW_ENOUGH, running


def test_what_it_packs_can_be_unpacked(short_dir: Path) -> None:
    """After a round every archive was checked, is whole and holds a log."""
    with running("demo-progress", short_dir, SLOW_ENOUGH) as demo:
        demo.wait_until(lambda: "✓ archived" in demo.text())
        assert demo.end(signal.SIGTERM) == []
        assert demo.process.exitstatus == 0
    contents = [gzip.decompress(archive.read_bytes()) for archive in short_dir.glob("*.log.gz")]
    assert len(contents) == 6 and all(content.count(b"\n") > 1000 for content in contents)
    assert "✗" not in demo.text()


def test_bars_are_redrawn_in_place(short_dir: Path) -> None:
    """The bars move up over themselves, never wider than the terminal, and reach 100 %."""
    with running("demo-progress", short_dir) as demo:
        demo.wait_until(lambda: "Checking" in demo.text())
        assert demo.end(signal.SIGHUP) == []
    assert "\x1b[4A\r" in demo.text() and "100%" in demo.text()
