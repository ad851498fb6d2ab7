"""AgentNews: what a viewer is told of agents, each once, and nothing of those that it may not see."""

import secrets
from dataclasses import replace
from pathlib import Path

import trio

from orchestra.access import Role
from orchestra.ids import SessionId
from orchestra.runtime.agent_news import AgentNews
from orchestra.runtime.hub import Hub
from orchestra.runtime.place import Place
from orchestra.runtime.profile_library import ProfileLibrary
from orchestra.runtime.pty import Spawner
from orchestra.wire import AgentRemoved, AgentUpdate, Unsubscribed
from tests.runtime.house import person, tmux_program
from tests.runtime.test_viewer import NoRows, agent_of


async def test_news_are_told_once_and_only_to_who_may_see(tmp_path: Path) -> None:
    """An agent that changed twice is one message; one that went or is not to be seen any more ends what was watched."""
    await trio.lowlevel.checkpoint()
    hub = Hub(
        program=tmux_program(tmp_path),
        spawner=Spawner(),
        rows=NoRows(),
        profiles=ProfileLibrary({}, {}, ""),
        place=Place(tmp_path, tmp_path, tmp_path, {}, 0),
        unix_s=lambda: 0.0,
        random=secrets.token_bytes,
    )
    ada, bob = person("ada", Role.DEVELOPER), person("bob", Role.DEVELOPER)
    mine, theirs = agent_of(ada), agent_of(bob)
    hub._agents.update({one.id: one for one in (mine, theirs)})
    dropped: list[SessionId] = []
    news = AgentNews(hub, lambda session: dropped.append(session) is None)
    assert [agent["id"] for agent in news.first(ada).agents] == [mine.id]
    assert not news.is_waiting
    hub._agents[mine.id] = replace(mine, title="new")
    for identity in (mine.id, theirs.id, mine.id):
        news.note(identity)
    assert news.is_waiting
    assert list(news.take(ada)) == [AgentUpdate(hub._agents[mine.id].public())]
    assert list(news.take(ada)) == []
    news.note(mine.id)
    assert list(news.take(bob)) == [Unsubscribed(mine.session_id, "removed"), AgentRemoved(mine.id, mine.session_id)]
    assert dropped == [mine.session_id]
    news.note(mine.id)
    assert list(news.take(bob)) == []
