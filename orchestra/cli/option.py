"""Options that several commands share."""

from pathlib import Path

import click

__all__ = ["as_json", "state_directory"]

state_directory = click.option(
    "--state-dir",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FOLDER",
    help="Where this Orchestra keeps everything; it alone decides which daemon is meant. [default: the user's own]",
)

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
