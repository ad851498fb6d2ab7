"""Writes `frames.json`: frames and the screens they make, for every implementation of docs/protocol.md 1.3 to 1.5.

Run `python -m tests.vectors.make` from the root of the repository after a change to the protocol.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orchestra.screen import Cursor, Delta, Emulator, RowRuns, Run, Scroll, Snapshot, Style, apply, diff
from orchestra.wire.frame import encode_envelope, encode_frame

FILE = Path(__file__).with_name("frames.json")
PANE, EPOCH, BASE, SEQ = 7, 3, 40, 42

PLAIN = Style()
RED = Style(foreground=1)
FANCY = Style(1 | 4 | 128 | 3 << 8, 0x1FF8000, 236, 0x100FF80)
LINK = Style(1 << 8, link="https://example.org/a?b=c")
EVERY_FLAG = [Style(1 << bit) for bit in range(8)] + [Style(kind << 8) for kind in range(1, 6)]


@dataclass(frozen=True)
class Case:
    """One vector: a delta on a base, or several panes' in one envelope."""

    name: str
    about: str
    base: Snapshot | None
    delta: Delta
    has_wrong_checksum: bool = False


def screen(rows: int, columns: int, output: str) -> Snapshot:
    """Return what an emulator shows after `output`."""
    emulator = Emulator(rows, columns)
    emulator.feed(output.encode())
    return emulator.snapshot()


LOG = screen(5, 16, "one\r\ntwo\r\nthree\r\nfour\r\nfive")
STYLED = screen(
    4,
    12,
    "\x1b[44m漢字\x1b[m e\u0301\r\n\x1b]8;;https://example.org/\x1b\\link\x1b]8;;\x1b\\ 👨\u200d👩\r\n\x1b[4:3mcurly",
)
WIDE = screen(2, 10, "\x1b[31m漢字\x1b[32m漢字\x1b[mab")


def on(base: Snapshot, *rows: tuple[int, int, list[Run]], rest: Delta | None = None) -> Delta:
    """Return a delta with these row operations and the `rest`, and the checksum of what it makes of `base`."""
    changes = tuple(RowRuns(row, column, tuple(runs)) for row, column, runs in rows)
    bare = replace(rest or Delta(), rows=changes)
    return replace(bare, checksum=apply(base, bare).checksum())


def from_output(base: Snapshot, output: str) -> Snapshot:
    """Return what `output` makes of a fresh screen of the same size."""
    return screen(base.rows, base.columns, output)


