"""Whether the text that a program says it took is a text that was sent."""

from typing import Final

__all__ = ["is_same_text"]

MIN_PART_CHARACTERS: Final = 16  # of a part that stands for the whole: a shorter one is in too many texts
_ELLIPSES: Final = "…."


def is_same_text(sent: str, heard: str) -> bool:
    """Tell whether `heard` is what `sent` became: wrapped, cut at its end, or among other text.

    Blanks and line ends do not count, nor does an ellipsis at the end of what was cut.
    """
    ours, theirs = "".join(sent.split()), "".join(heard.split())
    if ours == theirs:
        return True
    cut = theirs.rstrip(_ELLIPSES)
    if len(cut) >= MIN_PART_CHARACTERS and ours.startswith(cut):
        return True
    return len(ours) >= MIN_PART_CHARACTERS and ours in theirs
