"""The program in front of the terminal, whatever becomes of its run folder and of the shell that waits for it."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.agent_wrappers.wrapped import House, Terminal, house, terminal, wait_for

FAST = {"ORCHESTRA_RESTART_BASE_S": "0.01"}
STAYS = "echo here $$; read -r line; echo got $line; sleep 1000; true"


@pytest.fixture
def place(short_dir: Path) -> Iterator[House]:
    """Give a house with its daemon."""
    with house(short_dir) as made:
        yield made


def front_of(shown: Terminal) -> psutil.Process:
    """Return the shell that waits for the program."""
    family = psutil.Process(shown.process.pid).children()
    (front,) = [child for child in family if any("in_front.sh" in word for word in child.cmdline())]
    return front


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_signal_reaches_a_program_whose_run_folder_is_gone(
    number: signal.Signals, is_restarted: bool, place: House
) -> None:
    """The daemon removed the agent; the person's terminal or shell still ends the program, after a restart too."""
    first = "kill -9 $$" if is_restarted else STAYS
    with terminal(
        ["--", "bash", "-c", f'rm -rf "$ORCHESTRA_RUN"; {first}', "--", "bash", "-c", STAYS],
        place.environment(**FAST),
        place.state,
    ) as shown:
        shown.wait_until(lambda: "here" in shown.text())
        assert not place.run.exists()
        shown.process.kill(number)
        assert shown.wait_end() == 128 + number


def test_a_program_that_nobody_waits_for_is_ended(place: House) -> None:
    """The shell in front is killed: its program ends too, and one other is started, which has the terminal."""
    with terminal(["--", "bash", "-c", STAYS], place.environment(**FAST), place.state) as shown:
        shown.wait_until(lambda: "here" in shown.text())
        (program,) = front_of(shown).children()
        front_of(shown).kill()
        shown.wait_until(lambda: shown.text().count("here") == 2)
        wait_for(lambda: not program.is_running())
        os.write(shown.process.fd, b"words\n")
        shown.wait_until(lambda: "got words" in shown.text())
        shown.process.kill(signal.SIGTERM)
        assert shown.wait_end() == 143
    assert place.data("ended")["restarts"] == 1 and len(place.reports("started")) == 2


def test_a_task_that_nobody_waits_for_is_ended(place: House) -> None:
    """The same without a restart, also where a program does not mind that its terminal goes; it is told by what."""
    with terminal(
        ["--task", "--", "bash", "-c", "trap '' HUP; echo here; sleep 1000; true"], place.environment(), place.state
    ) as shown:
        shown.wait_until(lambda: "here" in shown.text())
        family = front_of(shown).children(recursive=True)
        front_of(shown).kill()
        assert shown.wait_end() == 137
        assert psutil.wait_procs(family, timeout=10)[1] == []
    assert place.data("ended")["signal"] == "SIGKILL"


def test_a_terminal_is_mended_from_behind(place: House) -> None:
    """Where the terminal was not handed back, and its modes are a stranger's, nothing stops; it is sane again."""
    script = "stty raw -echo tostop; echo here; sleep 1000; true"
    words = ["--restarts", "0", "--", "bash", "-c", script]
    with terminal(words, place.environment(**FAST), place.state) as shown:
        shown.wait_until(lambda: "here" in shown.text())
        front_of(shown).kill()
        shown.wait_until(lambda: "all restarts are used up" in shown.text())
        assert shown.wait_end() == 137
        assert "\x1b[?1049l" in shown.text() and "\nhere\r\n" not in shown.text()
    shutil.rmtree(place.run)
