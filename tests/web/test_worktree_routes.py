"""Routes of worktrees: who may look, what they see, and when a worktree may go."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from orchestra.access import ROLE_PERMISSIONS, Permission, Principal, Role
from orchestra.agents import Agent
from orchestra.runtime.worktree_note import Worktree
from orchestra.web.worktree_routes import Diff, worktree_routes
from tests.runtime.git_place import GitPlace
from tests.runtime.house import House, open_house
from tests.web.served import Served, serving

READER = frozenset({Permission.SESSIONS_READ})
KILLER = frozenset({Permission.SESSIONS_READ, Permission.AGENTS_KILL})


@dataclass
class Scene:
    """A daemon with one agent in a worktree of its own."""

    house: House
    served: Served
    place: GitPlace
    agent: Agent
    worktree: Worktree

    async def ask(self, method: str, path: str, permissions: frozenset[Permission] | None = None) -> httpx.Response:
        """Ask below the agent's address."""
        allowed = ROLE_PERMISSIONS[Role.ADMIN] if permissions is None else permissions
        async with self.served.client(self.served.bearer(allowed)) as client:
            return await client.request(method, f"/api/agents/{self.agent.id}/{path}")

    async def end(self) -> None:
        """Stop the agent."""
        await self.house.hub.stop(self.agent.id)


@asynccontextmanager
async def scene(directory: Path, *, is_itself: bool = False) -> AsyncIterator[Scene]:
    """Give a scene in which everybody or nobody is the agent itself."""
    place = GitPlace(directory)

    def is_agent_itself(_principal: Principal, _agent: Agent) -> bool:
        return is_itself

    async with open_house(directory) as house:
        worktree = await place.worktree()
        agent = await house.spawn("sh", cwd=worktree.cwd)
        house.hub._agents[agent.id] = replace(house.hub.agent(agent.id), worktree=worktree.folder)
        routes = worktree_routes(house.hub, place.worktrees, is_agent_itself)
        async with serving(directory, routes=routes) as served:
            yield Scene(house, served, place, agent, worktree)


async def test_the_changes_as_json_and_as_a_patch(short_dir: Path) -> None:
    """Both tell the same; the patch is given byte for byte."""
    async with scene(short_dir) as it:
        it.place.commit("work", at=it.worktree.folder)
        (Path(it.worktree.folder) / "latin.txt").write_bytes(b"caf\xe9\n")
        told = Diff.model_validate((await it.ask("GET", "diff")).json())
        assert [(file.path, file.status, file.added) for file in told.files] == [("latin.txt", "added", 1)]
        assert (told.branch, told.base_commit) == (it.worktree.branch, it.worktree.base_commit)
        assert [commit.subject for commit in told.commits] == ["work"]
        assert (told.uncommitted, told.unmerged, told.is_cut) == (True, True, False)
        assert "+caf\ufffd" in told.diff
        patch = await it.ask("GET", "diff?format=patch")
        assert patch.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert b"+caf\xe9\n" in patch.content
        assert (await it.ask("GET", "diff?format=html")).status_code == 400


async def test_only_who_may_see_the_agent_may_see_its_changes(short_dir: Path) -> None:
    """For others the agent is not there; who may only look may not remove."""
    async with scene(short_dir) as it:
        assert (await it.ask("GET", "diff", READER)).status_code == 404  # somebody else's agent
        assert (await it.ask("DELETE", "worktree", KILLER)).status_code == 404
        assert (await it.ask("DELETE", "worktree", READER)).status_code == 403
        assert (await it.ask("GET", "diff", frozenset())).status_code == 403
        async with it.served.client() as client:
            assert (await client.get(f"/api/agents/{it.agent.id}/diff")).status_code == 401


async def test_a_worktree_goes_when_its_work_is_safe(short_dir: Path) -> None:
    """First the program, then the work, then the folder; each refusal says what is in the way, the trail too."""
    async with scene(short_dir) as it:
        it.place.commit("work", at=it.worktree.folder)
        running = await it.ask("DELETE", "worktree")
        assert (running.status_code, running.json()["code"]) == (409, "worktree_in_use")
        await it.end()
        unsaved = await it.ask("DELETE", "worktree")
        assert (unsaved.status_code, unsaved.json()["code"]) == (409, "worktree_has_work")
        assert "1 commit that no other branch holds" in unsaved.json()["detail"]
        it.place.git("merge", "-q", it.worktree.branch)
        assert (await it.ask("DELETE", "worktree")).status_code == 204
        gone = await it.ask("GET", "diff")
        assert (gone.status_code, gone.json()["code"]) == (404, "no_worktree")
        records = [one for one in it.served.audit_records() if one["action"] == "worktree.remove"]
        assert [one["outcome"] for one in records] == ["begun", "refused"] * 2 + ["begun", "ok"]
        assert {one["target"] for one in records} == {it.agent.id}


async def test_an_agent_cannot_remove_its_own(short_dir: Path) -> None:
    """Not even while it runs in it, and not when all is safe."""
    async with scene(short_dir, is_itself=True) as it:
        for _ in range(2):
            refused = await it.ask("DELETE", "worktree")
            assert (refused.status_code, refused.json()["code"]) == (403, "own_worktree")
            await it.end()
        assert it.worktree.is_there


async def test_another_agent_at_work_in_there_keeps_it(short_dir: Path) -> None:
    """An agent that was started in somebody's worktree needs it as much."""
    async with scene(short_dir) as it:
        await it.end()
        guest = await it.house.spawn("sh", cwd=it.worktree.folder)
        kept = await it.ask("DELETE", "worktree")
        assert (kept.status_code, kept.json()["code"]) == (409, "worktree_in_use")
        await it.house.hub.stop(guest.id)
        assert (await it.ask("DELETE", "worktree")).status_code == 204


async def test_an_agent_without_a_worktree(short_dir: Path) -> None:
    """It has none: neither a diff nor anything to remove."""
    async with scene(short_dir) as it:
        it.house.hub._agents[it.agent.id] = replace(it.house.hub.agent(it.agent.id), worktree="")
        for method, path in (("GET", "diff"), ("DELETE", "worktree")):
            answer = await it.ask(method, path)
            assert (answer.status_code, answer.json()["code"]) == (404, "no_worktree")
