"""A hub on real tmux servers and a real database, and viewers that talk to it over a link in memory."""

import functools
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from weakref import WeakKeyDictionary

import trio

from orchestra import tmux
from orchestra.access import ROLE_PERMISSIONS, Principal, Role
from orchestra.agents import Agent, AgentState, Profile, RuleSet
from orchestra.errors import NotSignedInError
from orchestra.runtime.agent_planner import SpawnRequest
from orchestra.runtime.approval_rows import ApprovalRows
from orchestra.runtime.approvals import Approvals
from orchestra.runtime.hub import Hub
from orchestra.runtime.ledger import Ledger
from orchestra.runtime.mailroom import Mailroom, open_mailroom
from orchestra.runtime.manner import Manner, Patience
from orchestra.runtime.place import Place
from orchestra.runtime.profile_library import LoadedProfiles, ProfileLibrary
from orchestra.runtime.pty import Spawner
from orchestra.runtime.task_book import TaskBook
from orchestra.runtime.terminal_obstacle import TerminalObstacle
from orchestra.runtime.tmux_server import Tmux, TmuxServer, find_tmux
from orchestra.runtime.viewer import Viewer, ViewerDoors
from orchestra.store.agent_table import AgentTable
from orchestra.store.database import Database, open_database
from orchestra.store.message_table import MessageTable

IN_TIME_S = 10.0
"""Nothing in these tests takes longer."""
LOOK_S = 0.005
NICENESS = 6
RAW_READER = Path(__file__).parent.parent / "end_to_end" / "raw_reader.py"


async def until(look: Callable[[], object], what: str = "the condition", in_time_s: float = IN_TIME_S) -> None:
    """Wait until `look` is true; fail when it does not become so in time."""
    with trio.move_on_after(in_time_s):
        while not look():  # noqa: ASYNC110
            await trio.sleep(LOOK_S)
        return
    raise AssertionError(f"not within {in_time_s} s: {what}")


def profile(name: str, *command: str, starts: tuple[str, ...] = ()) -> Profile:
    """Return a profile that runs `command`."""
    return Profile(name, name, "", command, starts, is_listed=True)


def person(name: str = "ada", role: Role = Role.ADMIN, lasts_s: float = 3600) -> Principal:
    """Return somebody with the permissions of a role, whose credential lasts that long from the clock's zero."""
    return Principal(
        issuer="test",
        subject=name,
        permissions=ROLE_PERMISSIONS[role],
        token_id="t",
        issued_unix_s=0,
        expires_unix_s=int(lasts_s),
        signed_in_unix_s=None,
    )


OWNER = person().key

_MAILROOMS: "WeakKeyDictionary[Hub, Mailroom]" = WeakKeyDictionary()


@functools.cache
def tmux_program(directory: Path) -> Tmux:
    """Return the tmux of this machine, with a configuration in `directory`."""
    path = directory / "tmux.conf"
    path.write_text(tmux.configuration("screen-256color"))
    return find_tmux(path)


def environment(directory: Path) -> dict[str, str]:
    """Return what programs in panes see."""
    return {"PATH": os.environ["PATH"], "HOME": str(directory), "SHELL": "/bin/sh", "LC_CTYPE": "C.UTF-8"}


