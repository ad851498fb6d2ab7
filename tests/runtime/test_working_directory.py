"""Working directory: where an agent may start."""

import os
from pathlib import Path

import pytest

from orchestra.errors import BadInputError
from orchestra.runtime.working_directory import working_directory


def test_a_folder_or_none(tmp_path: Path) -> None:
    """A folder that was asked for is taken, home where none was."""
    assert working_directory(str(tmp_path), Path("/")) == str(tmp_path)
    assert working_directory(None, tmp_path) == str(tmp_path)
    assert working_directory("", tmp_path) == str(tmp_path)


@pytest.mark.parametrize("wanted", ["relative", "~nobody-at-all/x", "/no/such/folder", "/dev/null"])
def test_what_is_no_folder_is_refused(wanted: str, tmp_path: Path) -> None:
    """A relative path, nobody's home, what is not there and what is a file are the caller's fault."""
    with pytest.raises(BadInputError) as refused:
        working_directory(wanted, tmp_path)
    assert (refused.value.code, refused.value.field) == ("bad_cwd", "cwd")


def test_a_folder_whose_name_is_no_text_is_refused(tmp_path: Path) -> None:
    """It is there, but its name could be kept and told nowhere."""
    folder = tmp_path / os.fsdecode(b"\xff")
    folder.mkdir()
    with pytest.raises(BadInputError) as refused:
        working_directory(str(folder), tmp_path)
    assert refused.value.code == "bad_cwd"
