"""What a person has in the environment: it reaches the program as it is, and leads the wrappers nowhere else."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent_wrappers.wrapped import NOBODY, TIMEOUT_S, WRAPPERS, House, house

SOURCES = ("orchestra-agent", "command.sh", "report.sh", "in_front.sh")
NEEDED = {"PATH", "HOME", "SECONDS", "EPOCHREALTIME", "SRANDOM", "SHELLOPTS"}
"""What the test itself needs, and what is another thing every time that bash is asked."""

OURS = ("ORCHESTRA", "orc_", "ORC_", "_", "BASH")
"""Beginnings of names that are the wrapper's, or bash's."""

SEEN = "import json, os, sys; json.dump(dict(os.environ), open(sys.argv[1], 'w'))"
WRITES = ["bash", "-c", 'exec "$@"', "x", sys.executable, "-c", SEEN]
OPTIONS = "echo ${SHELLOPTS-none}; set -o | grep -E '^(errexit|nounset|pipefail|noclobber) .*on$'; exit 0"


@pytest.fixture
def place(short_dir: Path) -> Iterator[House]:
    """Give a house with its daemon."""
    with house(short_dir) as made:
        yield made


@pytest.mark.parametrize("way", ["at first", "after a crash", "task", "by hand"])
def test_exported_variables_reach_the_program_unchanged(way: str, place: House) -> None:
    """A person may export any word that the wrapper uses, without its prefix: the program has it as from a shell."""
    words = {word for name in SOURCES for word in re.findall(r"\b[A-Za-z_]\w*", (WRAPPERS / name).read_text())}
    words |= {word[4:] for word in words if re.match("orc_.|ORC_.", word)}
    names = {word for word in words if not word.startswith(OURS)} - NEEDED
    assert {"mode", "output", "code", "input", "REPLY", "COMMAND"} <= names
    theirs = dict.fromkeys(names, "theirs")
    plain, seen = place.state / "plain", place.state / "seen"
    subprocess.run([*WRITES, str(plain)], env=place.environment() | theirs, check=True, timeout=TIMEOUT_S)
    crashing = ["bash", "-c", "exit 4"]
    called = {
        "at first": ["--", *WRITES, str(seen)],
        "after a crash": ["--", *crashing, "--", *WRITES, str(seen)],
        "task": ["--task", "--python", sys.executable, "--", *WRITES, str(seen)],
        "by hand": ["played"],
    }[way]
    environment = place.environment(ORCHESTRA_RESTART_BASE_S="0.01", ORCHESTRA_URL=NOBODY) | theirs
    if way == "by hand":
        given = {name: environment.pop(name) for name in list(environment) if name.startswith("ORCHESTRA_")}
        environment["ORCHESTRA_PROGRAM"] = joining(place, given, [*WRITES, str(seen)])
    command = ["bash", str(WRAPPERS / "orchestra-agent"), *called]
    done = subprocess.run(command, env=environment, check=False, timeout=TIMEOUT_S, cwd=place.state)
    assert done.returncode == 0
    expected, found = (json.loads(path.read_text()) for path in (plain, seen))
    assert {name: found.get(name) for name in names} == {name: expected.get(name) for name in names}
    assert set(found) - set(expected) <= {"ORCHESTRA_RESTART_BASE_S", "ORCHESTRA_PROGRAM"}


def joining(place: House, given: dict[str, str], command: list[str]) -> str:
    """Write a program that plays `orchestra`; every value is one that a shell reads as it is, or has no quote."""
    lines = [f"export {name}='{text}'" for name, text in given.items()]
    lines.append("COMMAND=(" + " ".join(f'"{word}"' if "'" in word else f"'{word}'" for word in command) + ")")
    (place.state / "printed").write_text("\n".join(lines) + "\n")
    program = place.state / "orchestra"
    program.write_text(f'#!/bin/sh\ncat "{place.state}/printed"\n')
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize("words", [["--"], ["--task", "--python", sys.executable, "--"]])
def test_options_of_a_shell_that_are_exported_do_no_harm(words: list[str], place: House) -> None:
    """Bash hands its options on where SHELLOPTS is exported: neither a person's nor the wrapper's own are handed on."""
    done = place.run_wrapper(*words, "bash", "-c", OPTIONS, SHELLOPTS="noclobber")
    assert (done.returncode, done.stderr) == (0, b"") and done.stdout.count(b"\n") == 1, done.stdout
    assert b"nounset" not in done.stdout and b"noclobber" not in done.stdout


@pytest.mark.parametrize("name", ["orchestra-hook", "orchestra-agent", "demo-primary"])
def test_they_find_their_own_folder_wherever_cd_would_go(name: str, place: House) -> None:
    """CDPATH has a folder of the same name: what lies beside the program is read all the same."""
    clone, decoy = place.state / "clone", place.state / "decoy"
    shutil.copytree(WRAPPERS, clone / "agent-wrappers", ignore=shutil.ignore_patterns("__pycache__"))
    (clone / "-x").mkdir()
    (decoy / "agent-wrappers").mkdir(parents=True)
    (decoy / "-x").mkdir()
    path = place.state / "bin"
    path.mkdir()
    for program in (
        "bash",
        "cat",
        "dirname",
        "python3",
        "stty",
        "awk",
        "od",
        "mv",
        "rm",
        "head",
        "sleep",
        "date",
        "tr",
    ):
        found = sys.executable if program == "python3" else shutil.which(program)
        (path / program).symlink_to(str(found))
    word = {"orchestra-hook": "Stop", "orchestra-agent": "--what"}.get(name, "-x")
    done = subprocess.run(
        [path / "bash", f"agent-wrappers/{name}", word],
        env=place.environment(PATH=str(path), CDPATH=str(decoy), ORCHESTRA_URL=NOBODY),
        cwd=clone,
        input=b"{}",
        capture_output=True,
        check=False,
        timeout=TIMEOUT_S,
    )
    assert b"No such file" not in done.stderr and b"invalid option" not in done.stderr, done.stderr
    if name == "orchestra-agent":
        assert done.returncode == 64 and b"unknown argument '--what'" in done.stderr
    else:
        assert done.returncode == 0 and place.reports("hook") != []


def test_no_folder_is_found_by_cdpath_or_taken_for_an_option() -> None:
    """Every change of folder says so."""
    for path in WRAPPERS.iterdir():
        if path.is_file() and (path.suffix == ".sh" or not path.suffix):
            for line in path.read_text().splitlines():
                found = re.search(r"(?:^|[\s(&;])cd (?!\S*--).*", line)
                assert line.lstrip().startswith("#") or not found or "CDPATH='' cd -- " in line, (path.name, line)


def test_the_words_of_the_environment_are_no_names_of_ours() -> None:
    """The test above knows every file that the wrapper reads."""
    read = {name for source in SOURCES for name in re.findall(r"(?:source=|orc_here/)(\w+\.sh)", _text(source))}
    assert read | {"orchestra-agent"} == set(SOURCES)


def _text(name: str) -> str:
    return (WRAPPERS / name).read_text()
