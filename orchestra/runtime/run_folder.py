"""RunFolder: the folder of one agent's run, which it shares with its wrapper and its hooks.

Both sides only ever create files: a report is written under another name and renamed, a claim is created exclusively.
"""

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from orchestra.agents import MAX_REPORT_BYTES
from orchestra.errors import UnavailableError

__all__ = ["RunFolder"]

MAX_REPORTS: Final = 200  # taken at once; the rest at the next look
MAX_TAKEN_BYTES: Final = 16 << 20  # the same
CLAIM: Final = "claim"
BRIEF: Final = "brief.txt"
OUTPUT: Final = "output.txt"
WORDS: Final = "words"
SPOOL: Final = "spool"


class RunFolder:
    """Files below `path`. Every method blocks on the disk: call it in a worker thread."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self, files: Mapping[str, str]) -> None:
        """Make the folder, private, with its spool and `files` (name: text); raise `OSError`."""
        self.path.mkdir(mode=0o700, parents=True)
        (self.path / SPOOL).mkdir(mode=0o700)
        for name, text in files.items():
            with os.fdopen(os.open(self.path / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(text.encode(errors="replace"))

    def claim(self) -> bool:
        """Give the run up for the daemon: return whether no program of it has started, and so none ever will.

        Raises `UnavailableError` when that cannot be written down now.
        """
        try:
            descriptor = os.open(self.path / CLAIM, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return False
        except FileNotFoundError:  # the folder is made before anything starts, and a claim needs it
            return True
        except OSError as error:  # a full disk, or somebody else's folder
            raise UnavailableError("run_not_claimed", f"{self.path / CLAIM}: {error.strerror}") from error
        with (
            suppress(OSError),
            os.fdopen(descriptor, "w") as file,
        ):  # that it is there says all
            file.write("daemon\n")
        return True

    def has_reports(self) -> bool:
        """Say whether a report lies there, without reading any."""
        try:
            with os.scandir(self.path / SPOOL) as entries:
                return any(_is_finished(entry) for entry in entries)
        except OSError:
            return False

    def reports(self, *, is_end_wanted: bool = False) -> list[tuple[str, bytes]]:
        """Return the names and texts of the oldest reports in order; what is too long is cut, and then is no report.

        Where there are more than are taken at once, and `is_end_wanted`, those are the newest.
        """
        try:
            with os.scandir(self.path / SPOOL) as entries:
                names = sorted(entry.name for entry in entries if _is_finished(entry))
        except OSError:  # it is gone, or an agent has put something else in its place
            return []
        found: list[tuple[str, bytes]] = []
        taken = 0
        chosen = names[-MAX_REPORTS:][::-1] if is_end_wanted else names[:MAX_REPORTS]
        for name in chosen:
            if taken > MAX_TAKEN_BYTES - MAX_REPORT_BYTES:
                break
            try:
                flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
                with os.fdopen(os.open(self.path / SPOOL / name, flags), "rb") as file:
                    found.append((name, file.read(MAX_REPORT_BYTES)))
                    taken += len(found[-1][1])
            except OSError:
                found.append((name, b""))
        return found[::-1] if is_end_wanted else found

    def remove_report(self, name: str) -> None:
        """Remove one report; one that is gone is no error, and one that cannot be removed stays."""
        with suppress(OSError):
            (self.path / SPOOL / name).unlink()

    def remove(self) -> None:
        """Remove the folder with all that is in it; what cannot be removed stays."""
        shutil.rmtree(self.path, ignore_errors=True)


def _is_finished(entry: os.DirEntry[str]) -> bool:
    """Say whether an entry of a spool may be a report; one that is being written has a name that begins with a dot."""
    return not entry.name.startswith(".") and not entry.is_dir(follow_symlinks=False)
