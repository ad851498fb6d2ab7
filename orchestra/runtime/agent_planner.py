"""AgentPlanner: decides what an agent is started with, and lays it ready: name, command, token, run folder."""

import math
import sys
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

import structlog
import trio

from orchestra import ids
from orchestra.access import Permission
from orchestra.agents import Agent, AgentState, Profile, Purpose, check_name, check_size, placeholders_of
from orchestra.errors import OrchestraError, SetupError
from orchestra.ids import AgentId
from orchestra.runtime.agent_tokens import AgentTokens
from orchestra.runtime.place import Place
from orchestra.runtime.profile_library import Launch, ProfileLibrary
from orchestra.runtime.run_folder import BRIEF, WORDS, RunFolder
from orchestra.runtime.working_directory import working_directory
from orchestra.runtime.worktree import Changes, Worktrees

__all__ = ["AgentPlanner", "SpawnRequest"]

DEFAULT_ROWS: Final = 24
DEFAULT_COLUMNS: Final = 80
SOCKET_NAME_CHARACTERS: Final = 12  # of the agent's stem: 60 bits, and short enough for a socket path
RESUME: Final = "orchestra:resume"  # parts the two commands of a wrapper

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SpawnRequest:
    """What is asked for; None means the default. `permissions` are those of whoever asks.

    With a `task_id` the agent is for attempt `attempt` at that task, with the text of `brief`; its `stem` was chosen
    before, so that the ledger knows it. One that `is_joined` runs in a terminal of a person's own.
    """

    profile: str
    owner: str
    name: str | None = None
    cwd: str | None = None
    rows: int | None = None
    columns: int | None = None
    permissions: frozenset[Permission] = frozenset()
    parent: AgentId | None = None
    stem: str | None = None
    task_id: int | None = None
    attempt: int = 0
    brief: str = ""
    worktree: bool = False
    is_joined: bool = False


