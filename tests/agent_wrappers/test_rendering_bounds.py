"""What a program prints may be too deep, too long or no text, and the disk be full: the end is told all the same."""

import json
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil
import pytest

from orchestra.agents import MAX_REPORT_BYTES
from tests.agent_wrappers.wrapped import WRAPPERS, House, Json, house, terminal, wait_for

sys.path.insert(0, str(WRAPPERS))
formats: Any = import_module("stream_formats")
rendering: Any = import_module("stream_rendering")
sys.path.remove(str(WRAPPERS))

DEPTHS = range(100, 1000, 25)
"""Of JSON that can be read, and from some depth on not be walked through."""


@pytest.fixture
def place(short_dir: Path) -> Iterator[House]:
    """Give a house with its daemon."""
    with house(short_dir) as made:
        yield made


def printed(place: House, stream: bytes, output: str = "stream-json") -> Json:
    """Run a task that prints a stream; return what the report of its end says."""
    (place.state / "stream").write_bytes(stream)
    assert place.run_wrapper("--task", "--output", output, "--", "cat", str(place.state / "stream")).returncode == 0
    return place.data("ended")


def result(**more: Any) -> bytes:  # noqa: ANN401 - JSON
    """Return the line of a result."""
    return json.dumps({"type": "result", "result": "answer", "is_error": False, **more}).encode() + b"\n"


def deep(levels: int) -> bytes:
    """Return a value of so many levels."""
    return b"[" * levels + b"]" * levels


def test_an_output_that_nobody_read_is_no_success(place: House) -> None:
    """The rendering is killed while the program runs: it exits with 0, and yet the report says that it failed."""
    words = ["--task", "--", "bash", "-c", "echo here; read -r _ <go; exit 0"]
    go = place.state / "go"
    os.mkfifo(go)
    with terminal(words, place.environment(), place.state) as shown:
        shown.wait_until(lambda: "here" in shown.text())
        family = psutil.Process(shown.process.pid).children()
        (reader,) = [child for child in family if any("stream_rendering" in word for word in child.cmdline())]
        reader.kill()
        wait_for(lambda: not reader.is_running())
        go.write_text("\n")
        assert shown.wait_end() == 0
    data = place.data("ended")
    assert (data["exit_code"], data["is_error"], data["text"]) == (0, True, None)
    assert data["error"] == "what it printed could not be read"


def test_json_of_any_depth_is_understood(place: House) -> None:
    """However deep a result is nested, its text is the report's, and it is told without what is too deep."""
    lines = [result()[:-2] + b', "list": ' + deep(levels) + b"}\n" for levels in DEPTHS]
    data = printed(place, b"".join(lines))
    assert (data["text"], data["is_error"]) == ("answer", False)
    events = [report["data"]["event"] for report in place.reports("line")]
    assert len(events) == len(DEPTHS) and all(event["result"] == "answer" for event in events)
    assert "list" in events[0]


@pytest.mark.parametrize("kind", ["tool_use", "error", "usage"])
def test_what_cannot_be_shown_is_shown_as_it_came(kind: str, place: House) -> None:
    """An event too deep for its own place ends nothing: what comes after it counts."""
    within = {
        "tool_use": b'{"type":"assistant","message":{"content":[{"type":"tool_use","name":"x","input":{"a":%s}}]}}',
        "error": b'{"type":"error","message":%s}',
        "usage": b'{"type":"result","result":"first","usage":{"a":%s}}',
    }
    data = printed(place, b"".join(within[kind] % deep(levels) + b"\n" for levels in DEPTHS) + result())
    assert (data["text"], data["is_error"], data["usage"]) == ("answer", False, None)


def test_a_usage_that_is_too_deep_is_left_out() -> None:
    """The report of the end is written without it."""
    usage: list[Any] = []
    for _ in range(100_000):
        usage = [usage]
    outcome = formats.StreamJson().outcome()
    assert rendering.bounded({**outcome, "usage": usage}) == outcome


def test_an_event_that_breaks_its_format_is_plain_text(place: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it is lost to who watches, and the line after it is taken."""
    shown: list[bytes] = []
    monkeypatch.setattr(rendering, "_write", lambda _to, data: shown.append(bytes(data)))
    monkeypatch.setattr(formats.StreamJson, "_call", lambda *_: 1 // 0)
    (place.run / ".wrapper").mkdir()
    seen = rendering.Rendering(formats.StreamJson(), place.run)
    call, said = b'{"type":"tool_call","toolName":"x"}', b'{"type":"message","role":"assistant","text":"after"}'
    for line in (call, said):
        seen._take_line(line)
    seen._kept.finish()
    assert shown == [call + b"\n", b"after\n"]


@pytest.mark.parametrize("output", ["plain", "stream-json"])
def test_a_full_disk_does_not_end_a_task(output: str, place: House) -> None:
    """What cannot be kept is shown and understood."""
    (place.run / "output.txt").symlink_to("/dev/full")
    data = printed(place, result(), output)
    assert data["is_error"] is (False if output == "stream-json" else None)
    assert "answer" in data["text"] and data["error"] is None


def test_a_place_that_cannot_be_written_does_not_end_a_task(place: House) -> None:
    """Something else lies where the output is to be kept."""
    (place.run / "output.txt").mkdir()
    assert printed(place, result())["text"] == "answer"


def test_the_report_of_the_end_is_bounded(place: House) -> None:
    """A result of many mebibytes in every field gives a report that the daemon reads, and says what it can."""
    long = "x" * 3_000_000
    data = printed(place, result(session_id=long, usage={"a": long}, is_error=True, errors=["why " + long]))
    assert max(path.stat().st_size for path in (place.run / "spool").iterdir()) < MAX_REPORT_BYTES
    assert data["error"] == ("why " + long)[:2000]
    assert (data["session"], data["usage"], data["text"]) == ("x" * 200, None, "answer")


def test_a_usage_of_common_size_is_kept(place: House) -> None:
    """What Claude Code counts by model is a kilobyte or two."""
    usage = {f"model-{number}": {"input_tokens": number, "service_tier": "standard"} for number in range(40)}
    assert printed(place, result(usage=usage))["usage"] == usage


def test_one_byte_that_is_no_text_costs_no_result(place: House) -> None:
    """A tool's output may be cut in the middle of a character."""
    data = printed(place, result().replace(b"answer", b"ans\xffwer"))
    assert (data["text"], data["is_error"]) == ("ans\ufffdwer", False)
