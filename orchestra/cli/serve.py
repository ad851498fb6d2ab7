"""`orchestra serve`: run the daemon."""

import json
import os
from pathlib import Path
from typing import Final

import click

from orchestra.cli import option
from orchestra.cli.desktop import has_desktop, show_in_browser

__all__ = ["serve"]

DEFAULT_PORT: Final = 8421
DEFAULT_NICENESS: Final = 10  # what nice(1) gives: a tenth of the daemon's weight where both want the processor
MAX_NICENESS: Final = 19
DEFAULT_KEEP_DAYS: Final = 90
MAX_KEEP_DAYS: Final = 36_500


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port to listen on; 0 takes any free one, and the same one again next time.",
)
@option.state_directory
@click.option("--json", "as_json", is_flag=True, help='Print exactly one line when ready: {"url", "login_url", "pid"}.')
@click.option("--no-open", is_flag=True, help="Do not open the sign-in link, also when there is a desktop.")
@click.option(
    "--agent-nice",
    type=click.IntRange(0, MAX_NICENESS),
    default=DEFAULT_NICENESS,
    show_default=True,
    help="How far agents' programs stand back where the processor is short; 0: not at all.",
)
@click.option(
    "--keep-days",
    type=click.IntRange(0, MAX_KEEP_DAYS),
    default=DEFAULT_KEEP_DAYS,
    show_default=True,
    help="How long tasks, messages and approvals that are over are kept; 0: for ever.",
)
@click.option(
    "--verify-frames",
    is_flag=True,
    help="For developers: apply every frame to a model of the viewer before it is sent, and report what is wrong.",
)
@click.option("-v", "--verbose", is_flag=True, help="Log every request; with --json this is always so.")
def serve(
    host: str,
    port: int,
    state_dir: Path | None,
    agent_nice: int,
    keep_days: int,
    as_json: bool,
    no_open: bool,
    verify_frames: bool,
    verbose: bool,
) -> None:
    """Run the daemon until it is stopped with Ctrl-C or SIGTERM. Agents go on without it.

    Logs go to stderr.
    """
    from orchestra.server import Ready, Settings, run_server

    def ready(ready: Ready) -> None:
        if as_json:
            click.echo(json.dumps({"url": ready.url, "login_url": ready.login_url, "pid": os.getpid()}))
            return
        click.echo(f"\n  Orchestra runs at {ready.url}\n  Sign in: {ready.login_url}\n")
        click.echo("  The link is good once, for 60 seconds; `orchestra open` prints a fresh one. Ctrl-C stops.\n")
        if not no_open and has_desktop():
            show_in_browser(ready.login_url, state_dir)

    settings = Settings(
        host,
        port,
        state_dir,
        agent_nice,
        is_verbose=verbose or as_json,
        verifies_frames=verify_frames,
        keep_days=keep_days,
    )
    run_server(settings, ready)
