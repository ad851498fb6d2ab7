"""The shipped profiles and the person's own, and how their commands are filled in."""

import os
from pathlib import Path

import pytest

from orchestra.agents import MEANINGS, Profile, parse_profile
from orchestra.errors import BadInputError, SetupError
from orchestra.runtime.profile_library import ProfileLibrary, config_directory, load_profiles, shipped_profiles
from orchestra.runtime.wrapper_directory import wrapper_directory
from tests.runtime.house import profile

ENVIRONMENT = {"SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}
VALUES = {name: f"<{name}>" for name in MEANINGS if name not in {"shell", "wrappers", "config", "program"}}


def library_of(*profiles: Profile, path: str = "/usr/bin:/bin", person: dict[str, str] | None = None) -> ProfileLibrary:
    """Return a library of these profiles."""
    return ProfileLibrary({one.name: one for one in profiles}, {**ENVIRONMENT, "PATH": path}, "/w", person=person or {})


def programs(folder: Path, *names: str, says: str = "1") -> str:
    """Make programs of these names that print `says`; return a PATH of them alone."""
    for name in names:
        (folder / name).write_text(f"#!/bin/sh\necho '{says}'\n")
        (folder / name).chmod(0o755)
    return str(folder)


def test_what_is_shipped_can_be_started() -> None:
    """Every shipped profile is right, and the parts of the demo are there."""
    shipped = shipped_profiles()
    library = ProfileLibrary(shipped, ENVIRONMENT, str(wrapper_directory()))
    assert library.command(shipped["shell"], "") == ("/bin/sh",)
    assert set(shipped["demo"].starts) <= set(shipped)
    listed = {entry["name"]: entry for entry in library.listing()}
    assert listed["shell"]["available"] is True
    assert all(name.startswith("demo-") for name in set(shipped) - set(listed))


def test_every_shipped_program_is_started(tmp_path: Path) -> None:
    """Each program that is on the PATH is found, and every placeholder of its profile has a value."""
    shipped = shipped_profiles()
    path = programs(tmp_path, *(name for one in shipped.values() for name in one.find.programs[:1]))
    library = library_of(*shipped.values(), path=f"{path}:/usr/bin:/bin")
    for one in shipped.values():
        if one.command:
            launch = library.interactive(one, VALUES)
            assert Path(launch.argv[0]).is_absolute()
            assert bool(launch.resume_argv) is bool(one.resume)
        if one.task:
            launch = library.task(one, VALUES)
            assert launch.output == one.task.output
            assert bool(launch.resume_argv) is bool(one.task.resume)
    claude = library.interactive(shipped["claude"], VALUES)
    assert claude.argv[:3] == (f"{path}/claude", "--permission-mode", "default")
    assert str(config_directory()) in claude.argv and "<conversation>" in claude.argv
    assert "orchestra" in claude.files["settings.json"]
    assert library.task(shipped["claude"], VALUES).stdin == "<brief_file>"


def test_a_shell_does_a_task() -> None:
    """The brief is a script in a file, so that its length and what it holds do not matter."""
    launch = library_of().task(shipped_profiles()["shell"], {"brief_file": "/run/brief.txt"})
    assert launch.argv[1:] == ("/run/brief.txt",)
    assert launch.argv[0] in ("/usr/bin/bash", "/bin/bash")
    assert (launch.output, launch.resume_argv, launch.restarts, dict(launch.files)) == ("plain", (), 0, {})


def test_a_brief_is_one_word(tmp_path: Path) -> None:
    """A word that is `{brief}` becomes one argument, whatever it holds."""
    brief = "do '{run}' \"$HOME\"\n--version"
    library = library_of(path=programs(tmp_path, "cursor-agent"))
    assert library.task(shipped_profiles()["cursor"], {**VALUES, "brief": brief}).argv[-2:] == ("--", brief)


def test_an_unknown_profile_names_those_there_are() -> None:
    """A wrong name is refused with the right ones, and is not repeated at length."""
    with pytest.raises(BadInputError, match="there are: a") as refused:
        library_of(profile("a", "sh")).get("x" * 1000)
    assert (refused.value.code, refused.value.field) == ("unknown_profile", "profile")
    assert len(refused.value.message) < 120


def test_a_program_that_is_not_there() -> None:
    """A profile whose program is missing says so, when started and in the list."""
    library = library_of(profile("a", "no-such-program"))
    with pytest.raises(SetupError, match="no-such-program") as refused:
        library.command(library.get("a"), "")
    assert refused.value.code == "program_not_found"
    (entry,) = library.listing()
    assert entry["available"] is False
    assert entry["reason"] == refused.value.message


def test_what_is_missing_says_how_it_is_installed() -> None:
    """The refusal carries the profile's own advice."""
    one = parse_profile("a", 'command = ["{program}"]\n[find]\nprograms = ["nope", "nor-this"]\ninstall = "get nope"')
    for start in (library_of(one).interactive, library_of(one).interactive):
        with pytest.raises(
            SetupError, match="nope or nor-this is not on the PATH; install it first: get nope"
        ) as refused:
            start(one, VALUES)
        assert refused.value.code == "program_not_found"


def test_words_are_filled_in() -> None:
    """Shell, wrappers and scratch folder take their places; values with braces are not filled in again."""
    library = library_of()
    assert library.command(profile("a", "{shell}", "{wrappers}/x", "{scratch}"), "/s") == ("/bin/sh", "/w/x", "/s")
    with pytest.raises(SetupError, match="run folder") as refused:
        library.command(profile("a", "sh", "{run}"), "/s")
    assert refused.value.code == "needs_run_folder"


def test_forms_that_are_not_there() -> None:
    """A profile without a task form, or one that starts others, says what it cannot."""
    library = library_of()
    with pytest.raises(BadInputError) as refused:
        library.task(profile("a", "sh"), {})
    assert (refused.value.code, refused.value.field) == ("no_task_form", "profile")
    with pytest.raises(BadInputError) as refused:
        library.interactive(profile("a", starts=("b",)), {})
    assert refused.value.code == "no_command"


def test_the_environment_of_a_start() -> None:
    """What the profile passes of the person's variables comes along, what it names goes; secrets are not shown."""
    text = 'command = ["sh"]\n[environment]\nset = {A = "{run}"}\nunset = ["CLAUDE_*", "B"]\npass = ["KEY", "OTHER"]'
    library = library_of(person={"KEY": "secret", "UNASKED": "x"})
    launch = library.interactive(parse_profile("a", text), {"run": "/r"})
    assert dict(launch.environment) == {"KEY": "secret", "A": "/r"}
    assert "secret" not in repr(launch)
    assert launch.applied_to({"CLAUDE_X": "1", "B": "2", "HOME": "/h"}) == {"HOME": "/h", "KEY": "secret", "A": "/r"}


def test_a_name_that_others_have_too_must_be_recognised(tmp_path: Path) -> None:
    """The second name of a program counts once what is there says that it is the one; the first counts at once."""
    one = parse_profile("a", 'command = ["{program}"]\n[find]\nprograms = ["own", "agent"]\nrecognise = "The One"')
    library = library_of(one, path=programs(tmp_path, "agent", says="The One"))
    with pytest.raises(SetupError):
        library.program(one)
    library.recognise()
    assert library.program(one) == str(tmp_path / "agent")
    assert library.command(one, "") == (str(tmp_path / "agent"),)
    other = library_of(one, path=programs(tmp_path, "agent", says="Another"))
    with pytest.raises(SetupError, match="agent does not say that it is a"):
        other.program(one)
    other.recognise()
    with pytest.raises(SetupError):
        other.program(one)
    assert library_of(one, path=programs(tmp_path, "own")).program(one) == str(tmp_path / "own")


def test_own_profiles_come_first(tmp_path: Path) -> None:
    """A file in the person's folder is a profile, and takes a shipped one's place; the list says whose it is."""
    (tmp_path / "mine.toml").write_text('title = "Mine"\ncommand = ["sh"]')
    (tmp_path / "shell.toml").write_text('title = "My shell"\ncommand = ["sh", "-l"]')
    (tmp_path / "notes.txt").write_text("no profile")
    library = ProfileLibrary.open(ENVIRONMENT, "/w", directory=tmp_path)
    assert library.get("shell").command == ("sh", "-l")
    listed = {entry["name"]: entry for entry in library.listing()}
    assert (listed["mine"]["origin"], listed["shell"]["origin"], listed["claude"]["origin"]) == (
        "own",
        "own",
        "shipped",
    )
    assert library.refused == {}


def test_a_wrong_own_profile_is_left_out(tmp_path: Path) -> None:
    """The others are there; the reason names file and line, and is in the list."""
    (tmp_path / "bad.toml").write_text('command = ["sh"]\n\ncolour = 1')
    (tmp_path / "shell.toml").write_text("command = 1")
    (tmp_path / "pair.toml").write_text('starts = ["nobody"]')
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    (tmp_path / "open.toml").write_text('command = ["sh"]')
    (tmp_path / "open.toml").chmod(0o666)
    (tmp_path / "long.toml").write_text("#" * (300 << 10))
    (tmp_path / "Wrong Name.toml").write_text('command = ["sh"]')
    (tmp_path / "good.toml").write_text('command = ["sh"]')
    library = ProfileLibrary.open(ENVIRONMENT, "/w", directory=tmp_path)
    assert set(library.refused) == {"bad", "shell", "pair", "bytes", "open", "long", "Wrong Name"}
    assert f"{tmp_path / 'bad.toml'}, line 3" in library.refused["bad"]
    assert "nobody" in library.refused["pair"]
    assert "chmod" in library.refused["open"]
    assert library.get("good").origin == str(tmp_path / "good.toml")
    listed = {entry["name"]: entry for entry in library.listing()}
    assert (listed["bad"]["available"], listed["bad"]["reason"]) == (False, library.refused["bad"])
    assert (listed["shell"]["available"], listed["shell"]["reason"]) == (True, library.refused["shell"])
    assert library.get("shell").command == ("{shell}",)


def test_no_folder_of_own_profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It need not be there; without a name it is in the person's configuration."""
    assert load_profiles(tmp_path / "none").own == frozenset()
    folder = tmp_path / "orchestra" / "profiles"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('command = ["sh"]')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setitem(os.environ, "XDG_CONFIG_HOME", str(tmp_path))
    assert "mine" in load_profiles().own


def test_the_wrappers_are_where_they_are_said_to_be() -> None:
    """The folder of the wrappers exists and holds the demo."""
    assert any(Path(wrapper_directory()).glob("demo-*"))
