"""The stand-in speaks each protocol as its agents expect, keeps to its script, and closes whatever hangs."""

import json
import threading
import time

import httpx
import pytest

from tests.stand_in.model import StandIn
from tests.stand_in.turn import Failure, ToolUse, Turn

TOOLS = [{"name": "Bash"}]
MESSAGE = {"model": "m", "stream": True, "tools": TOOLS, "messages": [{"role": "user", "content": "Hello"}]}
RESPONSE = {
    "model": "m",
    "stream": True,
    "tools": TOOLS,
    "input": [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello"}]}],
}
COMPLETION = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
DEADLINE_S = 10.0


def _events(response: httpx.Response) -> list[dict[str, object]]:
    """Return the data of every server-sent event."""
    return [json.loads(line[6:]) for line in response.text.splitlines() if line.startswith("data: {")]


def test_anthropic_text_and_tool() -> None:
    """A turn with a text and a tool becomes the two blocks of one streamed message."""
    with StandIn(Turn("Let me see.", [ToolUse("Bash", {"command": "date"})])) as model:
        events = _events(httpx.post(f"{model.address}/v1/messages?beta=true", json=MESSAGE))
    blocks = [event["content_block"] for event in events if event["type"] == "content_block_start"]
    assert [block["type"] for block in blocks] == ["text", "tool_use"]  # type: ignore[index]
    assert events[-2]["delta"] == {"stop_reason": "tool_use", "stop_sequence": None}
    assert events[-1] == {"type": "message_stop"}


def test_responses_tool() -> None:
    """A tool becomes a function call whose arguments are JSON in a string."""
    with StandIn(Turn(tools=[ToolUse("exec_command", {"cmd": "date"})])) as model:
        events = _events(httpx.post(f"{model.address}/v1/responses", json=RESPONSE))
    item = events[1]["item"]
    assert isinstance(item, dict)
    assert item["name"] == "exec_command" and json.loads(item["arguments"]) == {"cmd": "date"}
    assert events[-1]["type"] == "response.completed"


@pytest.mark.parametrize("is_streamed", [False, True])
def test_chat_completions(is_streamed: bool) -> None:
    """The same answer comes whole or in pieces, as it was asked for."""
    with StandIn(Turn("It is late.")) as model:
        response = httpx.post(f"{model.address}/v1/chat/completions", json={**COMPLETION, "stream": is_streamed})
    if is_streamed:
        assert _events(response)[0]["choices"][0]["delta"]["content"] == "It is late."  # type: ignore[index]
        assert response.text.endswith("data: [DONE]\n\n")
    else:
        assert response.json()["choices"][0]["message"]["content"] == "It is late."


def test_small_calls_do_not_use_the_script_up() -> None:
    """A request without tools is answered apart from the script, and is not among the requests unless asked for."""
    with StandIn(Turn("First.")) as model:
        httpx.post(f"{model.address}/v1/messages", json={**MESSAGE, "tools": []})
        first = httpx.post(f"{model.address}/v1/messages", json=MESSAGE).text
        after = httpx.post(f"{model.address}/v1/messages", json=MESSAGE).text
    assert "First." in first and "Done." in after
    assert len(model.requests()) == 2 and len(model.requests(with_small=True)) == 3
    assert model.requests()[0].prompts == ("Hello",)


def test_failures_as_often_as_wanted() -> None:
    """A failure has its status, its headers and its body, and comes as often as the turn says."""
    failure = Failure(429, message="Too much.", headers={"retry-after": "7"}, details={"plan_type": "pro"})
    with StandIn(Turn(failure=failure, times=2), Turn("Now.")) as model:
        answers = [httpx.post(f"{model.address}/v1/messages", json=MESSAGE) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "7"
    assert answers[0].json()["error"] == {"type": "rate_limit_error", "message": "Too much.", "plan_type": "pro"}


def test_a_held_answer_waits_for_its_release() -> None:
    """A held answer has begun and goes on when it is released."""
    with (
        StandIn(Turn("Late.", is_held=True)) as model,
        httpx.stream("POST", f"{model.address}/v1/messages", json=MESSAGE, timeout=DEADLINE_S) as response,
    ):
        model.wait_held()
        model.release()
        text = response.read().decode()
    assert "Late." in text


def test_closing_ends_what_is_held() -> None:
    """Closing waits for no agent: a held answer breaks off, and no thread is left."""
    before = threading.active_count()
    answers: list[str] = []
    with StandIn(Turn("Never.", is_held=True)) as model:
        url = f"{model.address}/v1/messages"
        asked = threading.Thread(target=lambda: answers.append(httpx.post(url, json=MESSAGE, timeout=DEADLINE_S).text))
        asked.start()
        model.wait_held()
    asked.join(DEADLINE_S)
    assert threading.active_count() == before
    assert len(answers) == 1 and "Never." not in answers[0]


def test_waiting_for_requests_ends() -> None:
    """Waiting for a request that does not come raises."""
    with StandIn() as model, pytest.raises(TimeoutError, match="1 requests did not come"):
        model.wait_requests(1, deadline_s=0.05)


def test_a_delay_is_kept() -> None:
    """A delayed turn does not answer before its time."""
    with StandIn(Turn("Slow.", delay_s=0.2)) as model:
        begun_s = time.monotonic()
        httpx.post(f"{model.address}/v1/messages", json=MESSAGE)
        assert time.monotonic() - begun_s >= 0.2
