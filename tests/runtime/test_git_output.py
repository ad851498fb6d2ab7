"""What git prints for programs, as values; cut anywhere it is read up to there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.runtime.git_output import (
    ChangedFile,
    Commit,
    parse_changed_files,
    parse_commits,
    parse_status,
    path_text,
)

HASHES = b"0" * 40 + b" " + b"1" * 40
RAW = (
    b":100644 100644 " + HASHES + b" M\0a\tb.txt\0"
    b":100644 100644 " + HASHES + b" R100\0old\nname\0new name\0"
    b":000000 100644 " + HASHES + b" A\0caf\xe9\0"
    b":100644 000000 " + HASHES + b" D\0gone\0"
    b":100644 120000 " + HASHES + b" T\0link\0"
    b":000000 000000 " + HASHES + b" U\0both\0"
    b":100644 100644 " + HASHES + b" M\0both\0"
)
NUMBERS = b"1\t2\ta\tb.txt\0" + b"0\t0\t\0old\nname\0new name\0" + b"-\t-\tcaf\xe9\0" + b"0\t9\tgone\0"


def test_every_kind_of_change() -> None:
    """Modified, renamed, added, deleted, another type, conflicted; each path is read as it is."""
    assert parse_changed_files(RAW + NUMBERS) == (
        ChangedFile("a\tb.txt", "modified", None, 1, 2),
        ChangedFile("new name", "renamed", "old\nname", 0, 0),
        ChangedFile("caf\\xe9", "added", None, None, None, is_binary=True),
        ChangedFile("gone", "deleted", None, 0, 9),
        ChangedFile("link", "type_changed"),
        ChangedFile("both", "conflicted"),
    )


@given(end=st.integers(0, len(RAW + NUMBERS)))
def test_cut_anywhere_the_files_before_are_told(end: int) -> None:
    """What came whole is there, in order; the rest is not made up."""
    whole = parse_changed_files(RAW + NUMBERS)
    some = parse_changed_files((RAW + NUMBERS)[:end])
    assert [(file.path, file.old_path) for file in some] == [(file.path, file.old_path) for file in whole][: len(some)]


def test_commits_are_read_and_bounded() -> None:
    """A forged time is no error, a forged subject not endless, bytes that are no text stay harmless."""
    output = b"aa\0Ada\x001700000000\0first\0" + b"bb\0caf\xe9\0nonsense\0" + b"s" * 10_000 + b"\0" + b"cc\0cut off\0"
    first, second = parse_commits(output)
    assert first == Commit("aa", "first", "Ada", 1_700_000_000)
    assert (second.author, second.unix_s, len(second.subject)) == ("caf\ufffd", 0, 500)


@pytest.mark.parametrize(
    ("record", "paths"),
    [
        (b"1 .M N... 100644 100644 100644 aa bb with blank\0", ("with blank",)),
        (b"2 R. N... 100644 100644 100644 aa bb R100 new\0old\0? next\0", ("new", "next")),
        (b"u UU N... 100644 100644 100644 100644 aa bb cc both\0", ("both",)),
        (b"? un\ntracked/\0", ("un\ntracked/",)),
        (b"! ignored\0# branch.oid aa\0", ()),
        (b"", ()),
    ],
)
def test_the_paths_of_a_status(record: bytes, paths: tuple[str, ...]) -> None:
    """Changed, renamed, conflicted and untracked ones; ignored ones and headers are none."""
    assert parse_status(record) == paths


def test_a_path_becomes_text_that_can_be_sent() -> None:
    """No half surrogates, whatever its bytes."""
    assert path_text("ünï".encode()) == "ünï"
    assert path_text(b"\xff/\xfe").encode() == rb"\xff/\xfe"