class AgentPlanner:
    """Plans agents, lays ready and clears away. Without `tokens` an agent gets nothing beside its command."""

    def __init__(
        self,
        profiles: ProfileLibrary,
        place: Place,
        tokens: AgentTokens | None,
        worktrees: Worktrees | None = None,
        *,
        unix_s: Callable[[], float],
        random: Callable[[int], bytes],
    ) -> None:
        self._profiles = profiles
        self._place = place
        self._tokens = tokens
        self.worktrees = worktrees
        self._unix_s = unix_s
        self._random = random

    def plan(self, profile: Profile, request: SpawnRequest, taken: Collection[str]) -> Agent:
        """Return the agent as it will be; `taken` are others' names. Raise what is wrong with the request."""
        stem = request.stem or ids.new_stem(self._random(ids.RANDOM_BYTES))
        rows = DEFAULT_ROWS if request.rows is None else request.rows
        columns = DEFAULT_COLUMNS if request.columns is None else request.columns
        check_size(rows, columns)
        now = self._unix_s()
        base = f"task {request.task_id}" if request.task_id is not None else profile.title.lower()
        is_numbered = not (profile.needs_scratch or request.task_id is not None)
        name = check_name(request.name) if request.name is not None else free_name(base, taken, is_numbered=is_numbered)
        cwd = working_directory(request.cwd, self._place.home)
        if profile.needs_scratch:
            (self._place.scratch / stem).mkdir(mode=0o700, parents=True)
        conversation = str(uuid.UUID(bytes=self._random(16), version=4))
        values = self._values(request, stem, name, conversation)
        return Agent(
            id=ids.agent_id(stem),
            session_id=ids.session_id(stem),
            profile=profile.name,
            name=name,
            state=AgentState.STARTING,
            rows=rows,
            columns=columns,
            owner=request.owner,
            cwd=cwd,
            command=self._command(profile, request, stem, self._launch(profile, request, values)),
            title="",
            created_unix_s=now,
            state_since_unix_s=now,
            exit_status=None,
            socket_name=stem[:SOCKET_NAME_CHARACTERS],
            purpose=_purpose(request),
            parent=request.parent,
            task_id=request.task_id,
            conversation=conversation,
        )

    async def settled(self, agent: Agent, request: SpawnRequest) -> Agent:
        """Return the agent in a worktree of its own where that was asked for; raise what `Worktrees.create` raises."""
        if not request.worktree:
            return agent
        if self.worktrees is None:
            raise SetupError("git_missing", "Worktrees need git, which is not installed or too old.")
        made = await self.worktrees.create(agent.cwd, ids.stem_of(agent.id), agent.name)
        return replace(agent, cwd=made.cwd, worktree=made.folder)

    async def changes(self, agent: Agent) -> Changes | None:
        """Return what an agent has changed in its worktree; None where it has none, or it cannot be told."""
        if self.worktrees is None or not agent.worktree:
            return None
        try:
            return await self.worktrees.changes(self.worktrees.of(agent.worktree))
        except OrchestraError as error:
            _log.warning("changes_not_told", agent=agent.id, reason=error.message)
            return None

    async def outfit(self, agent: Agent, profile: Profile, request: SpawnRequest) -> dict[str, str]:
        """Give an agent its token and its run folder; return its whole environment.

        Raises `UnavailableError` and `SetupError`; `strip` clears away what was laid ready by then.
        """
        environment = dict(self._place.environment)
        if self._tokens is None or self._place.runs is None:
            return environment
        launch, own = await self.lay_ready(agent, profile, request)
        return launch.applied_to(environment) | own

    async def lay_ready(self, agent: Agent, profile: Profile, request: SpawnRequest) -> tuple[Launch, dict[str, str]]:
        """Give an agent its token and its run folder; return its start, and the variables that are its own.

        Raises `UnavailableError` and `SetupError`; `strip` clears away what was laid ready by then.
        """
        if self._tokens is None:
            raise SetupError("no_tokens", "Agents get no tokens here.")
        token = await self._tokens.issue(agent.id, agent.owner, request.permissions)
        folder = self.folder(agent.id)
        values = self._values(request, ids.stem_of(agent.id), agent.name, agent.conversation)
        launch = self._launch(profile, request, values)
        files = {**launch.files, BRIEF: request.brief}
        if request.task_id is not None:
            files[WORDS] = "".join(f"{word}\0" for word in launch.argv)
        try:
            await trio.to_thread.run_sync(folder.create, files)
        except OSError as error:
            raise SetupError("cannot_start", f"The agent's run folder cannot be made: {error.strerror}.") from error
        own = {
            "ORCHESTRA_URL": self._place.url,
            "ORCHESTRA_AGENT_ID": agent.id,
            "ORCHESTRA_SESSION_ID": agent.session_id,
            "ORCHESTRA_TOKEN": token,
            "ORCHESTRA_RUN": str(folder.path),
            "ORCHESTRA_WRAPPERS": self._place.wrappers,
        }
        if request.task_id is not None:
            own |= {"ORCHESTRA_TASK_ID": str(request.task_id), "ORCHESTRA_ATTEMPT": str(request.attempt)}
        return launch, own

    async def strip(self, agent: Agent) -> None:
        """Take an agent's token back and remove its run folder; its worktree stays (docs/worktrees.md).

        Raises `UnavailableError` when the token's row stays for now.
        """
        if self._tokens is None or self._place.runs is None:
            return
        try:
            await self._tokens.revoke(agent.id)
        finally:
            await trio.to_thread.run_sync(self.folder(agent.id).remove)

    async def unsettle(self, agent: Agent) -> None:
        """Remove the worktree of an agent whose start came to nothing, if nothing would be lost with it."""
        if self.worktrees is None or not agent.worktree:
            return
        try:
            await self.worktrees.remove(self.worktrees.of(agent.worktree))
        except OrchestraError as error:
            _log.info("worktree_kept", agent=agent.id, reason=error.message)

    def folder(self, agent_id: AgentId) -> RunFolder:
        """Return the run folder of an agent."""
        if self._place.runs is None:
            raise SetupError("no_run_folder", "Agents have no run folders here.")
        return RunFolder(self._place.runs / ids.stem_of(agent_id))

    def _launch(self, profile: Profile, request: SpawnRequest, values: Mapping[str, str]) -> Launch:
        if request.task_id is None:
            return self._profiles.interactive(profile, values)
        return self._profiles.task(profile, values)

    def _command(self, profile: Profile, request: SpawnRequest, stem: str, launch: Launch) -> tuple[str, ...]:
        """Return the argument vector; a program that was found by its profile runs inside its wrapper."""
        wrapper = ("bash", f"{self._place.wrappers}/orchestra-agent")
        if request.task_id is not None:
            # By a file, not by its words: tmux takes 16 KiB of command, and a brief may be a word.
            stdin = ("--stdin-file", launch.stdin) if launch.stdin else ()
            words = str(self.folder(ids.agent_id(stem)).path / WORDS)
            python = ("--python", sys.executable)  # there for sure, and not by way of whatever `python3` is on the PATH
            return (*wrapper, "--task", *python, "--output", launch.output, *stdin, "--words-file", words)
        if (
            request.is_joined
            or self._tokens is None
            or not any("program" in placeholders_of(word) for word in profile.command)
        ):
            return launch.argv
        resume = (RESUME, *launch.resume_argv) if launch.resume_argv else ()
        budget = ("--restarts", str(launch.restarts), "--window", str(math.ceil(launch.window_s)))
        return (*wrapper, *budget, "--separator", RESUME, "--", *launch.argv, *resume)

    def _values(self, request: SpawnRequest, stem: str, name: str, conversation: str) -> dict[str, str]:
        run = str(self._place.runs / stem) if self._place.runs is not None else ""
        return {
            "scratch": str(self._place.scratch / stem),
            "run": run,
            "brief": request.brief,
            "brief_file": f"{run}/{BRIEF}",
            "conversation": conversation,
            "url": self._place.url,
            "agent_id": ids.agent_id(stem),
            "title": name,
        }


def _purpose(request: SpawnRequest) -> Purpose:
    if request.is_joined:
        return Purpose.JOINED
    return Purpose.INTERACTIVE if request.task_id is None else Purpose.TASK


def free_name(base: str, taken: Collection[str], *, is_numbered: bool) -> str:
    """Return a display name that nobody has: `base`, unless it `is_numbered` or taken, or `base` and a number."""
    if not is_numbered and base not in taken:
        return base
    return next(name for number in range(1, len(taken) + 2) if (name := f"{base} {number}") not in taken)
