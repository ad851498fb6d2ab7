"""`orchestra-agent --task`: output shown, kept and bounded, input, and an end that nothing holds up."""

import shutil
import signal
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.agent_wrappers.wrapped import House, house, terminal, wait_for

MEBIBYTE = 1024 * 1024
HOLDING_S = 1000
LEFT_BEHIND = f"import subprocess, sys; subprocess.Popen(['sleep', '{HOLDING_S}']); print('done', flush=True)"


@pytest.fixture
def place(short_dir: Path) -> Iterator[House]:
    """Give a house with its daemon."""
    with house(short_dir) as made:
        yield made


def test_output_is_shown_and_kept_as_it_came(place: House) -> None:
    """Both streams are in the terminal and in the file, bytes that are no text too; the report has them readable."""
    script = r"printf '\e[31mred\e[0m \xff\n'; printf 'err\n' >&2; printf '10%%\r100%%\nend'; exit 3"
    with terminal(
        ["--task", "--", "bash", "-c", script], place.environment(ORCHESTRA_ATTEMPT="2"), place.state
    ) as shown:
        assert shown.wait_end() == 3
        assert shown.output == b"\x1b[31mred\x1b[0m \xff\r\nerr\r\n10%\r100%\r\nend"
    kept = place.run / "output.txt"
    assert kept.read_bytes() == b"\x1b[31mred\x1b[0m \xff\nerr\n10%\r100%\nend"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert place.data("started")["attempt"] == 2
    assert place.data("ended") == {
        "exit_code": 3,
        "signal": None,
        "restarts": 0,
        "text": "red \ufffd\nerr\n100%\nend",
        "session": None,
        "usage": None,
        "cost_usd": None,
        "is_error": None,
        "error": None,
    }


def test_the_command_may_come_in_a_file(place: House) -> None:
    """Words in a file reach the program as they are: long, empty, with line feeds, and what looks like an option."""
    words = ["bash", "-c", 'printf "%s|" "${#1}" "$2" "$3" "$4"', "--", "x" * 131_000, "", "a\nb ", "--task"]
    (place.run / "words").write_text("".join(f"{word}\0" for word in words))
    done = place.run_wrapper("--task", "--words-file", str(place.run / "words"))
    assert done.returncode == 0
    assert place.data("ended")["text"] == "131000||a\nb |--task|"


@pytest.mark.parametrize("words", [["--words-file", "WORDS"], ["--task", "--words-file", "/nowhere"]])
def test_a_file_of_words_must_be_there_and_for_a_task(place: House, words: list[str]) -> None:
    """Without a task, and without the file, nothing is started."""
    (place.run / "words").write_text("true\0")
    given = [word.replace("WORDS", str(place.run / "words")) for word in words]
    assert place.run_wrapper(*given).returncode == 64
    assert not (place.run / "claim").exists()


def test_the_text_is_the_last_64_kibibytes(place: House) -> None:
    """Of a long output the report has the end, without half a character."""
    place.run_wrapper("--task", "--", sys.executable, "-c", "print('x' + 'é' * 100_000, end='')")
    assert place.data("ended")["text"] == "é" * 32768


def test_huge_output_is_bounded(place: House) -> None:
    """The first and the last eight mebibytes are kept, and one line says how much is missing between them."""
    script = "import sys; [sys.stdout.write(f'{n:07d}\\n') for n in range(3_000_000)]"
    assert place.run_wrapper("--task", "--", sys.executable, "-c", script).returncode == 0
    kept = (place.run / "output.txt").read_bytes()
    notice = b"\n[orchestra: %d bytes left out]\n" % (24_000_000 - 16 * MEBIBYTE)
    assert len(kept) == 16 * MEBIBYTE + len(notice)
    assert kept.startswith(b"0000000\n0000001\n") and kept.endswith(b"2999998\n2999999\n")
    assert kept[8 * MEBIBYTE :].startswith(notice)


def test_nothing_is_left_out_up_to_the_bound(place: House) -> None:
    """Sixteen mebibytes are kept to the byte."""
    script = "import sys; sys.stdout.buffer.write(bytes(range(256)) * 65536)"
    place.run_wrapper("--task", "--", sys.executable, "-c", script)
    assert (place.run / "output.txt").read_bytes() == bytes(range(256)) * 65536


