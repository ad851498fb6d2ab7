"""Texts that something between a sender and a program has been known to change, and what a raw reader must get."""

import random

from orchestra.tmux import normal_form

PIECES = (
    'it\'s "quoted" `and` $(run)',
    "a; b;",
    "-l leading",
    "--",
    "#(touch x)#{pane_id}##",
    "end\x1b[201~touch y\r",
    "begin\x1b[200~",
    "😀👩‍👩‍👧 e\u0301\u0323 ñ",
    "\u2028line\u2029paragraph\u0085next",
    "שלום \u202eabc\u202c مرحبا",
    "\tone\ttwo\t",
    "nul\x00bel\x07del\x7fcsi\x9b31m",
    "lone\rreturn\r\nboth\n\rodd",
    "half \ud800 pair \udfff",
    "%0 \\; \\n \\e ~. ^C {a,b} *?[]",
    "\ufeff\u200b\u00ad\ufffe",
    " leading and trailing blanks ",
)


def awkward_texts(count: int, seed: int = 1) -> list[str]:
    """Return `count` texts, all different, each with something awkward; among them long ones and many lines."""
    chance = random.Random(seed)
    texts = []
    for number in range(count):
        match number % 20:
            case 7:
                text = "\n".join(f"line {line} of {number}" for line in range(50))
            case 13:
                text = f"{number} " + chance.choice(("x", "é", "漢", "😀")) * 5_000
            case 19 if number == 99:
                text = f"{number} " + "0123456789abcde\n" * 6_400
            case _:
                text = "".join(chance.sample(PIECES, 4)) + f" {number}"
        texts.append(chance.choice(("", "\n", "-", ";")) + text + chance.choice(("", "\n", "\r\n\r\n", ";")))
    return texts


def typed(text: str, *, is_bracketed: bool) -> bytes:
    """Return the bytes of one message: its normal form, between brackets where the program asked for them, Enter."""
    inner = normal_form(text).encode()
    return (b"\x1b[200~" + inner + b"\x1b[201~" if is_bracketed else inner) + b"\r"


def without_keys(read: bytes, texts: list[str], key: bytes, *, is_bracketed: bool) -> int:
    """Check that `read` is the messages in order, each once and whole, with `key` only between them.

    Returns how many keys there were. Raises `AssertionError` that tells where it is not so.
    """
    at = keys = 0
    for number, text in enumerate(texts):
        while read.startswith(key, at):
            at, keys = at + len(key), keys + 1
        block = typed(text, is_bracketed=is_bracketed)
        found = read[at : at + len(block)]
        assert found == block, f"message {number}: {found[:200]!r} instead of {block[:200]!r}"
        at += len(block)
    rest = read[at:]
    assert rest.replace(key, b"") == b"", f"after the last message: {rest[:200]!r}"
    return keys + len(rest) // len(key)
