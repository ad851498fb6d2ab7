"""How to talk to tmux: argument vectors, its configuration, its answers, its versions. Pure."""

from orchestra.tmux.command import (
    ATTACH_TERM,
    PANE_TARGET,
    SESSION_NAME,
    attach,
    attach_control,
    capture,
    capture_texts,
    escape_argument,
    format_of,
    kill_server,
    list_control_clients,
    new_session,
    resize_window,
    send_bytes,
    subscribe_facts,
)
from orchestra.tmux.configuration import configuration
from orchestra.tmux.listing import SIGNAL_BASE, PaneFacts, facts_format, parse_facts
from orchestra.tmux.paste import ENTER, normal_text, paste_keys
from orchestra.tmux.version import MINIMUM_VERSION, TmuxVersion, client_features, meaning_of, parse_version

__all__ = [
    "ATTACH_TERM",
    "ENTER",
    "MINIMUM_VERSION",
    "PANE_TARGET",
    "SESSION_NAME",
    "SIGNAL_BASE",
    "PaneFacts",
    "TmuxVersion",
    "attach",
    "attach_control",
    "capture",
    "capture_texts",
    "client_features",
    "configuration",
    "escape_argument",
    "facts_format",
    "format_of",
    "kill_server",
    "list_control_clients",
    "meaning_of",
    "new_session",
    "normal_text",
    "parse_facts",
    "parse_version",
    "paste_keys",
    "resize_window",
    "send_bytes",
    "subscribe_facts",
]
