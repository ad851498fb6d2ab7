"""Structured output of command lines: what a person sees, what is reported, what is kept."""

import json
import re
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.agent_wrappers.wrapped import STREAMS, TIMEOUT_S, WRAPPERS, House, Json, house, terminal

sys.path.insert(0, str(WRAPPERS))
base: Any = import_module("stream_format")
formats: Any = import_module("stream_formats")
rendering: Any = import_module("stream_rendering")
sys.path.remove(str(WRAPPERS))

COLOUR = re.compile(r"\x1b\[[0-9]*m")
DROID = "9a2d4c1e-5b7f-4f8a-8a51-2b0f6d9f1c3e"
CURSOR = "c6b62c6f-7ead-4fd6-9922-e952131177ff"
RPC = "a3179cea-cbc4-404f-aa54-5ba7e82d23b5"
RED = "\x1b[31m"


@pytest.fixture
def place(short_dir: Path) -> Iterator[House]:
    """Give a house with its daemon."""
    with house(short_dir) as made:
        yield made


def show(place: House, output: str, stream: Path | bytes, *, exit_code: int = 0) -> str:
    """Run a task that prints a stream, and return what was in the terminal."""
    if isinstance(stream, bytes):
        (place.state / "stream").write_bytes(stream)
        stream = place.state / "stream"
    words = ["--task", "--output", output, "--", "bash", "-c", f'cat "{stream}"; exit {exit_code}']
    with terminal(words, place.environment(), place.state) as shown:
        assert shown.wait_end() == exit_code
    assert (place.run / "output.txt").read_bytes() == stream.read_bytes()
    return shown.text().replace("\r\n", "\n")


def line(**event: Any) -> bytes:  # noqa: ANN401 - JSON
    """Return one line of a stream."""
    return json.dumps(event).encode() + b"\n"


def recorded(name: str) -> list[Json]:
    """Return the events of a stream."""
    return [json.loads(text) for text in (STREAMS / name).read_bytes().splitlines()]


SEEN = {
    "claude": """\
session SESSION claude-opus-4-8[1m]
I count the lines first.
→ Bash wc -l notes.txt
  ← 3 notes.txt
Now a file that is not there.
→ Read /home/ada/project/missing.txt
  ✗ File does not exist. Note: your current working directory is /home/ada/project.
notes.txt has **three** lines.
✓ done · 3,600 tokens in · 20 tokens out · $0.0185 · 0.5 s
""",
    "codex": """\
session SESSION
✗ Model metadata for `stand-in` not found. Defaulting to fallback metadata; this can degrade performa…
I count the lines first.
→ command /bin/bash -lc 'wc -l notes.txt'
  ← 3 notes.txt
notes.txt has three lines.
✓ done · 2,400 tokens in · 12 tokens out
""",
    "cursor": """\
session SESSION Claude 4 Sonnet
… The notes come first.
I'll read notes.txt.
→ read notes.txt
  ← one (+2 lines)
connection: reconnecting
retry: starting 1
connection: reconnected
→ shell wc -l missing.txt
  ✗ wc: missing.txt: No such file or directory
→ write summary.txt
  ← /home/ada/project/summary.txt
→ lookup {"word":"line"}
  ✗ not allowed
The file has three lines.
✓ done · 26,967 tokens in · 35 tokens out · 5.2 s
""",
    "droid": """\
session SESSION claude-sonnet-4-5-20250929
… One command shows them.
I'll list the files.
→ Execute ls -la
  ← notes.txt (+1 lines)
There is notes.txt.
✓ done · 21,200 tokens in · 145 tokens out · 3.0 s
""",
    "droid-jsonrpc": """\
session SESSION kimi-k2.5
… They are few.
I count the lines.
→ Execute wc -l notes.txt
→ LS /home/ada/project
  ← 3 notes.txt (+1 lines)
  ✗ no such folder
retry: overloaded 2
There are three lines.
✓ done · 15,117 tokens in · 11 tokens out · 4.2 s
""",
}
FOUND: dict[str, tuple[str, str, str | None, bool, float | None]] = {
    "claude": ("stream-json", "notes.txt has **three** lines.", None, True, 0.0185),
    "codex": ("codex-json", "notes.txt has three lines.", None, True, None),
    "cursor": ("stream-json", "I'll read notes.txt.The file has three lines.", CURSOR, True, None),
    "droid": ("stream-json", "There is notes.txt.", DROID, True, None),
    "droid-jsonrpc": ("stream-jsonrpc", "There are three lines.", RPC, True, None),
}


