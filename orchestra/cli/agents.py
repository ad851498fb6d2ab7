"""`orchestra agents`: list, start and stop agents."""

import json
from pathlib import Path
from typing import Any, Final

import click

from orchestra.cli import option
from orchestra.cli.daemon import Daemon, as_agent_id

__all__ = ["agents"]

_COLUMNS: Final = ("name", "state", "size", "profile", "session_id")


@click.group()
def agents() -> None:
    """List, start and stop agents."""


@agents.command("list")
@option.state_directory
@option.as_json
def list_agents(state_dir: Path | None, as_json: bool) -> None:
    """List all agents."""
    with Daemon(state_dir) as daemon:
        found: list[dict[str, Any]] = daemon.ask("GET", "/api/agents").json()["agents"]
    if as_json:
        click.echo(json.dumps(found, indent=2))
    elif found:
        _print_table([_row(agent) for agent in found])
    else:
        click.echo("No agents. Start one with: orchestra agents spawn")


@agents.command()
@option.state_directory
@option.as_json
@click.option("--profile", default="shell", show_default=True, help="What to start, such as shell or demo.")
@click.option("--name", help="How it is called; chosen when left out.")
@click.option("--cwd", type=click.Path(path_type=Path), help="Its working directory.  [default: your home]")
@click.option("--rows", type=int, help="Rows of its terminal.  [default: 24]")
@click.option("--columns", type=int, help="Columns of its terminal.  [default: 80]")
def spawn(
    state_dir: Path | None,
    as_json: bool,
    profile: str,
    name: str | None,
    cwd: Path | None,
    rows: int | None,
    columns: int | None,
) -> None:
    """Start an agent."""
    folder = str(cwd.expanduser().absolute()) if cwd is not None else None
    wanted = {"profile": profile, "name": name, "cwd": folder, "rows": rows, "columns": columns}
    with Daemon(state_dir) as daemon:
        body = {key: value for key, value in wanted.items() if value is not None}
        started: list[dict[str, Any]] = daemon.ask("POST", "/api/agents", json=body).json()["agents"]
    if as_json:
        click.echo(json.dumps(started, indent=2))
    else:
        _print_table([_row(agent) for agent in started])


@agents.command()
@option.state_directory
@click.argument("agent")
def kill(state_dir: Path | None, agent: str) -> None:
    """Stop an agent (its screen and history stay); once it has ended, remove it.

    AGENT is an agent's or a session's id.
    """
    with Daemon(state_dir) as daemon:
        response = daemon.ask("DELETE", f"/api/agents/{as_agent_id(agent)}")
    if not response.content:
        click.echo("Removed.")
    else:
        click.echo(f"Stopped with exit status {response.json()['exit_status']}. Kill it again to remove it.")


def _row(agent: dict[str, Any]) -> tuple[str, ...]:
    state = agent["state"] if agent["exit_status"] is None else f"{agent['state']} ({agent['exit_status']})"
    size = f"{agent['rows']}x{agent['columns']}"
    return agent["name"], state, size, agent["profile"], agent["session_id"]


def _print_table(rows: list[tuple[str, ...]]) -> None:
    lines = [_COLUMNS, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_COLUMNS))]
    for line in lines:
        click.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
