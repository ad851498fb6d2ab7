"""What each message requires: docs/protocol.md 1.1, word for word."""

import re
from pathlib import Path

from orchestra.access import SIGNED_IN, OpenTo
from orchestra.wire import MESSAGE_REQUIREMENTS
from orchestra.wire.message import CLIENT_MESSAGES

PROTOCOL = Path(__file__).parent.parent.parent / "docs" / "protocol.md"


def test_every_message_declares_one() -> None:
    """The table has a row for each message and nobody is let in without a credential."""
    assert set(MESSAGE_REQUIREMENTS) == set(CLIENT_MESSAGES)
    assert OpenTo.ANYONE not in MESSAGE_REQUIREMENTS.values()


def test_the_table_is_the_documents() -> None:
    """Each message requires what the document says."""
    section = PROTOCOL.read_text(encoding="utf-8").partition("### 1.1")[2].partition("### 1.2")[0]
    said = dict(re.findall(r'^\| `\{"type":"(\w+)".*?\}` \| `?([\w:]+)`? \|', section, re.MULTILINE))
    table = {
        kind.__struct_config__.tag: "none" if needed is SIGNED_IN else needed.value
        for kind, needed in MESSAGE_REQUIREMENTS.items()
    }
    assert said == table
