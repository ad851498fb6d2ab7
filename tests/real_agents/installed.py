"""The real agents on this machine: where `nox -s agents` puts them, and what is said where they are missing."""

import os
import platform
import subprocess
from pathlib import Path

import pytest

__all__ = ["FOLDER", "program_of", "require", "version_of"]

FOLDER = Path(__file__).resolve().parents[2] / ".nox" / "real-agents"
"""Beside the environments of nox, and not one of them (`.nox/agents` would be); git does not know it."""
PACKAGES = FOLDER / "node_modules"
PATTERNS = {
    "claude": "@anthropic-ai/claude-code-*/claude",
    "codex": "@openai/codex-*/vendor/*/bin/codex",
    "aider": "../aider/bin/aider",
}
"""The programs themselves: npm's commands are Node scripts that start them, or need a script while installing."""
VERSION_DEADLINE_S = 60.0


def program_of(name: str) -> Path | None:
    """Return an agent's program, or None where it is not installed."""
    return next(iter(sorted(PACKAGES.glob(PATTERNS[name]))), None)


def require(name: str) -> Path:
    """Return an agent's program; where it is not installed, skip the test by name, or in CI fail it."""
    program = program_of(name)
    if program is None:
        complaint = f"{name} is not installed for {platform.system()} {platform.machine()}: nox -s agents"
        if os.environ.get("CI"):
            pytest.fail(complaint)
        pytest.skip(complaint)
    return program


def version_of(name: str) -> str:
    """Return what `NAME --version` says, the number only."""
    program = require(name)
    said = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=True, timeout=VERSION_DEADLINE_S
    ).stdout
    return next(word for word in said.split() if word[0].isdigit())
