"""`orchestra open` and `orchestra token`: credentials for the owner of the machine account."""

from pathlib import Path

import click

from orchestra.cli import option
from orchestra.cli.daemon import ask_owner
from orchestra.cli.desktop import has_desktop, show_in_browser

__all__ = ["open_link", "token"]


@click.command("open")
@option.state_directory
@click.option("--no-open", is_flag=True, help="Only print the link, also when there is a desktop.")
def open_link(state_dir: Path | None, no_open: bool) -> None:
    """Print a fresh sign-in link; it is good once, for 60 seconds."""
    link = ask_owner(state_dir, {"op": "login_link"})["login_url"]
    click.echo(link)
    if not no_open and has_desktop():
        show_in_browser(link, state_dir)


@click.command()
@option.state_directory
@click.option(
    "--role",
    type=click.Choice(["viewer", "developer", "admin", "scraper"]),
    default="admin",
    show_default=True,
    help="What the token may do.",
)
@click.option("--ttl", "ttl_s", type=int, default=3600, show_default=True, help="Seconds until it ends (60 to 3600).")
def token(state_dir: Path | None, role: str, ttl_s: int) -> None:
    """Print a bearer token for scripts."""
    click.echo(ask_owner(state_dir, {"op": "token", "role": role, "ttl_s": ttl_s})["token"])
