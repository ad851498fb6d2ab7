"""The seed list of probes: one control function each, on a screen of 5 rows, and what it must leave behind."""

from dataclasses import dataclass

import pytest

from orchestra.screen import Emulator

ROWS, COLUMNS = 5, 20


@dataclass(frozen=True)
class Probe:
    """What is fed and what is seen: rows without trailing blanks, cursor, the first cell's style, answers, title."""

    about: str
    data: bytes
    rows: list[str]
    cursor: tuple[int, int]
    columns: int = COLUMNS
    style: tuple[int | str | None, ...] = ()
    answers: bytes = b""
    title: str = ""


PROBES = [
    Probe("XTMODKEYS CSI>4;2m", b"\x1b[>4;2mhi", ["hi"], (0, 2)),
    Probe("SGR 4:3", b"\x1b[4:3mhi", ["hi"], (0, 2), style=(768,)),
    Probe("SGR 38:2::1:2:3", b"\x1b[38:2::1:2:3mhi", ["hi"], (0, 2), style=(0, 16843267)),
    Probe("SGR 58;2;1;2;3 (ulcolor)", b"\x1b[58;2;1;2;3mhi", ["hi"], (0, 2), style=(0, None, None, 16843267)),
    Probe("SGR 58;5;4", b"\x1b[58;5;4mhi", ["hi"], (0, 2), style=(0, None, None, 4)),
    Probe("SGR 2 dim", b"\x1b[2mhi", ["hi"], (0, 2), style=(2,)),
    Probe("SGR 53 overline", b"\x1b[53mhi", ["hi"], (0, 2), style=(128,)),
    Probe("SGR 8 conceal", b"\x1b[8mhi", ["hi"], (0, 2), style=(32,)),
    Probe("SGR 21 dbl ul", b"\x1b[21mhi", ["hi"], (0, 2), style=(512,)),
    Probe("SGR 38;2;300;1;1", b"\x1b[38;2;300;1;1mhi", ["hi"], (0, 2)),
    Probe("kitty kbd push CSI>1u", b"\x1b[>1uhi", ["hi"], (0, 2)),
    Probe("kitty kbd set CSI=1u", b"\x1b[=1;1uhi", ["hi"], (0, 2)),
    Probe("kitty kbd pop CSI<u", b"\x1b[<uhi", ["hi"], (0, 2)),
    Probe("CSI ?u", b"\x1b[?uhi", ["hi"], (0, 2)),
    Probe("DECSCUSR CSI 2 SP q", b"\x1b[2 qhi", ["hi"], (0, 2)),
    Probe("XTVERSION CSI>q", b"\x1b[>qhi", ["hi"], (0, 2), answers=b"\x1bP>|Orchestra\x1b\\"),
    Probe("XTVERSION CSI>0q", b"\x1b[>0qhi", ["hi"], (0, 2), answers=b"\x1bP>|Orchestra\x1b\\"),
    Probe("DECRQM CSI?2026$p", b"\x1b[?2026$phi", ["hi"], (0, 2), answers=b"\x1b[?2026;2$y"),
    Probe("DECSTR CSI!p", b"\x1b[!phi", ["hi"], (0, 2)),
    Probe('DECSCL CSI 61"p', b'\x1b[61"phi', ["hi"], (0, 2)),
    Probe("CSI ?996n theme", b"\x1b[?996nhi", ["hi"], (0, 2), answers=b"\x1b[?997;1n"),
    Probe("CSI ?6n DECXCPR", b"\x1b[?6nhi", ["hi"], (0, 2), answers=b"\x1b[?1;1R"),
    Probe("CSI ?4m XTQMODKEYS", b"\x1b[?4mhi", ["hi"], (0, 2)),
    Probe("CSI ?1r restore modes", b"\x1b[?1rhi", ["hi"], (0, 2)),
    Probe("CSI ?25s", b"\x1b[?25shi", ["hi"], (0, 2)),
    Probe("CSI 1;2;3A", b"\x1b[1;2;3Ahi", ["hi"], (0, 2)),
    Probe("CSI 1;1;1H", b"\x1b[1;1;1Hhi", ["hi"], (0, 2)),
    Probe("CSI 4J", b"\x1b[4Jhi", ["hi"], (0, 2)),
    Probe("CSI 3K", b"\x1b[3Khi", ["hi"], (0, 2)),
    Probe("ESC P DCS tmux;", b"\x1bPtmux;abc\x1b\\hi", ["hi"], (0, 2)),
    Probe("XTGETTCAP", b"\x1bP+q544e\x1b\\hi", ["hi"], (0, 2)),
    Probe("APC kitty gfx", b"\x1b_Gi=1;AAAA\x1b\\hi", ["hi"], (0, 2)),
    Probe("PM", b"\x1b^abc\x1b\\hi", ["hi"], (0, 2)),
    Probe("OSC 8", b"\x1b]8;;http://x\x1b\\hi\x1b]8;;\x1b\\", ["hi"], (0, 2), style=(0, None, None, None, "http://x")),
    Probe("OSC 10?", b"\x1b]10;?\x1b\\hi", ["hi"], (0, 2), answers=b"\x1b]10;rgb:d4d4/d4d4/d4d4\x1b\\"),
    Probe("OSC 11?", b"\x1b]11;?\x07hi", ["hi"], (0, 2), answers=b"\x1b]11;rgb:0c0c/0c0c/0c0c\x1b\\"),
    Probe("OSC 133;A", b"\x1b]133;A\x07hi", ["hi"], (0, 2)),
    Probe("OSC 22", b"\x1b]22;pointer\x07hi", ["hi"], (0, 2)),
    Probe("OSC 2 title", b"\x1b]2;T;x\x07hi", ["hi"], (0, 2), title="T;x"),
    Probe("OSC 52", b"\x1b]52;c;aGk=\x07hi", ["hi"], (0, 2)),
    Probe("OSC P linux palette", b"\x1b]P0ffffffhi", [], (0, 0)),
    Probe("OSC 112 (reset cursor color)", b"\x1b]112\x07hi", ["hi"], (0, 2)),
    Probe("ESC ESC [A", b"\x1b\x1b[Ahi", ["hi"], (0, 2)),
    Probe("CSI 1 ESC[2m", b"\x1b[1\x1b[2mhi", ["hi"], (0, 2), style=(2,)),
    Probe("ESC SP F", b"\x1b Fhi", ["hi"], (0, 2)),
    Probe("ESC * 0", b"\x1b*0hi", ["hi"], (0, 2)),
    Probe("ESC ( 0 qqq (utf8)", b"\x1b(0qqq\x1b(Bhi", ["───hi"], (0, 5)),
    Probe("SO/SI line draw", b"\x1b)0\x0eqqq\x0fhi", ["───hi"], (0, 5)),
    Probe("NEL ESC E", b"ab\x1bEcd", ["ab", "cd"], (1, 2)),
    Probe("REP CSI 3b", b"a\x1b[3bX", ["aaaaX"], (0, 5)),
    Probe("SU CSI 1S", b"a\r\nb\r\nc\x1b[1SX", ["b", "c", " X"], (2, 2)),
    Probe("SD CSI 1T", b"a\r\nb\r\nc\x1b[1TX", ["", "a", "bX", "c"], (2, 2)),
    Probe("CBT CSI Z", b"\t\tX\x1b[ZY", ["                Y"], (0, 17), columns=40),
    Probe("CHT CSI 2I", b"\x1b[2IX", ["                X"], (0, 17), columns=40),
    Probe("CSI s / u", b"ab\x1b[s\x1b[3;5Hcd\x1b[uX", ["abX", "", "    cd"], (0, 3)),
    Probe("DECSC x2 DECRC x2", b"ab\x1b7\x1b[3;5H\x1b8X\x1b[4;4H\x1b8Y", ["abY"], (0, 3)),
    Probe("alt 1049", b"main\x1b[?1049h\x1b[HALT\x1b[?1049l", ["main"], (0, 4)),
    Probe("VS16 heart then text", b"\xe2\x9d\xa4\xef\xb8\x8f hello", ["\u2764\ufe0f hello"], (0, 7)),
    Probe(
        "ZWJ family then text",
        b"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7 hello",
        ["\U0001f468\u200d\U0001f469\u200d\U0001f467 hello"],
        (0, 8),
    ),
    Probe("skin tone", b"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd hi", ["\U0001f44d\U0001f3fd hi"], (0, 7)),
    Probe("flag", b"\xf0\x9f\x87\xba\xf0\x9f\x87\xb8 hi", ["\U0001f1fa\U0001f1f8 hi"], (0, 5)),
    Probe("combining e", b"e\xcc\x81x", ["éx"], (0, 2)),
    Probe("ZWSP", b"a\xe2\x80\x8bb", ["a\u200bb"], (0, 2)),
    Probe("soft hyphen", b"a\xc2\xadb", ["a\xadb"], (0, 3)),
    Probe("wide at last col", b"abcd\xe3\x82\xb3x", ["abcd", "\u30b3x"], (1, 3), columns=5),
    Probe("overwrite 2nd half of wide", b"\xe3\x82\xb3\x1b[1;2Hx", [" x"], (0, 2)),
    Probe("overwrite 1st half of wide", b"\xe3\x82\xb3\x1b[1;1Hx", ["x"], (0, 1)),
    Probe("cursor below region LF", b"\x1b[1;3r\x1b[5;1Ha\nb", ["", "", "", "", "ab"], (4, 2)),
    Probe("CUD below region", b"\x1b[1;3r\x1b[4;1Ha\x1b[1Bb", ["", "", "", "a", " b"], (4, 2)),
    Probe("CUU above region", b"\x1b[3;5r\x1b[2;1Ha\x1b[1Ab", [" b", "a"], (0, 2)),
    Probe("DECSTBM reset homes?", b"\x1b[3;3Hx\x1b[rY", ["Y", "", "  x"], (0, 1)),
    Probe("CSI 0;0r", b"\x1b[2;3r\x1b[0;0r\x1b[5;1Ha\nb", ["", "", "", "a", " b"], (4, 2)),
    Probe("BCE ED on fresh", b"\x1b[44m\x1b[2J", [], (0, 0), style=(0, None, 4)),
    Probe("EL underline", b"\x1b[4m\x1b[Kx", ["x"], (0, 1), style=(256,)),
    Probe("pending wrap then CUP/EL", b"abcde\x1b[K", ["abcde"], (0, 4), columns=5),
    Probe("pending wrap + SGR + CR", b"abcde\x1b[mX", ["abcde", "X"], (1, 1), columns=5),
    Probe("DECCOLM ?3h", b"\x1b[?3hx", ["x"], (0, 1)),
    Probe(
        "DECALN",
        b"\x1b#8",
        [
            "EEEEEEEEEEEEEEEEEEEE",
            "EEEEEEEEEEEEEEEEEEEE",
            "EEEEEEEEEEEEEEEEEEEE",
            "EEEEEEEEEEEEEEEEEEEE",
            "EEEEEEEEEEEEEEEEEEEE",
        ],
        (0, 0),
    ),
    Probe("ESC # 3", b"\x1b#3hi", ["hi"], (0, 2)),
    Probe("superscript digit in CSI", b"\x1b[\xc2\xb2mhi", ["hi"], (0, 2)),
    Probe("DECOM + VPA no margins", b"\x1b[?6h\x1b[2dx", ["", "x"], (1, 1)),
    Probe("DECOM + DSR no margins", b"\x1b[?6h\x1b[6nx", ["x"], (0, 1), answers=b"\x1b[1;1R"),
    Probe("8-bit CSI raw", b"\x9b31mhi", ["\ufffd31mhi"], (0, 6)),
    Probe("U+009B utf8 CSI", b"\xc2\x9b31mhi", ["31mhi"], (0, 5)),
    Probe("CAN in CSI", b"\x1b[3\x18mhi", ["mhi"], (0, 3)),
    Probe("unterminated OSC", b"\x1b]0;abc\r\nline2\r\nline3", [], (0, 0)),
    Probe("ENQ/other C0", b"a\x05b\x06c", ["abc"], (0, 3)),
    Probe("tmux title ESC k", b"\x1bkname\x1b\\hi", ["hi"], (0, 2)),
    Probe("window ops 22;0;0t", b"\x1b[22;0;0thi", ["hi"], (0, 2)),
    Probe("CSI 18t", b"\x1b[18thi", ["hi"], (0, 2)),
    Probe("DECSED ?J", b"\x1b[?2Jhi", ["hi"], (0, 2)),
    Probe('erase DECSCA CSI 1"q', b'\x1b[1"qhi', ["hi"], (0, 2)),
    Probe("huge CUF", b"\x1b[99999999999Cx", ["                   x"], (0, 19)),
    Probe("CSI 0 H w/ 5 params SGR reset mid", b"\x1b[1;31;0mhi", ["hi"], (0, 2)),
]


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.about)
def test_probe(probe: Probe) -> None:
    """Each control function does what xterm and tmux do, or nothing, and never raises or prints its own letters."""
    emulator = Emulator(ROWS, probe.columns)
    emulator.feed(probe.data)
    snapshot = emulator.snapshot()
    snapshot.verify()
    assert [row.rstrip() for row in snapshot.text_rows()] == probe.rows + [""] * (ROWS - len(probe.rows))
    assert (snapshot.cursor.row, snapshot.cursor.column) == probe.cursor
    assert snapshot.cell(0, 0).style.wire == probe.style
    assert emulator.take_replies() == probe.answers
    assert snapshot.title == probe.title


def test_probes_are_all_there() -> None:
    """None of the probes was lost."""
    assert len(PROBES) == 94
