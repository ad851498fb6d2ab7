"""What `orchestra doctor` tells of the profiles: is the program there, where, which version, and else how to get it."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from orchestra.agents import Profile
from orchestra.errors import SetupError
from orchestra.runtime.environment import pane_environment
from orchestra.runtime.profile_library import LoadedProfiles, ProfileLibrary, load_profiles
from orchestra.runtime.program_version import version_of
from orchestra.runtime.wrapper_directory import wrapper_directory

__all__ = ["ProfileReport", "profile_reports"]

AT_ONCE: Final = 4  # programs asked for their version: most are slow to start, and wait for the disk


@dataclass(frozen=True, slots=True)
class ProfileReport:
    """What is told of one profile, or of a file that was left out."""

    name: str
    is_good: bool
    detail: str


def profile_reports(environment: Mapping[str, str], directory: Path | None = None) -> list[ProfileReport]:
    """Return what is to be told of every profile, those that were left out last. Starts each program once or twice.

    `environment` is the person's; `directory` holds their own profiles (None: where they are kept).
    """
    loaded = load_profiles(directory)
    shown = pane_environment(environment)
    library = ProfileLibrary(loaded.profiles, shown, str(wrapper_directory()), loaded=loaded)
    library.recognise()
    listed = [profile for profile in loaded.profiles.values() if profile.is_listed and profile.command]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = list(pool.map(lambda profile: _report(library, profile, shown), listed))
    return [*told, *_left_out(loaded)]


def _report(library: ProfileLibrary, profile: Profile, shown: Mapping[str, str]) -> ProfileReport:
    whose = ", your own" if library.is_own(profile.name) else ""
    if not profile.find.programs:
        return ProfileReport(profile.name, is_good=True, detail=f"{profile.title}{whose}")
    try:
        path = library.program(profile)
    except SetupError as error:
        return ProfileReport(profile.name, is_good=False, detail=f"{error.message.rstrip('.')}{whose}")
    version = version_of(path, profile.find, shown)
    known = f" ({version})" if version else "" if not profile.find.version else " (tells no version)"
    return ProfileReport(profile.name, is_good=True, detail=f"{path}{known}{whose}")


def _left_out(loaded: LoadedProfiles) -> list[ProfileReport]:
    return [ProfileReport(name, is_good=False, detail=reason) for name, reason in loaded.refused.items()]
