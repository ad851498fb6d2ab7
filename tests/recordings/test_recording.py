"""The kept recordings and the file format they are kept in."""

import pytest

from tests.recordings.leak import leaks
from tests.recordings.record import MAX_RECORDING_BYTES, MAX_RECORDINGS_BYTES, SESSIONS
from tests.recordings.recording import FOLDER, Printed, Recording, Resized, load_recording, recording_names

SMALL = '{"version": 2, "width": 7, "height": 3}\n[0.5, "o", "\\u001b[1mü❤️"]\n[1, "i", "x"]\n[1.5, "r", "9x4"]\n'


def test_a_file_tells_size_output_and_changes_of_size() -> None:
    """What is printed is bytes at a time, a change of size is rows and columns, input is left out."""
    recording = Recording.parse("small", SMALL)
    assert (recording.rows, recording.columns, recording.duration_s) == (3, 7, 1.5)
    assert recording.events == (Printed(0.5, "\x1b[1mü❤️".encode()), Resized(1.5, 4, 9))
    assert list(recording.chunks()) == [(0.5, recording.output)]


def test_another_version_of_the_format_is_refused() -> None:
    """A file that would be misread is not read."""
    with pytest.raises(ValueError, match="version 2 is wanted, not 3"):
        Recording.parse("new", '{"version": 3, "term": {"cols": 7, "rows": 3}}')


@pytest.mark.parametrize("name", recording_names())
def test_a_recording_survives_being_written(name: str) -> None:
    """What is read from a written recording is the recording."""
    recording = load_recording(name)
    assert Recording.parse(name, recording.encode()) == recording


@pytest.mark.parametrize("name", recording_names())
def test_a_recording_tells_nothing_of_its_machine(name: str) -> None:
    """No name of a host or a user, no path outside of the demonstration, no secret is in a recording."""
    assert leaks(load_recording(name).output.decode()) == []


@pytest.mark.parametrize(
    "said", ["/home/ada/x", "see /opt/tool", "\x1b[1m/tmp/other\x1b[m", "sk-abcdefgh1", "http://127.0.0.1:80"]
)
def test_a_leak_is_found(said: str) -> None:
    """What tells of a machine is found within other output."""
    assert leaks(f"printed {said} here")


def test_recordings_are_few_and_small() -> None:
    """Each session has its recording, and all of them together stay small enough for a repository."""
    sizes = {path.stem: path.stat().st_size for path in FOLDER.glob("*.cast")}
    assert set(sizes) == set(SESSIONS)
    assert max(sizes.values()) <= MAX_RECORDING_BYTES
    assert sum(sizes.values()) <= MAX_RECORDINGS_BYTES
