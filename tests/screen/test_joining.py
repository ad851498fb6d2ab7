"""What joins the cell before it, by the rules of each tmux."""

import pytest

from orchestra.screen import Emulator, tmux_dialect
from orchestra.screen.joining import FLAG_LETTERS, TONES, Joining, rule_3_4, rule_3_6, rule_3_7

THUMB, TONE, WOMAN, LETTER = "👍", "🏽", "👩", "🇺"


def cells(text: str, minor: int) -> tuple[list[str], int]:
    """Return the cells that tmux 3.`minor` makes of a text, up to a mark at its end, and the column of that mark."""
    emulator = Emulator(2, 20, tmux_dialect(3, minor))
    emulator.feed(f"{text}|".encode())
    texts = list(emulator.snapshot().lines[0].texts)
    return texts[: texts.index("|")], texts.index("|")


# Each was printed into tmux 3.3a, 3.5a and 3.7c, which was then asked for its cursor; 3.6 by its source.
@pytest.mark.parametrize(
    ("text", "columns"),
    [
        pytest.param("e\u0301", (1, 1, 1, 1), id="accent"),
        pytest.param("❤\ufe0f", (1, 2, 2, 2), id="emoji selector"),
        pytest.param("a\ufe0f", (1, 2, 2, 2), id="emoji selector on a letter"),
        pytest.param("🙂\ufe0f", (2, 2, 2, 2), id="emoji selector on a wide one"),
        pytest.param("1\ufe0f\u20e3", (1, 2, 2, 2), id="keycap"),
        pytest.param("👍🏽", (4, 2, 4, 2), id="skin tone"),
        pytest.param("🏽👍", (4, 4, 2, 2), id="skin tone first"),
        pytest.param("漢🏽", (4, 2, 4, 4), id="skin tone on no person"),
        pytest.param("a🏽", (3, 3, 3, 3), id="skin tone on a letter"),
        pytest.param("é🏽", (3, 2, 3, 3), id="skin tone on a letter of two bytes"),
        pytest.param("🇺🇸", (2, 2, 2, 2), id="flag"),
        pytest.param("🇺🇸🇩🇪", (4, 2, 2, 4), id="two flags"),
        pytest.param("é🇸", (2, 2, 2, 2), id="letter of a flag after a letter"),
        pytest.param("👨\u200d👩\u200d👧", (2, 2, 2, 2), id="family"),
        pytest.param("👩\u200dé", (2, 2, 2, 2), id="joined narrow one"),
        pytest.param("👩\u200da", (3, 3, 3, 3), id="joiner before ASCII"),
        pytest.param("\u1100\u1161\u11a8", (2, 2, 2, 2), id="jamo"),
        pytest.param("👩\u200d\u1100", (2, 2, 4, 4), id="joiner before jamo"),
        pytest.param("a\u3164", (3, 3, 1, 1), id="filler"),
        pytest.param("\u0301\u200d\ufe0f", (0, 0, 0, 0), id="nothing to join"),
    ],
)
def test_columns_of_a_text(text: str, columns: tuple[int, ...]) -> None:
    """A text takes as many columns as in tmux."""
    assert tuple(cells(text, minor)[1] for minor in (3, 4, 6, 7)) == columns


def test_flag_is_one_cell() -> None:
    """Both letters stand in one wide cell; a third letter begins another flag."""
    assert cells("🇺🇸🇩", 7)[0] == ["🇺🇸", "", "🇩"]
    assert cells("🇺🇸🇩", 6)[0] == ["🇺🇸🇩", ""]


def test_what_finds_no_room_stands_alone_or_is_dropped() -> None:
    """A cell that is full takes no more: what has a width follows it, the rest goes."""
    assert cells("👩" + "\u200d👩" * 3, 4)[0] == ["👩" + "\u200d👩" * 2 + "\u200d", "", "👩", ""]
    assert cells("e" + "\u0301" * 20, 7)[0] == ["e" + "\u0301" * 15]


def test_cell_that_becomes_wide_takes_the_next_column() -> None:
    """What stood there is erased, both halves where it was wide; in the last column there is no room for it."""
    emulator = Emulator(1, 6, tmux_dialect(3, 7))
    emulator.feed("ab漢c\x1b[2G❤\ufe0f".encode())
    assert emulator.snapshot().lines[0].texts == ("a", "❤\ufe0f", "", " ", "c", " ")
    assert emulator.snapshot().cursor.column == 3
    emulator.feed("\x1b[6G❤\ufe0fz".encode())
    assert emulator.snapshot().lines[0].texts == ("a", "❤\ufe0f", "", " ", "c", "z")


@pytest.mark.parametrize("rule", [rule_3_4, rule_3_6, rule_3_7])
def test_joiner_takes_what_follows(rule: object) -> None:
    """After a zero width joiner every rule joins, without it none does."""
    assert callable(rule)
    assert rule("👩\u200d", "💻") is Joining.JOINED
    assert rule("👩", "💻") is Joining.SEPARATE


def test_tables_hold_what_they_are_named_for() -> None:
    """26 letters, five tones."""
    assert (len(FLAG_LETTERS), len(TONES)) == (26, 5)
    assert rule_3_7(WOMAN, TONE) is rule_3_7(THUMB, TONE) is Joining.WIDENING
    assert rule_3_7("漢", TONE) is rule_3_7(LETTER * 2, LETTER) is Joining.SEPARATE
