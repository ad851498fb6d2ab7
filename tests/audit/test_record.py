"""One line of the audit trail: one line, in ASCII, bounded, without secrets, and readable again."""

import json
import secrets
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.access import OneTimeCodes
from orchestra.audit import MAX_RECORD_BYTES, Action, Outcome, Record, decode, encode
from orchestra.errors import BadInputError

# As JSON and thus as clients may send it: lone surrogates included.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=3000)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT
RECORDS = st.builds(
    Record,
    unix_ms=st.integers(0, 2**53),
    actor=ANY_TEXT,
    action=ANY_TEXT,
    target=ANY_TEXT,
    outcome=ANY_TEXT,
    request_id=ANY_TEXT,
    detail=st.dictionaries(ANY_TEXT, SCALARS, max_size=20),
)
PLAIN = Record(
    unix_ms=1_800_000_000_123,
    actor="https://issuer/|auth0|ada",
    action=Action.AGENT_SPAWN,
    target="agent-abc",
    outcome=Outcome.OK,
    request_id="r-1",
    detail={"profile": "shell", "rows": 24, "available": True, "name": None},
)


def test_the_line_as_it_stands_on_disk() -> None:
    """The format is a contract with everybody who reads trails; a change to it must be meant."""
    assert encode(PLAIN, 7) == (
        b'{"sequence":7,"unix_ms":1800000000123,"actor":"https://issuer/|auth0|ada","action":"agent.spawn",'
        b'"target":"agent-abc","outcome":"ok","request_id":"r-1",'
        b'"detail":{"profile":"shell","rows":24,"available":true,"name":null}}\n'
    )


def test_what_was_written_is_read_again() -> None:
    """For a record within the limits, decode gives back what encode was given."""
    assert decode(encode(PLAIN, 7)) == (7, PLAIN)


@given(RECORDS, st.integers(1, 2**63))
def test_any_record_is_one_bounded_line_of_ascii(record: Record, sequence: int) -> None:
    """For all texts: no control character but the line feed at the end, at most 4 KiB, and readable."""
    line = encode(record, sequence)
    assert len(line) <= MAX_RECORD_BYTES
    assert line.endswith(b"\n") and all(32 <= byte < 127 for byte in line[:-1])
    read_sequence, read = decode(line)
    assert (read_sequence, read.unix_ms) == (sequence, record.unix_ms)
    assert encode(read, sequence) == line or any("..." in text for text in (read.actor, read.target, str(read.detail)))


@pytest.mark.parametrize("name", ["actor", "action", "target", "outcome", "request_id"])
@pytest.mark.parametrize("character", ["a", "\x1b", "\u00e9", "\U0001f600", '"', "\\"])
def test_a_long_text_is_cut_and_says_so(name: str, character: str) -> None:
    """However wide its characters become in JSON, a text keeps its beginning and ends in three dots."""
    text = character * 5000
    fields: dict[str, Any] = {"actor": "", "action": ""} | {name: text}
    cut = getattr(decode(encode(Record(unix_ms=0, **fields), 1))[1], name)
    assert cut.endswith("...") and text.startswith(cut[:-3]) and len(cut) > 3


def test_too_many_details_are_cut_and_say_so() -> None:
    """The first details stay, in order; `cut` stands for the rest."""
    record = Record(unix_ms=0, actor="a", action="a.b", detail={f"name{number}": "x" * 100 for number in range(100)})
    detail = decode(encode(record, 1))[1].detail
    assert list(detail)[:3] == ["name0", "name1", "name2"] and detail["cut"] is True and len(detail) < 20


def test_a_name_cannot_forge_a_second_line() -> None:
    """Line feeds, escape sequences and Unicode line separators come out escaped."""
    record = Record(unix_ms=0, actor='x"}\n{"sequence":2', action="a.b", target="\x1b]0;x\x07\u2028\r")
    line = encode(record, 1)
    assert line.count(b"\n") == 1 and b"\x1b" not in line
    assert decode(line)[1].target == record.target


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 2**53 + 2, -(10**400), 1e300])
def test_a_number_that_json_cannot_carry_is_left_out(number: float) -> None:
    """A strange number does not stop the trail."""
    assert decode(encode(Record(unix_ms=0, actor="a", action="a.b", detail={"n": number}), 1))[1].detail == {"n": None}


TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"


@pytest.mark.parametrize("place", ["actor", "action", "target", "outcome", "request_id", "detail"])
@pytest.mark.parametrize("secret", [TOKEN, f"Bearer {TOKEN}", "bearer abcdef", "CODE"])
def test_a_credential_is_removed_wherever_it_stands(place: str, secret: str) -> None:
    """Tokens, Authorization headers and our own one-time codes never reach the disk, not even inside other text."""
    if secret == "CODE":
        secret = OneTimeCodes[None](60, 1, kind="ticket").issue(secrets.token_bytes(32), None, 0)
    text = f"GET /ws?x={secret} HTTP/1.1"
    fields: dict[str, Any] = {"actor": "a", "action": "a.b"}
    fields[place] = {"path": text} if place == "detail" else text
    line = encode(Record(unix_ms=0, **fields), 1)
    assert secret.encode() not in line and TOKEN.encode() not in line and b"[removed]" in line


@pytest.mark.parametrize("name", ["token", "access_token", "Authorization", "ticket", "code", "password", "cookie"])
def test_a_detail_that_is_named_like_a_secret_is_removed(name: str) -> None:
    """Also when its value looks harmless."""
    assert decode(encode(Record(unix_ms=0, actor="a", action="a.b", detail={name: "x"}), 1))[1].detail == {
        name: "[removed]"
    }


def test_ids_and_key_thumbprints_are_not_taken_for_secrets() -> None:
    """What the trail is for must stay readable."""
    actor = "urn:ietf:params:oauth:jwk-thumbprint:sha-256:NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs|local|ada"
    record = Record(unix_ms=0, actor=actor, action="a.b", target="sess-" + "a" * 26, detail={"exit_code": 7, "n": "x"})
    assert decode(encode(record, 1))[1] == record


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"{}",
        b"[]",
        b"7",
        b"null",
        b"\xff",
        b"[" * 100_000,
        encode(PLAIN, 7)[:-5],
        encode(PLAIN, 7)[1:],
        encode(PLAIN, 7).replace(b'"sequence":7', b'"sequence":"7"'),
        encode(PLAIN, 7).replace(b'"sequence":7', b'"sequence":0'),
        encode(PLAIN, 7).replace(b'"sequence":7', b'"sequence":true'),
        encode(PLAIN, 7).replace(b'"agent.spawn"', b"7"),
        encode(PLAIN, 7).replace(b'"unix_ms":1800000000123,', b""),
    ],
)
def test_what_is_no_record_is_refused(line: bytes) -> None:
    """Half a line, other JSON and no JSON at all are told apart from records."""
    with pytest.raises(BadInputError) as caught:
        decode(line)
    assert caught.value.code == "bad_audit_record"


@given(st.dictionaries(st.text(max_size=10), SCALARS, min_size=1, max_size=5))
def test_half_a_line_is_never_a_record(detail: dict[str, Any]) -> None:
    """A torn write cannot be mistaken for a whole one, wherever it was torn: JSON objects end in their brace."""
    line = encode(Record(unix_ms=1, actor="a", action="a.b", detail=detail), 1)
    for end in range(len(line) - 2):
        assert not is_json(line[: end + 1])


def is_json(line: bytes) -> bool:
    """Say whether `line` parses."""
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
