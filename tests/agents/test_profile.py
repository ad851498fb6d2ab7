"""Profiles: data in TOML, checked when it is loaded."""

import pytest

from orchestra.agents import parse_profile
from orchestra.errors import SetupError


def test_a_command() -> None:
    """A profile with a command has defaults for the rest."""
    profile = parse_profile("shell", 'command = ["{shell}", "-l"]')
    assert (profile.title, profile.description, profile.is_listed, profile.starts) == ("shell", "", True, ())
    assert not profile.needs_scratch
    assert profile.filled_command({"{shell}": "/bin/sh"}) == ("/bin/sh", "-l")


def test_scratch_folders() -> None:
    """A profile that names the scratch folder needs one; a value's own braces are text."""
    profile = parse_profile("demo", 'command = ["run", "{scratch}/x", "{other}"]')
    assert profile.needs_scratch
    assert profile.filled_command({"{scratch}": "/s"}) == ("run", "/s/x", "{other}")


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("Shell", 'command = ["x"]', "lower-case"),
        ("../x", 'command = ["x"]', "lower-case"),
        ("a", "command = [", "not TOML"),
        ("a", 'command = "x"', "must be a list"),
        ("a", "command = [1]", "must hold words"),
        ("a", 'command = ["a\\u0000b"]', "must hold words"),
        ("a", "", "either a command"),
        ("a", 'command = ["x"]\nstarts = ["b"]', "either a command"),
        ("a", 'command = ["x"]\ncolour = "red"', "unknown key"),
        ("a", 'command = ["x"]\nis_listed = "no"', "must be a bool"),
    ],
)
def test_what_is_wrong_is_named(name: str, text: str, why: str) -> None:
    """A profile that is wrong says which and why."""
    with pytest.raises(SetupError, match=why) as refused:
        parse_profile(name, text)
    assert refused.value.code == "bad_profile"
    assert repr(name) in refused.value.message
