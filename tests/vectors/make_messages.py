"""Writes messages.json: every JSON message of docs/protocol.md 1.1 and 1.2. Run it when one changes."""

import json
from pathlib import Path
from typing import Any, Final

from orchestra.wire import encode_message
from orchestra.wire.message import (
    AgentRemoved,
    Agents,
    AgentUpdate,
    ApprovalUpdate,
    AuthExpiring,
    ClaudeResponse,
    Failure,
    Hello,
    InputAck,
    MessageUpdate,
    Pong,
    Subscribed,
    TaskUpdate,
    TerminalOutput,
    Unsubscribed,
)

SESSION: Final = "sess-abcdefghijklmnopqrstuvwxyz"
AGENT: Final[dict[str, Any]] = {
    "id": "agent-abcdefghijklmnopqrstuvwxyz",
    "session_id": SESSION,
    "profile": "shell",
    "name": "terminal 1",
    "state": "idle",
    "rows": 24,
    "columns": 80,
    "owner": "urn:issuer|local|ada",
    "cwd": "/home/ada",
    "command": ["/bin/bash"],
    "title": "",
    "created_unix_s": 1704067200.25,
    "state_since_unix_s": 1704067201.5,
    "exit_status": None,
    "purpose": "interactive",
    "parent": None,
    "task_id": None,
    "worktree": "",
}

MESSAGE: Final[dict[str, Any]] = {
    "id": 17,
    "agent_id": "agent-abcdefghijklmnopqrstuvwxyz",
    "session_id": SESSION,
    "owner": "urn:issuer|local|ada",
    "sender": "urn:issuer|local|ada",
    "task_id": None,
    "text": "Implement user authentication\né漢😀",
    "is_cut": False,
    "state": "acknowledged",
    "reason": "",
    "queued_unix_ms": 1704067200000,
    "pasted_unix_ms": 1704067200010,
    "submitted_unix_ms": 1704067200320,
    "acknowledged_unix_ms": 1704067200400,
    "failed_unix_ms": None,
}
APPROVAL: Final[dict[str, Any]] = {
    "id": "apr_0123456789abcdef0123456789abcdef",
    "kind": "permission",
    "agent_id": AGENT["id"],
    "session_id": SESSION,
    "owner": "https://issuer.example|ada",
    "task_id": None,
    "title": "Bash: rm -r build",
    "detail": {"tool": "Bash", "input": {"command": "rm -r build"}, "is_cut": False, "rules": []},
    "decisions": ["allow", "deny"],
    "state": "waiting",
    "decision": None,
    "message": "",
    "answers": None,
    "mode": None,
    "decided_by": None,
    "reason": "",
    "created_unix_ms": 1704067200000,
    "expires_unix_ms": 1704067780000,
    "decided_unix_ms": None,
    "taken_unix_ms": None,
}
DECIDED: Final[dict[str, Any]] = {
    "state": "answered",
    "decision": "deny",
    "message": "Not é漢😀.",
    "decided_by": "https://issuer.example|ada",
    "decided_unix_ms": 1704067201000,
}
FAILED: Final[dict[str, Any]] = {
    **MESSAGE,
    "id": 18,
    "task_id": 3,
    "is_cut": True,
    "state": "failed",
    "reason": "The program has ended; nobody reads what is typed.",
    "pasted_unix_ms": None,
    "submitted_unix_ms": None,
    "acknowledged_unix_ms": None,
    "failed_unix_ms": 1704067200050,
}

VALID: Final[list[tuple[dict[str, Any], dict[str, Any]]]] = [
    (
        {"type": "subscribe_terminal", "session_id": SESSION},
        {"encoding": "ansi", "visible": True, "focused": False, "max_fps": 10},
    ),
    (
        {
            "type": "subscribe_terminal",
            "session_id": SESSION,
            "encoding": "cells",
            "visible": False,
            "focused": True,
            "max_fps": 60,
        },
        {},
    ),
    ({"type": "unsubscribe_terminal", "session_id": SESSION}, {}),
    ({"type": "resync", "session_id": SESSION, "reason": "checksum"}, {}),
    ({"type": "resync", "session_id": SESSION, "reason": "stale"}, {}),
    ({"type": "resync", "session_id": SESSION, "reason": "bounds"}, {}),
    ({"type": "input", "session_id": SESSION, "seq": 1, "data": "ls\r"}, {"data_base64": None}),
    ({"type": "input", "session_id": SESSION, "seq": 2, "data_base64": "AP8="}, {"data": None}),
    ({"type": "paste", "session_id": SESSION, "seq": 3, "text": "a\nb é漢😀"}, {}),
    ({"type": "resize", "session_id": SESSION, "rows": 24, "columns": 80}, {}),
    ({"type": "ack", "tick": 0}, {}),
    ({"type": "ack", "tick": 9007199254740992}, {}),
    ({"type": "ping", "id": 7}, {}),
    ({"type": "auth", "token": "header.body.signature"}, {}),
    ({"type": "user_message", "content": "Implement user authentication", "session_id": SESSION}, {}),
    ({"type": "ping", "id": 7, "later": "fields of a newer protocol are passed over"}, {}),
]
"""A message as it is sent, and the values of the fields that it leaves out."""

