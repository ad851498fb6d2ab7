"""The recorded screens are whole, mean something, and tell nothing of a machine."""

import pytest

from tests.recordings.leak import leaks
from tests.screens.screen import COMPOSERS, STATES, WAITS, RecordedScreen, load_screens

SCREENS = load_screens()


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.id)
def test_a_screen_is_whole(screen: RecordedScreen) -> None:
    """Every screen has as many rows as its size says, the cursor inside, and an expectation from the known words."""
    assert len(screen.rows) == screen.size[0]
    assert 0 <= screen.cursor[0] < screen.size[0] and 0 <= screen.cursor[1] <= screen.size[1]
    assert screen.expected["state"] in STATES
    assert screen.expected["wait"] in WAITS
    assert screen.expected["composer"] in COMPOSERS
    assert screen.how.endswith(".")


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.id)
def test_a_screen_tells_nothing_of_a_machine(screen: RecordedScreen) -> None:
    """No name, home or secret of the machine that it was recorded on stands in it."""
    assert leaks("\n".join((*screen.rows, screen.title))) == []


def test_both_agents_are_there_in_both_sizes() -> None:
    """What one size shows, the other shows too."""
    by_size = {
        size: {(screen.cli, screen.name) for screen in SCREENS if screen.size == size} for size in ((24, 80), (40, 120))
    }
    assert by_size[24, 80] == by_size[40, 120]
    assert {cli for cli, _ in by_size[24, 80]} == {"claude", "codex"}
