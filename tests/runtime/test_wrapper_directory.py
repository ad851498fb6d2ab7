"""Where the agent wrappers lie."""

from pathlib import Path

from orchestra.runtime.wrapper_directory import wrapper_directory

DEMO = ("demo-build", "demo-editor", "demo-progress", "demo-tests")


def test_the_demo_lies_there() -> None:
    """The four demo agents and what they need are in the directory, in a checkout as in a wheel."""
    directory = wrapper_directory()
    assert directory.is_absolute()
    for name in (*DEMO, "pace.sh", "notebook_editor.py", "packing_bars.py", "exercises"):
        assert (directory / name).exists(), name


def test_they_are_only_read() -> None:
    """No demo agent writes beside itself: what they leave is in their scratch directory."""
    for name in DEMO:
        text = (Path(wrapper_directory()) / name).read_text()
        assert 'cd "$1"' in text and "set -euo pipefail" in text
