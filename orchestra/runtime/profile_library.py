"""The profiles that are there: those shipped with Orchestra, and the person's own, which come first."""

import fnmatch
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

import structlog
from platformdirs import user_config_path

from orchestra.agents import Output, Profile, RuleSet, TaskForm, filled, parse_profile, parse_rules, placeholders_of
from orchestra.errors import BadInputError, OrchestraError, SetupError
from orchestra.runtime.program_version import recognised

__all__ = [
    "Launch",
    "LoadedProfiles",
    "ProfileLibrary",
    "config_directory",
    "load_profiles",
    "shipped_profiles",
    "shipped_rules",
]

MAX_OWN_PROFILES: Final = 100  # more are a mistake in the folder's name
MAX_FILE_BYTES: Final = 256 << 10
_KNOWN_HERE: Final = frozenset({"shell", "wrappers", "config", "program"})
"""Placeholders that the library fills in itself."""
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Launch:
    """What is started, and with what. `environment` is set and may hold secrets; `unset` are names, or `PREFIX*`.

    `resume_argv` is empty where a conversation cannot be resumed. `files` are texts by their name within the agent's
    run folder. `output` is what a task prints (`Output`); an interactive start has `plain`. `stdin` is a file that a
    task reads as its input (empty: none).
    """

    argv: tuple[str, ...]
    resume_argv: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    unset: tuple[str, ...]
    files: Mapping[str, str] = field(repr=False)
    output: str
    restarts: int
    window_s: float
    stdin: str = ""

    def applied_to(self, base: Mapping[str, str]) -> dict[str, str]:
        """Return the environment `base` with this start's changes."""
        kept = {name: value for name, value in base.items() if not self._is_unset(name)}
        return {**kept, **self.environment}

    def _is_unset(self, name: str) -> bool:
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in self.unset)


@dataclass(frozen=True, slots=True)
class LoadedProfiles:
    """Profiles and screen rules by name; `own` are the names of the person's own, `refused` why files were left out."""

    profiles: Mapping[str, Profile]
    rules: Mapping[str, RuleSet]
    own: frozenset[str] = frozenset()
    refused: Mapping[str, str] = field(default_factory=dict)


def shipped_profiles() -> dict[str, Profile]:
    """Read the shipped profiles; raise `SetupError` when one is wrong."""
    profiles = (parse_profile(name, text) for name, text in _shipped("shipped"))
    return {profile.name: profile for profile in sorted(profiles, key=lambda profile: profile.name)}


def shipped_rules() -> dict[str, RuleSet]:
    """Read the shipped screen rules; raise `SetupError` when one is wrong."""
    return {name: parse_rules(name, text) for name, text in sorted(_shipped("rules"))}


def load_profiles(directory: Path | None = None) -> LoadedProfiles:
    """Read the shipped profiles and rules, and over them the person's own.

    `directory` holds `NAME.toml` and `rules/NAME.toml`; None is the person's own, `~/.config/orchestra/profiles` on
    Linux. It need not be there. A wrong file is left out and its reason kept; a wrong shipped one raises `SetupError`.
    """
    folder = user_config_path("orchestra", appauthor=False) / "profiles" if directory is None else directory
    profiles, rules = shipped_profiles(), shipped_rules()
    own, refused = set(), {}
    for path in _own_files(folder / "rules"):
        try:
            rules[path.stem] = parse_rules(path.stem, _read_own(path), str(path))
        except SetupError as error:
            refused[f"rules/{path.stem}"] = error.message
    for path in _own_files(folder):
        try:
            profile = parse_profile(path.stem, _read_own(path), str(path))
            _check_relations(profile, profiles, rules)
        except SetupError as error:
            refused[path.stem] = error.message
        else:
            profiles[path.stem] = profile
            own.add(path.stem)
    return LoadedProfiles(profiles, rules, frozenset(own), refused)


