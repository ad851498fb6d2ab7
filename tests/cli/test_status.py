"""`orchestra status explain`: without a daemon from a file, and with what a daemon answers."""

import json
import sys
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
from click.testing import CliRunner, Result

from orchestra.agents import AgentState, Evidence, FactsSeen, OwnReport, Wait, judge, noted
from orchestra.cli import orchestra
from orchestra.errors import BadInputError, OrchestraError

DIALOG = "─" * 40 + "\n Bash command\n Do you want to proceed?\n ❯ 1. Yes\n   2. No\n"


def ran(*words: str, given: str | None = None) -> Result:
    """Run the command."""
    return CliRunner().invoke(orchestra, ["status", "explain", *words], input=given)


def test_a_screen_in_a_file(tmp_path: Path) -> None:
    """Every rule is told, whether it matched and by what, and which decides."""
    path = tmp_path / "screen.txt"
    path.write_text(DIALOG)
    done = ran("--profile", "claude", "--file", str(path), "--title", "✳ Claude Code")
    assert done.exit_code == 0, done.output
    assert "yes   95 permission dialog: blocked, permission  [after last rule]" in done.output
    assert "row 2: Do you want to proceed?" in done.output
    assert " -    70 can be interrupted" in done.output
    assert "title: ✳ Claude Code" in done.output
    last = done.output.splitlines()[-1]
    assert last == "Decides for the screen: permission dialog; for the title: title rests; for the composer: no rule"


def test_a_screen_from_standard_input_as_json() -> None:
    """The same for programs; the cursor can be given."""
    done = ran("--profile", "codex", "--file", "-", "--cursor", "0", "2", "--json", given="› Ask Codex\n")
    rules = json.loads(done.output)["rules"]
    assert (rules["name"], rules["screen"], rules["composer"]) == ("codex", "prompt", "only a suggestion")
    assert {result["name"] for result in rules["results"] if result["matched"]} >= {"prompt", "only a suggestion"}


def test_what_a_screen_holds_does_not_reach_the_terminal() -> None:
    """Control characters in the evidence are shown as what cannot be shown."""
    done = ran("--profile", "shell", "--file", "-", "--cursor", "0", "2", given="\x1b[2J\x07[y/N]\n")
    assert done.exit_code == 0
    assert "\x1b" not in done.output
    assert "[y/N]" in done.output


@pytest.mark.parametrize("words", [(), ("agent-1", "--file", "-"), ("--file", "-"), ("--profile", "claude")])
def test_one_of_both_is_needed(words: tuple[str, ...]) -> None:
    """An agent, or a profile and a file."""
    assert ran(*words, given="").exit_code == 2


def test_a_profile_without_rules() -> None:
    """Those that there are are named."""
    done = ran("--profile", "nothing", "--file", "-", given="")
    assert isinstance(done.exception, BadInputError)
    assert "claude" in done.exception.message


def test_no_daemon(tmp_path: Path) -> None:
    """An agent is asked for from the daemon, which must run."""
    done = ran("--state-dir", str(tmp_path), "agent-00000000000000000000000000")
    assert isinstance(done.exception, OrchestraError)
    assert done.exception.code == "daemon_not_running"


class AnsweringDaemon:
    """Stands where the daemon's client does, and answers with a verdict that was really judged."""

    asked: list[str] = []  # noqa: RUF012 - one list for the test to look at

    def __init__(self, _state_dir: Path | None) -> None:
        self.asked.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def ask(self, method: str, path: str) -> httpx.Response:
        """Answer as GET /api/agents/{id}/explain does."""
        self.asked.append(f"{method} {path}")
        evidence = noted(Evidence(0.0), FactsSeen(foreground="claude"), 1.0)
        evidence = noted(evidence, OwnReport(AgentState.BLOCKED, "asks\x1b]0;", Wait.QUESTION), 2.0)
        rules: dict[str, Any] = {"name": None, "version": None, "results": []}
        return httpx.Response(200, json={"verdict": judge(evidence, 5.0).public(), "rules": rules})


def test_an_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verdict, then every layer with its standing, evidence and age, then the rules."""
    monkeypatch.setattr(sys.modules["orchestra.cli.status"], "Daemon", AnsweringDaemon)
    done = ran("agent-00000000000000000000000000")
    assert AnsweringDaemon.asked == ["GET /api/agents/agent-00000000000000000000000000/explain"]
    lines = done.output.splitlines()
    assert lines[0] == "blocked, waits for: question  (report: report)"
    assert lines[1] == "  asks�]0;"
    assert any(line.startswith("  report   decides    blocked (report, 3.0 s ago)") for line in lines)
    assert any(line.startswith("  process  overruled  working") for line in lines)
    assert lines[-1] == "No screen rules."
