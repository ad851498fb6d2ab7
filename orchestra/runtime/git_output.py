"""What git prints for programs (NUL after every field), as values: changed files, commits, paths. Pure.

Formats: `git diff --raw --numstat -z` (git-diff(1), "Raw output format"), `git log -z` with the format of
`COMMIT_FORMAT`, `git status --porcelain=v2 -z` (git-status(1)). Output that was cut in the middle is read up to there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

__all__ = [
    "COMMIT_FORMAT",
    "ChangedFile",
    "Commit",
    "parse_changed_files",
    "parse_commits",
    "parse_status",
    "path_text",
]

COMMIT_FORMAT: Final = "%H%x00%an%x00%at%x00%s"
COMMIT_FIELDS: Final = 4
MAX_SUBJECT_CHARACTERS: Final = 500
MAX_AUTHOR_CHARACTERS: Final = 200

_STATUS: Final = {
    "A": "added",
    "C": "copied",
    "D": "deleted",
    "M": "modified",
    "R": "renamed",
    "T": "type_changed",
    "U": "conflicted",
}
_TWO_PATHS: Final = frozenset("RC")
_NUMBERS: Final = 2  # of lines added and deleted, before the path
_FIELDS_BEFORE_PATH: Final = {b"1": 8, b"2": 9, b"u": 10}  # of a record of `status --porcelain=v2`


@dataclass(frozen=True, slots=True)
class ChangedFile:
    r"""One file that differs. `added` and `deleted` count lines; None where git counts none (binary, or cut off).

    `status` is added, copied, deleted, modified, renamed, type_changed or conflicted; `old_path` is where a renamed or
    copied file came from. Bytes of a path that are no UTF-8 stand as `\xNN`.
    """

    path: str
    status: str
    old_path: str | None = None
    added: int | None = None
    deleted: int | None = None
    is_binary: bool = False


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit: its full hash, the first paragraph of its message, who wrote it and when (seconds)."""

    hash: str
    subject: str
    author: str
    unix_s: int


def path_text(path: bytes) -> str:
    r"""Return a path as text that every program can take; bytes that are no UTF-8 become `\xNN`."""
    return path.decode("utf-8", "backslashreplace")


def parse_changed_files(output: bytes) -> tuple[ChangedFile, ...]:
    """Return the files of `git diff --raw --numstat -z`, in its order."""
    fields = _whole_fields(output)
    files: dict[str, ChangedFile] = {}
    for field in fields:
        if field.startswith(b":"):
            _note_status(field, fields, files)
        else:
            _note_numbers(field, fields, files)
    return tuple(files.values())


def parse_commits(output: bytes) -> tuple[Commit, ...]:
    """Return the commits of `git log -z --format=COMMIT_FORMAT`, in its order."""
    fields = [field.decode("utf-8", "replace") for field in _whole_fields(output)]
    whole = len(fields) - len(fields) % COMMIT_FIELDS
    commits = []
    for start in range(0, whole, COMMIT_FIELDS):
        name, author, unix_s, subject = fields[start : start + COMMIT_FIELDS]
        seconds = int(unix_s) if unix_s.isdecimal() else 0  # a forged commit may hold anything
        commits.append(Commit(name, subject[:MAX_SUBJECT_CHARACTERS], author[:MAX_AUTHOR_CHARACTERS], seconds))
    return tuple(commits)


def parse_status(output: bytes) -> tuple[str, ...]:
    """Return the paths that `git status --porcelain=v2 -z` lists as changed, untracked or conflicted."""
    fields = _whole_fields(output)
    paths = []
    for field in fields:
        kind = field[:1]
        if kind == b"?":
            paths.append(path_text(field[2:]))
        elif kind in _FIELDS_BEFORE_PATH:
            paths.append(path_text(field.split(b" ", _FIELDS_BEFORE_PATH[kind])[-1]))
            if kind == b"2":
                next(fields, None)  # where it came from
    return tuple(paths)


def _whole_fields(output: bytes) -> Iterator[bytes]:
    """Yield what ends with a NUL; what is left over was cut off."""
    return iter(output.split(b"\0")[:-1])


def _note_status(field: bytes, fields: Iterator[bytes], files: dict[str, ChangedFile]) -> None:
    letter = field.rsplit(b" ", 1)[-1][:1].decode("ascii", "replace")
    first = next(fields, None)
    second = next(fields, None) if letter in _TWO_PATHS else None
    if first is None or (letter in _TWO_PATHS and second is None):
        return
    path = path_text(first if second is None else second)
    if path not in files:  # a conflicted file is listed a second time, as modified
        old_path = None if second is None else path_text(first)
        files[path] = ChangedFile(path, _STATUS.get(letter, "modified"), old_path)


def _note_numbers(field: bytes, fields: Iterator[bytes], files: dict[str, ChangedFile]) -> None:
    added, deleted, *rest = field.split(b"\t", _NUMBERS)
    if rest == [b""]:  # two paths follow, each a field of its own
        next(fields, None)
        rest = [next(fields, b"")]
    path = path_text(b"".join(rest))
    if path not in files:
        return
    if added == b"-":
        files[path] = replace(files[path], is_binary=True)
    else:
        files[path] = replace(files[path], added=int(added), deleted=int(deleted))
