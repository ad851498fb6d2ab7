"""claude-config: the plugin's files agree with the profiles, with the tools and with each other."""

import json
import re
import stat
import tomllib

import pytest

from orchestra.runtime.profile_library import config_directory, shipped_profiles
from tests.source_tree import ROOT

CONFIG = ROOT / "claude-config"
SKILLS = {path.parent.name: path.read_text("utf-8") for path in sorted(CONFIG.glob("skills/*/SKILL.md"))}
SPECIALISTS = sorted(name for name, profile in shipped_profiles().items() if profile.task and profile.is_listed)
MAX_DESCRIPTION = 200
"""Characters: every agent's model reads all of them at every start."""


def test_every_specialist_has_a_skill() -> None:
    """Each shipped profile that does tasks has one skill, and there is none for another."""
    assert sorted(SKILLS) == sorted(f"delegate-{name}" for name in SPECIALISTS)


@pytest.mark.parametrize("name", sorted(SKILLS))
def test_a_skill_is_short_and_names_its_profile(name: str) -> None:
    """Its head has its folder's name and a sentence; its text says whom to give a task to."""
    head, _, body = SKILLS[name].removeprefix("---\n").partition("---\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    assert set(fields) == {"name", "description"} and fields["name"] == name
    assert fields["description"].endswith(".") and len(fields["description"]) <= MAX_DESCRIPTION
    profile = name.removeprefix("delegate-")
    assert f'`to: "{profile}"`' in body and len(body.splitlines()) < 30


def test_a_limit_on_briefs_is_told() -> None:
    """A skill speaks of the length of a brief where its profile takes it as an argument, and nowhere else."""
    limited = {name for name in SPECIALISTS if (task := shipped_profiles()[name].task) and task.max_brief_bytes}
    assert {name for name in SPECIALISTS if "131,000 bytes" in SKILLS[f"delegate-{name}"]} == limited


def test_hooks_are_those_that_the_profile_understands() -> None:
    """Every event of the plugin means something in the profile, and the other way round but for the wrapper's own."""
    hooks = json.loads((CONFIG / "hooks" / "hooks.json").read_text("utf-8"))["hooks"]
    meant = {event.partition(":")[0] for event in shipped_profiles()["claude"].status.hooks}
    assert set(hooks) == meant - {"AskWithdrawn"}
    for event, (group,) in hooks.items():
        (hook,) = group["hooks"]
        assert (hook["type"], hook["args"]) == ("command", [event])
        assert hook["command"] == "${CLAUDE_PLUGIN_ROOT}/hooks/orchestra-hook"
    assert (CONFIG / "hooks" / "orchestra-hook").stat().st_mode & stat.S_IXUSR


def test_the_allowed_tools_are_those_of_the_plugin() -> None:
    """What the profile allows without asking is our own server alone, by the name that Claude Code gives it."""
    plugin = json.loads((CONFIG / ".claude-plugin" / "plugin.json").read_text("utf-8"))["name"]
    (server,) = json.loads((CONFIG / ".mcp.json").read_text("utf-8"))["mcpServers"]
    settings = json.loads(shipped_profiles()["claude"].files["settings.json"])
    assert settings["permissions"] == {"allow": [f"mcp__plugin_{plugin}_{server}__*"]}


def test_rules_are_one_text() -> None:
    """The file to install says what the given rules say; what the profile points at is there."""
    rules = (CONFIG / "rules" / "orchestration.md").read_text("utf-8")
    assert (CONFIG / "CLAUDE.md").read_text("utf-8") == rules
    profile = shipped_profiles()["claude"]
    words = [*profile.command, *profile.resume, *(profile.task.command if profile.task else ())]
    for word in words:
        if word.startswith("{config}"):
            assert (config_directory() / word.removeprefix("{config}").lstrip("/")).exists(), word


def test_rules_and_skills_name_tools_that_there_are() -> None:
    """What is written like a tool is one."""
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "orchestra" / "web").glob("*tool*.py"))
    server = (ROOT / "orchestra" / "web" / "mcp_server.py").read_text("utf-8")
    tools = {*re.findall(r'Tool\(\s*"([a-z_]+)"', sources), *re.findall(r"[a-z]+_[a-z]+", server)}
    fields = {"title", "cwd", "worktree", "after", "deadline_s", "retries", "idempotency_key", "you", "completed"}
    texts = [*SKILLS.values(), (CONFIG / "rules" / "orchestration.md").read_text("utf-8")]
    named = {word for text in texts for word in re.findall(r"`([a-z_]{3,})`", text)}
    assert named - tools - fields - set(SPECIALISTS) - {"orchestra", "low"} == set()


def test_a_wheel_holds_the_plugin() -> None:
    """It is force-included under the name by which an installed package finds it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included["claude-config"] == "orchestra/claude_config"
