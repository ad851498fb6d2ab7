"""What the real Claude Code asks a person, decided through the API or in its terminal; only its model is played."""

import json
from typing import Any

from tests.end_to_end.daemon import Daemon, wait_for
from tests.real_agents.primary import Primary, open_primary
from tests.stand_in.model import StandIn
from tests.stand_in.turn import ToolUse, Turn

IN_TIME_S = 30.0


def waiting(daemon: Daemon) -> dict[str, Any]:
    """Wait for one approval that waits, and return it."""

    def look() -> dict[str, Any] | None:
        found = daemon.http.get("/api/approvals").json()["approvals"]
        return found[0] if found else None

    found = wait_for(look, "an approval", IN_TIME_S)
    assert found is not None
    return found


def approval(daemon: Daemon, asked: dict[str, Any]) -> dict[str, Any]:
    """Return an approval as it is now."""
    found: dict[str, Any] = daemon.http.get(f"/api/approvals/{asked['id']}").json()
    return found


def wait_over(daemon: Daemon, asked: dict[str, Any]) -> dict[str, Any]:
    """Wait until an approval does not wait any more, and return it."""
    wait_for(lambda: approval(daemon, asked)["state"] != "waiting", "its end", IN_TIME_S)
    return approval(daemon, asked)


def tell(primary: Primary, text: str) -> None:
    """Send the agent a message."""
    sent = primary.daemon.http.post("/api/messages", json={"to": primary.agent["id"], "text": text})
    assert sent.status_code == 202, sent.text


def decide(daemon: Daemon, asked: dict[str, Any], **wanted: object) -> dict[str, Any]:
    """Decide an approval, which must go."""
    answer = daemon.http.post(f"/api/approvals/{asked['id']}", json=wanted)
    assert answer.status_code == 200, answer.text
    decided: dict[str, Any] = answer.json()
    return decided


def results(model: StandIn) -> str:
    """Return what the model was told in its last request."""
    return json.dumps(model.requests()[-1].body["messages"])


def test_a_permission_is_given_through_the_api() -> None:
    """The prompt is a card with the command; allowed, the command runs and the turn goes on."""
    script = [Turn(tools=[ToolUse("Bash", {"command": "echo made by $((6 * 7)) > out.txt; cat out.txt"})]), Turn("So.")]
    with StandIn(*script) as model, open_primary(model, allowed=()) as primary:
        daemon = primary.daemon
        tell(primary, "Please make it")
        asked = waiting(daemon)
        assert (asked["kind"], asked["state"]) == ("permission", "waiting")
        assert asked["title"].startswith("Bash: echo made by")
        daemon.wait_state(primary.agent, "blocked")
        decided = decide(daemon, asked, decision="allow")
        assert decided["state"] == "answered"
        model.wait_requests(2, IN_TIME_S)
        assert "made by 42" in results(model)
        assert (primary.project / "out.txt").read_text() == "made by 42\n"
        daemon.wait_state(primary.agent, "done", "idle")
        assert approval(daemon, asked)["taken_unix_ms"] is not None
