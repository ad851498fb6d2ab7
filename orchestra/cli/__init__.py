"""The command line. Each command imports what it needs when it runs, so that `--help` is quick."""

import sys
from typing import Final

import click

from orchestra import __version__
from orchestra.cli.agents import agents
from orchestra.cli.doctor import doctor
from orchestra.cli.join import join
from orchestra.cli.mcp import mcp
from orchestra.cli.screen import screen
from orchestra.cli.serve import serve
from orchestra.cli.sign_in import open_link, token
from orchestra.cli.status import status
from orchestra.errors import OrchestraError

__all__ = ["main", "orchestra"]

FAILED: Final = 1
ALREADY_RUNNING: Final = 3  # so that a script which makes sure of a daemon knows that there is one


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="orchestra")
def orchestra() -> None:
    """Run a fleet of terminal agents: one daemon, one web page, every terminal live."""


orchestra.add_command(serve)
orchestra.add_command(open_link)
orchestra.add_command(token)
orchestra.add_command(agents)
orchestra.add_command(screen)
orchestra.add_command(doctor)
orchestra.add_command(status)
orchestra.add_command(mcp)
orchestra.add_command(join)


def main() -> None:
    """Run one command; a refusal is one line on stderr and exit code 1, or 3 where a daemon runs already."""
    try:
        orchestra(prog_name="orchestra")
    except OrchestraError as error:
        click.echo(f"orchestra: {error.message} ({error.code})", err=True)
        sys.exit(ALREADY_RUNNING if error.code == "already_running" else FAILED)
