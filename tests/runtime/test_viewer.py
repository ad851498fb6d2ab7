"""Viewer: credentials that end, clients that do not read, and what one connection may not do to others."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from orchestra.access import Principal, Role
from orchestra.agents import Agent, AgentState
from orchestra.errors import NotSignedInError, TooFastError
from orchestra.ids import RANDOM_BYTES, agent_id, new_stem, session_id
from orchestra.runtime.hub import Hub
from orchestra.runtime.place import Place
from orchestra.runtime.profile_library import ProfileLibrary
from orchestra.runtime.pty import Spawner
from orchestra.runtime.viewer import EXPIRY_GRACE_S, EXPIRY_NOTICE_S, MAX_OUTBOX_MESSAGES, Viewer
from orchestra.wire import Pong
from tests.runtime.house import MemoryLink, doors, open_house, person, tmux_program, until, viewing


class NoRows:
    """Rows of a hub that starts nothing."""

    async def all(self) -> list[Agent]:
        """Return no agent."""
        return []

    async def put(self, agent: Agent) -> None:
        """Write nothing."""
        raise AssertionError(agent)

    async def remove(self, identity: object) -> None:
        """Forget nothing."""
        raise AssertionError(identity)


@pytest.fixture
def quiet_hub(tmp_path: Path) -> Hub:
    """Give a hub without agents that does not run: enough for what concerns a connection alone."""
    return Hub(
        program=tmux_program(tmp_path),
        spawner=Spawner(),
        rows=NoRows(),
        profiles=ProfileLibrary({}, {}, ""),
        place=Place(tmp_path, tmp_path, tmp_path, {}, 0),
        unix_s=trio.current_time,
        random=secrets.token_bytes,
    )


def agent_of(owner: Principal) -> Agent:
    """Return an agent of somebody's."""
    stem = new_stem(secrets.token_bytes(RANDOM_BYTES))
    return Agent(
        agent_id(stem),
        session_id(stem),
        "sh",
        "a",
        AgentState.IDLE,
        24,
        80,
        owner.key,
        "/",
        ("sh",),
        "",
        0,
        0,
        None,
        "x",
    )


def verifier(*newer: Principal) -> Callable[[str], Principal]:
    """Return a verifier to which `newer` are the tokens "0", "1" and so on."""
    return lambda token: newer[int(token)]


async def test_a_credential_ends(autojump_clock: MockClock, quiet_hub: Hub) -> None:
    """A notice comes 120 s before the end, and the connection ends with `token_expired` a grace after it."""
    del autojump_clock
    link = MemoryLink()
    viewer = Viewer(link, quiet_hub, person(lasts_s=3600), doors(quiet_hub, trio.current_time))
    began = trio.current_time()
    with pytest.raises(ExceptionGroup) as ended:  # noqa: PT012
        async with trio.open_nursery() as nursery:
            nursery.start_soon(viewer.run)
            await trio.sleep_until(3600 - EXPIRY_NOTICE_S - 1)
            assert [one["type"] for one in link.heard] == ["hello", "agents"]
            await link.hears("auth_expiring", expires_unix_s=3600)
            assert trio.current_time() == pytest.approx(3600 - EXPIRY_NOTICE_S, abs=0.1)
            await trio.sleep(EXPIRY_NOTICE_S - 1)
            viewer.require_live_credential()
            await trio.sleep(2)
            with pytest.raises(NotSignedInError):
                viewer.require_live_credential()
            await trio.sleep_forever()
    assert ended.group_contains(NotSignedInError)
    assert trio.current_time() - began >= 3600 + EXPIRY_GRACE_S - 1
    assert quiet_hub.listeners == set()


async def test_a_renewed_credential_lives_on(autojump_clock: MockClock, quiet_hub: Hub) -> None:
    """A later token of the same person moves the end; one of somebody else's, or none, is refused and ends nothing."""
    del autojump_clock
    mine = replace(person(lasts_s=1000))
    verify = verifier(replace(mine, expires_unix_s=5000), person("mallory", lasts_s=9000))
    async with viewing(quiet_hub, mine, unix_s=trio.current_time, verify=verify) as link:
        await trio.sleep_until(1000 - EXPIRY_NOTICE_S)
        await link.hears("auth_expiring", expires_unix_s=1000)
        await link.say("auth", token="1")
        await link.hears("error", code="other_person", about="auth")
        await link.say("auth", token="0")
        await trio.sleep_until(4000)
        await link.say("ping", id=1)
        await link.hears("pong", id=1)
        await trio.sleep_until(5000 - EXPIRY_NOTICE_S)
        await link.hears("auth_expiring", expires_unix_s=5000)


async def test_a_client_that_does_not_read(quiet_hub: Hub) -> None:
    """Answers wait for a client up to a bound; then its connection ends, and nothing of it stays."""
    link = MemoryLink(is_open=False)
    viewer = Viewer(link, quiet_hub, person(), doors(quiet_hub))
    with pytest.raises(ExceptionGroup) as ended:  # noqa: PT012
        async with trio.open_nursery() as nursery:
            nursery.start_soon(viewer.run)
            for number in range(MAX_OUTBOX_MESSAGES + 10):
                await link.say("ping", id=number)
    assert ended.group_contains(TooFastError)
    assert len(viewer._outbox) <= MAX_OUTBOX_MESSAGES
    assert quiet_hub.listeners == set()


