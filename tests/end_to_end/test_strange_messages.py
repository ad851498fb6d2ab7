"""Messages of every shape on the WebSocket: each is answered, none shows a fault."""

import json
from contextlib import suppress
from types import UnionType
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

import pytest
from trio_websocket import ConnectionClosed

from orchestra.web.connection import CLOSE_CODES
from orchestra.wire import CLIENT_MESSAGES, MAX_MESSAGE_BYTES
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.strange_json import SCALARS, StrangeJson
from tests.end_to_end.test_status import HOOKED, hook
from tests.end_to_end.watcher import in_thread, watching

CONNECTIONS: Final = 20
MESSAGES: Final = 60  # on one connection, unless it is closed before
LAST: Final = 7_777_777  # the ping that ends a connection's messages
CLOSED_BY_US: Final = {*CLOSE_CODES.values(), 1009, 1007, 1000}


class StrangeMessages:
    """Makes messages that are nearly right; `sessions` are those that there are."""

    def __init__(self, seed: int, sessions: list[str]) -> None:
        fields = {name for kind in CLIENT_MESSAGES for name in get_type_hints(kind)}
        self._strange = StrangeJson(seed, sorted(fields))
        self._random = self._strange.random
        self._sessions = sessions

    def message(self) -> str | bytes:
        """Return what somebody might send, and might not."""
        chosen = self._random
        kind = chosen.choice(CLIENT_MESSAGES)
        wanted: dict[str, Any] = {name: self._field(name, hint) for name, hint in get_type_hints(kind).items()}
        told: Any = {"type": kind.__struct_config__.tag, **wanted}
        if chosen.random() < 0.1:
            told = self._strange.value() if chosen.random() < 0.5 else {"type": "input", **self._strange.object()}
        elif chosen.random() < 0.1:
            told.pop(chosen.choice(list(told)))
        text = json.dumps(told)
        if len(text) > MAX_MESSAGE_BYTES and chosen.random() < 0.95:
            return self.message()  # it would end the connection, and with it the test of what comes after
        if chosen.random() < 0.05:
            text = text[: chosen.randrange(len(text) + 1)]
        return text.encode(errors="replace") if chosen.random() < 0.05 else text

    def _field(self, name: str, hint: Any) -> Any:  # noqa: ANN401 - any JSON value
        chosen = self._random
        if chosen.random() < 0.1:
            return self._strange.value() if chosen.random() < 0.5 else chosen.choice(SCALARS)
        if name == "session_id":
            return chosen.choice(self._sessions)
        if get_origin(hint) is Literal:
            return chosen.choice(get_args(hint))
        kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
        if bool in kinds:
            return chosen.random() < 0.5
        if int in kinds:
            return chosen.choice([1, 2, 24, 80, 500, 1000, 1001, 1 << 53])
        return chosen.choice([None, "x", "\r", "true", "\x1b[201~", "QQ=="])


async def _tell(daemon: Daemon, messages: StrangeMessages) -> set[str]:
    """Send messages on one connection until it closes; return what kinds of answers came."""
    async with watching(daemon, is_acking=False) as viewer:
        with suppress(ConnectionClosed):
            for _ in range(MESSAGES):
                await viewer.connection.send_message(messages.message())
            await viewer.say("ping", id=LAST)

        def is_over() -> bool:
            return viewer.closed_with is not None or any(
                heard["type"] == "pong" and heard["id"] == LAST for heard in viewer.heard
            )

        await viewer.until(is_over, "an answer to the last message, or a close")
        assert viewer.closed_with in {None, *CLOSED_BY_US}
        return {heard["type"] for heard in viewer.heard}


@pytest.mark.parametrize("seed", range(2))
async def test_no_message_is_too_strange(own_daemon: Daemon, seed: int) -> None:
    """Every connection is answered to its end or closed with a documented code, and the agents are as they were."""
    folder = own_daemon.directory / ".config" / "orchestra" / "profiles"
    folder.mkdir(parents=True)
    (folder / "hooked.toml").write_text(HOOKED)

    def begin() -> dict[str, Any]:
        own_daemon.start()
        agent: dict[str, Any] = own_daemon.http.post("/api/agents", json={"profile": "hooked"}).json()
        hook(own_daemon, agent, "SessionStart")
        own_daemon.wait_state(agent, "idle")
        return agent

    agent = await in_thread(begin)
    messages = StrangeMessages(seed, [agent["session_id"], "sess-" + "a" * 26])
    heard: set[str] = set()
    for _ in range(CONNECTIONS):
        heard |= await _tell(own_daemon, messages)
    assert {"hello", "subscribed", "error", "pong"} <= heard
    faults = [line for line in own_daemon.log_lines() if line["level"] == "error"]
    assert not faults, faults[:1]
    assert (await in_thread(own_daemon.agent, agent["id"]))["state"] not in ("failed", "lost")
