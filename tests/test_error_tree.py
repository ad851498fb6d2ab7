"""The error tree as it is printed at the top of `orchestra/errors.py` is the error tree as it is."""

import re

import pytest

from orchestra import errors
from orchestra.errors import OrchestraError, OurError, TheirError, WorldError

LINE = re.compile(r"^(?P<stem>[│├└─ ]*)(?P<name>[A-Z]\w+Error)(?: +(?P<status>\d{3}))?", re.MULTILINE)
INDENT_CHARACTERS = 4


def _printed() -> dict[str, tuple[str | None, int | None]]:
    """Return, for each error in the docstring, its parent's name and its status."""
    parents: list[str] = []
    tree: dict[str, tuple[str | None, int | None]] = {}
    for found in LINE.finditer(errors.__doc__ or ""):
        depth = len(found["stem"]) // INDENT_CHARACTERS
        del parents[depth:]
        tree[found["name"]] = (parents[-1] if parents else None, int(found["status"]) if found["status"] else None)
        parents.append(found["name"])
    return tree


def _classes() -> list[type[OrchestraError]]:
    """Return every error class of the file."""
    return [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, OrchestraError)]


def test_the_docstring_prints_every_error() -> None:
    """Each class stands in the printed tree below its parent, and nothing else stands there."""
    printed = {name: parent for name, (parent, _) in _printed().items()}
    bases = {kind.__name__: kind.__bases__[0].__name__ for kind in _classes() if kind is not OrchestraError}
    assert printed == {"OrchestraError": None, **bases}
    assert set(printed) <= set(errors.__all__)


@pytest.mark.parametrize("kind", _classes(), ids=lambda kind: kind.__name__)
def test_the_status_is_the_printed_one(kind: type[OrchestraError]) -> None:
    """The HTTP status of a class is what the tree says, and fits whose fault it is."""
    status = _printed()[kind.__name__][1]
    assert status is None or kind.status == status
    if issubclass(kind, TheirError):
        assert 400 <= kind.status < 500
    if issubclass(kind, WorldError):
        assert kind.status == 503
    if issubclass(kind, OurError):
        assert kind.status == 500


@pytest.mark.parametrize("kind", _classes(), ids=lambda kind: kind.__name__)
def test_an_error_carries_code_sentence_and_field(kind: type[OrchestraError]) -> None:
    """Programs read `code`, people read `message`, forms read `field`; the text of the exception is the sentence."""
    error = kind("too_long", "Make it shorter.", field="name")
    assert (error.code, error.message, error.field, str(error)) == (
        "too_long",
        "Make it shorter.",
        "name",
        "Make it shorter.",
    )
    assert kind("too_long", "Make it shorter.").field is None
    assert kind.__doc__
