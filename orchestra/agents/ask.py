"""Ask: what a program's hook asks a person, read from the hook's input and bounded for whoever looks at it."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from orchestra.agents.approval import ApprovalKind
from orchestra.agents.showing import shown_value, whole_text
from orchestra.errors import BadInputError

__all__ = [
    "MAX_PLAN_CHARACTERS",
    "MAX_RULES_CHARACTERS",
    "MAX_TITLE_CHARACTERS",
    "PERMISSION_EVENT",
    "PLAN_TOOL",
    "QUESTION_TOOL",
    "Ask",
    "read_ask",
    "read_question",
    "tool_key",
]

MAX_TITLE_CHARACTERS: Final = 200
MAX_PLAN_CHARACTERS: Final = 60_000  # of a plan that a person is shown; the program gets back all of its own
MAX_RULES_CHARACTERS: Final = 20_000  # of what `always` would allow, as JSON; more nobody reads
MAX_QUESTIONS: Final = 16
MAX_OPTIONS: Final = 32
MAX_QUESTION_CHARACTERS: Final = 4_000
MAX_LABEL_CHARACTERS: Final = 500

PERMISSION_EVENT: Final = "PermissionRequest"
"""The one hook that asks. `PreToolUse` of the two tools below comes before it and would make a second card."""
QUESTION_TOOL: Final = "AskUserQuestion"
PLAN_TOOL: Final = "ExitPlanMode"
TELLING_FIELDS: Final = ("command", "cmd", "file_path", "notebook_path", "path", "url", "query", "pattern", "prompt")
"""Fields of a tool's input that tell a person most, best first."""

_SPACE: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_BLANK_START: Final = re.compile(rf"\A{_SPACE.pattern}")
_HARMLESS_MODES: Final = frozenset({"default", "acceptEdits", "plan"})


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked; the fields are those of an `Approval`."""

    kind: ApprovalKind
    tool: str
    tool_key: str
    subagent: str
    title: str
    detail: Mapping[str, Any]
    given: Mapping[str, Any] = field(repr=False)


def read_ask(given: Mapping[str, Any]) -> Ask | None:
    """Return what the input of a `PermissionRequest` asks; None when it cannot be read.

    `given` is JSON that another program wrote: fields of the wrong type count as missing.
    """
    tool, tool_input, subagent = given.get("tool_name"), given.get("tool_input"), given.get("agent_id")
    if not isinstance(tool, str) or not tool or not isinstance(tool_input, dict):
        return None
    tool, part = whole_text(tool), whole_text(subagent) if isinstance(subagent, str) else ""
    if tool == QUESTION_TOOL:
        return _questions(tool, tool_input, part)
    if tool == PLAN_TOOL:
        return _plan(tool, tool_input, part)
    return _permission(tool, tool_input, part, given.get("permission_suggestions"))


def read_question(question: str, options: Sequence[str]) -> Ask:
    """Return the question that an agent asks by a tool of ours; `options` may be empty: free text.

    Raises `BadInputError` (`empty_question`) for one of blanks and control characters alone.
    """
    title = _title(question)
    if not title:
        raise BadInputError("empty_question", "The question is empty.", field="question")
    asked = {
        "question": question,
        "header": "",
        "options": [{"label": option, "description": ""} for option in options],
        "multiSelect": False,
    }
    return Ask(ApprovalKind.QUESTION, "", "", "", title, {"questions": [asked]}, {"questions": [asked]})


def tool_key(tool_input: Mapping[str, Any]) -> str:
    """Return what tells this use of a tool from another one."""
    text = json.dumps(tool_input, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _questions(tool: str, tool_input: Mapping[str, Any], part: str) -> Ask | None:
    questions = tool_input.get("questions")
    if not isinstance(questions, list) or not 0 < len(questions) <= MAX_QUESTIONS:
        return None
    asked = [shown for each in questions if (shown := _question(each)) is not None]
    if len(asked) < len(questions):
        return None
    title, given = _title(asked[0]["question"]), {"questions": questions}
    return Ask(ApprovalKind.QUESTION, tool, tool_key(tool_input), part, title, {"questions": asked}, given)


def _plan(tool: str, tool_input: Mapping[str, Any], part: str) -> Ask:
    plan = _telling(tool_input.get("plan"))  # empty where the model wrote none
    detail = {"plan": whole_text(plan[:MAX_PLAN_CHARACTERS]), "is_cut": len(plan) > MAX_PLAN_CHARACTERS}
    first = next((line for line in plan.splitlines() if line.strip()), "")
    title = _title(f"Plan: {first.lstrip('# ')}") if first else "Leave plan mode"
    return Ask(ApprovalKind.PLAN, tool, tool_key(tool_input), part, title, detail, {"plan": plan})


def _permission(tool: str, tool_input: Mapping[str, Any], part: str, suggestions: object) -> Ask:
    shown, is_cut = shown_value(tool_input)
    rules = [] if is_cut else _rules(suggestions)
    texts = (_telling(tool_input.get(name)) for name in TELLING_FIELDS)
    telling = next((text for text in texts if text), "")
    if not telling and tool_input:
        telling = json.dumps(shown, ensure_ascii=False)
    detail = {"tool": tool[:MAX_TITLE_CHARACTERS], "input": shown, "is_cut": is_cut, "rules": rules}
    title = _title(f"{tool}: {telling}" if telling else tool)
    return Ask(ApprovalKind.PERMISSION, tool, tool_key(tool_input), part, title, detail, {"rules": rules})


def _rules(suggestions: object) -> list[dict[str, Any]]:
    """Return what `always` allows, for this session alone; empty when anything of it is not understood."""
    if not isinstance(suggestions, list):
        return []
    rules = [{**each, "destination": "session"} for each in suggestions if _is_known(each)]
    if len(rules) != len(suggestions) or len(json.dumps(rules)) > MAX_RULES_CHARACTERS:
        return []
    return rules


def _is_known(rule: object) -> bool:
    if not isinstance(rule, dict):
        return False
    match rule.get("type"):
        case "addRules":
            return rule.get("behavior") == "allow"
        case "setMode":
            return rule.get("mode") in _HARMLESS_MODES
        case "addDirectories":
            return True
        case _:
            return False


def _question(asked: object) -> dict[str, Any] | None:
    if not isinstance(asked, dict):
        return None
    text, options = asked.get("question"), asked.get("options", [])
    if not isinstance(text, str) or not 0 < len(text) <= MAX_QUESTION_CHARACTERS or not isinstance(options, list):
        return None
    if len(options) > MAX_OPTIONS or text != whole_text(text):
        return None
    return {
        "question": text,
        "header": _text(asked.get("header")),
        "options": [
            {"label": _text(each.get("label")), "description": _text(each.get("description"))}
            for each in options
            if isinstance(each, dict)
        ],
        "multiSelect": asked.get("multiSelect") is True,
    }


def _telling(value: object) -> str:
    return value if isinstance(value, str) else ""


def _text(value: object) -> str:
    return whole_text(value[:MAX_LABEL_CHARACTERS]) if isinstance(value, str) else ""


def _title(text: str) -> str:
    begin = _BLANK_START.match(text)
    start = begin.end() if begin else 0
    line = _SPACE.sub(" ", whole_text(text[start : start + 4 * MAX_TITLE_CHARACTERS])).strip()
    return line if len(line) <= MAX_TITLE_CHARACTERS else f"{line[: MAX_TITLE_CHARACTERS - 1]}…"
