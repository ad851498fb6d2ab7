"""The trial that a built wheel must pass, itself tried on the daemon of this tree."""

import sys
from pathlib import Path

import psutil
import pytest

from building.installed_wheel import running_daemon, try_daemon
from tests.source_tree import PACKAGE, ROOT


@pytest.mark.skipif(not (PACKAGE / "web" / "page" / "index.html").exists(), reason="the page is not built")
def test_a_daemon_with_its_page_passes(short_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing in, listing agents, the demo and the page work, and nothing is left afterwards."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with running_daemon(sys.executable, short_dir / "state") as ready:
        assert "signed in; " in try_daemon(ready)
    assert not psutil.pid_exists(ready["pid"])


def test_a_daemon_that_does_not_start_is_an_error(short_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state directory that cannot be made ends the trial with a reason, not with a wait."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (short_dir / "file").write_text("")
    with (
        pytest.raises(RuntimeError, match="ended or was not ready"),
        running_daemon(sys.executable, short_dir / "file"),
    ):
        pytest.fail("it must not become ready")