@pytest.mark.parametrize("name", SEEN)
def test_a_stream_is_readable_kept_and_understood(name: str, place: House) -> None:
    """A person reads it, every byte is kept, its ends are reported, and the report of the end has the outcome."""
    output, text, session, has_usage, cost = FOUND[name]
    seen = COLOUR.sub("", show(place, output, STREAMS / f"{name}.jsonl"))
    data = place.data("ended")
    session = session or recorded(f"{name}.jsonl")[0].get("session_id", data["session"])
    assert seen == SEEN[name].replace("SESSION", str(session))
    assert data["exit_code"] == 0 and data["is_error"] is False and data["error"] is None
    assert (data["text"], data["session"], data["cost_usd"]) == (text, session, cost)
    assert bool(data["usage"]) is has_usage
    events = [report["data"]["event"] for report in place.reports("line")]
    assert len(events) == 2 and place.reports()[0]["kind"] == "started"
    if name != "droid-jsonrpc":
        assert events == [recorded(f"{name}.jsonl")[0], recorded(f"{name}.jsonl")[-1]]


def test_the_model_of_a_json_rpc_session_is_reported_without_its_history(place: House) -> None:
    """What a session is made of may be megabytes; the daemon needs its name."""
    show(place, "stream-jsonrpc", STREAMS / "droid-jsonrpc.jsonl")
    first, last = (report["data"]["event"] for report in place.reports("line"))
    assert set(first["result"]) == {"sessionId", "settings"}
    assert last["params"]["notification"]["type"] == "agent_turn_completed"


def test_a_failure_is_red_and_told(place: House) -> None:
    """A result that is an error says why, in the terminal and in the report."""
    result = line(type="result", subtype="error_max_turns", is_error=True, errors=["too many turns"], num_turns=3)
    seen = show(place, "stream-json", result, exit_code=1)
    assert f"{RED}✗ too many turns" in seen and f"{RED}✗ failed" in seen
    data = place.data("ended")
    assert (data["exit_code"], data["is_error"], data["error"]) == (1, True, "too many turns")


def test_a_failed_turn_of_codex_is_told(place: House) -> None:
    """Its last event says why."""
    stream = line(type="thread.started", thread_id="t") + line(type="turn.failed", error={"message": "no model"})
    assert f"{RED}✗ no model" in show(place, "codex-json", stream, exit_code=1)
    assert place.data("ended")["error"] == "no model" and len(place.reports("line")) == 2


def told(name: str, *events: Json) -> tuple[str, Json]:
    """Return what a person sees of a stream, without colours, and its outcome."""
    form = formats.FORMATS[name]()
    seen = "\n".join(shown for event in events for shown in form.take(event))
    return COLOUR.sub("", seen), form.outcome()


def news(**notification: Any) -> Json:  # noqa: ANN401 - JSON
    """Return a notification of Droid's JSON-RPC."""
    return {"type": "notification", "method": "droid.session_notification", "params": {"notification": notification}}


def test_the_cause_of_droids_failure_is_told(place: House) -> None:
    """It tells the cause, then that its command line failed, and no completion; exit code and session are kept."""
    stream = line(type="error", source="agent_loop", message="Connection error.", session_id=DROID)
    stream += line(type="error", source="cli", message="Exec failed", session_id=DROID)
    seen = show(place, "stream-json", stream, exit_code=1)
    assert "Connection error." in seen and "Exec failed" in seen
    data = place.data("ended")
    assert (data["exit_code"], data["is_error"], data["error"]) == (1, True, "Connection error.")
    assert data["session"] == DROID


def test_a_completion_of_droids_that_is_an_error_is_a_failure() -> None:
    """Its exit code is 0 then; what went before says more than the text that it ends with."""
    _, data = told("stream-json", {"type": "completion", "finalText": "Droid turn failed", "isError": True})
    assert (data["is_error"], data["error"]) == (True, "Droid turn failed")
    cause = {"type": "error", "source": "agent_loop", "message": "No credit."}
    _, data = told("stream-json", cause, {"type": "completion", "finalText": "Droid turn failed", "isError": True})
    assert data["error"] == "No credit."


