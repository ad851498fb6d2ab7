"""The profiles that are there: those shipped with Orchestra."""

import shutil
from collections.abc import Mapping
from importlib.resources import files

from orchestra.agents import Profile, parse_profile
from orchestra.errors import BadInputError, SetupError

__all__ = ["ProfileLibrary", "shipped_profiles"]


def shipped_profiles() -> dict[str, Profile]:
    """Read the shipped profiles; raise `SetupError` when one is wrong."""
    folder = files("orchestra.agents") / "shipped"
    found = (entry for entry in folder.iterdir() if entry.name.endswith(".toml"))
    profiles = (parse_profile(entry.name.removesuffix(".toml"), entry.read_text("utf-8")) for entry in found)
    return {profile.name: profile for profile in sorted(profiles, key=lambda profile: profile.name)}


class ProfileLibrary:
    """Looks profiles up and fills in their commands. Read-only."""

    def __init__(self, profiles: Mapping[str, Profile], environment: Mapping[str, str], wrappers: str) -> None:
        self._profiles = profiles
        self._environment = environment
        self._wrappers = wrappers

    def get(self, name: str) -> Profile:
        """Return a profile; raise `BadInputError` (code `unknown_profile`) when there is none of that name."""
        try:
            return self._profiles[name]
        except KeyError:
            known = ", ".join(self._listed_names())
            message = f"There is no profile {name[:40]!r}; there are: {known}."
            raise BadInputError("unknown_profile", message, field="profile") from None

    def command(self, profile: Profile, scratch: str) -> tuple[str, ...]:
        """Return the argument vector with an absolute program; raise `SetupError` when that program is not there."""
        shell = self._environment["SHELL"]
        words = profile.filled_command({"{shell}": shell, "{wrappers}": self._wrappers, "{scratch}": scratch})
        program = shutil.which(words[0], path=self._environment["PATH"])
        if program is None:
            raise SetupError("program_not_found", f"{words[0]} is not on the PATH; install it first.")
        return (program, *words[1:])

    def listing(self) -> list[dict[str, object]]:
        """Return what a person may choose from: name, title, description, whether it can start and if not why."""
        return [self._entry(self._profiles[name]) for name in self._listed_names()]

    def _listed_names(self) -> list[str]:
        return [name for name, profile in self._profiles.items() if profile.is_listed]

    def _entry(self, profile: Profile) -> dict[str, object]:
        reason = None
        try:
            for part in [self.get(name) for name in profile.starts] or [profile]:
                self.command(part, "")
        except SetupError as error:
            reason = error.message
        return {
            "name": profile.name,
            "title": profile.title,
            "description": profile.description,
            "available": reason is None,
            "reason": reason,
        }
