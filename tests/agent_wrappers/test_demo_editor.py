"""The demo agent that writes."""

import os
import signal
from pathlib import Path

from tests.agent_wrappers.demo import running


def test_it_saves_what_it_types_and_ticks_off(short_dir: Path) -> None:
    """The notebook on disk grows, and a task that was open is ticked off."""
    notebook = short_dir / "notebook.md"
    with running("demo-editor", short_dir) as demo:
        demo.wait_until(lambda: notebook.exists() and "- [x] reproduce" in notebook.read_text())
        assert demo.end(signal.SIGTERM) == []
        assert demo.process.exitstatus == 0
    lines = notebook.read_text().splitlines()
    assert lines[0].startswith("# ") and "~" not in "".join(lines)
    assert "\x1b[?1049h" in demo.text() or "\x1b[H" in demo.text()


def test_a_person_can_type_into_it_too(short_dir: Path) -> None:
    """What comes from the keyboard goes into the notebook where the cursor is."""
    notebook = short_dir / "notebook.md"
    with running("demo-editor", short_dir) as demo:
        demo.wait_until(lambda: "typing" in demo.text())
        os.write(demo.process.fd, b"@")
        demo.wait_until(lambda: notebook.exists() and "@" in notebook.read_text())
        assert demo.end(signal.SIGHUP) == []


def test_it_lives_in_a_window_of_any_size(short_dir: Path) -> None:
    """In two rows of two columns, or five hundred of a thousand, it goes on writing its notebook."""
    notebook = short_dir / "notebook.md"
    with running("demo-editor", short_dir) as demo:
        demo.wait_until(notebook.exists)
        for rows, columns in ((2, 2), (500, 1000), (24, 80)):
            demo.process.setwinsize(rows, columns)
            before = notebook.stat().st_ino
            demo.wait_until(lambda before=before: notebook.stat().st_ino != before)  # type: ignore[misc]
        assert demo.end(signal.SIGTERM) == []
