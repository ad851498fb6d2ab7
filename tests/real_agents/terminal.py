"""A real program in a real tmux, started as the daemon starts it, and what its pane shows."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from orchestra import tmux

__all__ = ["DEADLINE_S", "POLL_S", "Terminal"]

DEADLINE_S = 30.0
POLL_S = 0.02
"""Between two looks at a pane; a look costs a few milliseconds."""
COMMAND_DEADLINE_S = 10.0
EXIT_DEADLINE_S = 10.0
KEY_PERIOD_S = 0.5


class Terminal:
    """Owns a tmux server with one pane; a context manager that ends both.

    `folder` takes the socket and the configuration: its path is short.
    """

    def __init__(
        self,
        folder: Path,
        argv: Sequence[str],
        *,
        cwd: Path,
        environment: Mapping[str, str],
        rows: int = 40,
        columns: int = 120,
    ) -> None:
        self.size = rows, columns
        self._socket = str(folder / "s")
        configuration = folder / "tmux.conf"
        configuration.write_text(tmux.configuration("tmux-256color"))
        command = tmux.new_session("tmux", self._socket, str(configuration), argv, rows=rows, columns=columns)
        subprocess.run(command, cwd=cwd, env=dict(environment), check=True, timeout=COMMAND_DEADLINE_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the program and the server, and wait until both are gone; may be called twice."""
        try:
            pane, server = (int(word) for word in self.ask("#{pane_pid} #{pid}").split())
        except subprocess.CalledProcessError:
            return
        self._tmux("kill-server")
        end_s = time.monotonic() + EXIT_DEADLINE_S
        while _is_alive(pane) or _is_alive(server):
            if time.monotonic() > end_s:
                os.kill(pane, signal.SIGKILL)
                break
            time.sleep(POLL_S)

    @property
    def process_id(self) -> int:
        """The process id of the program."""
        return int(self.ask("#{pane_pid}"))

    @property
    def is_dead(self) -> bool:
        """Whether the program has ended; the pane stays."""
        return self.ask("#{pane_dead}") == "1"

    @property
    def title(self) -> str:
        """What the program calls its pane (OSC 0 and 2)."""
        return self.ask("#{pane_title}")

    @property
    def cursor(self) -> tuple[int, int]:
        """Row and column."""
        row, column = self.ask("#{cursor_y} #{cursor_x}").split()
        return int(row), int(column)

    def rows(self) -> list[str]:
        """Return the text of the screen, row by row."""
        shown = self._tmux("capture-pane", "-p").split("\n")
        height = self.size[0]
        return (shown + [""] * height)[:height]

    def text(self) -> str:
        """Return the text of the screen."""
        return "\n".join(self.rows())

    def history(self) -> str:
        """Return the text of history and screen."""
        return self._tmux("capture-pane", "-p", "-S", "-")

    def wait(self, condition: Callable[[], bool], what: str, deadline_s: float = DEADLINE_S) -> None:
        """Return when a condition holds; raise TimeoutError with the screen when it does not come to hold."""
        end_s = time.monotonic() + deadline_s
        while not condition():
            if time.monotonic() > end_s:
                raise TimeoutError(f"{what}; the screen:\n{self.text()}")
            time.sleep(POLL_S)

    def wait_for(self, *texts: str, deadline_s: float = DEADLINE_S) -> str:
        """Return the screen when it shows all of these texts."""
        self.wait(lambda: all(text in self.text() for text in texts), f"{texts} did not appear", deadline_s)
        return self.text()

    def wait_gone(self, text: str, deadline_s: float = DEADLINE_S) -> None:
        """Return when the screen does not show a text any more."""
        self.wait(lambda: text not in self.text(), f"{text!r} did not go away", deadline_s)

    def wait_quiet(self, quiet_s: float = 0.5, deadline_s: float = DEADLINE_S) -> None:
        """Return when the screen has stayed the same for so many seconds."""
        last, since_s = self.text(), time.monotonic()
        end_s = since_s + deadline_s
        while time.monotonic() - since_s < quiet_s:
            time.sleep(POLL_S)
            now = self.text()
            if now != last:
                last, since_s = now, time.monotonic()
            if time.monotonic() > end_s:
                raise TimeoutError(f"the screen did not come to rest:\n{last}")

    def paste(self, text: str, then: str = "") -> None:
        """Paste a text as the daemon does: brackets where the program asked for them, line feeds as they are.

        `then` is a key that follows in the same command.
        """
        command = ["tmux", "-S", self._socket, "load-buffer", "-b", "paste", "-", ";"]
        command += ["paste-buffer", "-b", "paste", "-p", "-r", "-d"]
        command += [";", "send-keys", then] if then else []
        subprocess.run(command, input=text.encode(), check=True, timeout=COMMAND_DEADLINE_S)

    def press(self, *keys: str) -> None:
        """Send keys by tmux's names: Enter, Escape, Down, C-c."""
        self._tmux("send-keys", *keys)

    def press_until_gone(self, key: str, text: str) -> None:
        """Press a key, again every half second, until a text has left the screen: a fresh dialog may miss the first."""
        pressed_s = 0.0
        end_s = time.monotonic() + DEADLINE_S
        while text in self.text():
            now_s = time.monotonic()
            if now_s > end_s:
                raise TimeoutError(f"{key} did not end {text!r}; the screen:\n{self.text()}")
            if now_s - pressed_s > KEY_PERIOD_S:
                self.press(key)
                pressed_s = now_s
            time.sleep(POLL_S)

    def type(self, text: str) -> None:
        """Send a text as keys, in one piece."""
        self._tmux("send-keys", "-l", text)

    def ask(self, form: str) -> str:
        """Return what tmux says for a format."""
        return self._tmux("display-message", "-p", form).rstrip("\n")

    def _tmux(self, *words: str) -> str:
        command = ["tmux", "-S", self._socket, *words]
        done = subprocess.run(command, check=True, capture_output=True, timeout=COMMAND_DEADLINE_S)
        return done.stdout.decode(errors="replace")


def _is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True
