"""The seven kinds of screens that matter most, of both real programs: each is classified with its reason.

The screens were recorded from the real programs (tests/screens), in two sizes; docs/agents.md has the same table.
"""

from pathlib import Path
from typing import Final

import pytest

import orchestra
from orchestra.agents import Evidence, FactsSeen, ScreenSeen, judge, noted
from tests.agents.test_real_screens import NOW, SCREENS, reading_of

DOCUMENT: Final = Path(orchestra.__file__).parent.parent / "docs" / "agents.md"
KILLED: Final = 137
"""128 and SIGKILL, as the wrapper hands it on."""

TABLE: Final = """
| idle | claude | idle | idle | screen | prompt | ❯ |
| idle, answered | claude | answered | idle | title | prompt | ✳ Claude Code |
| working | claude | working-1 | working | title | can be interrupted | ◐ Claude Code |
| working, a tool runs | claude | working-tool-1 | working | title | can be interrupted | ◐ Claude Code |
| working, tries again | claude | retrying | working | title | can be interrupted | ◐ Claude Code |
| permission: command | claude | permission-bash | blocked: permission | screen | permission dialog | Do you want to proceed? |
| permission: edit | claude | permission-edit | blocked: permission | screen | permission dialog | Do you want to make this edit to README.md? |
| permission: page | claude | permission-fetch | blocked: permission | screen | permission dialog | Do you want to allow Claude to fetch this content? |
| permission: plan | claude | plan | blocked: permission | screen | permission dialog | Claude has written up a plan and is ready to execute. |
| question | claude | question | blocked: question | screen | question with options | Enter to select |
| trust dialog | claude | trust | blocked: trust | screen | trust dialog | Quick safety check |
| crashed | claude | killed | exited | process | - | it ended with exit status 137 |
| limit reached | claude | limit | waiting_input: limit | screen | limit | API Error: Request rejected (429) |
| idle | codex | idle | idle | screen | prompt | › Ask Codex to do anything |
| idle, answered | codex | answered | idle | screen | prompt | › |
| working | codex | working-1 | working | title | can be interrupted | demo-project |
| working, a tool runs | codex | working-tool-1 | working | title | can be interrupted | demo-project |
| working, tries again | codex | retrying | working | title | can be interrupted | demo-project |
| permission: command | codex | permission-command | blocked: permission | screen | approval | Would you like to run the following command? |
| permission: edit | codex | permission-edit | blocked: permission | screen | approval | Would you like to make the following edits? |
| permission: plan | codex | plan | blocked: permission | screen | approval | Implement this plan? |
| question | codex | question | blocked: question | screen | other dialog | enter to submit answer |
| trust dialog | codex | trust | blocked: trust | screen | trust dialog | Trust this folder? |
| crashed | codex | killed | exited | process | - | it ended with exit status 137 |
| limit reached: usage | codex | limit | waiting_input: limit | screen | limit | You’ve hit your usage limit. |
| limit reached: rate | codex | rate-limit | waiting_input: limit | screen | limit | exceeded retry limit, last status: 429 Too Many Requests |
""".strip()  # noqa: E501 - as in the document
"""Kind, program, screen, state and what it waits for, source, rule, and what of it is shown as the evidence."""

ROWS: Final = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in TABLE.splitlines()]
KINDS: Final = {"idle", "working", "permission", "question", "trust dialog", "crashed", "limit reached"}


@pytest.mark.parametrize("rows", [24, 40])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[1]}-{row[2]}")
def test_each_is_classified_with_its_reason(row: tuple[str, ...], rows: int) -> None:
    """State, source, rule and evidence are those of the table."""
    _, cli, name, state, source, rule, evidence = row
    (screen,) = [one for one in SCREENS if (one.cli, one.name, one.size[0]) == (cli, name, rows)]
    facts = FactsSeen(is_dead=source == "process", exit_status=KILLED, foreground=cli)
    seen = noted(Evidence(NOW, is_watched=True), facts, NOW)
    reading = reading_of(screen)
    verdict = judge(noted(seen, ScreenSeen(reading), NOW), NOW)
    told = str(verdict.state) + (f": {verdict.wait}" if verdict.wait else "")
    assert (told, str(verdict.source)) == (state, source)
    assert rule == "-" or (reading.screen is not None and reading.screen.rule.name == rule)
    assert evidence in verdict.evidence


def test_all_kinds_of_both_programs_are_there() -> None:
    """Fourteen pairs, none missing."""
    found = {(kind.split(":")[0].split(",")[0], cli) for kind, cli, *_ in ROWS}
    assert found == {(kind, cli) for kind in KINDS for cli in ("claude", "codex")}


def test_the_document_has_the_same_table() -> None:
    """Every row, as it is here."""
    told = DOCUMENT.read_text("utf-8").splitlines()
    assert [line for line in TABLE.splitlines() if line not in told] == []
