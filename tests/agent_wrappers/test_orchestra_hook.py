"""What the hooks of a command line call."""

import json
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from orchestra.agents import MAX_REPORT_BYTES
from orchestra.agents.message import MAX_MESSAGE_TEXT_BYTES
from tests.agent_wrappers.wrapped import AGENT, NOBODY, TIMEOUT_S, WRAPPERS, Daemon, House, house, wait_for

HOOK = str(WRAPPERS / "orchestra-hook")
MAX_S = 0.2
"""What a hook may take of its own while nobody listens."""

QUESTION = {"hook_event_name": "PermissionRequest", "tool_name": "Bash", "tool_input": {"command": "rm x"}}
ALLOW = b'{"hookSpecificOutput": {"hookEventName": "PermissionRequest", "decision": {"behavior": "allow"}}}'


@pytest.fixture
def place(short_dir: Path) -> Iterator[House]:
    """Give a house with its daemon."""
    with house(short_dir) as made:
        yield made


def hook(place: House, given: bytes, *words: str, **more: str) -> bytes:
    """Call the hook and return what it printed; it must exit with 0 and say nothing to its errors."""
    done = subprocess.run(
        [HOOK, *words], input=given, env=place.environment(**more), capture_output=True, timeout=TIMEOUT_S, check=True
    )
    assert done.stderr == b""
    return done.stdout


GIVEN: list[Any] = [
    {"session_id": "s", "tool_name": "Bash", "tool_input": {"command": 'echo "a\\b"\n\t', "n": [1, -2.5e-3, None]}},
    {"text": "é 漢字 😀 \x01\x7f", "escaped": "\ud83d\ude00", "deep": [[[{"a": {}}], []], True]},
    [],
    "words",
    0,
]


@pytest.mark.parametrize("value", GIVEN)
@pytest.mark.parametrize("is_ascii", [True, False])
@pytest.mark.parametrize("indent", [None, 2])
def test_json_is_reported_as_it_came(value: object, is_ascii: bool, indent: int | None, place: House) -> None:
    """Any JSON, in one line or many, is the report's input; nothing is printed and the daemon is told once."""
    given = json.dumps(value, ensure_ascii=is_ascii, indent=indent).encode("utf-16", "surrogatepass").decode("utf-16")
    assert hook(place, given.encode(), "PostToolUse") == b""
    assert place.data("hook") == {"event": "PostToolUse", "input": json.loads(given)}
    assert len(place.daemon.asked) == 1


BROKEN = [
    b"",
    b"{",
    b'{"a": 1,}',
    b"[1 2]",
    b'["\t"]',
    b'{"a": "\\x"}',
    b"01",
    b'"a"b',
    b"nul",
    b"[\x02]",
    b'["]',
    b'plain words with "quotes" and \xff',
]


@pytest.mark.parametrize("given", BROKEN)
def test_what_is_no_json_is_reported_as_text(given: bytes, place: House) -> None:
    """The report stays whole whatever comes in."""
    hook(place, given, 'Ev"ent\n')
    assert place.data("hook") == {"event": 'Ev"ent\n', "text": given.decode("utf-8", "replace")}


def test_json_with_bytes_that_are_no_utf_8_is_mended(place: House) -> None:
    """The structure is kept; only the bytes are replaced."""
    hook(place, b'{"a": "x\xffy\xc3", "b": "\xc3\xa9"}', "Stop")
    assert place.data("hook")["input"] == {"a": "x\ufffdy\ufffd", "b": "é"}


def test_an_argument_is_taken_for_the_input(place: House) -> None:
    """Codex gives its JSON as the last argument."""
    hook(place, b"", "notify", '{"type": "agent-turn-complete"}')
    assert place.data("hook") == {"event": "notify", "input": {"type": "agent-turn-complete"}}


def test_an_input_without_end_is_cut_and_read(place: House) -> None:
    """Five megabytes are all taken, a bounded text of them is reported, and the daemon can read the report."""
    hook(place, b'{"a": "' + b"\x01" * 5_000_000 + b'"}', "PostToolUse")
    (path,) = (place.run / "spool").iterdir()
    assert path.stat().st_size < MAX_REPORT_BYTES
    assert place.data("hook")["text"].startswith('{"a": "\x01\x01')


def test_large_json_within_the_bound_is_kept_whole(place: House) -> None:
    """Nine hundred kilobytes of input come through unchanged."""
    value = {"content": "line\n" * 100_000, "list": list(range(40_000))}
    hook(place, json.dumps(value).encode(), "PostToolUse")
    assert place.data("hook")["input"] == value


