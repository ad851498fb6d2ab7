"""Talks to the running daemon: the owner socket for a credential, HTTP for everything else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self

import httpx

from orchestra.errors import OrchestraError, SetupError, UnavailableError
from orchestra.ids import agent_id, session_id, stem_of
from orchestra.store.owner_client import ask_owner_socket
from orchestra.store.state_directory import StateDirectory

__all__ = ["Daemon", "as_agent_id", "as_session_id", "ask_owner"]

ANSWER_DEADLINE_S: Final = 15.0
TOKEN_TTL_S: Final = 60


def ask_owner(state_directory: Path | None, request: Mapping[str, Any]) -> dict[str, Any]:
    """Ask the daemon of this state directory over its owner socket; raise `SetupError` when none runs."""
    return ask_owner_socket(StateDirectory.at(state_directory).owner_socket, request, ANSWER_DEADLINE_S)


class Daemon:
    """One HTTP client with the owner's own short-lived token. Use as a context manager."""

    def __init__(self, state_directory: Path | None) -> None:
        answer = ask_owner(state_directory, {"op": "token", "role": "admin", "ttl_s": TOKEN_TTL_S})
        self._http = httpx.Client(
            base_url=answer["url"],
            headers={"Authorization": f"Bearer {answer['token']}"},
            timeout=ANSWER_DEADLINE_S,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own options
        """Send one request; raise `OrchestraError` with the daemon's words when it refuses."""
        try:
            response = self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise UnavailableError("daemon_silent", f"The daemon does not answer: {error}.") from error
        if response.is_error:
            raise _refused(response)
        return response


def as_agent_id(text: str) -> str:
    """Return the agent id that belongs to an agent's or a session's id."""
    return agent_id(stem_of(session_id(text.partition("-")[2]))) if text.startswith("sess-") else text


def as_session_id(text: str) -> str:
    """Return the session id that belongs to an agent's or a session's id."""
    return session_id(stem_of(agent_id(text.partition("-")[2]))) if text.startswith("agent-") else text


def _refused(response: httpx.Response) -> OrchestraError:
    try:
        problem = response.json()
        return OrchestraError(problem["code"], problem["detail"])
    except (ValueError, KeyError, TypeError):
        return SetupError("not_orchestra", f"What answers at {response.url.host} is not Orchestra.")
