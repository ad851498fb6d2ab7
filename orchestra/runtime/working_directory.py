"""Where an agent starts: an existing folder that can be opened, or the home of whoever runs the daemon."""

import os
from pathlib import Path

from orchestra.errors import BadInputError

__all__ = ["working_directory"]


def working_directory(wanted: str | None, home: Path) -> str:
    """Return the folder that was asked for, `home` for none; raise `BadInputError` when no agent can start there."""
    try:
        (wanted or "").encode()
        path = Path(wanted).expanduser() if wanted else home
    except UnicodeEncodeError:  # a name that is no text: it could be kept and told nowhere
        raise BadInputError("bad_cwd", "The name of the working directory is not UTF-8.", field="cwd") from None
    except RuntimeError:  # of a person whom the machine does not know
        raise BadInputError("bad_cwd", f"{str(wanted)[:200]} is nobody's folder here.", field="cwd") from None
    if not path.is_absolute():
        raise BadInputError("bad_cwd", "The working directory must be an absolute path.", field="cwd")
    if not path.is_dir() or not os.access(path, os.R_OK | os.X_OK):
        raise BadInputError("bad_cwd", f"{str(path)[:200]} is not a folder that can be opened.", field="cwd")
    return str(path)
