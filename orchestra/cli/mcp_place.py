"""McpPlace: where the daemon's `/mcp` is now, and with which credential; asked again for every request."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import SplitResult, urlsplit

from orchestra.errors import OrchestraError, SetupError
from orchestra.store.owner_client import ask_owner_socket
from orchestra.store.state_directory import StateDirectory

__all__ = ["AgentPlace", "McpPlace", "OwnerPlace", "place_of"]

TOKEN_TTL_S: Final = 3600
OWNER_DEADLINE_S: Final = 5.0
MAX_ANNOUNCEMENT_BYTES: Final = 64 * 1024


class McpPlace(Protocol):
    """Answers where to send a request; both raise `OrchestraError` while nobody knows."""

    def url(self) -> SplitResult:
        """Return the daemon's address."""

    def token(self, *, is_refused: bool) -> str | None:
        """Return the bearer token; None when the one before was refused and there is no other."""


class AgentPlace:
    """The place of an agent's own environment. After a restart the state directory knows the new address."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._token = environment["ORCHESTRA_TOKEN"]
        self._url = environment.get("ORCHESTRA_URL", "")
        run = environment.get("ORCHESTRA_RUN", "")
        self._announcement = Path(run).parent.parent / "daemon.json" if run else None

    def url(self) -> SplitResult:
        """Return what the daemon has announced; without that what the agent was started with.

        Raises `SetupError` when the daemon that has announced it is gone: somebody else may listen there, and would
        be shown the token.
        """
        return _parsed(_announced(self._announcement) or self._url)

    def token(self, *, is_refused: bool) -> str | None:
        """Return the agent's token, which is good as long as the agent lives."""
        return None if is_refused else self._token


class OwnerPlace:
    """The place of the person who owns the machine account, by the owner socket of a state directory."""

    def __init__(self, state_directory: Path | None) -> None:
        self._socket = StateDirectory.at(state_directory).owner_socket
        self._token: str | None = None

    def url(self) -> SplitResult:
        """Return what the daemon says on its socket."""
        return _parsed(str(ask_owner_socket(self._socket, {"op": "ping"}, OWNER_DEADLINE_S)["url"]))

    def token(self, *, is_refused: bool) -> str | None:
        """Return a token of the owner's as a developer, and another one when it has ended."""
        if is_refused or self._token is None:
            wanted = {"op": "token", "role": "developer", "ttl_s": TOKEN_TTL_S}
            self._token = str(ask_owner_socket(self._socket, wanted, OWNER_DEADLINE_S)["token"])
        return self._token


def place_of(environment: Mapping[str, str], state_directory: Path | None, *, as_owner: bool) -> McpPlace:
    """Return the owner's place, or that of the agent whose environment it is; raise `SetupError` (`no_agent`).

    Never the owner's unasked: a command line that hands on less than its whole environment would make its agent one.
    """
    if as_owner:
        return OwnerPlace(state_directory)
    if not environment.get("ORCHESTRA_TOKEN"):
        message = (
            "ORCHESTRA_TOKEN is not set: only an agent's command line has it. To act as yourself: orchestra mcp --as-me"
        )
        raise SetupError("no_agent", message)
    return AgentPlace(environment)


def _announced(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(MAX_ANNOUNCEMENT_BYTES))
    except (OSError, ValueError):
        return ""
    if not isinstance(found, dict):
        return ""
    pid = found.get("pid")
    if type(pid) is int and pid > 0 and not _is_there(pid):
        raise SetupError("daemon_not_running", "Orchestra does not run: start it with: orchestra serve")
    return str(found.get("url", ""))


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # another user's is there all the same
        return True
    return True


def _parsed(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0:
            return parts
    except ValueError as error:
        raise OrchestraError("bad_url", f"{url[:100]!r} is no address.") from error
    raise SetupError("daemon_not_running", "Nobody says where Orchestra runs: start it with: orchestra serve")
