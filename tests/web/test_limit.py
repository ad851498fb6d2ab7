"""The bounds of the listener, and what the protocol's page promises of them."""

from dataclasses import fields
from pathlib import Path

from orchestra.web.limit import Limits

PROTOCOL = Path(__file__).parents[2] / "docs" / "protocol.md"


def test_the_limits_are_those_of_the_protocol() -> None:
    """What docs/protocol.md tells clients is what they get."""
    limits, page = Limits(), PROTOCOL.read_text().replace("\n", " ")
    assert limits.max_message_bytes == 64 * 1024 and "64 KiB a message" in page
    assert limits.max_frames_hz == 2_000 and "2,000 messages/s" in page
    assert limits.max_received_bytes_hz == 1024 * 1024 and "1 MiB/s (burst 1 MiB)" in page
    assert limits.max_sockets_per_user == 32 and "32 connections per user" in page


def test_every_limit_has_its_unit_in_its_name() -> None:
    """A count begins with `max_`, a time ends with `_s`, a size with `_bytes`, a rate with `_hz`."""
    for limit in fields(Limits):
        assert limit.name.startswith("max_") or limit.name.endswith("_s"), limit.name


def test_the_daemon_stops_within_ten_seconds() -> None:
    """Whatever waits when the stop comes: closes, requests, and a change that has just begun."""
    from orchestra.web.guard import _RECORD_S, MAX_EFFECT_S

    limits = Limits()
    assert max(limits.stop_s, MAX_EFFECT_S + _RECORD_S) + limits.linger_s < 10
    assert limits.close_s + limits.linger_s <= limits.stop_s


def test_only_texts_may_be_long() -> None:
    """What takes messages and briefs takes a longer body than the others."""
    limits = Limits()
    for path in ("/api/messages", "/api/delegate", "/api/plans", "/mcp"):
        assert limits.max_body_bytes_at(path) == limits.max_message_body_bytes > limits.max_body_bytes
    for path in ("/api/messages/1/resend", "/api/messages/", "/api/agents", "/"):
        assert limits.max_body_bytes_at(path) == limits.max_body_bytes
