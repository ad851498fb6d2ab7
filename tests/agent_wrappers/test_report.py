"""Reports in the spool, and the one network call of the wrappers."""

import json
import os
import re
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.agent_wrappers.wrapped import AGENT, NOBODY, TOKEN, WRAPPERS, Asked, Daemon, House, house

AWKWARD = [
    b"plain words",
    b"",
    b'quote " backslash \\ slash / percent %s $HOME `id`',
    b"line\nfeed\ttab\rreturn",
    bytes(range(1, 128)),
    "é ß 漢字 😀 \u2028 \U0010ffff".encode(),
    b"not \xff utf \xc3( \xe2\x82 \xf0\x9f\x98 \xed\xa0\x80 \xc0\xaf \xf4\x90\x80\x80 end \xe2",
]
PROGRAMS = ("bash", "curl", "od", "awk", "mv", "mkdir", "date", "head", "cat", "iconv", "sleep", "python3", "tr", "rm")


@pytest.fixture
def place(short_dir: Path) -> Iterator[House]:
    """Give a house with its daemon."""
    with house(short_dir) as made:
        yield made


def test_a_report_has_exactly_the_contract(place: House) -> None:
    """One file, named by nanoseconds, private, without a trace of its first name; then one poke with the token."""
    before_ns = time.time_ns()
    place.bash('report hook \'{"event":"Stop","input":{"a":[1]}}\'')
    (path,) = (place.run / "spool").iterdir()
    name = path.name
    assert re.fullmatch(r"\d{19}-[0-9a-f]{16}\.json", name)
    assert before_ns - 1000 <= int(name[:19]) <= time.time_ns()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    report = json.loads(path.read_bytes())
    unix_ms = report.pop("unix_ms")
    assert report == {"token": TOKEN, "kind": "hook", "data": {"event": "Stop", "input": {"a": [1]}}}
    assert unix_ms == int(name[:19]) // 1_000_000
    assert place.daemon.asked == [Asked("POST", f"/api/agents/{AGENT}/reports", f"Bearer {TOKEN}")]


@pytest.mark.parametrize("data", AWKWARD)
def test_any_bytes_become_a_json_string(data: bytes, place: House) -> None:
    """What is UTF-8 comes back as it was, and each other part as one U+FFFD."""
    assert _as_json(place, data) == data.decode("utf-8", "replace")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([b"a", b'"', b"\n", *(bytes([byte]) for byte in range(0x7F, 0x100))])))
def test_broken_utf_8_is_mended_as_python_does(place: House, pieces: list[bytes]) -> None:
    """The same parts are replaced, one for one."""
    data = b"".join(pieces)
    assert _as_json(place, data) == data.decode("utf-8", "replace")


def test_nobody_listening_is_no_failure(place: House) -> None:
    """The report lies in the spool, and the shell that made it goes on."""
    done = place.bash("report hook '{}'; printf '%s' \"$ORC_CALL_STATUS\"", ORCHESTRA_URL=NOBODY)
    assert done.stdout == b"000" and done.stderr == b""
    assert len(place.reports()) == 1


def test_a_daemon_that_moved_is_found(place: House) -> None:
    """The address in daemon.json counts, wherever the environment points."""
    (place.state / "daemon.json").write_text(json.dumps({"url": place.daemon.url, "pid": os.getpid()}))
    place.bash("report hook '{}'", ORCHESTRA_URL=NOBODY)
    assert len(place.daemon.pokes()) == 1


def test_a_port_that_the_daemon_has_left_is_told_no_token(place: House) -> None:
    """Whoever listens where the daemon was at the start is not asked when daemon.json names another place."""
    with Daemon().running() as stranger:
        (place.state / "daemon.json").write_text(json.dumps({"url": place.daemon.url, "pid": os.getpid()}))
        place.bash("report hook '{}'", ORCHESTRA_URL=stranger.url)
        assert stranger.asked == [] and len(place.daemon.pokes()) == 1


def test_the_token_is_shown_to_nobody_while_no_daemon_is_there(place: House) -> None:
    """Whoever listens where a daemon was, whose process is gone, is not asked; the report waits in the spool."""
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    (place.state / "daemon.json").write_text(json.dumps({"url": place.daemon.url, "pid": gone.pid}))
    place.bash("report hook '{}'")
    assert place.daemon.asked == [] and len(place.reports()) == 1


def test_an_old_daemon_json_hides_nobody(place: House) -> None:
    """Where daemon.json leads nowhere the environment's address is tried."""
    (place.state / "daemon.json").write_text(json.dumps({"url": NOBODY, "pid": os.getpid()}))
    place.bash("report hook '{}'")
    assert len(place.daemon.pokes()) == 1


@pytest.mark.parametrize("url", ['http://127.0.0.1:1"\nurl = "{url}', "file:///etc/passwd", "-o /tmp/x", ""])
def test_an_address_that_is_none_is_not_called(url: str, place: House) -> None:
    """Nothing in an address becomes another setting of curl, or another protocol."""
    place.bash("report hook '{}'", ORCHESTRA_URL=url.replace("{url}", place.daemon.url))
    assert place.daemon.asked == [] and len(place.reports()) == 1


def test_the_token_is_in_no_argument(place: House, short_dir: Path) -> None:
    """No program that the wrappers start is given the token in its command line, where everybody could read it."""
    log, path = short_dir / "arguments", short_dir / "bin"
    path.mkdir()
    for name in PROGRAMS:
        real = next(file for folder in ("/usr/bin", "/bin") if (file := Path(folder, name)).exists())
        (path / name).write_text(f'#!/bin/bash\nprintf "%s\\n" "$0" "$@" >>"{log}"\nexec {real} "$@"\n')
        (path / name).chmod(0o755)
    environment = {"PATH": f"{path}:{os.environ['PATH']}"}
    place.bash(f'"{WRAPPERS}/orchestra-hook" Stop <<<"{{}}"', **environment)
    place.run_wrapper("--task", "--output", "stream-json", "--", "true", **environment)
    logged = log.read_text()
    assert f"{path}/curl\n-q\n--config\n-\n" in logged and f"{path}/python3\n" in logged
    assert TOKEN not in logged
    assert {asked.authorization for asked in place.daemon.asked} == {f"Bearer {TOKEN}"}


def test_there_is_one_place_that_calls() -> None:
    """Only `report.sh` starts curl, and once."""
    called = {path.name: len(re.findall(r"\bcurl -", path.read_text("utf-8"))) for path in _bash_files()}
    assert {name: count for name, count in called.items() if count} == {"report.sh": 1}


def _bash_files() -> list[Path]:
    return [path for path in WRAPPERS.iterdir() if path.is_file() and (path.suffix == ".sh" or not path.suffix)]


def _as_json(place: House, data: bytes) -> object:
    """Hand bytes to `ascii_json`, which reads them from a file as it would from a hook."""
    source = place.state / "bytes"
    source.write_bytes(data)
    printed = place.bash("printf '\"'; ascii_json 1 <\"$1\"; printf '\"'", str(source)).stdout
    printed.decode("ascii")
    return json.loads(printed)
