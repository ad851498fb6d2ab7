"""What is remembered about a worktree: a file beside its folder, so that nothing has to be guessed after a restart."""

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import msgspec
import structlog

from orchestra import ids

__all__ = ["Worktree", "branch_name", "folder_name", "read_note", "read_notes", "write_note"]

NOTE: Final = "worktree.json"
MAX_FOLDER_CHARACTERS: Final = 60
MAX_SLUG_CHARACTERS: Final = 40
STEM_CHARACTERS: Final = 8  # of the agent's stem, 40 bits: enough to tell the branches of one repository apart

_BRANCH: Final = re.compile(r"orchestra/[a-z0-9-]{1,64}")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Worktree:
    """A folder with a branch of its own, for one agent.

    `folder` is its root, `cwd` where the agent starts (the sub-folder that was asked for), `branch` without
    `refs/heads/`, `base_commit` the full hash that it began at, `repository` the folder that git shares between all
    worktrees. `unfiltered` names filters of the repository's own configuration, which were not run at the checkout.
    `is_leaving` is true once its removal has begun.
    """

    folder: str
    cwd: str
    branch: str
    base_commit: str
    repository: str
    created_unix_s: float
    unfiltered: tuple[str, ...] = ()
    is_leaving: bool = False

    @property
    def stem(self) -> str:
        """The stem of the agent that it was made for."""
        return Path(self.folder).parent.name

    @property
    def is_there(self) -> bool:
        """Whether its folder is (still) a folder."""
        return Path(self.folder).is_dir()


def branch_name(name: str, stem: str) -> str:
    """Return `orchestra/NAME-STEM8`: the agent's name in plain small letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_SLUG_CHARACTERS].strip("-")
    return f"orchestra/{slug or 'agent'}-{stem[:STEM_CHARACTERS]}"


def folder_name(top: str) -> str:
    """Return a folder's name for a repository at `top`: its own, as far as every program can take it."""
    name = os.fsencode(Path(top).name).decode("utf-8", "replace")
    plain = "".join(letter if letter.isprintable() and letter not in "/\\\ufffd" else "_" for letter in name)
    plain = plain.strip(" .")[:MAX_FOLDER_CHARACTERS]
    return plain if plain not in {"", "git", NOTE} else "repository"


def write_note(worktree: Worktree) -> None:
    """Write it down, wholly or not at all; raise `OSError` when that cannot be done."""
    path = Path(worktree.folder).parent / NOTE
    draft = path.with_name(f".{NOTE}")
    with open(draft, "w", encoding="ascii", opener=_private) as file:
        json.dump(asdict(worktree), file)  # escapes all that is not ASCII, half surrogates too
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read_note(root: Path, stem: str) -> Worktree | None:
    """Return what is remembered of the agent's worktree below `root`; None when nothing is, or nothing sensible."""
    if not ids.is_agent_id(ids.agent_id(stem)):
        return None
    try:
        told = json.loads((root / stem / NOTE).read_text("ascii"))
        worktree = msgspec.convert(told, Worktree)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, msgspec.ValidationError) as error:
        _log.warning("worktree_note_spoilt", stem=stem, reason=str(error)[:200])
        return None
    is_ours = Path(worktree.folder).parent == root / stem and Path(worktree.folder).name not in {"", "..", NOTE}
    if not (is_ours and _BRANCH.fullmatch(worktree.branch) and _COMMIT.fullmatch(worktree.base_commit)):
        _log.warning("worktree_note_spoilt", stem=stem, reason="it names what we never made")
        return None
    return worktree


def read_notes(root: Path) -> Iterator[Worktree]:
    """Yield every worktree that is remembered below `root`, by stem."""
    for place in sorted(root.iterdir()) if root.is_dir() else []:
        found = read_note(root, place.name)
        if found is not None:
            yield found


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
