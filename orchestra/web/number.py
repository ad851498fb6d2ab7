"""Numbers of tasks, messages and events, as clients give them."""

from typing import Annotated, Final

from pydantic import Field

from orchestra.errors import BadInputError

__all__ = ["MAX_NUMBER", "Number", "number_in_path"]

MAX_NUMBER: Final = 10**15 - 1  # far beyond what a machine ever counts to, within SQLite's 63 bits and JSON's 53

Number = Annotated[int, Field(ge=1, le=MAX_NUMBER)]


def number_in_path(text: str, code: str, what: str) -> int:
    """Return the number that a path names, of `what` ("A task"); raise `BadInputError` with `code`."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_NUMBER))):
        raise BadInputError(code, f"{what}'s id is a whole number.", field="id")
    return int(text)