def config_directory() -> Path:
    """Return the folder of the Claude Code plugin: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    shipped = package / "claude_config"
    return shipped if shipped.is_dir() else package.parent / "claude-config"


class ProfileLibrary:
    """Looks profiles up, finds their programs and fills in their commands. Read-only, but for `recognise`.

    `environment` is what every pane gets; `person` what the person's own environment holds, of which a profile's
    `pass` lets more through.
    """

    def __init__(
        self,
        profiles: Mapping[str, Profile],
        environment: Mapping[str, str],
        wrappers: str,
        *,
        loaded: LoadedProfiles | None = None,
        person: Mapping[str, str] = _NOTHING,
    ) -> None:
        self._profiles = profiles
        self._loaded = loaded or LoadedProfiles(profiles, {})
        self._environment = environment
        self._wrappers = wrappers
        self._person = person
        self._recognised: frozenset[str] = frozenset()

    @classmethod
    def open(
        cls,
        environment: Mapping[str, str],
        wrappers: str,
        *,
        person: Mapping[str, str] = _NOTHING,
        directory: Path | None = None,
    ) -> Self:
        """Return a library of the shipped profiles and those in `directory` (`load_profiles`); log what is left out."""
        loaded = load_profiles(directory)
        for name, reason in loaded.refused.items():
            _log.warning("profile_refused", profile=name, reason=reason)
        return cls(loaded.profiles, environment, wrappers, loaded=loaded, person=person)

    @property
    def refused(self) -> Mapping[str, str]:
        """Why files of the person's own were left out, by profile."""
        return self._loaded.refused

    def is_own(self, name: str) -> bool:
        """Tell whether this profile is the person's own."""
        return name in self._loaded.own

    def get(self, name: str) -> Profile:
        """Return a profile; raise `BadInputError` (code `unknown_profile`) when there is none of that name."""
        try:
            return self._profiles[name]
        except KeyError:
            known = ", ".join(self._listed_names())
            message = f"There is no profile {name[:40]!r}; there are: {known}."
            raise BadInputError("unknown_profile", message, field="profile") from None

    def is_shell(self, name: str) -> bool:
        """Say whether agents of the profile `name` are nothing but a person's shell; one that is not there is none."""
        return name in self._profiles and self._profiles[name].is_shell

    def rules(self, profile: Profile) -> RuleSet | None:
        """Return the screen rules of a profile, or None where it has none."""
        return self._loaded.rules.get(profile.status.rules)

    # ------------------------------------------------------------------ programs

    def recognise(self) -> None:
        """Ask programs with a name that others have too what they are. Starts them and waits: call it in a thread."""
        found = set()
        for profile in self._profiles.values():
            for program in profile.find.programs[1:]:
                path = shutil.which(program, path=self._environment["PATH"])
                if path is not None and recognised(path, profile.find, self._environment):
                    found.add(path)
        self._recognised = frozenset(found)

    def program(self, profile: Profile) -> str:
        """Return the absolute path of a profile's program; raise `SetupError` (`program_not_found`).

        Programs beside the first have names that others have too: they count once they were recognised, where the
        profile says by what.
        """
        others = []
        for number, name in enumerate(profile.find.programs):
            path = shutil.which(name, path=self._environment["PATH"])
            if path is not None and (number == 0 or not profile.find.recognise or path in self._recognised):
                return path
            others += [path] if path is not None else []
        raise self._not_found(profile, " or ".join(profile.find.programs), others)

    # ------------------------------------------------------------------ starts

    def interactive(self, profile: Profile, values: Mapping[str, str]) -> Launch:
        """Return what starts the program for people and messages.

        `values` are by placeholder, without braces (`MEANINGS`); shell, wrappers, config and program need not be
        given. Raises `SetupError` (`program_not_found`), `BadInputError` (`no_command`) for one that starts others.
        """
        if not profile.command:
            raise BadInputError("no_command", f"{profile.title} starts others; start those.", field="profile")
        return self._launch(profile, TaskForm(profile.command, profile.resume, Output.PLAIN), values)

    def task(self, profile: Profile, values: Mapping[str, str]) -> Launch:
        """Return what starts the program for one task; as `interactive`, and `BadInputError` (`no_task_form`)."""
        if profile.task is None:
            message = f"{profile.title} has no way to do one task and end; choose another profile."
            raise BadInputError("no_task_form", message, field="profile")
        return self._launch(profile, profile.task, values)

    def command(self, profile: Profile, scratch: str) -> tuple[str, ...]:
        """Return the argument vector with an absolute program; raise `SetupError` when that program is not there.

        For profiles that need no more than a scratch folder; another one raises `SetupError` (`needs_run_folder`).
        """
        values = {**self._values(profile, profile.command), "scratch": scratch}
        if missing := {name for word in profile.command for name in placeholders_of(word)} - values.keys():
            message = f"{profile.title} cannot be started without a run folder ({', '.join(sorted(missing))})."
            raise SetupError("needs_run_folder", message)
        return self._found(profile, profile.filled_command(values))

    def listing(self) -> list[dict[str, object]]:
        """Return what a person may choose from: name, title, description, whether it can start and if not why.

        `origin` is `shipped` or `own`, `does_tasks` tells whether it has a form for one task. What was left out is
        listed too; where it would have taken a shipped profile's place, that one stays and the reason says so.
        """
        entries = [self._entry(self._profiles[name]) for name in self._listed_names()]
        for entry in entries:
            entry["reason"] = entry["reason"] or self.refused.get(str(entry["name"]))
        left_out = {name: why for name, why in self.refused.items() if name not in self._profiles and "/" not in name}
        return [*entries, *(_entry(name, name, "", why, "own", does_tasks=False) for name, why in left_out.items())]

    # ------------------------------------------------------------------ inside

    def _launch(self, profile: Profile, form: TaskForm, given: Mapping[str, str]) -> Launch:
        values = {**self._values(profile, (*form.command, *form.resume)), **given}
        resume = tuple(filled(word, values) for word in form.resume)
        passed = {name: self._person[name] for name in profile.environment.passed if name in self._person}
        changed = {name: filled(text, values) for name, text in profile.environment.set.items()}
        return Launch(
            argv=self._found(profile, tuple(filled(word, values) for word in form.command)),
            resume_argv=self._found(profile, resume) if resume else (),
            environment={**passed, **changed},
            unset=profile.environment.unset,
            files=profile.filled_files(values),
            output=form.output.value,
            restarts=profile.restart.restarts,
            window_s=profile.restart.window_s,
            stdin=filled(form.stdin, values),
        )

    def _values(self, profile: Profile, words: tuple[str, ...]) -> dict[str, str]:
        values = {
            "shell": self._environment["SHELL"],
            "wrappers": self._wrappers,
            "config": str(config_directory()),
        }
        if any("program" in placeholders_of(word) for word in words):
            values["program"] = self.program(profile)
        return values

    def _found(self, profile: Profile, words: tuple[str, ...]) -> tuple[str, ...]:
        program = shutil.which(words[0], path=self._environment["PATH"])
        if program is None:
            raise self._not_found(profile, words[0])
        return (program, *words[1:])

    @staticmethod
    def _not_found(profile: Profile, program: str, others: Sequence[str] = ()) -> SetupError:
        advice = f"install it first: {profile.find.install}" if profile.find.install else "install it first"
        seen = f" ({', '.join(others)} does not say that it is {profile.title})" if others else ""
        return SetupError("program_not_found", f"{program} is not on the PATH{seen}; {advice}.")

    def _listed_names(self) -> list[str]:
        return [name for name, profile in self._profiles.items() if profile.is_listed]

    def _entry(self, profile: Profile) -> dict[str, object]:
        origin, reason = "own" if self.is_own(profile.name) else "shipped", self._hindrance(profile)
        does_tasks = profile.task is not None
        return _entry(profile.name, profile.title, profile.description, reason, origin, does_tasks=does_tasks)

    def _hindrance(self, profile: Profile) -> str | None:
        """Return why a profile cannot be started, or None."""
        try:
            for part in [self.get(name) for name in profile.starts] or [profile]:
                words = part.command
                self._found(part, (filled(words[0], self._values(part, words)),))
        except OrchestraError as error:
            return error.message
        return None