def test_what_was_got_over_is_no_failure() -> None:
    """An error that a completion follows cost a try, not the task."""
    _, data = told("stream-json", {"type": "error", "message": "slow"}, {"type": "completion", "finalText": "done"})
    assert (data["is_error"], data["error"], data["text"]) == (False, None, "done")


@pytest.mark.parametrize("exit_code", [0, 1])
def test_cursor_says_why_it_has_no_result(exit_code: int, place: House) -> None:
    """An untrusted folder, or a model that is not there: words without JSON, whatever the exit code."""
    words = b"Workspace Trust Required\nPass --trust if you trust this directory\n"
    assert "Trust Required" in show(place, "stream-json", words, exit_code=exit_code)
    data = place.data("ended")
    assert (data["exit_code"], data["is_error"], data["text"]) == (exit_code, True, "")
    assert data["error"] == words.decode().strip()


WHOLE = {"stream-json": "droid.jsonl", "stream-jsonrpc": "droid-jsonrpc.jsonl", "codex-json": "codex.jsonl"}


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_stream_that_breaks_off_is_no_success(name: str) -> None:
    """A program that ended without a result has none, whatever it said before; the result makes the difference."""
    events = recorded(WHOLE[name])
    end = next(number for number in range(len(events)) if told(name, *events[: number + 1])[1]["is_error"] is False)
    assert end >= len(events) - 2
    assert told(name, *events[:end])[1]["is_error"] is True


@pytest.mark.parametrize("name", sorted(formats.FORMATS))
def test_unknown_events_are_passed_over(name: str) -> None:
    """A newer version may say more than is known here: nothing is shown of that, and nothing changes."""
    unknown: list[Json] = [{"type": "from_the_future", "text": "x"}, {"type": None}, {}, {"type": ["a"]}]
    unknown += [news(type="from_the_future"), {"type": "system", "subtype": "task_notification"}]
    events = recorded(WHOLE[name])
    mixed = [event for known in events for event in (*unknown, known)]
    assert told(name, *mixed, *unknown) == told(name, *events)


def test_what_came_of_a_call_of_cursors_is_told_by_its_name() -> None:
    """What is not known to be a failure is none, and a result without a kind is shown."""
    completed = {"type": "tool_call", "subtype": "completed"}
    for result, shown in (
        ({"success": {"content": "a"}}, "  ← a"),
        ({"permissionDenied": {"error": "b"}}, "  ✗ b"),
        ({"error": {"errorMessage": "c"}}, "  ✗ c"),
        ({"backgrounded": {"stdout": "d"}}, "  ← d"),
        ({"content": "e"}, "  ← e"),
        ({}, "  ← "),
    ):
        seen, _ = told("stream-json", {**completed, "tool_call": {"aToolCall": {"result": result}}})
        assert seen == shown


def test_thoughts_of_claude_code_are_one_line() -> None:
    """A person sees that it thinks, and the beginning of what."""
    content = [{"type": "thinking", "thinking": "First\nthen", "signature": "x"}, {"type": "text", "text": "Yes."}]
    assert told("stream-json", {"type": "assistant", "message": {"content": content}})[0] == (
        "… First (+1 lines)\nYes."
    )


def test_a_turn_of_droids_that_was_interrupted_is_a_failure() -> None:
    """The reason is the turn's, or the error that was told before; what it said so far is the text."""
    delta = news(type="assistant_text_delta", messageId="m", blockIndex=0, textDelta="so far")
    end = news(type="agent_turn_completed", reason="interrupted", tokenUsage={"inputTokens": 3}, durationMs=5)
    _, data = told("stream-jsonrpc", delta, end)
    assert (data["text"], data["is_error"], data["error"]) == ("so far", True, "The turn ended: interrupted.")
    assert data["usage"] == {"inputTokens": 3}
    seen, data = told("stream-jsonrpc", delta, news(type="error", message="no credit"), end)
    assert data["error"] == "no credit" and seen.count("no credit") == 1


HOSTILE = "\x1b[2J\x1b]0;title\x07\x1b]52;c;YQ==\x1b\\\x9b31m\x1bc\x07\x08\r\x7f\x00\x85words\n\tnext"

CALLED = line(**news(type="tool_call", toolUse={"name": HOSTILE}))