@dataclass
class House:
    """A running hub and what it stands on."""

    hub: Hub
    spawner: Spawner
    database: Database
    directory: Path
    mailroom: Mailroom

    async def spawn(self, name: str, **wanted: Any) -> Agent:  # noqa: ANN401
        """Start one agent and wait until its terminal is attached."""
        (agent,) = await self.hub.spawn(SpawnRequest(name, OWNER, **wanted))
        await until(lambda: self.hub.pane(agent.session_id)._pty is not None, "the attachment")
        return agent

    def text(self, agent: Agent) -> str:
        """Return what the agent's screen shows."""
        return "\n".join(row.rstrip() for row in self.hub.pane(agent.session_id).picture.snapshot.text_rows())

    def state(self, agent: Agent) -> AgentState:
        """Return an agent's state."""
        return self.hub.agent(agent.id).state

    def tmux(self, agent: Agent, *words: str) -> str:
        """Ask the agent's tmux server something, behind the hub's back."""
        command = ["tmux", "-S", str(self.directory / "t" / agent.socket_name), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    async def rows(self) -> list[Agent]:
        """Return what the database holds."""
        return await AgentTable(self.database).all()


def end_servers(directory: Path) -> None:
    """End every tmux server under `directory`."""
    for path in (directory / "t").glob("*"):
        subprocess.run(["tmux", "-S", str(path), "kill-server"], capture_output=True, check=False, timeout=IN_TIME_S)


@asynccontextmanager
async def open_house(
    directory: Path,
    *profiles: Profile,
    spawner: Spawner | None = None,
    rows: Any = None,  # noqa: ANN401
    keep: bool = False,
    manner: Manner = Manner(),  # noqa: B008 - a frozen value
    patience: Patience = Patience(),  # noqa: B008 - a frozen value
    rules: Sequence[RuleSet] = (),
) -> AsyncIterator[House]:
    """Run a hub in `directory` with `sh` and a raw reader as profiles; end its tmux servers unless `keep`.

    `rules` are screen rules that `profiles` name.
    """
    for name in ("t", "demo"):
        (directory / name).mkdir(exist_ok=True)
    shown = environment(directory)
    reader = profile("reader", sys.executable, str(RAW_READER), str(directory / "read"))
    known = {one.name: one for one in (profile("sh", "sh"), reader, *profiles)}
    used = spawner or Spawner()
    try:
        async with open_database(directory / "db") as database, trio.open_nursery() as nursery:
            hub = Hub(
                program=tmux_program(directory),
                spawner=used,
                rows=rows or AgentTable(database),
                profiles=ProfileLibrary(
                    *(known, shown, str(directory)),
                    loaded=LoadedProfiles(known, {one.name: one for one in rules}),
                ),
                place=Place(directory / "t", directory / "demo", directory, shown, NICENESS),
                unix_s=time.time,
                random=secrets.token_bytes,
            )
            nursery.start_soon(used.run)
            await nursery.start(hub.run)
            beside = {"obstacle": TerminalObstacle(hub), "manner": lambda _agent: manner, "patience": patience}
            async with open_mailroom(hub, MessageTable(database), **beside) as mailroom:
                _MAILROOMS[hub] = mailroom
                yield House(hub, used, database, directory, mailroom)
            nursery.cancel_scope.cancel()
    finally:
        if not keep:
            end_servers(directory)


@dataclass
class MemoryLink:
    """A viewer's connection in memory. While not `is_open` the client takes nothing.

    `waited` counts the messages that were sent by the way that may have to wait.
    """

    heard: list[dict[str, Any]] = field(default_factory=list)
    binary: list[bytes] = field(default_factory=list)
    is_open: bool = True
    waited: int = 0
    _opened: trio.Event = field(default_factory=trio.Event)

    def __post_init__(self) -> None:
        self.client, self._server = trio.open_memory_channel[str | bytes](1000)

    @property
    def has_rest(self) -> bool:
        """Whether half a message waits: never."""
        return False

    async def flush(self) -> None:
        """Send what waits: nothing."""
        await trio.lowlevel.checkpoint()

    def send_nowait(self, message: str | bytes) -> bool:
        """Take a message at once while open."""
        if self.is_open:
            self._take(message)
        return self.is_open

    async def send(self, message: str | bytes) -> None:
        """Take a message as soon as open."""
        self.waited += 1
        await trio.lowlevel.checkpoint()
        while not self.is_open:
            await self._opened.wait()
        self._take(message)

    async def receive(self, handler: Callable[[str | bytes], Awaitable[None]]) -> None:
        """Hand what the client says to the handler."""
        async for message in self._server:
            await handler(message)

    def open(self) -> None:
        """Let the client take messages again."""
        self.is_open = True
        self._opened.set()
        self._opened = trio.Event()

    async def say(self, kind: str, **fields: object) -> None:
        """Say something as the client."""
        await self.client.send(json.dumps({"type": kind, **fields}))

    async def hears(self, kind: str, **fields: object) -> dict[str, Any]:
        """Wait for a message of that kind with those fields."""

        def found() -> list[dict[str, Any]]:
            return [one for one in self.heard if one["type"] == kind and fields.items() <= one.items()]

        await until(found, f"{kind} {fields}; heard {self.heard[-3:]}")
        return found()[-1]

    def _take(self, message: str | bytes) -> None:
        if isinstance(message, str):
            self.heard.append(json.loads(message))
        else:
            self.binary.append(message)


def refuse(_token: str) -> Principal:
    """Verify no token."""
    raise NotSignedInError("token_invalid", "no")


async def no_audit(_action: str, _target: str, _outcome: str) -> None:
    """Write nothing."""
    await trio.lowlevel.checkpoint()


def doors(
    hub: Hub,
    unix_s: Callable[[], float] = lambda: 0.0,
    verify: Callable[[str], Principal] = refuse,
    audit: Any = no_audit,  # noqa: ANN401
    book: TaskBook | None = None,
) -> ViewerDoors:
    """Return a viewer's surroundings."""
    mailroom = _MAILROOMS[hub] if hub in _MAILROOMS else idle_mailroom(hub)
    return ViewerDoors(
        verify=verify,
        audit=audit,
        unix_s=unix_s,
        version="test",
        mailroom=mailroom,
        book=book or idle_book(),
        approvals=idle_approvals(hub),
    )


def idle_approvals(hub: Any) -> Approvals:  # noqa: ANN401 - a hub, or what stands for one
    """Return approvals that nobody asks for."""
    return Approvals(hub, cast("ApprovalRows", None), unix_s=time.time, random=os.urandom)


def idle_book() -> TaskBook:
    """Return a task book that writes nothing."""
    return TaskBook(cast("Ledger", None), time.time)


def idle_mailroom(hub: Any) -> Mailroom:  # noqa: ANN401 - a hub, or what stands for one
    """Return a mailroom that delivers nothing."""
    return Mailroom(
        hub, cast("MessageTable", None), obstacle=lambda _agent, _typed: None, manner=lambda _agent: Manner()
    )


@asynccontextmanager
async def viewing(hub: Hub, who: Principal | None = None, **options: Any) -> AsyncIterator[MemoryLink]:  # noqa: ANN401
    """Run a viewer over a link in memory until the block ends."""
    link = MemoryLink()
    viewer = Viewer(link, hub, who or person(), doors(hub, **options))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(viewer.run)
        yield link
        await link.client.aclose()


def server_of(directory: Path, name: str = "one") -> TmuxServer:
    """Return a tmux server of its own under `directory`, not started yet."""
    (directory / "t").mkdir(exist_ok=True)
    return TmuxServer(tmux_program(directory), directory / "t" / name)


def stay(directory: Path) -> Mapping[str, str]:
    """Return the environment for a server of `server_of`."""
    shutil.which("tmux")
    return environment(directory)
