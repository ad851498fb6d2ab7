"""Sender: what one viewer holds, the window of what it did not acknowledge, and what is due."""

import pytest

from orchestra.errors import BadInputError
from orchestra.sync import (
    MAX_UNACKNOWLEDGED_BYTES,
    MIN_WINDOW_TICKS,
    RESYNC_EVERY_S,
    Picture,
    Sender,
    Subscription,
)
from orchestra.sync.pacing import COLLECT_S
from orchestra.sync.sender import HASTE_S, INPUT_ACK_DELAY_S, MAX_HASTY_PICTURES, Beat

PICTURE = Picture(1, 1, "a screen")


def sender_of(*subscriptions: Subscription[str]) -> Sender[str]:
    """Return a sender whose panes are numbered from 1."""
    return Sender(subscriptions=dict(enumerate(subscriptions, 1)))


def test_a_new_subscription_is_due_at_once() -> None:
    """The first frame waits for nothing."""
    sender = sender_of(Subscription("cells"))
    assert sender.take(5.0) == [1]
    assert sender.wait_until_s(5.0) == 5.0


def test_what_was_sent_is_not_due() -> None:
    """After a frame nothing is due until something changes."""
    sender = sender_of(Subscription("cells"))
    sender.sent(1, PICTURE, 5.0)
    assert sender.take(50.0) == []
    assert sender.wait_until_s(50.0) is None
    assert sender.subscriptions[1].held is PICTURE


def test_a_change_waits_for_its_pace() -> None:
    """A change right after a frame waits for the pace, one after a pause goes at once."""
    sender = sender_of(Subscription("cells", max_fps=10, last_sent_s=5.0, is_dirty=False))
    due = sender.changed(1, 5.01)
    assert due is not None
    assert 5.01 < due <= 5.1 + 1e-9
    assert sender.take(5.01) == []
    assert sender.take(due) == [1]
    assert sender.changed(1, 7.0) == 7.0


def test_tiles_wait_for_one_beat() -> None:
    """Tiles that change at different moments go together at the next beat; the focused terminal does not wait."""
    sender = Sender[str]()
    for number in (1, 2, 3):
        sender.subscriptions[number] = Subscription("cells", max_fps=10, is_focused=number == 3, beat=sender.beat)
        sender.sent(number, PICTURE, 4.0)
    at_once = sender.changed(1, 5.01)
    assert at_once == pytest.approx(5.01 + COLLECT_S)
    sender.sent(1, PICTURE, 5.02)
    assert [sender.changed(2, 5.03), sender.changed(1, 5.06)] == pytest.approx([5.1, 5.1])
    assert sender.changed(3, 5.07) == 5.07
    sender.sent(3, PICTURE, 5.07)
    assert sender.take(5.09) == []
    assert sender.take(5.1 + 1e-6) == [1, 2]


def test_a_tile_that_was_never_shown_waits_for_no_beat() -> None:
    """A tile that comes into sight is drawn at once, whatever the others do."""
    sender = Sender[str]()
    for number in (1, 2):
        sender.subscriptions[number] = Subscription("cells", beat=sender.beat)
    sender.sent(1, PICTURE, 5.0)
    assert sender.take(5.001) == [2]


def test_the_focused_pane_comes_first() -> None:
    """Among panes that are due, focused ones go first, then by number."""
    sender = sender_of(Subscription("cells"), Subscription("cells"), Subscription("cells", is_focused=True))
    assert sender.take(0.0) == [3, 1, 2]


def test_a_hidden_pane_is_never_due() -> None:
    """What is hidden costs nothing, however much changes."""
    sender = sender_of(Subscription("cells", is_visible=False))
    assert sender.changed(1, 1.0) is None
    assert sender.take(100.0) == []


def test_a_change_of_an_unknown_pane_is_nothing() -> None:
    """A pane may report a change when its subscription has just ended."""
    assert sender_of().changed(9, 1.0) is None


def test_the_window_counts_ticks() -> None:
    """Four ticks that were not acknowledged stop cells, never text; an acknowledgement of the newest frees all."""
    sender = sender_of(Subscription("cells"), Subscription("ansi"))
    for _ in range(MIN_WINDOW_TICKS):
        assert not sender.is_window_full
        sender.sent_tick(10, 1.0)
    assert sender.is_window_full
    assert sender.take(1.0) == [2]
    assert sender.changed(1, 1.0) is None
    assert sender.acknowledge(MIN_WINDOW_TICKS, 1.0) is True
    assert sender.take(1.0) == [1, 2]
    assert sender.acknowledge(MIN_WINDOW_TICKS, 1.0) is False


def test_the_window_counts_bytes() -> None:
    """A megabyte that was not acknowledged fills the window, too."""
    sender = sender_of(Subscription("cells"))
    sender.sent_tick(MAX_UNACKNOWLEDGED_BYTES - 1, 1.0)
    assert not sender.is_window_full
    sender.sent_tick(1, 1.0)
    assert sender.is_window_full
    assert sender.acknowledge(1, 1.0) is True


def test_an_old_acknowledgement_is_harmless() -> None:
    """Acknowledging twice, or an older tick, changes nothing."""
    sender = sender_of(Subscription("cells"))
    for _ in range(3):
        sender.sent_tick(10, 1.0)
    sender.acknowledge(2, 1.0)
    sender.acknowledge(2, 1.0)
    sender.acknowledge(0, 1.0)
    sender.sent_tick(10, 1.0)
    sender.sent_tick(10, 1.0)
    assert not sender.is_window_full
    sender.sent_tick(10, 1.0)
    assert sender.is_window_full