@pytest.mark.parametrize(
    ("output", "stream"),
    [
        ("stream-json", line(type="assistant", message={"content": [{"type": "text", "text": HOSTILE}]})),
        ("stream-json", line(type="result", result="", is_error=True, errors=[HOSTILE], session_id=HOSTILE)),
        ("stream-json", line(type="system", subtype="init", session_id=HOSTILE, model=HOSTILE)),
        ("stream-json", line(type="tool_call", toolName=HOSTILE, parameters={"command": HOSTILE})),
        ("stream-json", line(type="tool_call", subtype="started", tool_call={HOSTILE: {"args": {HOSTILE: HOSTILE}}})),
        ("stream-json", line(type="tool_result", isError=True, value=HOSTILE)),
        ("stream-json", line(type="error", message={HOSTILE: HOSTILE})),
        ("stream-json", line(type="reasoning", id=1, text=HOSTILE)),
        ("stream-json", line(type="thinking", text=HOSTILE) + line(type="thinking", subtype="completed")),
        ("stream-json", line(type="retry", subtype=HOSTILE, attempt=HOSTILE)),
        ("stream-json", line(type="interaction_query", query_type=HOSTILE)),
        ("codex-json", line(type="item.completed", item={"type": "agent_message", "text": HOSTILE})),
        ("codex-json", line(type="item.completed", item={"type": "file_change", "changes": [{"path": HOSTILE}]})),
        ("codex-json", line(type="item.started", item={"type": "mcp_tool_call", "server": HOSTILE, "tool": HOSTILE})),
        ("stream-jsonrpc", line(type="request", method=HOSTILE)),
        ("stream-jsonrpc", line(**news(type="llm_retry", reason=HOSTILE))),
        (
            "stream-jsonrpc",
            line(**news(type="tool_call", toolUse={"name": HOSTILE})) + line(**news(type="tool_result")),
        ),
        ("stream-jsonrpc", line(type="response", id="1", error={"message": HOSTILE})),
    ],
)
def test_no_model_sends_escape_sequences(output: str, stream: bytes, place: House) -> None:
    """Whatever a string holds, only our own colours reach the terminal."""
    seen = COLOUR.sub("", show(place, output, stream))
    assert "words" in seen and not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", seen)


@given(st.text())
def test_cleaned_text_has_no_control_characters(text: str) -> None:
    """Of all of them only newline and tab stay, and what held none is unchanged."""
    cleaned = base.cleaned(text)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", cleaned)
    if not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text):
        assert cleaned == text


ODD = [
    b"no json at all",
    b"{broken",
    b'"a string"',
    b"[1, 2]",
    b'{"type": "result", "total_cost_usd": NaN}',
    b'{"type": "result", "total_cost_usd": 1e999}',
    b"[" * 100_000,
    b"\xff\xfe bytes",
]


@pytest.mark.parametrize("text", ODD)
def test_what_is_no_event_is_shown_as_it_is(text: bytes, place: House) -> None:
    """Warnings and notices come in between; they are nothing's end."""
    assert text.decode(errors="replace") in show(place, "stream-json", text + b"\n").replace("\n", "")
    assert place.data("ended")["text"] == "" and place.reports("line") == []


NESTED: Any = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("type", "subtype", "message", "content", "text", "item", "error", "errors", "result", "usage"),
                    *("params", "notification", "newState", "tool_call", "args", "success", "name", "input", "changes"),
                    *("newState", "reason", "textDelta", "tokenUsage", "durationMs", "isError", "thinking"),
                    *("role", "id", "status", "exit_code", "toolUse", "toolUseId", "messageId", "server", "tool"),
                ]
            ),
            inner
            | st.sampled_from(
                [
                    *(
                        "init",
                        "assistant",
                        "text",
                        "tool_use",
                        "tool_result",
                        "create_message",
                        "idle",
                        "agent_message",
                    ),
                    *(
                        "agent_turn_completed",
                        "thinking_text_delta",
                        "thinking_text_complete",
                        "tool_call",
                        "llm_retry",
                    ),
                ]
            ),
        )
    ),
    max_leaves=20,
)


FIELDS = ["message", "item", "params", "result", "error", "tool_call", "toolName", "usage", "is_error", "subtype"]
FIELDS += ["text", "id", "source", "query_type", "attempt", "isError"]
FIELDS += ["total_cost_usd", "duration_ms", "durationMs", "method", "status", "session_id", "thread_id", "value"]


