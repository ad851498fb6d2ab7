"""The whole error tree: whose fault it is, a code, and the HTTP status it becomes.

OrchestraError
├── TheirError                 the caller asked for something that cannot be had
│   ├── BadInputError          400  malformed, out of range, unknown type
│   ├── NotSignedInError       401  no valid credential
│   ├── ForbiddenError         403  a valid credential without the permission
│   ├── NotFoundError          404  no such agent, session or page, or none that the caller may see
│   ├── ConflictError          409  the thing is in a state that does not allow this
│   ├── TooBigError            413  over a named limit in bytes
│   ├── UnprocessableError     422  a key that stood for another request before
│   └── TooFastError           429  over a named limit per second
├── WorldError                 the machine around us does not allow it
│   ├── SetupError             503  tmux missing or too old, state directory wrong, port in use, program not found
│   └── UnavailableError       503  for now: shutting down, audit cannot be written, tmux does not answer
└── OurError                   500  a bug: an invariant of ours was broken
"""

from typing import ClassVar

__all__ = [
    "BadInputError",
    "ConflictError",
    "ForbiddenError",
    "NotFoundError",
    "NotSignedInError",
    "OrchestraError",
    "OurError",
    "SetupError",
    "TheirError",
    "TooBigError",
    "TooFastError",
    "UnavailableError",
    "UnprocessableError",
    "WorldError",
    "first_error",
]


class OrchestraError(Exception):
    """Base of every error that Orchestra raises on purpose.

    `code` is a stable snake_case word for programs, `message` one sentence for people that says what to do,
    `field` the name of the input field at fault, where there is one.
    """

    status: ClassVar[int] = 500

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class TheirError(OrchestraError):
    """The caller is at fault; the same call will fail again."""

    status = 400


class BadInputError(TheirError):
    """Malformed, out of range or of an unknown type."""


class NotSignedInError(TheirError):
    """No credential, or one that is not valid any longer."""

    status = 401


class ForbiddenError(TheirError):
    """A valid credential that lacks the permission."""

    status = 403


class NotFoundError(TheirError):
    """No such thing, or none that the caller may see."""

    status = 404


class ConflictError(TheirError):
    """The thing exists but is in a state that does not allow this."""

    status = 409


class TooBigError(TheirError):
    """Over a named limit in bytes."""

    status = 413


class UnprocessableError(TheirError):
    """Understood, and contradicted by what was said before."""

    status = 422


class TooFastError(TheirError):
    """Over a named limit per second."""

    status = 429


class WorldError(OrchestraError):
    """The machine around us does not allow it; somebody can mend that."""

    status = 503


class SetupError(WorldError):
    """Something must be installed, freed or given other rights first."""


class UnavailableError(WorldError):
    """Not now; the same call may succeed later."""


class OurError(OrchestraError):
    """An invariant of Orchestra's own was broken: a bug."""


def first_error(group: BaseExceptionGroup[OrchestraError]) -> OrchestraError:
    """Return the first error of a group that holds nothing but ours, however deep."""
    found: BaseException = group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    if not isinstance(found, OrchestraError):
        msg = "the group holds another kind of error"
        raise TypeError(msg)
    return found
