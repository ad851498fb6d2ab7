"""Manner: how text is given to one kind of agent, and how patient a delivery is."""

from dataclasses import dataclass

__all__ = ["Manner", "Patience"]


@dataclass(frozen=True, slots=True)
class Manner:
    """What a profile says of messages.

    `gap_s` lies between a paste and its Enter: an agent's CLI takes a faster one as part of the paste. `acknowledges`
    tells whether anybody will hear that the program took a text (its hook, or its screen). `types_slash_commands`: one
    line that begins with `/` is typed as keys, for pasted it would be text and no command. A text that begins with one
    of `blank_before`, or ends with one of `blank_after`, is pasted with a blank there: a composer may take such a text
    for something else, a command for a shell for one.
    `is_handed`: its hooks fetch a text at the boundary of a turn, for there is no terminal here to type it into.
    """

    gap_s: float = 0.3
    acknowledges: bool = False
    types_slash_commands: bool = False
    is_handed: bool = False
    blank_before: str = ""
    blank_after: str = ""

    def guarded(self, text: str) -> str:
        """Return a text, which is not empty, as it is pasted: with a blank where the profile wants one."""
        before = " " if text[0] in self.blank_before else ""
        return before + text + (" " if text[-1] in self.blank_after else "")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a delivery waits, in seconds of monotonic time."""

    limit_s: float = 600.0
    """For what stands in the way of a message whose turn it is; after that it has failed, for that reason."""

    acknowledge_s: float = 3.0
    """For an acknowledgement, before Enter is typed once more."""

    last_s: float = 18.0
    """The same after the last Enter: on a machine that is short of processor time a program takes ten to answer."""

    max_more_enters: int = 3
    """An Enter that was taken as part of the paste is made good by one more; a program that takes none is broken."""

    look_s: float = 0.5
    """Between two looks at what stands in the way, where nobody says that it changed."""