def test_the_largest_message_is_kept_whole(place: House) -> None:
    """A prompt of a mebibyte of which every character is escaped comes through, in what the daemon reads."""
    prompt = '"\n' * (MAX_MESSAGE_TEXT_BYTES // 2)
    value = {"session_id": "0" * 36, "transcript_path": "/" + "x" * 4_000, "prompt": prompt}
    hook(place, json.dumps(value).encode(), "UserPromptSubmit")
    (path,) = (place.run / "spool").iterdir()
    assert path.stat().st_size < MAX_REPORT_BYTES
    assert place.data("hook")["input"] == value


def test_without_a_run_folder_it_does_nothing(place: House) -> None:
    """A command line that Orchestra did not start may have the hook in its settings."""
    environment = {name: text for name, text in place.environment().items() if name != "ORCHESTRA_RUN"}
    done = subprocess.run([HOOK, "Stop"], input=b"{}", env=environment, capture_output=True, check=True, timeout=5)
    assert (done.stdout, done.stderr, place.daemon.asked) == (b"", b"", [])


def test_a_run_folder_that_is_gone_disturbs_nobody(place: House) -> None:
    """The agent was removed while its program still ran: exit code 0 and silence."""
    assert hook(place, b"{}", "Stop", ORCHESTRA_RUN=str(place.state / "run" / "gone" / "gone")) == b""


def test_it_is_quick_when_nobody_listens(place: House) -> None:
    """The best of five calls without a daemon takes less than a fifth of a second."""
    took_s = []
    for _ in range(5):
        began_s = time.monotonic()
        hook(place, json.dumps(QUESTION).encode(), "PreToolUse", ORCHESTRA_URL=NOBODY)
        took_s.append(time.monotonic() - began_s)
    assert min(took_s) < MAX_S and len(place.reports("hook")) == 5


def test_a_question_prints_the_answer(place: House) -> None:
    """The report has a number of its own, which is asked for until there is an answer, and that is printed."""
    place.daemon.answers = [(204, b""), (200, ALLOW)]
    assert hook(place, json.dumps(QUESTION).encode(), "PermissionRequest") == ALLOW + b"\n"
    data = place.data("hook")
    assert set(data) == {"event", "input", "ask", "wait_s"} and data["input"] == QUESTION
    assert data["wait_s"] == 590
    assert len(data["ask"]) == 32 and int(data["ask"], 16)
    asked = [(one.method, one.path) for one in place.daemon.asked]
    question = ("GET", f"/api/agents/{AGENT}/answers/{data['ask']}?wait_s=20")
    assert asked == [("POST", f"/api/agents/{AGENT}/reports"), question, question]


@pytest.mark.parametrize("tool", ["Bash", "AskUserQuestion", "ExitPlanMode"])
def test_only_a_permission_request_waits(tool: str, place: House) -> None:
    """The hook before a tool waits for nobody: the terminal's own dialog would be held up."""
    hook(place, json.dumps({"tool_name": tool, "tool_input": {}}).encode(), "PreToolUse")
    assert "ask" not in place.data("hook") and len(place.daemon.asked) == 1


def test_an_answer_of_several_lines_is_printed_whole(place: House) -> None:
    """What the daemon answers is printed as it came."""
    place.daemon.answers = [(200, b'{"a":\n"b"}\n')]
    assert hook(place, json.dumps(QUESTION).encode(), "PermissionRequest") == b'{"a":\n"b"}\n\n'


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_question_that_was_withdrawn_prints_nothing(status: int, place: House) -> None:
    """Somebody answered in the terminal: the hook ends at once and leaves the decision alone."""
    place.daemon.answers = [(status, b'{"error": {}}')]
    assert hook(place, b"{}", "PermissionRequest") == b""
    assert len(place.daemon.asked) == 2


def test_a_question_outlives_the_daemon(place: House) -> None:
    """While nobody listens it is asked again, and a daemon at another port is found."""
    (place.state / "daemon.json").write_text(json.dumps({"url": NOBODY}))
    with Daemon().running() as moved:
        moved.answers = [(500, b""), (200, ALLOW)]
        printed: list[bytes] = []
        more = {"ORCHESTRA_URL": NOBODY}
        thread = threading.Thread(target=lambda: printed.append(hook(place, b"{}", "PermissionRequest", **more)))
        thread.start()
        wait_for(lambda: len(place.reports("hook")) == 1)
        (place.state / "new").write_text(json.dumps({"url": moved.url}))
        (place.state / "new").rename(place.state / "daemon.json")
        thread.join(TIMEOUT_S)
    assert printed == [ALLOW + b"\n"]


def test_a_question_is_given_up_in_time(place: House) -> None:
    """After its bound it prints nothing, so that the terminal's own question stays, and says that it has given up."""
    began_s = time.monotonic()
    assert hook(place, b"{}", "PermissionRequest", ORCHESTRA_ASK_MAX_S="1", ORCHESTRA_URL=NOBODY) == b""
    assert time.monotonic() - began_s < 5
    asked, given_up = (report["data"] for report in place.reports("hook"))
    assert given_up == {"event": "AskExpired", "input": {}, "ask": asked["ask"]}


def test_an_answer_that_was_just_in_time_counts(place: House) -> None:
    """Having said that it gives up, it asks once more: what was decided before that is printed."""

    def answer() -> None:
        has_given_up = len(place.reports("hook")) == 2
        place.daemon.answers = [(200, ALLOW) if has_given_up else (204, b"")]

    place.daemon.hold = answer
    printed = hook(place, b"{}", "PermissionRequest", ORCHESTRA_ASK_MAX_S="1")
    asked, given_up = (report["data"] for report in place.reports("hook"))
    assert (given_up["event"], asked["wait_s"]) == ("AskExpired", 1)
    assert printed == ALLOW + b"\n"
    assert [one.method for one in place.daemon.asked][-2:] == ["POST", "GET"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_hook_that_is_ended_asks_no_more(place: House, number: signal.Signals) -> None:
    """The command line ends it when the terminal was faster: it says so, and goes on waiting no more."""
    place.daemon.answers = [(204, b"")] * 50
    with subprocess.Popen([HOOK, "PermissionRequest"], stdin=subprocess.PIPE, env=place.environment()) as process:
        assert process.stdin is not None
        process.stdin.close()
        wait_for(lambda: len(place.daemon.asked) >= 2)
        process.send_signal(number)
        assert process.wait(TIMEOUT_S) == 0
    assert len(place.daemon.answers) > 40
    asked, ended = (report["data"] for report in place.reports("hook"))
    assert ended == {"event": "AskWithdrawn", "input": {}, "ask": asked["ask"]}
    assert len(place.daemon.pokes()) == 2


def test_a_long_poll_ends_with_its_hook(place: House) -> None:
    """A curl that waits for an answer is ended with the hook that started it."""
    released = threading.Event()
    place.daemon.hold = released.wait
    try:
        with subprocess.Popen(
            [HOOK, "PermissionRequest"], stdin=subprocess.DEVNULL, env=place.environment()
        ) as process:
            wait_for(lambda: any("/answers/" in one.path for one in place.daemon.asked))
            (curl,) = [child for child in psutil.Process(process.pid).children() if child.name() == "curl"]
            process.terminate()
            process.wait(TIMEOUT_S)
        wait_for(lambda: not curl.is_running())
    finally:
        released.set()


CLOCKS = {
    # Set back again and again: it never gets later.
    "stands": "unset SECONDS; SECONDS=1000",
    # Set forward between any two commands.
    "jumps": "set -T; trap 'SECONDS=$((SECONDS + 1000))' DEBUG",
}


def test_a_clock_that_is_set_back_does_not_hold_a_question_up(place: House) -> None:
    """It is given up after as many rounds as there are seconds."""
    (place.state / "clock").write_text(CLOCKS["stands"])
    more = {"BASH_ENV": str(place.state / "clock"), "ORCHESTRA_ASK_MAX_S": "2"}
    place.daemon.answers = [(204, b"")] * 50
    assert hook(place, b"{}", "PermissionRequest", **more) == b""
    asked = [one for one in place.daemon.asked if "/answers/" in one.path]
    assert len(asked) == 3 and place.reports("hook")[-1]["data"]["event"] == "AskExpired"


def test_a_clock_that_is_set_forward_does_not_end_a_question(place: House) -> None:
    """No round counts for longer than it can have taken."""
    (place.state / "clock").write_text(CLOCKS["jumps"])
    place.daemon.answers = [(204, b""), (204, b""), (200, ALLOW)]
    assert hook(place, b"{}", "PermissionRequest", BASH_ENV=str(place.state / "clock")) == ALLOW + b"\n"
    assert [report["data"]["event"] for report in place.reports("hook")] == ["PermissionRequest"]
