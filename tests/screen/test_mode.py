"""The numbers of modes are the protocol's."""

from orchestra.screen.mode import APPLICATION_CURSOR_KEYS, APPLICATION_KEYPAD, INPUT_MODES, Switches


def test_every_bit_of_the_protocol_has_one_mode() -> None:
    """Ten modes, ten bits, none twice."""
    assert sorted(INPUT_MODES.values()) == [1 << bit for bit in range(10)]
    assert INPUT_MODES[1] == APPLICATION_CURSOR_KEYS
    assert INPUT_MODES[66] == APPLICATION_KEYPAD


def test_a_terminal_starts_wrapping_and_showing_its_cursor() -> None:
    """Everything else is off."""
    assert Switches() == Switches(
        autowrap=True,
        cursor_visible=True,
        insert=False,
        linefeed_newline=False,
        origin=False,
        synchronized=False,
    )