def test_a_child_that_keeps_the_pipe_does_not_keep_the_task(place: House) -> None:
    """It ends about a second after the program itself, with everything that was printed by then."""
    began_s = time.monotonic()
    done = place.run_wrapper("--task", "--", sys.executable, "-c", LEFT_BEHIND)
    took_s = time.monotonic() - began_s
    assert done.returncode == 0 and place.data("ended")["text"] == "done\n"
    assert 1.0 <= took_s < 10.0
    (left,) = [process for process in psutil.process_iter() if _is_left(process, place)]
    left.kill()
    wait_for(lambda: not left.is_running())


def test_a_task_is_not_restarted(place: House) -> None:
    """The daemon tries again; the wrapper does not."""
    assert place.run_wrapper("--task", "--", "bash", "-c", "echo once >>runs; exit 9").returncode == 9
    assert (place.state / "runs").read_text() == "once\n"
    assert place.reports("failed") == [] and len(place.reports("started")) == 1


def test_every_word_of_a_task_is_its_program_s(place: House) -> None:
    """A brief comes after -- in most command lines."""
    done = place.run_wrapper("--task", "--", "bash", "-c", 'echo "$@"', "x", "-p", "--", "--", "the brief")
    assert done.stdout == b"-p -- -- the brief\n"


def test_input_comes_from_a_file_or_is_none(place: House) -> None:
    """A task never waits for a keyboard."""
    (place.run / "brief.txt").write_text("do this\n")
    words = ["--task", "--stdin-file", str(place.run / "brief.txt"), "--", "cat"]
    with terminal(words, place.environment(), place.state) as shown:
        assert shown.wait_end() == 0
        assert shown.text() == "do this\r\n"
    (place.run / "claim").unlink()
    with terminal(["--task", "--", "cat"], place.environment(), place.state) as shown:
        assert shown.wait_end() == 0


@pytest.mark.parametrize("output", ["plain", "stream-json"])
def test_a_task_that_is_cancelled_tells_what_it_printed(output: str, place: House) -> None:
    """SIGTERM ends the program; what it said on the way is in the report."""
    script = "trap 'echo tidied; exit 143' TERM; echo here; while true; do sleep 0.05; done"
    words = ["--task", "--output", output, "--", "bash", "-c", script]
    with terminal(words, place.environment(), place.state) as shown:
        shown.wait_until(lambda: "here" in shown.text())
        psutil.Process(shown.process.pid).send_signal(signal.SIGTERM)
        assert shown.wait_end() == 143
        assert "tidied" in shown.text()
    kept = (place.run / "output.txt").read_text()
    assert kept.startswith("here\n") and kept.endswith("tidied\n")
    assert place.data("ended")["exit_code"] == 143


def test_the_interpreter_is_chosen(place: House, short_dir: Path) -> None:
    """The rendering runs in what `--python` names, free of the environment's settings; or in python3."""
    chosen = short_dir / "chosen"
    chosen.write_text(f'#!/bin/sh\necho "$@" >>"{short_dir}/called"\nexec "{sys.executable}" "$@"\n')
    chosen.chmod(0o755)
    broken = {"PYTHONHOME": "/nowhere", "PYTHONPATH": str(short_dir)}
    (short_dir / "json.py").write_text("raise SystemExit(9)")
    assert place.run_wrapper("--python", str(chosen), "--task", "--", "echo", "here", **broken).returncode == 0
    assert "stream_rendering.py" in (short_dir / "called").read_text()
    assert place.data("ended")["text"] == "here\n"
    shutil.rmtree(place.run)
    place.run.mkdir()
    assert place.run_wrapper("--python", "/nowhere", "--task", "--", "echo", "there").returncode == 0
    assert place.data("ended")["text"] == "there\n"


def test_without_python_nothing_is_started(place: House, short_dir: Path) -> None:
    """It is said before the claim, so that the daemon knows that nothing ran."""
    path = short_dir / "bin"
    path.mkdir()
    for name in ("bash", "cat"):
        (path / name).symlink_to(f"/bin/{name}")
    done = place.run_wrapper("--task", "--", "cat", PATH=str(path))
    assert done.returncode == 69 and b"python3" in done.stderr
    assert not (place.run / "claim").exists() and place.reports() == []


def _is_left(process: psutil.Process, place: House) -> bool:
    """Tell whether this is the child that was left behind by this test's program."""
    try:
        return process.cmdline() == ["sleep", str(HOLDING_S)] and process.cwd() == str(place.state)
    except psutil.Error:
        return False
