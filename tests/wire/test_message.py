"""JSON messages: the golden vectors, both ways, and nothing but a refusal for anything else."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.errors import BadInputError
from orchestra.wire import message, parse_client_message
from orchestra.wire.message import CLIENT_MESSAGES, MAX_TAG_CHARACTERS
from tests.vectors import make_messages

FILE = Path(make_messages.__file__).with_name("messages.json")
ENTRIES: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
VALID = [entry for entry in ENTRIES if "defaults" in entry]
INVALID = [entry for entry in ENTRIES if "code" in entry]
FROM_SERVER = [json.loads(entry["message"]) for entry in ENTRIES if entry["from"] == "server"]


def test_the_file_is_current() -> None:
    """What make_messages.py would write is what is there."""
    assert FILE.read_text(encoding="utf-8") == make_messages.text()


def test_every_type_has_a_vector() -> None:
    """Each message, of either side, stands in the file."""
    tags = {item.__struct_config__.tag for item in CLIENT_MESSAGES}
    assert tags == {json.loads(entry["message"])["type"] for entry in VALID}
    assert {type(said) for said in make_messages.FROM_SERVER} == {
        item
        for name, item in vars(message).items()
        if not name.startswith("_") and isinstance(item, type) and issubclass(item, msgspec.Struct)
        if item not in CLIENT_MESSAGES
    }


@pytest.mark.parametrize("entry", VALID, ids=lambda entry: entry["message"][:60])
def test_what_is_a_message(entry: dict[str, Any]) -> None:
    """A right message is read as its own type, with the defaults of what it leaves out."""
    sent = json.loads(entry["message"])
    read = msgspec.to_builtins(parse_client_message(entry["message"]))
    assert read == {name: value for name, value in sent.items() if name in read} | entry["defaults"]
    assert parse_client_message(entry["message"].encode()) == parse_client_message(entry["message"])


@pytest.mark.parametrize("entry", INVALID, ids=lambda entry: entry["message"][:60])
def test_what_is_none(entry: dict[str, Any]) -> None:
    """A wrong one is refused with its code and, where one is at fault, its field."""
    with pytest.raises(BadInputError) as refused:
        parse_client_message(entry["message"])
    assert (refused.value.code, refused.value.field) == (entry["code"], entry["field"])


@given(st.one_of(st.text(), st.binary(), st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps)))
def test_anything_is_read_or_refused(text: str | bytes) -> None:
    """Whatever comes is a message or raises `BadInputError`, and its refusal is short."""
    try:
        parse_client_message(text)
    except BadInputError as error:
        assert len(error.message) < 300  # noqa: PT017


def test_a_long_type_is_cut() -> None:
    """A refusal does not send back more than the beginning of what it refuses."""
    with pytest.raises(BadInputError) as refused:
        parse_client_message(json.dumps({"type": "x" * 50_000}))
    assert len(refused.value.message) < MAX_TAG_CHARACTERS + 60


@pytest.mark.parametrize("said", FROM_SERVER, ids=lambda said: said["type"])
def test_what_the_server_says(said: dict[str, Any]) -> None:
    """Every message of the server is an object with a type, and an error leaves no field out."""
    assert isinstance(said["type"], str)
    if said["type"] == "error":
        assert set(said) == {"type", "code", "message", "about", "session_id", "seq"}
