"""Profile: how a kind of agent is found, launched, resumed, spoken to, understood and ended.

Written as TOML (docs/profiles.md), read by `profile_reading`. Words in braces are placeholders (`profile_placeholder`)
and are filled in when an agent starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from orchestra.agents.profile_placeholder import filled, filled_file, placeholders_of
from orchestra.agents.rule_pattern import Pattern

__all__ = [
    "Acknowledgement",
    "EnvironmentChange",
    "Finding",
    "Messages",
    "Output",
    "Profile",
    "Restart",
    "StatusSources",
    "Stop",
    "TaskForm",
]

MAX_ARGUMENT_BYTES: Final = 131_071
"""Of one word of a command (Linux, MAX_ARG_STRLEN of 32 pages with the closing zero; other systems take more)."""

SHELL_COMMAND: Final = "{shell}"
"""The command of a profile that starts a person's own shell."""

SHELLS: Final = frozenset({"ash", "bash", "dash", "fish", "ksh", "mksh", "nu", "sh", "tcsh", "zsh"})
"""Programs that are a shell when they are started without arguments."""

_EMPTY: Final[Mapping[str, str]] = MappingProxyType({})


def _nothing() -> Mapping[str, str]:
    return _EMPTY


class Output(StrEnum):
    """What a program prints when it does one task."""

    PLAIN = "plain"
    STREAM_JSON = "stream-json"
    """One JSON object a line, as Claude Code, Droid and Cursor print it; the last one has the type `result`."""
    STREAM_JSONRPC = "stream-jsonrpc"
    CODEX_JSON = "codex-json"
    """One JSON object a line, as `codex exec --json` prints it."""


class Acknowledgement(StrEnum):
    """By what a message that was typed is known to have been taken."""

    HOOK = "hook"
    SCREEN = "screen"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Finding:
    """How the program is found: the first of `programs` on the PATH whose output holds `recognise` (empty: any).

    `version` are the arguments that make it print its version (empty: it has none); `recognise` is sought in what these
    print and in what `--help` prints. `install` says to people, in one line, how to get it.
    """

    programs: tuple[str, ...] = ()
    version: tuple[str, ...] = ("--version",)
    recognise: str = ""
    install: str = ""


@dataclass(frozen=True, slots=True)
class TaskForm:
    """How the program does one task and ends; `resume` does it in a conversation that there was (empty: cannot).

    `stdin` is a file that it reads as its input (a template; empty: nothing to read). The rest is for plain output,
    of which nothing is known otherwise (`plain_outcome`): `errors` match lines by which the program tells that it
    failed, whatever its exit code, `progress` those by which it tells that it went on; `counts` are the words around
    its numbers of tokens and money.
    """

    command: tuple[str, ...]
    resume: tuple[str, ...] = ()
    output: Output = Output.PLAIN
    stdin: str = ""
    errors: tuple[Pattern, ...] = ()
    progress: tuple[Pattern, ...] = ()
    counts: Mapping[str, str] = field(default_factory=_nothing)

    @property
    def max_brief_bytes(self) -> int | None:
        """How long a brief may be in UTF-8; None where it comes in a file, and only Orchestra's own limit holds."""
        words = [word for word in self.command if "brief" in placeholders_of(word)]
        return MAX_ARGUMENT_BYTES - max(len(word.encode()) for word in words) if words else None


@dataclass(frozen=True, slots=True)
class EnvironmentChange:
    """What is different in the program's environment.

    `set` holds templates; `unset` names, or `PREFIX*`; `passed` the names of the person's own variables that this
    program needs and no other gets, such as an API key.
    """

    set: Mapping[str, str] = field(default_factory=_nothing)
    unset: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Messages:
    """How a message is typed: milliseconds between the paste and its Enter, and what tells that it was taken.

    `types_slash_commands` says that a message which begins with `/` has to be typed, because pasted it is only text.
    A message that begins with one of the characters of `blank_before` gets a blank before it, one that ends with one of
    `blank_after` a blank after it: else they would mean something to the composer.
    """

    gap_ms: int = 300
    acknowledge: Acknowledgement = Acknowledgement.NONE
    types_slash_commands: bool = True
    hands: bool = False
    blank_before: str = ""
    blank_after: str = ""


@dataclass(frozen=True, slots=True)
class StatusSources:
    """What the program's state is known from.

    `rules` names a file of screen rules (empty: none). `hooks` says what the program's hooks mean, by `EVENT` or
    `EVENT:DETAIL` (`hook.py`); `details` names the field of a hook's input that is its detail, by event.
    """

    rules: str = ""
    hooks: Mapping[str, str] = field(default_factory=_nothing)
    details: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Stop:
    """How the program is asked to end: `keys` (tmux's names, pressed one after the other), then `signal`, then force.

    `grace_s` are the seconds that it has for the first of those. `interrupt` are the keys that make it stop its work
    and rest (empty: nothing does): for a task that was given up, in an agent that lives on. `clear` are those that
    remove what then stands again where people type (empty: it gives nothing back).
    """

    interrupt: tuple[str, ...] = ()
    clear: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    signal: str = "SIGHUP"
    grace_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Restart:
    """How often the program is started again after it failed: at most `restarts` times in `window_s` seconds."""

    restarts: int = 0
    window_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of agent: either a `command` (argument vector) or the profiles that it `starts`.

    `resume` is the command for a conversation that there was (empty: cannot). `files` are templates by file name; they
    are written into the agent's run folder before it starts. `origin` is the file it was read from, as people know it.
    """

    name: str
    title: str
    description: str
    command: tuple[str, ...]
    starts: tuple[str, ...]
    is_listed: bool
    resume: tuple[str, ...] = ()
    task: TaskForm | None = None
    find: Finding = Finding()
    environment: EnvironmentChange = EnvironmentChange()
    files: Mapping[str, str] = field(default_factory=_nothing)
    messages: Messages = Messages()
    status: StatusSources = StatusSources()
    stop: Stop = Stop()
    restart: Restart = Restart()
    origin: str = field(default="", compare=False)

    @property
    def needs_scratch(self) -> bool:
        """Whether each agent of this profile works in a fresh folder of its own."""
        return any("scratch" in placeholders_of(word) for word in self.command)

    @property
    def is_shell(self) -> bool:
        """Whether an agent of this profile is nothing but a shell: the person's own, or one by its name alone."""
        (program, *arguments) = self.command
        return not arguments and (program == SHELL_COMMAND or program.rpartition("/")[2] in SHELLS)

    @property
    def placeholders(self) -> frozenset[str]:
        """The names of all placeholders that an interactive start fills in."""
        words = [*self.command, *self.resume, *self.environment.set.values(), *self.files.values()]
        return frozenset().union(*map(placeholders_of, words))

    def filled_command(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """Return the interactive argument vector with `values` (by placeholder, without braces) filled in."""
        return tuple(filled(word, values) for word in self.command)

    def filled_files(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return the files with `values` filled in; inside JSON and TOML files they are escaped as those need it."""
        return {name: filled_file(name, text, values) for name, text in self.files.items()}