def _entry(
    name: str, title: str, description: str, reason: str | None, origin: str, *, does_tasks: bool
) -> dict[str, object]:
    return {
        "name": name,
        "title": title,
        "description": description,
        "available": reason is None,
        "reason": reason,
        "origin": origin,
        "does_tasks": does_tasks,
    }


def _shipped(folder: str) -> Iterator[tuple[str, str]]:
    """Yield name and text of every file in one of our own folders of TOML files."""
    for entry in (files("orchestra.agents") / folder).iterdir():
        if entry.name.endswith(".toml"):
            yield entry.name.removesuffix(".toml"), entry.read_text("utf-8")


def _own_files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml")[:MAX_OWN_PROFILES]
    except OSError:  # there is no such folder, or it is not for us
        return []


def _read_own(path: Path) -> str:
    """Return the text of a file that nobody else could have written; raise `SetupError`."""
    try:
        status = path.stat()
        if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise SetupError("bad_profile", f"{path} can be written by others: chmod go-w {path}.")
        if status.st_size > MAX_FILE_BYTES:
            raise SetupError("bad_profile", f"{path} is longer than {MAX_FILE_BYTES >> 10} KiB.")
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError("bad_profile", f"{path} cannot be read: {error}.") from error


def _check_relations(profile: Profile, profiles: Mapping[str, Profile], rules: Mapping[str, RuleSet]) -> None:
    """Raise `SetupError` where a profile names others, or screen rules, that are not there."""
    if unknown := [name for name in profile.starts if name not in profiles]:
        raise SetupError("bad_profile", f"{profile.origin}: there is no profile {unknown[0]!r} to start.")
    if profile.status.rules and profile.status.rules not in rules:
        known = ", ".join(rules)
        message = f"{profile.origin}: there are no screen rules {profile.status.rules!r}; there are {known}."
        raise SetupError("bad_profile", message)