@given(st.sampled_from(sorted(formats.FORMATS)), st.data())
def test_no_event_is_too_strange(name: str, data: st.DataObject) -> None:
    """Whatever is where something else was expected, nothing breaks, and the outcome is JSON."""
    form = formats.FORMATS[name]()
    for kind in form._events:
        event = data.draw(st.dictionaries(st.sampled_from(FIELDS), NESTED))
        shown = "\n".join(form.take({**event, "type": kind}))
        assert not re.search(r"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]", shown)
        json.loads(rendering._encoded(form.outcome()))


def test_half_a_surrogate_pair_becomes_a_replacement(place: House) -> None:
    """A model may be cut in the middle of an escape; every report is still JSON that strict readers take."""
    show(place, "stream-json", b'{"type":"result","result":"a\\ud83d!","is_error":false}\n')
    assert place.data("ended")["text"] == "a\ufffd!"
    assert place.reports("line")[0]["data"]["event"]["result"] == "a\ufffd!"


def test_a_line_of_many_mebibytes_is_understood(place: House) -> None:
    """Its text is taken, and what is reported of it is bounded."""
    text = "x" * 10_000_000 + "end"
    show(place, "stream-json", line(type="result", result=text, is_error=False, list=[["y" * 50_000] * 100]))
    assert place.data("ended")["text"] == "x" * (262144 - 3) + "end"
    event = place.reports("line")[0]["data"]["event"]
    assert event["type"] == "result" and len(event["result"]) == 65536 and "list" not in event


def test_a_line_beyond_all_bounds_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only its length is shown, and the line after it is whole."""
    monkeypatch.setattr(rendering, "MAX_LINE_BYTES", 10)
    lines = rendering.Lines()
    found = [item for piece in (b"12345", b"678901", b"2\nab", b"c\n\nrest") for item in lines.feed(piece)]
    assert found == [12, b"abc", b""] and lines.finish() == [b"rest"] and lines.finish() == []


@given(st.lists(st.binary(max_size=40)), st.integers(1, 30))
def test_the_first_and_the_last_bytes_are_kept(pieces: list[bytes], limit: int) -> None:
    """Whatever the pieces, the file is the output, or its two ends around the number of bytes between them."""
    path = Path(f"/tmp/orc-kept-{time.time_ns()}")
    try:
        kept = rendering.Kept(path, limit)
        for piece in pieces:
            kept.add(piece)
        kept.finish()
        whole = b"".join(pieces)
        notice = b"\n[orchestra: %d bytes left out]\n" % (len(whole) - 2 * limit)
        expected = whole if len(whole) <= 2 * limit else whole[:limit] + notice + whole[-limit:]
        assert path.read_bytes() == expected
    finally:
        path.unlink()


STAYING = """
import json, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN if sys.argv[1] == "deaf" else signal.SIG_DFL)
print(json.dumps({"type": "system", "subtype": "init", "session_id": "s"}))
print(json.dumps({"type": "result", "result": "answer", "is_error": sys.argv[2] == "error"}), flush=True)
time.sleep(1000)
"""


@pytest.mark.parametrize(
    ("hearing", "outcome", "code", "least_s"),
    [("hears", "right", 0, 5.0), ("deaf", "right", 0, 7.0), ("hears", "error", 1, 5.0)],
)
def test_a_program_that_stays_after_its_result_is_ended(
    hearing: str, outcome: str, code: int, least_s: float, place: House
) -> None:
    """Five seconds after the result it is asked, two later it must; what its result says is what counts."""
    began_s = time.monotonic()
    words = ["--task", "--output", "stream-json", "--", sys.executable, "-c", STAYING, hearing, outcome]
    assert place.run_wrapper(*words).returncode == code
    assert least_s <= time.monotonic() - began_s < TIMEOUT_S
    data = place.data("ended")
    assert (data["exit_code"], data["signal"], data["text"]) == (code, None, "answer")


def test_claude_code_may_stay_as_long_as_it_likes() -> None:
    """It waits for what it runs in the background, and says so in its first event; no result of it asks for an end."""
    form = formats.StreamJson()
    for event in recorded("claude.jsonl"):
        list(form.take(event))
        assert not form.is_settled
    other = formats.StreamJson()
    for event in recorded("cursor.jsonl"):
        list(other.take(event))
    assert other.is_settled
