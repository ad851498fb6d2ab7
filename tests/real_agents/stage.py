"""A real agent in neutral surroundings, whose screens are kept."""

import platform
import re
from dataclasses import dataclass

from tests.real_agents.terminal import Terminal
from tests.recordings.demo_project import HOME, PROJECT, make_project
from tests.recordings.leak import leaks
from tests.screens.screen import RecordedScreen
from tests.stand_in.model import StandIn

PORT = re.compile(r"(127\.0\.0\.1:)\d{5}")
__all__ = ["HOME", "PROJECT", "Stage", "make_project"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One run of an agent: its terminal, its model, and what its screens are called."""

    cli: str
    version: str
    terminal: Terminal
    model: StandIn
    log: list[str]
    prefix: str = ""

    def submit(self, prompt: str) -> None:
        """Paste a prompt and hand it in once the composer shows it."""
        self.terminal.paste(prompt)
        self.terminal.wait_for(prompt[:30])
        self.terminal.press("Enter")

    def keep(
        self,
        name: str,
        state: str,
        how: str,
        *,
        wait: str | None = None,
        composer: str | None = None,
        quiet_s: float = 0.6,
    ) -> None:
        """Write the present screen down, once it rests; with `quiet_s=0` at once."""
        if quiet_s:
            self.terminal.wait_quiet(quiet_s)
        title = self.terminal.title.replace(platform.node(), "demo")
        screen = RecordedScreen(
            cli=self.cli,
            version=self.version,
            name=f"{self.prefix}{name}",
            size=self.terminal.size,
            title=title,
            cursor=self.terminal.cursor,
            expected={"state": state, "wait": wait, "composer": composer},
            how=how,
            rows=tuple(PORT.sub(r"\1 PORT", row).rstrip() for row in self.terminal.rows()),
        )
        if found := leaks("\n".join((*screen.rows, title))):
            raise ValueError(f"{screen.id} tells about this machine: {found[:3]}")
        screen.save()
        self.log.append(screen.id)

    def keep_moving(self, name: str, how: str, *, frames: int = 3, composer: str | None = "empty") -> None:
        """Write down a working screen several times, each time when it has changed."""
        for number in range(1, frames + 1):
            before = self.terminal.text()
            self.keep(f"{name}-{number}", "working", how, composer=composer, quiet_s=0)
            self.terminal.wait(lambda before=before: self.terminal.text() != before, "nothing moves")  # type: ignore[misc]
