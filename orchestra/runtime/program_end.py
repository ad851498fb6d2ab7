"""Ending the program of a pane: as its profile asks it to, then by a hang-up, then by force."""

import signal
from collections.abc import Sequence
from typing import Final

import trio

from orchestra import tmux
from orchestra.agents import Stop
from orchestra.errors import ConflictError, UnavailableError
from orchestra.runtime.control_client import ControlClient
from orchestra.runtime.pane import Pane
from orchestra.runtime.process_group import signal_members

__all__ = ["end_program", "press"]

HANG_UP_GRACE_S: Final = 2.0  # from the hang-up to the kill, where keys were pressed in vain
PRESS_S: Final = 1.0  # that keys may wait for what is typed before them
LOOK_S: Final = 0.02


async def end_program(pane: Pane, stop: Stop) -> tmux.PaneFacts:
    """End the program and return the facts of its dead pane; raise `UnavailableError` when tmux does not answer.

    `stop.keys` are pressed, and after `stop.grace_s` seconds the whole session is hung up on; without keys it gets
    `stop.signal` at once. Whatever then is still there is killed. The caller says how long that may take.
    """
    facts = await pane.server.facts()
    if not facts.is_dead and stop.keys and await _have_pressed(pane, stop.keys):
        facts = await _dead_within(pane, stop.grace_s)
    if not facts.is_dead:
        signal_members(facts.process_id, signal.Signals[stop.signal])
        signal_members(facts.process_id, signal.SIGCONT)  # a stopped program hears it only then
        facts = await _dead_within(pane, HANG_UP_GRACE_S if stop.keys else stop.grace_s)
    while not facts.is_dead:
        signal_members(facts.process_id, signal.SIGKILL)
        facts = await _dead_within(pane, LOOK_S)
    return facts


async def press(pane: Pane, keys: Sequence[str]) -> None:
    """Press keys as the terminal's only writer; raise `UnavailableError` in copy mode, where they would not arrive."""

    async def pressing(control: ControlClient) -> None:
        if (await control.look()).is_in_mode:
            raise UnavailableError("in_copy_mode", "Its terminal is in copy mode; the key would not arrive.")
        for line in tmux.press_keys(keys):
            await control.command(line)

    try:
        await pane.hold(pressing)
    except ConflictError as error:
        raise UnavailableError("not_attached", error.message) from error


async def _have_pressed(pane: Pane, keys: Sequence[str]) -> bool:
    try:
        with trio.fail_after(PRESS_S):
            await press(pane, keys)
    except (UnavailableError, trio.TooSlowError):
        return False
    return True


async def _dead_within(pane: Pane, in_time_s: float) -> tmux.PaneFacts:
    """Return the facts as soon as the program is dead, or those of the last look."""
    until_s = trio.current_time() + in_time_s
    while True:
        await trio.sleep(LOOK_S)
        facts = await pane.server.facts()
        if facts.is_dead or trio.current_time() >= until_s:
            return facts
