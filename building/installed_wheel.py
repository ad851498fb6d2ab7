"""The wheel as a stranger gets it: `python -m building.installed_wheel PYTHON` tries the daemon that PYTHON has.

Starts `PYTHON -m orchestra serve` in a fresh state directory outside the source tree, signs in over HTTP with the
one-time code of the sign-in link, lists the agents, starts the demo, fetches the page, stops the daemon.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

__all__ = ["main", "running_daemon", "try_daemon"]

READY_TIMEOUT_S: Final = 30.0
STOP_TIMEOUT_S: Final = 20.0
REQUEST_TIMEOUT_S: Final = 10.0


@contextmanager
def running_daemon(python: str, state: Path) -> Iterator[dict[str, Any]]:
    """Start a daemon on any free port, give its line of readiness, stop it with SIGTERM; nothing of it stays behind."""
    command = [python, "-m", "orchestra", "serve", "--port", "0", "--json", "--no-open", "--state-dir", str(state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=state.parent) as daemon:
        too_late = Timer(READY_TIMEOUT_S, daemon.kill)
        try:
            too_late.start()
            line = daemon.stdout.readline() if daemon.stdout else ""
            too_late.cancel()
            if not line:
                msg = f"the daemon ended or was not ready within {READY_TIMEOUT_S} s"
                raise RuntimeError(msg)
            yield json.loads(line)
            daemon.terminate()
            code = daemon.wait(STOP_TIMEOUT_S)
            if code:
                msg = f"the daemon ended with exit code {code}"
                raise RuntimeError(msg)
        finally:
            too_late.cancel()
            daemon.kill()
            _end_tmux_servers(state)


def try_daemon(ready: dict[str, Any]) -> str:
    """Sign in, list the agents, start the demo, fetch the page; return one line about it, or raise."""
    code = parse_qs(urlsplit(ready["login_url"]).fragment)["code"][0]
    token = json.loads(_ask(ready["url"], "/auth/login", body={"code": code}))["access_token"]
    agents = json.loads(_ask(ready["url"], "/api/agents", token=token))["agents"]
    demo = json.loads(_ask(ready["url"], "/api/demo", token=token, body={}))["agents"]
    page = _ask(ready["url"], "/").decode()
    if "<html" not in page:
        msg = f"/ does not serve the page: {page[:200]!r}"
        raise RuntimeError(msg)
    return f"signed in; {len(agents)} agent(s), {len(demo)} of the demo; a page of {len(page)} characters"


def _ask(url: str, path: str, *, token: str | None = None, body: dict[str, str] | None = None) -> bytes:
    """Send one request to our own daemon and return the body of its answer; every status but 2xx raises."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url.rstrip("/") + path, data, headers)  # noqa: S310 - http on loopback
    with urllib.request.urlopen(request, timeout=REQUEST_TIMEOUT_S) as answer:  # noqa: S310
        content: bytes = answer.read()
    return content


def _end_tmux_servers(state: Path) -> None:
    """End the tmux servers below `state`: agents outlive a daemon on purpose, but not this trial."""
    for socket in state.rglob("*"):
        if socket.is_socket():
            subprocess.run(["tmux", "-S", str(socket), "kill-server"], check=False, capture_output=True)


def main() -> int:
    """Try the daemon of the Python that the command line names."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and one argument
        print(__doc__, file=sys.stderr)
        return 2
    parent = Path(tempfile.mkdtemp(prefix="orc-", dir="/tmp"))  # socket paths must be short
    try:
        with running_daemon(sys.argv[1], parent / "state") as ready:
            print(try_daemon(ready), flush=True)
    finally:
        shutil.rmtree(parent, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
