"""What an agent's program says about itself: its version, and whether it is the program that a profile means."""

import subprocess
from collections.abc import Mapping
from typing import Final

from orchestra.agents import Finding

__all__ = ["ASK_DEADLINE_S", "recognised", "version_of"]

ASK_DEADLINE_S: Final = 10.0  # Aider takes 3 s to print its version on a slow machine
MAX_VERSION_CHARACTERS: Final = 80


def version_of(path: str, finding: Finding, environment: Mapping[str, str]) -> str:
    """Return the first line that a program prints for its version; empty where it has none or does not answer."""
    if not finding.version:
        return ""
    lines = [line.strip() for line in _ask((path, *finding.version), environment)[0].splitlines()]
    return next((line for line in lines if line), "")[:MAX_VERSION_CHARACTERS]


def recognised(path: str, finding: Finding, environment: Mapping[str, str]) -> bool:
    """Tell whether what a program prints about itself holds what the profile recognises it by (empty: any)."""
    if not finding.recognise:
        return True
    asked = [(path, *finding.version), (path, "--help")] if finding.version else [(path, "--help")]
    return any(finding.recognise in text for command in asked for text in _ask(command, environment))


def _ask(command: tuple[str, ...], environment: Mapping[str, str]) -> tuple[str, str]:
    """Return what a program prints on stdout and on stderr, without input and within `ASK_DEADLINE_S`."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=ASK_DEADLINE_S,
            env=dict(environment),
        )
    except (OSError, subprocess.TimeoutExpired):
        return "", ""
    return done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