def cases() -> Iterator[Case]:
    """Yield every single-frame vector."""
    yield Case("keyframe_empty", "nothing but a size", None, diff(None, screen(2, 4, "")))
    yield Case("keyframe_text", "text, cursor", None, diff(None, screen(4, 20, "hello\r\n\nworld")))
    busy = screen(
        6,
        20,
        "\x1b]2;busy ✳ title\x07\x1b[1;3;53;4:3;38;2;255;128;0;48;5;236;58:2::0:255:128mfancy\x1b[m plain\r\n"
        "\x1b]8;;https://example.org/a?b=c\x1b\\\x1b[4mlink\x1b[m\x1b]8;;\x1b\\ 漢字 e\u0301 👨\u200d👩\r\n"
        "\x1b[44m\x1b[K\x1b[m\r\n────────────────────\x1b[?2004h\x1b[?1006h\x1b[?1002h\x1b[5 q\x1b[?25l\x1b[5;3H",
    )
    yield Case(
        "keyframe_busy", "styles, links, wide cells, clusters, coloured blanks, modes, title", None, diff(None, busy)
    )
    yield Case("keyframe_replaces", "a keyframe builds on an empty screen, whatever was held", LOG, diff(None, WIDE))
    yield Case("nothing", "no operation at all", LOG, Delta())
    yield Case(
        "run_text", "[style, text]: a cell a code point", LOG, on(LOG, (1, 4, [(PLAIN, "plus"), (RED, "red é€")]))
    )
    yield Case("run_repeated", "[style, text, n]", LOG, on(LOG, (2, 0, [(RED, "=", 12), (PLAIN, " ", 4)])))
    yield Case("run_repeated_cluster", "a repeated cluster", LOG, on(LOG, (2, 3, [(RED, "e\u0301", 3)])))
    yield Case("run_clusters", "[style, [text], 1]", LOG, on(LOG, (3, 1, [(PLAIN, ("e\u0301", "❤\ufe0f"), 1)])))
    yield Case("run_wide", "[style, [text], 2]", LOG, on(LOG, (0, 2, [(RED, ("漢", "👨\u200d👩"), 2), (PLAIN, "x")])))
    yield Case("run_astral", "narrow code points outside the first plane", LOG, on(LOG, (0, 0, [(PLAIN, "𝒜𝒷𝒸")])))
    yield Case(
        "wide_right_half_gone", "a wide cell's right half is written over", WIDE, on(WIDE, (0, 1, [(PLAIN, "x")]))
    )
    yield Case("wide_left_half_gone", "a wide cell's left half is written over", WIDE, on(WIDE, (0, 2, [(PLAIN, "x")])))
    yield Case(
        "wide_over_two_halves", "a wide cell over the halves of two", WIDE, on(WIDE, (0, 1, [(PLAIN, ("語",), 2)]))
    )
    yield Case("row_to_the_edge", "up to the last column", WIDE, on(WIDE, (1, 8, [(PLAIN, ("語",), 2)])))
    yield Case("every_flag", "each flag and underline by itself", LOG, on(LOG, (4, 0, [(s, "x") for s in EVERY_FLAG])))
    yield Case("style_colours", "palette 0 and 255, black and white in RGB", LOG, on(
        LOG, (1, 0, [(Style(0, 0), "a"), (Style(0, 255), "b"), (Style(0, None, 0x1000000), "c"),
                     (Style(0, 0x1FFFFFF, 0), "d"), (FANCY, "e"), (LINK, "f"), (Style(0, link="x:y"), "g")],
              )))  # fmt: skip
    yield Case(
        "scroll_up", "the whole screen", LOG, on(LOG, (4, 0, [(PLAIN, "six")]), rest=Delta(scrolls=(Scroll(0, 5, 1),)))
    )
    yield Case("scroll_up_region", "a region by two", LOG, on(LOG, rest=Delta(scrolls=(Scroll(1, 4, 2),))))
    yield Case(
        "scroll_down",
        "the whole screen",
        LOG,
        on(LOG, (0, 0, [(PLAIN, "zero")]), rest=Delta(scrolls=(Scroll(0, 5, -1),))),
    )
    yield Case("scroll_down_region", "a region by two", LOG, on(LOG, rest=Delta(scrolls=(Scroll(0, 4, -2),))))
    yield Case(
        "scroll_everything_away", "by the height of the region", LOG, on(LOG, rest=Delta(scrolls=(Scroll(1, 3, 2),)))
    )
    yield Case(
        "scroll_twice", "one after the other", LOG, on(LOG, rest=Delta(scrolls=(Scroll(0, 3, 1), Scroll(1, 5, -1))))
    )
    yield Case(
        "scroll_moves_wide",
        "rows move whole: wide cells, clusters, links and colours with them",
        STYLED,
        on(STYLED, rest=Delta(scrolls=(Scroll(0, 4, -1),))),
    )
    yield Case(
        "wide_run_over_wide_run",
        "wide cells one column to the right of others: both ends leave a blank half",
        WIDE,
        on(WIDE, (0, 1, [(PLAIN, ("語", "語", "語"), 2)])),
    )
    yield Case(
        "links_next_to_each_other",
        "two targets, one with a semicolon and more than ASCII, and none",
        LOG,
        on(LOG, (0, 0, [(LINK, "one"), (Style(link="https://é.example/;x"), "two"), (PLAIN, "none")])),
    )
    yield Case("cursor", "moved and hidden", LOG, on(LOG, rest=Delta(cursor=Cursor(1, 15, False, 6))))
    yield Case("modes", "every bit that VT text says too", LOG, on(LOG, rest=Delta(modes=1023)))
    yield Case("modes_alternate", "every bit, that of the alternate screen too", LOG, on(LOG, rest=Delta(modes=2047)))
    yield Case("title", "with more than ASCII", LOG, on(LOG, rest=Delta(title="✳ Überschrift 漢")))
    yield Case("bell", "three times", LOG, on(LOG, rest=Delta(bells=3)))
    yield Case("everything", "all operations in one", LOG, on(
        LOG, (3, 0, [(RED, ("漢",), 2), (PLAIN, " ok")]), (4, 2, [(LINK, "-", 9)]), rest=Delta(
            scrolls=(Scroll(0, 5, 1),), cursor=Cursor(4, 11, True, 2), modes=4, title="t", bells=1)))  # fmt: skip
    after = from_output(LOG, "two\r\nthree\r\n\x1b[32mfour\x1b[m\r\nfive\r\nsix\x07")
    yield Case("found_scroll", "as a server finds it", LOG, diff(LOG, after, is_checked=True))
    wrong = Delta(rows=(RowRuns(0, 0, ((PLAIN, "x"),)),), checksum=1)
    yield Case("wrong_checksum", "must be noticed; the screen is what came", LOG, wrong, has_wrong_checksum=True)


