r"""One line of the audit trail: who did what to what, when, and how it ended.

A line is one JSON object of at most 4 KiB, in ASCII, so that nothing a client sends can forge a second line or reach a
terminal as an escape sequence (`\n`, ESC, U+2028 all come out escaped). What is too long is cut, never refused: a
caller must not be able to stop the trail with a long name.

The seam for the hash chain: `encode` and `decode` are the only places that know the fields of a line, and the writer
hands in what only it knows (the sequence number; later also the hash of the line before).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

from orchestra.errors import BadInputError

__all__ = ["MAX_RECORD_BYTES", "Record", "Scalar", "decode", "encode"]

Scalar: TypeAlias = str | int | float | bool | None

MAX_RECORD_BYTES: Final = 4096
"""Longest line with its line feed; one write of this size to a file is not torn by another writer."""

_MAX_FIELD_BYTES: Final = {"actor": 768, "action": 96, "target": 768, "outcome": 32, "request_id": 128}
_MAX_DETAIL_BYTES: Final = 1536
_MAX_DETAIL_VALUE_BYTES: Final = 512
_MAX_NUMBER: Final = 2**53
_CUT: Final = "..."

_REMOVED: Final = "[removed]"
_SECRET_NAME: Final = re.compile(r"token|ticket|secret|password|authorization|cookie|\bcode\b", re.IGNORECASE)
_SECRET_TEXT: Final = re.compile(
    r"eyJ[\w-]*\.[\w-]+\.[\w-]*"  # a JSON Web Token
    r"|(?i:bearer)\s+\S+"
    r"|(?<![\w-])(?:login|ticket)-[\w-]{43}(?![\w-])"  # a one-time code
)
_NOTHING: Final[Mapping[str, Scalar]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What happened. `unix_ms` is wall clock; `actor` a `Principal.key`, or `anonymous`, or `daemon`.

    `action` and `outcome` are words of `Action` and `Outcome`; `target` names what was acted on (an id, empty for
    none); `request_id` ties the record to the log; `detail` holds a few facts, never what was typed and never secrets:
    values that look like credentials, or are named like one, are removed when the record is encoded.
    """

    unix_ms: int
    actor: str
    action: str
    target: str = ""
    outcome: str = "ok"
    request_id: str = ""
    detail: Mapping[str, Scalar] = field(default_factory=lambda: _NOTHING)


def encode(record: Record, sequence: int) -> bytes:
    """Return `record` as the trail's line number `sequence` (from 1), line feed included."""
    line: dict[str, object] = {"sequence": sequence, "unix_ms": record.unix_ms}
    for name, max_bytes in _MAX_FIELD_BYTES.items():
        line[name] = _fit(_SECRET_TEXT.sub(_REMOVED, str(getattr(record, name))), max_bytes)
    line["detail"] = _detail(record.detail)
    return _json(line).encode("ascii") + b"\n"


def decode(line: bytes) -> tuple[int, Record]:
    """Return the sequence number and the record of one line; raise `BadInputError` (`bad_audit_record`)."""
    try:
        fields = json.loads(line)
        sequence, unix_ms, detail = fields["sequence"], fields["unix_ms"], fields["detail"]
        texts = {name: fields[name] for name in _MAX_FIELD_BYTES}
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _bad_record() from None
    if type(sequence) is not int or type(unix_ms) is not int or not isinstance(detail, dict):
        raise _bad_record()
    if sequence < 1 or not all(isinstance(text, str) for text in texts.values()):
        raise _bad_record()
    return sequence, Record(unix_ms=unix_ms, detail=detail, **texts)


def _detail(detail: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Return as much of `detail` as fits, in order, `cut: true` standing for the rest."""
    kept: dict[str, Scalar] = {}
    room_bytes = _MAX_DETAIL_BYTES
    for name, value in detail.items():
        shown = _shown(name, value)
        room_bytes -= len(_json({name: shown}))
        if room_bytes < 0:
            kept["cut"] = True
            break
        kept[name] = shown
    return kept


def _shown(name: str, value: Scalar) -> Scalar:
    if _SECRET_NAME.search(name) and isinstance(value, str):
        return _REMOVED
    if isinstance(value, str):
        return _fit(_SECRET_TEXT.sub(_REMOVED, value), _MAX_DETAIL_VALUE_BYTES)
    if isinstance(value, int | float) and not -_MAX_NUMBER <= value <= _MAX_NUMBER:
        return None  # NaN, infinities and what other readers would round
    return value


def _fit(text: str, max_bytes: int) -> str:
    """Return `text`, cut so that its JSON form has at most `max_bytes`."""
    if len(text) <= max_bytes and len(_json(text)) <= max_bytes:
        return text
    room_bytes = max_bytes - len(_CUT) - 2
    kept = 0
    for character in text:
        room_bytes -= len(_json(character)) - 2
        if room_bytes < 0:
            break
        kept += 1
    return text[:kept] + _CUT


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def _bad_record() -> BadInputError:
    return BadInputError("bad_audit_record", "This line is not a record of the audit trail.")
