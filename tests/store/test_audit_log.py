"""The audit trail on disk: only ever added to, numbered without gaps, and closed when it cannot be written."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trio
import trio.testing
from hypothesis import example, given
from hypothesis import strategies as st

from orchestra.audit import MAX_RECORD_BYTES, Action, Record, decode, encode
from orchestra.errors import BadInputError, SetupError, UnavailableError
from orchestra.store.audit_log import AuditLog, AuditTrail

LINES = [encode(Record(unix_ms=number, actor="ada", action="agent.spawn"), number) for number in range(1, 4)]


def record(number: int = 0) -> Record:
    """Return a record that can be told from others."""
    return Record(unix_ms=number, actor="ada", action=Action.AGENT_SPAWN, target=f"agent-{number}")


def read(path: Path) -> list[tuple[int, Record]]:
    """Return all records; every line must be one."""
    return [decode(line) for line in path.read_bytes().splitlines()]


def spoilt(path: Path, content: bytes) -> Path:
    """Return `path` with `content`, as a private file."""
    path.write_bytes(content)
    path.chmod(0o600)
    return path


@contextmanager
def file_size_limit(size_bytes: int) -> Iterator[None]:
    """Let no file of this process grow beyond `size_bytes` (Python ignores SIGXFSZ; writes come up short or fail)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_records_are_numbered_from_one_and_read_back(short_dir: Path) -> None:
    """What was written stands in the file in order, and the file is private."""
    with AuditLog(short_dir / "audit.jsonl") as log:
        assert [log.write(record(number)) for number in range(3)] == [1, 2, 3]
    assert read(short_dir / "audit.jsonl") == [(number + 1, record(number)) for number in range(3)]
    assert (short_dir / "audit.jsonl").stat().st_mode & 0o777 == 0o600


def test_the_numbers_go_on_after_a_restart(short_dir: Path) -> None:
    """A new daemon continues where the last one ended, and takes nothing away."""
    path = short_dir / "audit.jsonl"
    for number in range(4):
        with AuditLog(path) as log:
            assert log.last_sequence == number
            log.write(record(number))
    assert [sequence for sequence, _ in read(path)] == [1, 2, 3, 4]


@given(cut=st.integers(0, sum(map(len, LINES))), after=st.booleans())
@example(cut=len(LINES[2]) + 2, after=True)  # the second record lacks nothing but its last brace
@example(cut=1, after=True)  # the third lacks nothing but its line feed
def test_a_trail_torn_anywhere_goes_on_and_says_so(
    tmp_path_factory: pytest.TempPathFactory, cut: int, after: bool
) -> None:
    """For every place a power loss can cut the last record: nothing is removed, numbers neither repeat nor skip."""
    path = tmp_path_factory.mktemp("torn") / "audit.jsonl"
    content = b"".join(LINES)
    content = content[: len(content) - cut]
    spoilt(path, content)
    with AuditLog(path) as log:
        log.write(record())
    if after:
        with AuditLog(path) as log:
            log.write(record())
    written = path.read_bytes()
    assert written.startswith(content)
    whole = [line for line in written.splitlines() if is_record(line)]
    assert [decode(line)[0] for line in whole] == list(range(1, len(whole) + 1))
    healed = [line for line in whole if decode(line)[1].action == Action.AUDIT_HEALED]
    assert len(healed) == (0 if content.endswith(b"\n") or not content else 1)


def is_record(line: bytes) -> bool:
    """Say whether `line` is a whole record."""
    try:
        decode(line)
    except BadInputError:
        return False
    return True


def test_a_full_disk_refuses_and_needs_no_restart(short_dir: Path) -> None:
    """While the file cannot grow every write is refused; afterwards the torn record is closed and writing goes on."""
    path = short_dir / "audit.jsonl"
    with AuditLog(path) as log:
        log.write(record(1))
        size_bytes = path.stat().st_size
        for room_bytes in (0, 1, 50):
            with file_size_limit(size_bytes + room_bytes), pytest.raises(UnavailableError) as caught:
                log.write(record(2))
            assert caught.value.code == "audit_unavailable"
            assert log.last_sequence == 1
        assert log.write(record(3)) == 3
    whole = [decode(line) for line in path.read_bytes().splitlines() if is_record(line)]
    assert [(sequence, kept.action) for sequence, kept in whole] == [
        (1, Action.AGENT_SPAWN),
        (2, Action.AUDIT_HEALED),
        (3, Action.AGENT_SPAWN),
    ]


def test_a_device_that_is_always_full_refuses_every_record(short_dir: Path) -> None:
    """/dev/full takes the open and fails the write, like a disk at its end."""
    with AuditLog(short_dir / "audit.jsonl") as log:
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, log._descriptor)
        os.close(full)
        log._check_place = lambda: None  # type: ignore[method-assign] # the name leads elsewhere now, which is the test
        for _ in range(2):
            with pytest.raises(UnavailableError) as caught:
                log.write(record())
            assert caught.value.code == "audit_unavailable" and "No space left" in caught.value.message


@pytest.mark.parametrize("what", ["removed", "moved", "replaced"])
def test_a_trail_that_nobody_will_find_is_not_written_to(short_dir: Path, what: str) -> None:
    """When the file loses its name, records would vanish silently; so they are refused."""
    path = short_dir / "audit.jsonl"
    with AuditLog(path) as log:
        log.write(record())
        path.rename(short_dir / "elsewhere")
        if what == "removed":
            (short_dir / "elsewhere").unlink()
        if what == "replaced":
            spoilt(path, b"")
        with pytest.raises(UnavailableError) as caught:
            log.write(record())
        assert caught.value.code == "audit_unavailable"