def test_a_tick_that_was_never_sent_is_refused() -> None:
    """An acknowledgement of the future is refused and frees nothing."""
    sender = sender_of(Subscription("cells"))
    for _ in range(MIN_WINDOW_TICKS):
        sender.sent_tick(10, 1.0)
    with pytest.raises(BadInputError) as refused:
        sender.acknowledge(MIN_WINDOW_TICKS + 1, 1.0)
    assert refused.value.code == "bad_ack"
    assert sender.is_window_full


def test_written_input_is_told_soon() -> None:
    """Input that was written is told within its delay, hidden or not, and once."""
    subscription: Subscription[str] = Subscription("cells", is_visible=False, is_dirty=False)
    sender = sender_of(subscription)
    subscription.input_written(3, 1.0)
    subscription.input_written(4, 1.005)
    assert sender.wait_until_s(1.0) == 1.0 + INPUT_ACK_DELAY_S
    assert sender.take(1.0 + INPUT_ACK_DELAY_S) == [1]
    subscription.input_told()
    assert subscription.told_input_seq == 4
    assert sender.wait_until_s(2.0) is None


@pytest.mark.parametrize(("focused", "fps", "interval"), [(True, 1, 1 / 60), (False, 10, 0.1), (False, 60, 1 / 60)])
def test_interval(focused: bool, fps: int, interval: float) -> None:
    """A focused pane goes at 60 a second, another at its own pace and never faster."""
    assert Subscription[str]("cells", is_focused=focused, max_fps=fps).interval_s == pytest.approx(interval)


def test_a_tile_waits_for_the_rest_of_an_update_and_the_focused_terminal_does_not() -> None:
    """A change of a tile is due 8 ms after it began, however many more follow; the focused one at once."""
    for is_focused, wait_s in ((False, COLLECT_S), (True, 0.0)):
        sender: Sender[str] = Sender()
        sender.subscriptions[1] = Subscription("cells", is_focused=is_focused, is_dirty=False)
        assert sender.changed(1, 5.0) == pytest.approx(5.0 + wait_s)
        assert sender.changed(1, 5.004) == pytest.approx(max(5.004, 5.0 + wait_s))
        assert sender.take(5.0 + wait_s) == [1]


def test_a_viewer_that_lost_its_place_starts_again_but_not_all_the_time() -> None:
    """A resync forgets what is held and makes the pane due; within the next second it changes nothing."""
    sender = sender_of(Subscription("cells"))
    sender.sent(1, PICTURE, 5.0)
    subscription = sender.subscriptions[1]
    assert subscription.resync(6.0)
    assert subscription.held is None
    assert sender.take(6.0) == [1]
    sender.sent(1, PICTURE, 6.0)
    assert not subscription.resync(6.0 + RESYNC_EVERY_S - 0.01)
    assert subscription.held is PICTURE
    assert sender.take(50.0) == []
    assert subscription.resync(6.0 + RESYNC_EVERY_S)


def test_a_hidden_pane_that_lost_its_place_waits_until_it_is_seen() -> None:
    """A resync of what nobody sees costs nothing yet."""
    sender = sender_of(Subscription("cells", is_visible=False))
    assert sender.subscriptions[1].resync(1.0)
    assert sender.take(50.0) == []


def test_an_answer_to_input_does_not_wait_for_the_pace() -> None:
    """After input a brief change goes at once, a part of a flood keeps its pace, and so does everything later."""
    sender = sender_of(Subscription("cells", is_focused=True))
    sender.sent(1, PICTURE, 5.0)
    sender.subscriptions[1].input_written(1, 5.0)
    assert sender.changed(1, 5.001) != 5.001
    assert sender.changed(1, 5.002, is_brief=True) == 5.002
    late_s = 5.0 + HASTE_S + 0.01
    sender.sent(1, PICTURE, late_s)
    assert sender.changed(1, late_s + 0.001, is_brief=True) != late_s + 0.001


def test_haste_has_an_end() -> None:
    """One input makes so many pictures hasty and no more: who types into a flood does not get each of its pieces."""
    sender = sender_of(Subscription("cells", is_focused=True))
    sender.subscriptions[1].input_written(1, 5.0)
    for number in range(MAX_HASTY_PICTURES + 1):
        sender.sent(1, PICTURE, 5.001)
        is_at_once = sender.changed(1, 5.002, is_brief=True) == 5.002
        assert is_at_once == (number < MAX_HASTY_PICTURES)


def test_nobody_is_in_haste_for_a_tile() -> None:
    """Input into a terminal that is a tile hastens nothing."""
    sender = sender_of(Subscription("cells"))
    sender.sent(1, PICTURE, 5.0)
    sender.subscriptions[1].input_written(1, 5.0)
    assert sender.changed(1, 5.001, is_brief=True) != 5.001


def test_tiles_of_one_beat_go_together() -> None:
    """When several tiles are due at once, sending the first does not put off the others, beat after beat."""
    beat = Beat()
    sender = sender_of(*(Subscription("cells", last_sent_s=0.0, is_dirty=False, beat=beat) for _ in range(3)))
    now_s = 5.0
    for _ in range(20):
        for pane in (1, 2, 3):
            sender.changed(pane, now_s)
        now_s = max(now_s, sender.wait_until_s(now_s) or now_s)
        for pane in sender.take(now_s):
            due_s = sender.subscriptions[pane].frame_due_s(now_s)
            assert due_s is not None
            assert due_s <= now_s
            sender.sent(pane, PICTURE, now_s)
        assert not any(item.is_dirty for item in sender.subscriptions.values())
        now_s += 0.01
