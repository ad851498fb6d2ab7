"""`orchestra mcp`: the daemon's MCP server on standard input and output, for clients that speak stdio alone."""

import sys
from pathlib import Path

import click

from orchestra.cli import option

__all__ = ["mcp"]


@click.command()
@option.state_directory
def mcp(state_dir: Path | None) -> None:
    """Serve MCP on standard input and output, on behalf of the running daemon.

    Started by an agent of Orchestra's it acts as that agent, otherwise as you. A restart of the daemon is waited for.
    """
    from orchestra.cli.mcp_place import place_of
    from orchestra.cli.stdio_bridge import StdioBridge

    bridge = StdioBridge(place_of(state_dir), sys.stdout.buffer)
    sys.exit(bridge.run(sys.stdin.buffer))
