"""`orchestra mcp`: the daemon's MCP server on standard input and output, for clients that speak stdio alone."""

import os
import sys
from pathlib import Path

import click

from orchestra.cli import option

__all__ = ["mcp"]


@click.command()
@option.state_directory
@click.option("--as-me", is_flag=True, help="Act as you, the owner of the machine account, and not as an agent.")
def mcp(state_dir: Path | None, as_me: bool) -> None:
    """Serve MCP on standard input and output, on behalf of the running daemon.

    It acts as the agent whose ORCHESTRA_TOKEN, ORCHESTRA_URL and ORCHESTRA_RUN are in its environment. A restart of the
    daemon is waited for.
    """
    from orchestra.cli.mcp_place import place_of
    from orchestra.cli.stdio_bridge import StdioBridge

    bridge = StdioBridge(place_of(os.environ, state_dir, as_owner=as_me), sys.stdout.buffer)
    sys.exit(bridge.run(sys.stdin.buffer))