def test_a_second_writer_is_refused(short_dir: Path) -> None:
    """Two writers would number twice; when the first is done the second may."""
    with AuditLog(short_dir / "audit.jsonl"):
        with pytest.raises(SetupError) as caught:
            AuditLog(short_dir / "audit.jsonl")
        assert caught.value.code == "audit_in_use"
    AuditLog(short_dir / "audit.jsonl").close()


@pytest.mark.parametrize("kind", ["link", "directory", "pipe", "readable", "writable", "nowhere"])
def test_what_is_no_private_file_is_refused(short_dir: Path, kind: str) -> None:
    """Links are not followed, pipes not waited for, and a file that others can touch proves nothing."""
    path = short_dir / "audit.jsonl"
    match kind:
        case "link":
            path.symlink_to(spoilt(short_dir / "real", b""))
        case "directory":
            path.mkdir()
        case "pipe":
            os.mkfifo(path, 0o600)
        case "nowhere":
            path = short_dir / "no" / "audit.jsonl"
        case _:
            spoilt(path, b"").chmod(0o644 if kind == "readable" else 0o602)
    with pytest.raises(SetupError) as caught:
        AuditLog(path)
    assert caught.value.code == "audit_unusable"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to read-only files")
def test_a_read_only_file_is_refused(short_dir: Path) -> None:
    """It is told at the start, not at the first record."""
    spoilt(short_dir / "audit.jsonl", b"").chmod(0o400)
    with pytest.raises(SetupError):
        AuditLog(short_dir / "audit.jsonl")


def test_a_file_that_is_no_trail_is_refused_and_kept(short_dir: Path) -> None:
    """More than one record's worth of something else at the end is not a torn write."""
    content = b"x" * (MAX_RECORD_BYTES + 1)
    for before in (b"", LINES[0] + b"x" * 100_000):
        path = spoilt(short_dir / "audit.jsonl", before + content)
        with pytest.raises(SetupError) as caught:
            AuditLog(path)
        assert caught.value.code == "audit_damaged"
        assert path.read_bytes() == before + content


def test_the_end_of_a_long_trail_is_found(short_dir: Path) -> None:
    """Only the last 64 KiB are read, wherever they begin within a record."""
    lines = b"".join(encode(record(number), number) for number in range(1, 2000))
    with AuditLog(spoilt(short_dir / "audit.jsonl", lines)) as log:
        assert log.write(record()) == 2000


def test_a_record_is_on_disk_before_the_call_returns(short_dir: Path) -> None:
    """A process that is killed right afterwards loses nothing."""
    program = (
        "import os, pathlib, sys\n"
        "from orchestra.audit import Record\n"
        "from orchestra.store.audit_log import AuditLog\n"
        "log = AuditLog(pathlib.Path(sys.argv[1]))\n"
        "log.write(Record(unix_ms=1, actor='ada', action='agent.spawn'))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    path = short_dir / "audit.jsonl"
    ended = subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    assert ended.returncode == -9
    assert [sequence for sequence, _ in read(path)] == [1]


async def test_many_tasks_write_one_after_the_other(short_dir: Path) -> None:
    """Every record of every task is there once, and the numbers have no gap."""
    numbers: list[int] = []
    with AuditLog(short_dir / "audit.jsonl") as log:
        trail = AuditTrail(log)

        async def write(number: int) -> None:
            numbers.append(await trail.write(record(number)))

        async with trio.open_nursery() as nursery:
            for number in range(40):
                nursery.start_soon(write, number)
    written = read(short_dir / "audit.jsonl")
    assert [sequence for sequence, _ in written] == list(range(1, 41)) == sorted(numbers)
    assert {kept.unix_ms for _, kept in written} == set(range(40))


async def test_a_cancelled_write_is_written_wholly_or_not_at_all(short_dir: Path) -> None:
    """Cancelled tasks leave whole records, and the trail goes on."""
    with AuditLog(short_dir / "audit.jsonl") as log:
        trail = AuditTrail(log)
        async with trio.open_nursery() as nursery:
            for number in range(20):
                nursery.start_soon(trail.write, record(number))
            await trio.testing.wait_all_tasks_blocked()
            nursery.cancel_scope.cancel()
        with trio.fail_after(5):
            last = await trail.write(record(99))
    assert [sequence for sequence, _ in read(short_dir / "audit.jsonl")] == list(range(1, last + 1))
    assert last < 21


async def test_the_event_loop_goes_on_while_the_disk_is_slow(short_dir: Path) -> None:
    """A write waits in a worker thread: other tasks run meanwhile."""
    with AuditLog(short_dir / "audit.jsonl") as log:
        trail = AuditTrail(log)
        turns = 0
        async with trio.open_nursery() as nursery:

            async def turn() -> None:
                nonlocal turns
                while True:
                    await trio.lowlevel.checkpoint()
                    turns += 1

            nursery.start_soon(turn)
            for number in range(10):
                await trail.write(record(number))
            nursery.cancel_scope.cancel()
    assert turns > 10


async def test_a_refusal_reaches_the_task_that_wrote(short_dir: Path) -> None:
    """The error crosses the thread, and the next task is not held up by it."""
    path = short_dir / "audit.jsonl"
    with AuditLog(path) as log:
        trail = AuditTrail(log)
        path.unlink()
        for _ in range(2):
            with pytest.raises(UnavailableError):
                await trail.write(record())
