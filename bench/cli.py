"""The real command lines of agents, where they are on the PATH: in a home of their own, without account or network."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["CLAUDE", "CODEX", "Cli"]

KEY: Final = "no-key-0000000000000000"
NOBODY: Final = "http://127.0.0.1:9"


@dataclass(frozen=True, slots=True)
class Cli:
    """`profile` is also the program's name; `ready` is shown at its prompt; `bare` are the words of a start by hand.

    `move_in` writes into a home what answers the questions of a first start, and returns the variables it needs.
    """

    profile: str
    title: str
    ready: str
    bare: tuple[str, ...]
    move_in: Callable[[Path], Mapping[str, str]]


def _move_claude_in(home: Path) -> Mapping[str, str]:
    trusted = {str(home.resolve()): {"hasTrustDialogAccepted": True, "allowedTools": []}}
    approved = {"approved": [KEY[-20:]], "rejected": []}
    settings = {
        "hasCompletedOnboarding": True,
        "theme": "dark",
        "customApiKeyResponses": approved,
        "projects": trusted,
    }
    (home / ".claude.json").write_text(json.dumps(settings))
    return {
        "HOME": str(home),
        "ANTHROPIC_BASE_URL": NOBODY,
        "ANTHROPIC_API_KEY": KEY,
        "DISABLE_TELEMETRY": "1",
        "DISABLE_AUTOUPDATER": "1",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    }


def _move_codex_in(home: Path) -> Mapping[str, str]:
    folder = home / ".codex"
    folder.mkdir()
    (folder / "config.toml").write_text(
        f"""model = "nobody"
model_provider = "nobody"
check_for_update_on_startup = false
[model_providers.nobody]
name = "nobody"
base_url = "{NOBODY}/v1"
wire_api = "responses"
env_key = "OPENAI_API_KEY"
[projects."{home.resolve()}"]
trust_level = "trusted"
"""
    )
    return {"HOME": str(home), "CODEX_HOME": str(folder), "OPENAI_API_KEY": KEY}


CLAUDE: Final = Cli(
    "claude", "Claude Code", "for shortcuts", ("claude", "--permission-mode", "default"), _move_claude_in
)
CODEX: Final = Cli("codex", "Codex", "›", ("codex",), _move_codex_in)
