"""Routes of worktrees: what an agent changed in its own, and the removal of one in which nothing would be lost."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final, Literal, cast

from pydantic import BaseModel, ConfigDict

from orchestra.access import Permission, Principal
from orchestra.agents import ENDED, Agent
from orchestra.audit import Action
from orchestra.errors import ConflictError
from orchestra.runtime.hub import Hub
from orchestra.runtime.worktree import Changes, Worktrees
from orchestra.runtime.worktree_note import Worktree
from orchestra.web.agent_routes import visible_agent
from orchestra.web.call import Answer, Call
from orchestra.web.route import Route

__all__ = ["Diff", "worktree_routes"]

PATCH_TYPE: Final = "text/plain; charset=utf-8"


class DiffQuery(BaseModel):
    """How the changes are to be written: all of them as JSON, or the patch alone, byte for byte."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["json", "patch"] = "json"


class ChangedFileView(BaseModel):
    """A file that differs; `added` and `deleted` count lines, null where there are none to count."""

    path: str
    status: Literal["added", "copied", "deleted", "modified", "renamed", "type_changed", "conflicted"]
    old_path: str | None
    added: int | None
    deleted: int | None
    is_binary: bool


class CommitView(BaseModel):
    """A commit since the base."""

    hash: str
    subject: str
    author: str
    unix_s: int


class Diff(BaseModel):
    """Everything that differs from `base_commit`; `diff` is a unified patch, `is_cut` when something did not fit."""

    branch: str
    base_commit: str
    files: list[ChangedFileView]
    commits: list[CommitView]
    diff: str
    uncommitted: bool
    unmerged: bool
    is_cut: bool


def worktree_routes(hub: Hub, worktrees: Worktrees, is_agent_itself: Callable[[Principal, Agent], bool]) -> list[Route]:
    """Return the rows of the table that deal with worktrees.

    `is_agent_itself` says whether a credential is that of this very agent, which may not remove its own worktree.
    """
    doer = _WorktreeRoutes(hub, worktrees, is_agent_itself)
    return [
        Route(
            "GET",
            "/api/agents/{id}/diff",
            Permission.SESSIONS_READ,
            doer.diff,
            summary="What an agent changed in its worktree",
            query=DiffQuery,
            answer=Diff,
        ),
        Route(
            "DELETE",
            "/api/agents/{id}/worktree",
            Permission.AGENTS_KILL,
            doer.remove,
            summary="Remove an agent's worktree and branch; refused while anything would be lost",
            action=Action.WORKTREE_REMOVE,
            status=HTTPStatus.NO_CONTENT,
        ),
    ]


class _WorktreeRoutes:
    def __init__(self, hub: Hub, worktrees: Worktrees, is_agent_itself: Callable[[Principal, Agent], bool]) -> None:
        self._hub = hub
        self._worktrees = worktrees
        self._is_agent_itself = is_agent_itself

    async def diff(self, call: Call) -> Answer:
        agent = visible_agent(self._hub, call.principal, call.path["id"])
        worktree = self._worktrees.of(agent.worktree)
        changes = await self._worktrees.changes(worktree)
        if cast("DiffQuery", call.options).format == "patch":
            return Answer(body=changes.patch, media_type=PATCH_TYPE)
        return Answer(body=_told(worktree, changes))

    async def remove(self, call: Call) -> Answer:
        agent = visible_agent(self._hub, call.principal, call.path["id"])
        worktree = self._worktrees.of(agent.worktree)
        is_own = call.principal is not None and self._is_agent_itself(call.principal, agent)
        if not is_own:
            self._refuse_use(worktree)
        await self._worktrees.remove(worktree, by_agent=is_own)
        return Answer(HTTPStatus.NO_CONTENT)

    def _refuse_use(self, worktree: Worktree) -> None:
        """Refuse while a program runs that was started in there, whoever owns it: it would go on writing."""
        for agent in self._hub.agents.values():
            is_inside = agent.worktree == worktree.folder or f"{agent.cwd}/".startswith(f"{worktree.folder}/")
            if is_inside and agent.state not in ENDED:
                raise ConflictError("worktree_in_use", "A program still runs in this worktree; stop its agent first.")


def _told(worktree: Worktree, changes: Changes) -> Diff:
    return Diff(
        branch=worktree.branch,
        base_commit=worktree.base_commit,
        files=[ChangedFileView.model_validate(file, from_attributes=True) for file in changes.files],
        commits=[CommitView.model_validate(commit, from_attributes=True) for commit in changes.commits],
        diff=changes.patch.decode("utf-8", "replace"),
        uncommitted=changes.uncommitted,
        unmerged=changes.unmerged,
        is_cut=changes.is_cut,
    )
