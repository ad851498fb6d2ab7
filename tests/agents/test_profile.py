"""Profiles as values: what they need, and how they are filled in."""

import json

import pytest

from orchestra.agents import parse_profile
from orchestra.errors import OurError


def test_scratch_folders() -> None:
    """A profile that names the scratch folder needs one; a value's own braces are text."""
    profile = parse_profile("demo", 'command = ["run", "{scratch}/x", "{title}"]')
    assert profile.needs_scratch
    assert profile.filled_command({"scratch": "/s", "title": "{scratch}"}) == ("run", "/s/x", "{scratch}")
    with pytest.raises(OurError, match="title"):
        profile.filled_command({"scratch": "/s"})


def test_what_a_start_fills_in() -> None:
    """Placeholders are gathered from commands, variables and files."""
    text = (
        'command = ["a", "{run}"]\n[environment]\nset = {A = "{url}"}\n[files]\n"b.md" = "{title} {b} ${c} {D} {e:f}"'
    )
    with pytest.raises(Exception, match="there is no placeholder"):
        parse_profile("a", text)
    assert parse_profile("a", text.replace("{b} ${c}", "")).placeholders == {"run", "url", "title"}


def test_files_are_filled_in() -> None:
    """Values are escaped in JSON and TOML, and stand as they are in other files."""
    text = """command = ["a"]
[files]
"a.json" = '{"a": "{title}"}'
"b.toml" = 'a = "{title}"'
"c.md" = "{title}"
"""
    title = 'a "b" \\ \n'
    assert parse_profile("a", text).filled_files({"title": title}) == {
        "a.json": '{"a": "a \\"b\\" \\\\ \\n"}',
        "b.toml": 'a = "a \\"b\\" \\\\ \\n"',
        "c.md": title,
    }


@pytest.mark.parametrize(
    ("command", "is_shell"),
    [
        (["{shell}"], True),
        (["zsh"], True),
        (["/usr/bin/fish"], True),
        (["bash", "-c", "top"], False),
        (["claude"], False),
        (["bashful"], False),
    ],
)
def test_a_shell_is_known_by_its_command(command: list[str], is_shell: bool) -> None:
    """The person's own shell is one, and a well-known one without arguments."""
    assert parse_profile("a", f"command = {json.dumps(command)}").is_shell is is_shell
