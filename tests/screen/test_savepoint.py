"""A savepoint is a copy: what happens later does not reach it."""

from orchestra.screen.terminal import Terminal


def test_later_changes_do_not_reach_what_was_saved() -> None:
    """Place, rendition, character sets and origin mode come back as they were."""
    terminal = Terminal(20, 5)
    terminal.draw("ab")
    terminal.render("1;31")
    terminal.define_charset("0", ")")
    terminal.shift_out()
    terminal.save_cursor()
    saved = terminal.savepoints_by_screen[False]
    terminal.cursor_position(3, 3)
    terminal.render("")
    terminal.define_charset("B", ")")
    terminal.shift_in()
    terminal.set_mode(6, private=True)
    assert terminal.savepoints_by_screen[False] == saved
    terminal.restore_cursor()
    assert (terminal.y, terminal.x, terminal.style.wire) == (0, 2, (1, 1))
    assert terminal.is_drawing
    assert not terminal.switches.origin
