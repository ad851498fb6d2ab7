"""`orchestra screen`: what an agent's terminal shows now."""

from pathlib import Path

import click

from orchestra.cli import option
from orchestra.cli.daemon import Daemon, as_session_id

__all__ = ["screen"]


@click.command()
@option.state_directory
@click.argument("session_id")
@click.option("--ansi", is_flag=True, help="With colours, as text for a terminal.")
def screen(state_dir: Path | None, session_id: str, ansi: bool) -> None:
    """Print a session's present screen. SESSION_ID may also be an agent's id."""
    with Daemon(state_dir) as daemon:
        path = f"/api/sessions/{as_session_id(session_id)}/screen"
        shown = daemon.ask("GET", path, params={"format": "ansi" if ansi else "text"})
    click.echo(shown.text, nl=False, color=True)
