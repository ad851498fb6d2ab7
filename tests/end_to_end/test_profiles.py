"""Profiles of a running daemon: programs whose names others have too are asked what they are, while it starts."""

import json
from typing import Any

from tests.end_to_end.daemon import Daemon, wait_for


def entry(daemon: Daemon, name: str) -> dict[str, Any]:
    """Return what is listed of a profile."""
    listed = daemon.http.get("/api/profiles").json()["profiles"]
    (found,) = (one for one in listed if one["name"] == name)
    return dict(found)


def add_agent(daemon: Daemon, says: str) -> None:
    """Put a program `agent` on the daemon's PATH, alone beside what the system has."""
    folder = daemon.directory / "bin"
    folder.mkdir()
    (folder / "agent").write_text(f"#!/bin/sh\necho '{says}'\n")
    (folder / "agent").chmod(0o755)
    daemon.environment["PATH"] = f"{folder}:/usr/bin:/bin"


def test_a_program_is_recognised_at_the_start(own_daemon: Daemon) -> None:
    """`agent` that says that it is Cursor's makes the profile available, without anybody's asking."""
    add_agent(own_daemon, "Cursor Agent 2026")
    own_daemon.start()
    assert wait_for(lambda: entry(own_daemon, "cursor")["available"], "Cursor is recognised") is True


def test_another_program_of_that_name_is_told(own_daemon: Daemon) -> None:
    """`agent` that is another one leaves the profile out; the list and the doctor say which program was looked at."""
    add_agent(own_daemon, "A real estate agent")
    own_daemon.start()
    listed = entry(own_daemon, "cursor")
    assert listed["available"] is False
    assert f"{own_daemon.directory}/bin/agent does not say that it is Cursor" in listed["reason"]
    findings = json.loads(own_daemon.run("doctor", "--json").stdout)["findings"]
    (told,) = (finding for finding in findings if finding["name"] == "cursor")
    assert told["verdict"] == "note" and "bin/agent does not say that it is Cursor" in told["detail"]
