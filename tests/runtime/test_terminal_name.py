"""The name of the terminal that programs in panes have."""

from pathlib import Path

import pytest

from orchestra.runtime import terminal_name as module
from orchestra.runtime.terminal_name import terminal_name


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (("t/tmux-256color", "s/screen-256color"), "tmux-256color"),
        (("73/screen-256color",), "screen-256color"),
        ((), "screen"),
    ],
)
def test_the_best_that_is_there_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: tuple[str, ...], expected: str
) -> None:
    """Folders are looked through in both ways in which systems name them; without any the plainest name is taken."""
    for name in there:
        (tmp_path / ".terminfo" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / ".terminfo" / name).touch()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(module, "FOLDERS", ())
    assert terminal_name() == expected