def described(snapshot: Snapshot) -> dict[str, Any]:
    """Return a screen as README.md describes it."""
    styles: dict[Style, int] = {}
    cells = [
        [[text, styles.setdefault(style, len(styles))] for text, style in zip(line.texts, line.styles, strict=True)]
        for line in snapshot.lines
    ]
    cursor = snapshot.cursor
    return {
        "rows": snapshot.rows,
        "columns": snapshot.columns,
        "styles": [list(style.wire) for style in styles],
        "cells": cells,
        "text": snapshot.text_rows(),
        "cursor": {"row": cursor.row, "column": cursor.column, "visible": cursor.is_visible, "shape": cursor.shape},
        "modes": snapshot.modes,
        "title": snapshot.title,
        "checksum": snapshot.checksum(),
    }


def vector(case: Case) -> dict[str, Any]:
    """Return one entry of the file."""
    base = 0 if case.delta.is_keyframe else BASE
    frame = encode_frame(PANE, EPOCH, base, SEQ, case.delta)
    return {
        "name": case.name,
        "about": case.about,
        "base": None if case.base is None else described(case.base),
        "frame": frame.hex(),
        "pane": PANE,
        "epoch": EPOCH,
        "base_seq": base,
        "seq": SEQ,
        "bells": case.delta.bells,
        "is_checksum_right": not case.has_wrong_checksum,
        "expected": described(apply(case.base, case.delta)),
    }


def envelopes() -> list[dict[str, Any]]:
    """Return the entries that hold whole messages; their frames are entries by name."""
    frames = {case.name: vector(case)["frame"] for case in cases()}

    def envelope(name: str, tick: int, acks: dict[int, int], *names: str) -> dict[str, Any]:
        data = encode_envelope(tick, acks, [bytes.fromhex(frames[key]) for key in names])
        shown = {str(pane): seq for pane, seq in acks.items()}
        return {"name": name, "envelope": data.hex(), "tick": tick, "acks": shown, "frames": [frames[n] for n in names]}

    return [
        envelope("envelope_empty", 1, {}),
        envelope("envelope_acks_only", 2, {7: 12, 300: 70000}),
        envelope("envelope_two_frames", 70000, {7: 1}, "keyframe_text", "run_wide"),
    ]


def broken() -> list[dict[str, Any]]:
    """Return the entries that do not fit what is held, and what a client says of each."""

    def entry(
        name: str, about: str, fault: str, delta: Delta, *, base: int = BASE, epoch: int = EPOCH
    ) -> dict[str, Any]:
        frame = encode_frame(PANE, epoch, base, SEQ, delta)
        held = {"held_epoch": EPOCH, "held_seq": BASE, "base": described(LOG)}
        return {"name": name, "about": about, "broken": frame.hex(), "fault": fault, **held}

    def run(row: int, column: int, *runs: Run) -> Delta:
        return Delta(rows=(RowRuns(row, column, runs),))

    return [
        entry("broken_base", "from another snapshot", "stale", run(0, 0, (PLAIN, "x")), base=BASE - 1),
        entry("broken_epoch", "for another size", "stale", run(0, 0, (PLAIN, "x")), epoch=EPOCH + 1),
        entry("broken_row", "a row below the last", "bounds", run(5, 0, (PLAIN, "x"))),
        entry("broken_column", "past the last column", "bounds", run(0, 15, (PLAIN, "xy"))),
        entry("broken_wide", "half past the last column", "bounds", run(0, 15, (PLAIN, ("漢",), 2))),
        entry("broken_scroll", "rows below the last", "bounds", Delta(scrolls=(Scroll(0, 6, 1),))),
        entry("broken_checksum", "nothing changes, and it is of another screen", "checksum", Delta(checksum=1)),
    ]


def text() -> str:
    """Return the whole file."""
    entries = [vector(case) for case in cases()] + envelopes() + broken()
    return "[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False, sort_keys=True) for entry in entries) + "\n]\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
