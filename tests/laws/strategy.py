"""Made-up terminal output and screens for the laws."""

from hypothesis import strategies as st

from orchestra.screen import Emulator, Snapshot

__all__ = ["COLUMNS", "ROWS", "output", "screens"]

ROWS, COLUMNS = 6, 20

_NUMBERS = st.lists(
    st.sampled_from(["", "0", "1", "2", "3", "5", "7", "19", "20", "21", "99", "65536", "4:3"]), max_size=3
)
_FINALS = st.sampled_from("@ABCDEFGHIJKLMPSTXZ`abdefghjlmnrsu")
_SEQUENCE = st.builds(lambda numbers, final: f"\x1b[{';'.join(numbers)}{final}", _NUMBERS, _FINALS)
_RENDITION = st.builds(
    lambda numbers: f"\x1b[{';'.join(numbers)}m",
    st.lists(
        st.sampled_from(
            "0 1 2 3 4 4:5 7 9 24 31 44 53 97 38;5;200 48;2;1;2;3 58:2::9:8:7 38:5:17 59".split()  # noqa: SIM905
        ),
        max_size=3,
    ),
)  # fmt: skip
_STYLED = st.lists(
    st.tuples(st.sampled_from(["", "", "\x1b(B"]), _RENDITION, st.text(st.sampled_from("abc ~─漢\u200d"), max_size=9)),
    min_size=2, max_size=6,
).map(lambda pieces: "".join(map("".join, pieces)))  # fmt: skip
_PRIVATE = st.builds(
    lambda number, final: f"\x1b[?{number}{final}",
    st.sampled_from([1, 3, 6, 7, 25, 47, 1047, 1048, 1049, 9, 1000, 1002, 1003, 1004, 1005, 1006, 2004, 2026]),
    st.sampled_from("hl"),
)
_ESCAPE = st.sampled_from(["7", "8", "D", "E", "M", "H", "=", ">", "c", "#8", "(0", "(B", "[!p"]).map("\x1b{}".format)
_CONTROL = st.text(st.sampled_from("\x00\x05\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x18\x1a\x1b\x7f"), min_size=1, max_size=3)
_STRING = st.sampled_from(
    [
        "\x1b]2;title ✳\x07",
        "\x1b]0;t\x1b\\",
        "\x1b]8;;https://a/\x1b\\",
        "\x1b]8;;\x07",
        "\x1bPq#0~\x1b\\",
        "\x1b_Gi=1;A\x1b\\",
        "\x1b]52;c;QQ==\x07",
        "\x1b]unended",
        "\x1bP=1s\x1b\\",
        "\x1bkname\x1b\\",
        "\x1b[3 q",
        "\x1b[?2026$p",
        "\x1b]11;?\x07",
    ]
)
_TEXT = st.one_of(
    st.text(st.sampled_from("ab ~é─✓漢字🙂\u0301\u200d\ufe0f👍🏽🇺"), max_size=12),
    st.text(max_size=8),
    st.sampled_from(["x" * COLUMNS, "漢" * COLUMNS, "line\r\n" * 4, "👨\u200d👩\u200d👧 "]),
)
_PIECE = st.one_of(_TEXT, _TEXT, _SEQUENCE, _RENDITION, _STYLED, _PRIVATE, _ESCAPE, _CONTROL, _STRING)

output = st.one_of(
    st.lists(_PIECE, max_size=20).map(lambda pieces: "".join(pieces).encode("utf-8", "replace")),
    st.lists(st.one_of(st.binary(max_size=10), _PIECE.map(lambda piece: piece.encode("utf-8", "replace")))).map(
        b"".join
    ),
)
"""What a program may send: mostly meaningful, sometimes not even UTF-8."""


def _shown(data: bytes) -> Snapshot:
    emulator = Emulator(ROWS, COLUMNS)
    emulator.feed(data)
    return emulator.snapshot()


screens = output.map(_shown)
"""Screens that an emulator can show."""