INVALID: Final[list[tuple[str, str, str | None]]] = [
    ("", "not_json", None),
    ("{", "not_json", None),
    ("nonsense", "not_json", None),
    ('{"type": "ping", "id": 1} x', "not_json", None),
    ('{"type": "unheard_of", x}', "not_json", None),
    ("[" * 5000, "not_json", None),
    ("[]", "bad_message", None),
    ("null", "bad_message", None),
    ('"ping"', "bad_message", None),
    ("{}", "bad_message", "type"),
    ('{"type": 5}', "bad_message", "type"),
    ('{"type": "make_coffee"}', "unknown_type", "type"),
    ('{"type": "terminal_output", "session_id": "s", "data": "", "timestamp": 1}', "unknown_type", "type"),
    ('{"type": "subscribe_terminal"}', "bad_message", None),
    ('{"type": "subscribe_terminal", "session_id": 5}', "bad_message", "session_id"),
    ('{"type": "subscribe_terminal", "session_id": "s", "encoding": "png"}', "bad_message", "encoding"),
    ('{"type": "subscribe_terminal", "session_id": "s", "visible": 1}', "bad_message", "visible"),
    ('{"type": "subscribe_terminal", "session_id": "s", "max_fps": 0}', "bad_message", "max_fps"),
    ('{"type": "subscribe_terminal", "session_id": "s", "max_fps": 61}', "bad_message", "max_fps"),
    ('{"type": "resync", "session_id": "s"}', "bad_message", None),
    ('{"type": "resync", "session_id": "s", "reason": "boredom"}', "bad_message", "reason"),
    ('{"type": "input", "session_id": "s", "data": "x"}', "bad_message", None),
    ('{"type": "input", "session_id": "s", "seq": 0, "data": "x"}', "bad_message", "seq"),
    ('{"type": "input", "session_id": "s", "seq": 1.5, "data": "x"}', "bad_message", "seq"),
    ('{"type": "input", "session_id": "s", "seq": 9007199254740993, "data": "x"}', "bad_message", "seq"),
    ('{"type": "input", "session_id": "s", "seq": 1, "data_base64": "?"}', "bad_message", "data_base64"),
    ('{"type": "paste", "session_id": "s", "seq": 1, "text": null}', "bad_message", "text"),
    ('{"type": "resize", "session_id": "s", "rows": "24", "columns": 80}', "bad_message", "rows"),
    ('{"type": "ack", "tick": -1}', "bad_message", "tick"),
    ('{"type": "ping", "id": true}', "bad_message", "id"),
    ('{"type": "auth", "token": null}', "bad_message", "token"),
    ('{"type": "user_message", "content": "x"}', "bad_message", None),
]
"""A text that is no message, the code of its refusal, and the field that is named."""

FROM_SERVER: Final = [
    Hello(1, "0.1.0", 1704067200000, "local|ada", ["sessions:input", "sessions:read"], 1704070800.0),
    Agents([]),
    Agents([AGENT]),
    AgentUpdate({**AGENT, "state": "exited", "exit_status": 130}),
    AgentRemoved(AGENT["id"], SESSION),
    Subscribed(SESSION, 3, "cells", 24, 80),
    Unsubscribed(SESSION, "asked"),
    Unsubscribed(SESSION, "removed"),
    TerminalOutput(SESSION, "\x1b[H\x1b[1mé漢😀\r\n", 1704067200000),
    InputAck(SESSION, 5),
    MessageUpdate(MESSAGE),
    MessageUpdate(FAILED),
    ClaudeResponse("I'll delegate this.", [{"type": "approve_plan", "task_ids": [1, 2]}], SESSION, 17, 1704067201000),
    ClaudeResponse("Done.", [], SESSION, None, 1704067201000),
    TaskUpdate(1, "shell", "submitted", 0, "Run tests", "submitted", "It waits.", None, None, "local|ada", None),
    TaskUpdate(2, "shell", "running", 45000, "Run é漢😀", "working", "", AGENT["id"], 1, AGENT["id"], 7),
    ApprovalUpdate(APPROVAL),
    ApprovalUpdate({**APPROVAL, **DECIDED}),
    AuthExpiring(1704070800.0),
    Pong(7, 1704067200000),
    Failure("not_json", "A message must be one JSON object in UTF-8."),
    Failure("resync_too_fast", "A keyframe is sent anew once in 1 s at most.", "resync", SESSION),
    Failure("input_gap", "Input 2 must come before input 3.", "input", SESSION, 3),
]


def text() -> str:
    """Return the file: one entry a line."""
    entries: list[dict[str, Any]] = [
        {"from": "client", "message": json.dumps(message, ensure_ascii=False), "defaults": defaults}
        for message, defaults in VALID
    ]
    entries += [{"from": "client", "message": sent, "code": code, "field": field} for sent, code, field in INVALID]
    entries += [{"from": "server", "message": encode_message(message)} for message in FROM_SERVER]
    lines = [json.dumps(entry, ensure_ascii=False) for entry in entries]
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    Path(__file__).with_name("messages.json").write_text(text(), encoding="utf-8")
