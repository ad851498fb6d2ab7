"""Whether the text that a program says it took is a text that was sent."""

import re
import unicodedata
from typing import Final

__all__ = ["is_same_text"]

MIN_PART_CHARACTERS: Final = 16  # of a part that stands for the whole: a shorter one is in too many texts
_ELLIPSES: Final = "…."
_MARK: Final = re.compile(r'</?pasted_content id="[^"]{1,64}">')
"""Round what Claude Code 2.1.330 folded away as a paste, in its hook as for its model (docs/agents.md)."""
_FOLDED: Final = re.compile(r'<pasted_content id="([^"]{1,64})">.*</pasted_content id="\1">', re.DOTALL)


def is_same_text(sent: str, heard: str) -> bool:
    """Tell whether `heard` is what `sent` became: wrapped, cut at its end, or among other text.

    Blanks, line ends and characters that show nothing (Unicode category Cf) do not count, as programs drop them, nor
    does an ellipsis at the end of what was cut. A text that was folded away as a paste is whole: another one that only
    holds ours is another message.
    """
    ours, theirs = _bare(sent), _bare(heard)
    is_whole = _MARK.search(heard) is not None and not _FOLDED.sub("", heard, count=1).strip()
    if is_whole or ours == theirs:
        return ours == theirs
    cut = theirs.rstrip(_ELLIPSES)
    if len(cut) >= MIN_PART_CHARACTERS and ours.startswith(cut):
        return True
    return len(ours) >= MIN_PART_CHARACTERS and ours in theirs


def _bare(text: str) -> str:
    """Return what of a text every program shows."""
    joined = "".join(_MARK.sub("", text).split())
    if joined.isascii():
        return joined
    return "".join(letter for letter in unicodedata.normalize("NFC", joined) if unicodedata.category(letter) != "Cf")
