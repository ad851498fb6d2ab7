"""One command of git: found, bounded in time and output, ended with all that it started."""

import os
from pathlib import Path

import psutil
import pytest
import trio

from orchestra.errors import SetupError, UnavailableError
from orchestra.runtime.git import Git, find_git
from tests.conftest import processes_of


def fake(directory: Path, script: str) -> Path:
    """Put a program named git into a folder and return the folder."""
    folder = directory / "bin"
    folder.mkdir(exist_ok=True)
    (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "git").chmod(0o755)
    return folder


def environment(directory: Path) -> dict[str, str]:
    """Return the environment of a daemon that knows more than git needs to."""
    return {"PATH": os.environ["PATH"], "HOME": str(directory), "SECRET": "s", "GIT_DIR": "/nowhere"}


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (None, "git_missing"),
        ("echo git version 2.30.9", "git_too_old"),
        ("echo something else", "git_too_old"),
        ("exec /nowhere", "git_too_old"),
    ],
)
def test_a_git_that_will_not_do_is_named(short_dir: Path, script: str | None, code: str) -> None:
    """Missing, too old, or no git at all: said with what to do."""
    folder = short_dir if script is None else fake(short_dir, script)
    with pytest.raises(SetupError) as caught:
        find_git({"PATH": str(folder)})
    assert caught.value.code == code
    assert "git" in caught.value.message


async def test_it_sees_only_what_it_needs(short_dir: Path) -> None:
    """No secret of the daemon, and no variable that would lead it elsewhere."""
    git = find_git(environment(short_dir))
    assert "SECRET" not in git.environment and "GIT_DIR" not in git.environment
    ran = await git.run("config", "--get", "core.fsmonitor", cwd=str(short_dir))
    assert (ran.code, ran.output) == (0, b"false\n")
    ran = await git.run("config", "--get", "a.b=c d.e", cwd=str(short_dir), overrides={"a.b=c d.e": "odd"})
    assert ran.output == b"odd\n"


async def test_input_is_given_and_what_fails_says_why(short_dir: Path) -> None:
    """Also when git does not read its input to the end."""
    git = find_git(environment(short_dir))
    ran = await git.run("hash-object", "--stdin", cwd=str(short_dir), given=b"x" * 1_000_000)
    assert (ran.code, len(ran.output.strip())) == (0, 40)
    ran = await git.run("status", cwd=str(short_dir), given=b"x" * 1_000_000)
    assert ran.code == 128 and "not a git repository" in ran.reason
    with pytest.raises(SetupError):
        await git.run("status", cwd=str(short_dir / "nowhere"))


async def test_output_is_cut_and_the_command_ended(short_dir: Path) -> None:
    """A command that prints for ever costs as much as its limit."""
    git = Git(str(fake(short_dir, f"cd {short_dir}; yes 1>&2 & exec yes") / "git"), environment(short_dir))
    ran = await git.run("diff", cwd=str(short_dir), max_bytes=100_000)
    assert ran.is_cut and len(ran.output) == 100_000


@pytest.mark.parametrize("script", ["sleep 1000", "trap '' TERM; sleep 1000", "sleep 1000 & exit 0", "(sleep 1000)"])
async def test_what_takes_too_long_is_ended_with_all_that_it_started(short_dir: Path, script: str) -> None:
    """Also what does not listen, and what outlives git itself with its output still open."""
    git = Git(str(fake(short_dir, f"cd {short_dir}\n{script}") / "git"), environment(short_dir))
    with pytest.raises(UnavailableError) as caught:
        await git.run("status", cwd=str(short_dir), deadline_s=0.2)
    assert caught.value.code == "git_silent"
    psutil.wait_procs(list(processes_of(short_dir)), timeout=2)
    assert processes_of(short_dir) == set()


async def test_who_waits_may_go_away(short_dir: Path) -> None:
    """A cancelled caller leaves no process behind."""
    ready = short_dir / "ready"
    git = Git(str(fake(short_dir, f"touch {ready}; sleep 1000") / "git"), environment(short_dir))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(lambda: git.run("status", cwd=str(short_dir)))
        with trio.fail_after(5):
            while not ready.exists():  # noqa: ASYNC110
                await trio.sleep(0.005)
        nursery.cancel_scope.cancel()
    assert processes_of(short_dir) == set()
