"""The shipped profiles and how their commands are filled in."""

from pathlib import Path

import pytest

from orchestra.errors import BadInputError, SetupError
from orchestra.runtime.profile_library import ProfileLibrary, shipped_profiles
from orchestra.runtime.wrapper_directory import wrapper_directory
from tests.runtime.house import profile

ENVIRONMENT = {"SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}


def test_what_is_shipped_can_be_started() -> None:
    """Every shipped profile is right, and the parts of the demo are there."""
    shipped = shipped_profiles()
    library = ProfileLibrary(shipped, ENVIRONMENT, str(wrapper_directory()))
    assert library.command(shipped["shell"], "") == ("/bin/sh",)
    assert set(shipped["demo"].starts) <= set(shipped)
    listed = {entry["name"]: entry for entry in library.listing()}
    assert listed["shell"]["available"] is True
    assert all(name.startswith("demo-") for name in set(shipped) - set(listed))


def test_an_unknown_profile_names_those_there_are() -> None:
    """A wrong name is refused with the right ones, and is not repeated at length."""
    library = ProfileLibrary({"a": profile("a", "sh")}, ENVIRONMENT, "/w")
    with pytest.raises(BadInputError, match="there are: a") as refused:
        library.get("x" * 1000)
    assert (refused.value.code, refused.value.field) == ("unknown_profile", "profile")
    assert len(refused.value.message) < 120


def test_a_program_that_is_not_there() -> None:
    """A profile whose program is missing says so, when started and in the list."""
    library = ProfileLibrary({"a": profile("a", "no-such-program")}, ENVIRONMENT, "/w")
    with pytest.raises(SetupError, match="no-such-program") as refused:
        library.command(library.get("a"), "")
    assert refused.value.code == "program_not_found"
    (entry,) = library.listing()
    assert entry["available"] is False
    assert entry["reason"] == refused.value.message


def test_words_are_filled_in() -> None:
    """Shell, wrappers and scratch folder take their places; values with braces are not filled in again."""
    library = ProfileLibrary({}, ENVIRONMENT, "/w")
    filled = library.command(profile("a", "{shell}", "{wrappers}/x", "{scratch}"), "/s")
    assert filled == ("/bin/sh", "/w/x", "/s")


def test_the_wrappers_are_where_they_are_said_to_be() -> None:
    """The folder of the wrappers exists and holds the demo."""
    assert any(Path(wrapper_directory()).glob("demo-*"))
