"""Requests of every shape to every address of the interface: each is answered, and none shows a fault."""

import json
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx
import pytest

from tests.end_to_end.daemon import Daemon
from tests.end_to_end.strange_json import SCALARS, StrangeJson
from tests.end_to_end.test_status import HOOKED, hook, token_of

ROUNDS: Final = 16  # of requests to each address
PATIENCE_S: Final = 20.0
LEFT_OUT: Final = {("delete", "/api/agents/{id}"), ("post", "/api/demo")}  # they end, or start, what the others need
GOOD: Final[dict[str, Any]] = {
    "approve": True,
    "brief": "true",
    "cwd": "/",
    "decision": "deny",
    "event": "Stop",
    "profile": "hooked",
    "timeout_s": 0,
    "to": "shell",
    "wait_s": 0,
}


class StrangeRequests:
    """Makes requests of what the interface says about itself; `known` are ids that there are."""

    def __init__(self, seed: int, document: dict[str, Any], known: list[str]) -> None:
        self._schemas: dict[str, Any] = document["components"]["schemas"]
        self._known = known
        names = {name for one in self._schemas.values() for name in one.get("properties", ())}
        self._strange = StrangeJson(seed, sorted(names))
        self._random = self._strange.random

    def request(self, method: str, path: str, operation: dict[str, Any]) -> httpx.Request:
        """Return a request that is nearly right."""
        query = {}
        for one in operation.get("parameters", ()):
            if one["in"] == "path":
                named = self._random.choice(self._known) if self._random.random() < 0.8 else self._text()
                path = path.replace(f"{{{one['name']}}}", quote(named, safe="", errors="replace") or "x")
            elif one["name"] in ("wait_s", "timeout_s") or self._random.random() < 0.7:
                query[one["name"]] = self._member(one["name"]) if self._random.random() < 0.3 else self._text()
        headers = {"Idempotency-Key": self._random.choice(["a", "b", "c"])} if self._random.random() < 0.2 else {}
        content = None
        if body := operation.get("requestBody"):
            name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            content = json.dumps(self._body(name)).encode()
            headers["Content-Type"] = "application/json"
        asked = urlencode({name: str(value)[:2000] for name, value in query.items()}, errors="replace")
        return httpx.Request(method.upper(), f"{path}?{asked}", headers=headers, content=content)

    def _body(self, name: str) -> Any:  # noqa: ANN401 - any JSON value
        if self._random.random() < 0.1:
            return self._strange.value()
        schema = self._schemas[name]
        needed, chance = schema.get("required", ()), self._random.random
        wanted = [one for one in schema["properties"] if one in needed or chance() < 0.3]
        return {one: self._member(one) for one in wanted}

    def _member(self, name: str) -> Any:  # noqa: ANN401 - any JSON value
        if name == "tasks":
            return [self._body("PlannedTask") for _ in range(self._random.randrange(4))]
        return GOOD[name] if name in GOOD and self._random.random() < 0.7 else self._strange.value()

    def _text(self) -> str:
        return str(self._random.choice([*SCALARS, *self._known, 1, 50, "all", "text"]))[:2000]


@pytest.mark.parametrize("seed", range(2))
def test_no_request_is_too_strange(own_daemon: Daemon, seed: int) -> None:
    """Whoever asks, the owner, an agent or nobody: each answer is JSON or text with a status below 500."""
    folder = own_daemon.directory / ".config" / "orchestra" / "profiles"
    folder.mkdir(parents=True)
    (folder / "hooked.toml").write_text(HOOKED)
    own_daemon.start()
    agent = own_daemon.http.post("/api/agents", json={"profile": "hooked"}).json()
    hook(own_daemon, agent, "SessionStart")
    own_daemon.wait_state(agent, "idle")
    given = own_daemon.http.post("/api/delegate", json={"to": "shell", "brief": "true", "wait_s": 10})
    assert given.status_code == 200, given.text
    document = own_daemon.http.get("/openapi.json").json()
    requests = StrangeRequests(seed, document, [agent["id"], agent["session_id"], str(given.json()["task_id"])])
    own, nobody = own_daemon.token, "none"
    for token in [own] * ROUNDS + [token_of(own_daemon, agent)] * ROUNDS + [nobody]:
        with own_daemon.client(token) as client:
            for path, methods in document["paths"].items():
                for method, operation in methods.items():
                    if (method, path) in LEFT_OUT:
                        continue
                    made = requests.request(method, path, operation)
                    sent = client.build_request(
                        made.method, str(made.url), headers=made.headers, content=made.content, timeout=PATIENCE_S
                    )
                    answer = client.send(sent)
                    about = f"{made.method} {made.url} {made.content[:500]!r}"
                    assert answer.status_code < 500 or answer.status_code == 503, f"{about}\n{answer.text}"
    faults = [line for line in own_daemon.log_lines() if line["level"] == "error"]
    assert not faults, faults[:1]
    assert own_daemon.agent(agent["id"])["state"] not in ("failed", "lost")
