"""`orchestra join`: makes a program in this terminal an agent; `agent-wrappers/orchestra-agent` calls it."""

import fnmatch
import json
import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from orchestra.cli import option
from orchestra.cli.daemon import ask_owner
from orchestra.errors import BadInputError

__all__ = ["join"]


@click.command(context_settings={"ignore_unknown_options": True})
@option.state_directory
@option.as_json
@click.option("--name", help="How it is called; chosen when left out.")
@click.option("--shell", is_flag=True, help="Print lines for a shell to evaluate; they hold the agent's token.")
@click.argument("profile")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def join(
    state_dir: Path | None, as_json: bool, name: str | None, shell: bool, profile: str, arguments: tuple[str, ...]
) -> None:
    """Register an agent that runs in this terminal, without a screen in the page.

    Start it with: agent-wrappers/orchestra-agent PROFILE [ARGUMENT...]
    """
    asked = {"op": "join", "profile": profile, "name": name, "cwd": _folder()}
    joined = ask_owner(state_dir, asked)
    joined["command"] += arguments
    if shell:
        click.echo(os.fsencode("\n".join(_lines(joined, os.environ))))  # an argument may be the name of any file
    elif as_json:
        click.echo(json.dumps(joined, indent=2))
    else:
        click.echo(f"{joined['name']} ({joined['id']}) is expected: orchestra-agent starts it, with --shell's lines.")


def _folder() -> str:
    """Return where the program is to run; raise `BadInputError` (`bad_cwd`) where nobody can name that."""
    try:
        folder = str(Path.cwd())
        folder.encode()
    except OSError as error:
        raise BadInputError("bad_cwd", "This folder is gone: go to another one.", field="cwd") from error
    except UnicodeEncodeError as error:
        message = "The name of this folder is not UTF-8: go to another one."
        raise BadInputError("bad_cwd", message, field="cwd") from error
    return folder


def _lines(joined: Mapping[str, Any], environment: Mapping[str, str]) -> list[str]:
    """Return assignments for bash, everything quoted. What a start resumes has none of the arguments."""
    gone = [
        name
        for name in environment
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in joined["unset"]) and name not in joined["keep"]
    ]
    return [
        *(f"unset -v {shlex.quote(name)}" for name in gone if name.isidentifier()),
        *(f"export {name}={shlex.quote(text)}" for name, text in joined["set"].items()),
        f"COMMAND=({shlex.join(joined['command'])})",
        f"RESUME=({shlex.join(joined['resume'])})",
        f"RESTARTS={joined['restarts']:d} WINDOW_S={joined['window_s']:d}",
    ]
