"""Agents: what they are, the states they pass through, the profiles that start them. Pure."""

from orchestra.agents.acknowledgement import is_same_text
from orchestra.agents.agent import MAX_COLUMNS, MAX_ROWS, MIN_COLUMNS, MIN_ROWS, Agent, Purpose, check_name, check_size
from orchestra.agents.evidence import (
    DISPROOF_S,
    REST_DISPROOF_S,
    SILENCE_S,
    Claim,
    Evidence,
    FactsSeen,
    HookEvent,
    InputSent,
    Noted,
    OwnReport,
    ScreenSeen,
    Source,
    noted,
)
from orchestra.agents.hook import MAX_EVIDENCE_CHARACTERS, HookReading, Meaning, Say, Wait, read_hook
from orchestra.agents.message import (
    MAX_MESSAGE_TEXT_BYTES,
    MESSAGE_MOVES,
    Message,
    MessageState,
    check_text,
    is_slash_command,
)
from orchestra.agents.obstacle import Obstacle
from orchestra.agents.profile import (
    Acknowledgement,
    EnvironmentChange,
    Finding,
    Messages,
    Output,
    Profile,
    Restart,
    StatusSources,
    Stop,
    TaskForm,
)
from orchestra.agents.profile_line import line_of
from orchestra.agents.profile_placeholder import MEANINGS, filled, filled_file, placeholders_of
from orchestra.agents.profile_reading import MAX_PROFILE_BYTES, parse_profile
from orchestra.agents.reply import Reply
from orchestra.agents.report import MAX_REPORT_BYTES, REPORT_KINDS, Report, parse_report
from orchestra.agents.rule import Composer, Rule, RuleResult, RuleSet, ScreenReading, Seen
from orchestra.agents.rule_reading import parse_rules
from orchestra.agents.rule_region import ScreenText
from orchestra.agents.state import MOVES, NEEDS_A_PERSON, AgentState, moved
from orchestra.agents.verdict import STARTING_S, Layer, Standing, Verdict, judge

__all__ = [
    "DISPROOF_S",
    "MAX_COLUMNS",
    "MAX_EVIDENCE_CHARACTERS",
    "MAX_MESSAGE_TEXT_BYTES",
    "MAX_PROFILE_BYTES",
    "MAX_REPORT_BYTES",
    "MAX_ROWS",
    "MEANINGS",
    "MESSAGE_MOVES",
    "MIN_COLUMNS",
    "MIN_ROWS",
    "MOVES",
    "NEEDS_A_PERSON",
    "REPORT_KINDS",
    "REST_DISPROOF_S",
    "SILENCE_S",
    "STARTING_S",
    "Acknowledgement",
    "Agent",
    "AgentState",
    "Claim",
    "Composer",
    "EnvironmentChange",
    "Evidence",
    "FactsSeen",
    "Finding",
    "HookEvent",
    "HookReading",
    "InputSent",
    "Layer",
    "Meaning",
    "Message",
    "MessageState",
    "Messages",
    "Noted",
    "Obstacle",
    "Output",
    "OwnReport",
    "Profile",
    "Purpose",
    "Reply",
    "Report",
    "Restart",
    "Rule",
    "RuleResult",
    "RuleSet",
    "Say",
    "ScreenReading",
    "ScreenSeen",
    "ScreenText",
    "Seen",
    "Source",
    "Standing",
    "StatusSources",
    "Stop",
    "TaskForm",
    "Verdict",
    "Wait",
    "check_name",
    "check_size",
    "check_text",
    "filled",
    "filled_file",
    "is_same_text",
    "is_slash_command",
    "judge",
    "line_of",
    "moved",
    "noted",
    "parse_profile",
    "parse_report",
    "parse_rules",
    "placeholders_of",
    "read_hook",
]
