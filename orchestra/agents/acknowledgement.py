"""Whether the text that a program says it took is a text that was sent."""

import re
from typing import Final

__all__ = ["is_same_text"]

MIN_PART_CHARACTERS: Final = 16  # of a part that stands for the whole: a shorter one is in too many texts
_ELLIPSES: Final = "…."
_FOLDED: Final = re.compile(r'\s*<pasted_content id="([^"]{1,64})">\n(.*)\n</pasted_content id="\1">\s*', re.DOTALL)
"""What Claude Code 2.1.330 makes of a long paste, in its hook as for its model (docs/agents.md)."""


def is_same_text(sent: str, heard: str) -> bool:
    """Tell whether `heard` is what `sent` became: wrapped, cut at its end, or among other text.

    Blanks and line ends do not count, nor does an ellipsis at the end of what was cut. A text that was folded away as a
    paste is whole: another one that only holds ours is another message.
    """
    folded = _FOLDED.fullmatch(heard)
    ours, theirs = "".join(sent.split()), "".join((folded[2] if folded else heard).split())
    if folded or ours == theirs:
        return ours == theirs
    cut = theirs.rstrip(_ELLIPSES)
    if len(cut) >= MIN_PART_CHARACTERS and ours.startswith(cut):
        return True
    return len(ours) >= MIN_PART_CHARACTERS and ours in theirs
