"""The configuration of an agent's tmux server, read by the real tmux."""

import subprocess
from pathlib import Path

from orchestra import tmux
from orchestra.tmux.configuration import HISTORY_ROWS


def test_tmux_takes_every_line(short_dir: Path) -> None:
    """The real tmux reads the file, and what matters is set: no keys, no status line, no clipboard."""
    socket, configuration = str(short_dir / "s"), short_dir / "conf"
    configuration.write_text(tmux.configuration("screen-256color"))

    def ask(*words: str) -> str:
        done = subprocess.run(["tmux", "-S", socket, *words], check=True, capture_output=True, text=True)
        assert done.stderr == ""
        return done.stdout.strip()

    try:
        subprocess.run(
            tmux.new_session("tmux", socket, str(configuration), ["sleep", "100"], rows=5, columns=20), check=True
        )
        keys = subprocess.run(["tmux", "-S", socket, "list-keys"], check=False, capture_output=True, text=True)
        assert keys.stdout == "", "no key means anything to tmux"
        assert ask("show-options", "-gv", "prefix") == "None"
        assert ask("show-options", "-gv", "status") == "off"
        assert ask("show-options", "-gv", "window-size") == "manual"
        assert ask("show-options", "-gwv", "remain-on-exit") == "on"
        assert ask("show-options", "-gv", "history-limit") == str(HISTORY_ROWS)
        assert ask("show-options", "-sv", "escape-time") == "0"
        assert ask("show-options", "-sv", "set-clipboard") == "off"
        assert ask("show-options", "-gwv", "allow-passthrough") == "off"
        assert ask("show-options", "-sv", "default-terminal") == "screen-256color"
    finally:
        subprocess.run(["tmux", "-S", socket, "kill-server"], check=False)