async def test_nothing_said_is_lost_or_mixed(quiet_hub: Hub) -> None:
    """Answers that waited come in order once the client reads again."""
    async with viewing(quiet_hub) as link:
        await link.hears("agents")
        link.is_open = False
        for number in range(200):
            await link.say("ping", id=number)
        await trio.testing.wait_all_tasks_blocked()
        link.open()
        await link.hears("pong", id=199)
        assert [one["id"] for one in link.heard if one["type"] == "pong"] == list(range(200))


async def test_agents_of_others_are_not_told(quiet_hub: Hub) -> None:
    """A connection hears of its own agents alone, and of their end even when it may not see them any more."""
    ada, bob = person("ada", Role.DEVELOPER), person("bob", Role.DEVELOPER)
    mine, theirs = agent_of(ada), agent_of(bob)
    quiet_hub._agents[mine.id] = mine
    quiet_hub._agents[theirs.id] = theirs
    async with viewing(quiet_hub, ada) as link:
        assert [one["id"] for one in (await link.hears("agents"))["agents"]] == [mine.id]
        for one in (mine, theirs):
            quiet_hub._agents[one.id] = replace(one, title="new")
            quiet_hub._tell(one.id)
        assert (await link.hears("agent_update"))["agent"]["id"] == mine.id
        for one in (mine, theirs):
            del quiet_hub._agents[one.id]
            quiet_hub._tell(one.id)
        await link.hears("agent_removed", id=mine.id)
        await link.say("ping", id=1)
        await link.hears("pong", id=1)
        assert [one["type"] for one in link.heard] == ["hello", "agents", "agent_update", "agent_removed", "pong"]


async def test_a_slow_clients_input_harms_no_pane(short_dir: Path) -> None:
    """Acknowledgements for a client whose answers are full end neither the pane nor another viewer's input."""
    async with open_house(short_dir) as house, viewing(house.hub) as other:
        agent = await house.spawn("reader")
        await until(lambda: "reading" in house.text(agent), "the reader")
        link = MemoryLink()
        viewer = Viewer(link, house.hub, person(), doors(house.hub))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(viewer.run)
            await link.hears("agents")
            link.is_open = False
            with pytest.raises(TooFastError):  # noqa: PT012
                while True:
                    viewer.say(Pong(1, 1))
            await link.say("input", session_id=agent.session_id, seq=1, data_base64="AAAA")
            await until(lambda: (short_dir / "read").read_bytes() == b"\0\0\0", "its input")
            await other.say("input", session_id=agent.session_id, seq=1, data="still")
            await other.hears("input_ack", seq=1)
            await until(lambda: (short_dir / "read").read_bytes() == b"\0\0\0still", "the other's input")
            assert house.state(agent) is not AgentState.LOST
            nursery.cancel_scope.cancel()


async def test_a_subscription_that_ends_while_something_is_sent(short_dir: Path) -> None:
    """A client that unsubscribes while a message to it is on its way breaks nothing."""
    async with open_house(short_dir) as house, viewing(house.hub) as link:
        agents = [await house.spawn("sh") for _ in range(3)]
        for one in agents:
            await link.say("subscribe_terminal", session_id=one.session_id, max_fps=60)
        for one in agents:
            await link.hears("terminal_output", session_id=one.session_id)
        link.is_open = False
        for one in agents:
            house.hub.pane(one.session_id).type_keys(b"echo $((6*7))\r", lambda: None, lambda: None)
        for one in agents:
            await until(lambda shown=one: "42" in house.text(shown), "the answer")
        for one in agents[1:]:
            await link.say("unsubscribe_terminal", session_id=one.session_id)
        await trio.testing.wait_all_tasks_blocked(0.05)
        link.open()
        for one in agents[1:]:
            await link.hears("unsubscribed", session_id=one.session_id)
        await link.say("ping", id=5)
        await link.hears("pong", id=5)


async def test_nothing_waits_on_an_open_connection(quiet_hub: Hub) -> None:
    """Answers go without a wait where that is possible, and by the other way only while the client takes nothing.

    A viewer that waits finds others who leave it their messages, and may never stop waiting: with a thousand viewers
    that took two thirds of the daemon's time.
    """
    async with viewing(quiet_hub, unix_s=trio.current_time) as link:
        for number in range(5):
            await link.say("ping", id=number)
            await link.hears("pong", id=number)
        assert link.waited == 0
        link.is_open = False
        await link.say("ping", id=5)
        await until(lambda: link.waited == 1, "a wait")
        link.open()
        await link.hears("pong", id=5)
        await link.say("ping", id=6)
        await link.hears("pong", id=6)
        assert link.waited == 1
