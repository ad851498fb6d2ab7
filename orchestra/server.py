"""The composition root: builds every owner, opens the one top nursery, serves, stops."""

import gc
import json
import logging
import os
import secrets
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import structlog
import trio

from orchestra import __version__, tmux
from orchestra.access import ROLE_PERMISSIONS, PeerFence, Principal, RequestFence, Role
from orchestra.agents import Agent
from orchestra.audit import Action, Outcome, Record
from orchestra.errors import BadInputError, OrchestraError, SetupError, first_error
from orchestra.runtime.agent_planner import SpawnRequest
from orchestra.runtime.agent_tokens import AgentTokens
from orchestra.runtime.environment import pane_environment
from orchestra.runtime.fleet import Fleet, open_fleet
from orchestra.runtime.git import find_git
from orchestra.runtime.hub import Hub
from orchestra.runtime.place import Place
from orchestra.runtime.profile_library import ProfileLibrary
from orchestra.runtime.pruning import prune_for_ever
from orchestra.runtime.pty import Spawner
from orchestra.runtime.terminal_name import terminal_name
from orchestra.runtime.tmux_server import Tmux, find_tmux
from orchestra.runtime.viewer import ViewerDoors
from orchestra.runtime.worktree import Worktrees
from orchestra.runtime.wrapper_directory import wrapper_directory
from orchestra.store.agent_table import AgentTable
from orchestra.store.approval_table import ApprovalTable
from orchestra.store.audit_log import AuditLog, AuditTrail
from orchestra.store.daemon_lock import DaemonLock
from orchestra.store.database import Database, open_database
from orchestra.store.ledger import TaskLedger
from orchestra.store.message_table import MessageTable
from orchestra.store.retention import Retention
from orchestra.store.state_directory import StateDirectory, create_private_file, write_private_file
from orchestra.store.token_table import TokenTable
from orchestra.web.address import check_host, listen, url_of
from orchestra.web.agent_routes import agent_routes
from orchestra.web.app import build_app
from orchestra.web.approval_routes import approval_routes
from orchestra.web.every_tool import every_tool
from orchestra.web.health import OK
from orchestra.web.listener import serve_connections
from orchestra.web.local_sign_in import local_sign_in
from orchestra.web.mail_routes import mail_routes
from orchestra.web.mcp_door import McpDoor
from orchestra.web.message_routes import message_routes
from orchestra.web.metrics_routes import metrics_routes
from orchestra.web.owner_socket import serve_owner_socket
from orchestra.web.report_routes import report_routes
from orchestra.web.request_log import set_up_logging
from orchestra.web.result_routes import result_routes
from orchestra.web.route import Route
from orchestra.web.session_routes import session_routes
from orchestra.web.sign_in import SignIn
from orchestra.web.status_routes import status_routes
from orchestra.web.task_routes import task_routes
from orchestra.web.viewer_socket import serve_viewer
from orchestra.web.websocket import BoundedWebSocket
from orchestra.web.worktree_routes import worktree_routes

__all__ = ["Ready", "Settings", "run_server"]

FIRST_PROFILE: Final = "shell"

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator chooses. `port` 0 means any free one, and the same one again next time.

    `agent_niceness` is 0..19, as nice(1) has it. What is over is kept for `keep_days` days; 0: for ever.
    """

    host: str
    port: int
    state_directory: Path | None
    agent_niceness: int
    is_verbose: bool = True
    verifies_frames: bool = False
    keep_days: int = 0


@dataclass(frozen=True, slots=True)
class Ready:
    """Where the daemon answers, and a link that signs its owner in once, within 60 s."""

    url: str
    login_url: str


def run_server(settings: Settings, ready: Callable[[Ready], None]) -> None:
    """Run the daemon until SIGTERM or SIGINT; raise `SetupError` when it cannot start."""
    set_up_logging(level=logging.INFO if settings.is_verbose else logging.WARNING)
    gc.freeze()  # what is loaded stays: to look through it for garbage again and again holds every key for 30 ms
    try:
        trio.run(_serve, settings, ready)
    except BaseExceptionGroup as group:
        refused = group.subgroup(OrchestraError)
        if refused is None or group.split(OrchestraError)[1] is not None:
            raise
        raise first_error(refused) from group


async def _serve(settings: Settings, ready: Callable[[Ready], None]) -> None:
    check_host(settings.host)
    directory = await trio.to_thread.run_sync(StateDirectory.open, settings.state_directory)
    with ExitStack() as stack:
        lock = stack.enter_context(DaemonLock(directory.lock))
        lock.acquire(os.getpid())
        program = await _prepare_tmux(directory)
        listeners = _listen(settings, directory)
        stack.callback(_close, listeners)
        audit = AuditTrail(stack.enter_context(AuditLog(directory.audit_log)))
        create_private_file(directory.database)
        url = url_of(settings.host, listeners[0])
        async with open_database(directory.database) as database:
            tokens = AgentTokens(TokenTable(database), unix_s=time.time, random=secrets.token_bytes)
            await tokens.load()
            sign_in = await local_sign_in(directory.issuer_key, url, tokens.verify)
            async with (
                _hub(directory, program, database, settings, tokens=tokens, url=url) as hub,
                open_fleet(
                    hub,
                    tokens,
                    ledger=TaskLedger(database),
                    mail=MessageTable(database),
                    asked=ApprovalTable(database),
                    random=secrets.token_bytes,
                ) as fleet,
            ):
                house = _House(
                    fleet,
                    sign_in=sign_in,
                    audit=audit,
                    database=database,
                    directory=directory,
                    tmux_version=str(program.version),
                    keep_days=settings.keep_days,
                )
                announce = partial(_announce, lock, directory, url, sign_in, ready)
                await house.open(settings.host, listeners, announce)


def _announce(
    lock: DaemonLock, directory: StateDirectory, url: str, sign_in: SignIn, ready: Callable[[Ready], None]
) -> None:
    lock.announce(os.getpid(), url)
    write_private_file(directory.announcement, json.dumps({"url": url, "pid": os.getpid()}).encode())
    _log.info("ready", url=url, pid=os.getpid(), version=__version__)
    ready(Ready(url, sign_in.new_login_link()))


class _House:
    """The daemon's doors, once everything behind them is there."""

    def __init__(
        self,
        fleet: Fleet,
        *,
        sign_in: SignIn,
        audit: AuditTrail,
        database: Database,
        directory: StateDirectory,
        tmux_version: str,
        keep_days: int,
    ) -> None:
        self._fleet = fleet
        self._hub = fleet.hub
        self._sign_in = sign_in
        self._audit = audit
        self._database = database
        self._directory = directory
        self._keep_days = keep_days
        self._versions = {"version": __version__, "tmux": tmux_version}

    async def open(self, host: str, listeners: list[trio.SocketListener], announce: Callable[[], None]) -> None:
        """Serve on `listeners` and on the owner socket until a signal says stop."""
        await self._record("daemon", Action.DAEMON_START, "", Outcome.OK)
        page = Path(__file__).parent / "web" / "page"
        routes = [
            *agent_routes(self._hub),
            *session_routes(self._hub),
            *message_routes(self._hub, self._fleet.mailroom),
            *status_routes(self._fleet),
            *self._worktree_routes(),
            *task_routes(self._fleet.delegation.board),
            *result_routes(self._fleet.delegation),
            *report_routes(self._fleet.desk),
            *mail_routes(self._fleet.mailroom),
            *approval_routes(self._fleet.approvals, self._fleet.desk),
            *metrics_routes(self._hub, self._versions),
        ]
        app = build_app(
            routes,
            sign_in=self._sign_in,
            audit=self._audit,
            page_directory=page if page.is_dir() else None,
            readiness=self._readiness,
        )
        port = listeners[0].socket.getsockname()[1]
        stop = trio.Event()
        door = McpDoor(app, every_tool(routes, self._fleet), sign_in=self._sign_in, audit=self._audit, stop=stop)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_stop_on_signal, stop)
            nursery.start_soon(door.run)
            nursery.start_soon(prune_for_ever, Retention(self._database), self._keep_days, time.time)
            await nursery.start(serve_owner_socket, self._directory.owner_socket, self._operations())
            serve = partial(
                serve_connections,
                listeners,
                app=door,
                fence=RequestFence([host], port, "http"),
                peers=PeerFence(),
                sign_in=self._sign_in,
                on_websocket=self._on_websocket,
                stop=stop,
            )
            await nursery.start(_serve_then_cancel, serve, nursery.cancel_scope)
            if not self._hub.agents:
                await self._start_first()
            announce()
        await self._record("daemon", Action.DAEMON_STOP, "", Outcome.OK)

    def _worktree_routes(self) -> list[Route]:
        worktrees = self._hub.planner.worktrees
        return worktree_routes(self._hub, worktrees, _is_itself) if worktrees is not None else []

    async def _start_first(self) -> None:
        """Start the first agent, between two records like every change."""
        await self._record("daemon", Action.AGENT_SPAWN, "", Outcome.BEGUN)
        everything = ROLE_PERMISSIONS[Role.ADMIN]
        request = SpawnRequest(FIRST_PROFILE, self._sign_in.owner_key, permissions=everything)
        started = await self._hub.spawn(request)
        await self._record("daemon", Action.AGENT_SPAWN, " ".join(agent.id for agent in started), Outcome.OK)

    async def _on_websocket(self, connection: BoundedWebSocket, principal: Principal) -> None:
        async def opened(who: Principal) -> None:
            await self._record(who.key, Action.VIEWER_OPEN, "", Outcome.OK)

        await serve_viewer(connection, principal, self._hub, self._doors, opened)

    def _doors(self, principal: Principal) -> ViewerDoors:
        async def audit(action: str, target: str, outcome: str) -> None:
            await self._record(principal.key, action, target, outcome)

        fleet = self._fleet
        return ViewerDoors(
            self._sign_in.verify,
            audit,
            time.time,
            __version__,
            fleet.mailroom,
            fleet.delegation.board.book,
            fleet.approvals,
        )

    async def _record(self, actor: str, action: str, target: str, outcome: str) -> None:
        unix_ms = int(time.time() * 1000)
        await self._audit.write(Record(unix_ms=unix_ms, actor=actor, action=action, target=target, outcome=outcome))

    async def _readiness(self) -> Mapping[str, str]:
        await self._database.run(lambda connection: connection.execute("PRAGMA user_version").fetchone())
        return {"database": OK}

    def _operations(self) -> dict[str, Callable[[dict[str, Any]], Any]]:
        """Return what the owner socket does; a credential is recorded before it is handed out."""
        sign_in, owner = self._sign_in, self._sign_in.owner_key

        async def ping(_request: dict[str, Any]) -> dict[str, Any]:
            return {"ok": True, "pid": os.getpid(), "url": sign_in.base_url, "version": __version__}

        async def login_link(_request: dict[str, Any]) -> dict[str, Any]:
            await self._record(owner, Action.LOGIN_LINK, "", Outcome.OK)
            return {"login_url": sign_in.new_login_link()}

        async def token(request: dict[str, Any]) -> dict[str, Any]:
            answer = sign_in.issue_for_owner(str(request.get("role", "admin")), request.get("ttl_s", 3600))
            await self._record(owner, Action.TOKEN, str(request.get("role", "admin")), Outcome.OK)
            url = sign_in.base_url
            return {"token": answer.access_token, "expires_unix_s": answer.expires_unix_s, "url": url}

        async def join(request: dict[str, Any]) -> dict[str, Any]:
            profile, name, cwd = (request.get(key) for key in ("profile", "name", "cwd"))
            if not isinstance(profile, str) or not isinstance(cwd, str) or not isinstance(name, str | None):
                raise BadInputError("bad_request", "A join names a profile and a folder.", field="profile")
            await self._record(owner, Action.AGENT_SPAWN, "", Outcome.BEGUN)
            joined = await self._fleet.joining.join(profile, name, cwd, owner, ROLE_PERMISSIONS[Role.ADMIN])
            await self._record(owner, Action.AGENT_SPAWN, joined.agent.id, Outcome.OK)
            return joined.public()

        return {"ping": ping, "login_link": login_link, "token": token, "join": join}


async def _serve_then_cancel(
    serve: Callable[..., Any],
    scope: trio.CancelScope,
    *,
    task_status: trio.TaskStatus[object] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve until stopped; the daemon then ends."""
    await serve(task_status=task_status)
    scope.cancel()


async def _stop_on_signal(stop: trio.Event) -> None:
    with trio.open_signal_receiver(signal.SIGTERM, signal.SIGINT, signal.SIGHUP) as signals:
        async for number in signals:
            if not stop.is_set():  # a second one changes nothing: the end is bounded anyway
                _log.info("stopping", signal=signal.Signals(number).name)
            stop.set()


@asynccontextmanager
async def _hub(
    directory: StateDirectory, program: Tmux, database: Database, settings: Settings, *, tokens: AgentTokens, url: str
) -> AsyncIterator[Hub]:
    environment = pane_environment(os.environ)
    wrappers = str(wrapper_directory())
    place = Place(
        sockets=directory.tmux,
        scratch=directory.demo,
        home=Path.home(),
        environment=environment,
        niceness=settings.agent_niceness,
        runs=directory.runs,
        wrappers=wrappers,
        url=url,
    )
    worktrees = await trio.to_thread.run_sync(_worktrees, directory, environment)
    spawner = Spawner()
    hub = Hub(
        program=program,
        spawner=spawner,
        rows=AgentTable(database),
        profiles=ProfileLibrary.open(environment, wrappers, person=os.environ),
        place=place,
        tokens=tokens,
        worktrees=worktrees,
        unix_s=time.time,
        random=secrets.token_bytes,
        verifies_frames=settings.verifies_frames,
    )
    async with trio.open_nursery() as nursery:
        nursery.start_soon(spawner.run)
        # Starts programs and waits for them: nobody else waits for that.
        nursery.start_soon(partial(trio.to_thread.run_sync, hub.profiles.recognise, abandon_on_cancel=True))
        await nursery.start(hub.run)
        yield hub
        nursery.cancel_scope.cancel()


def _is_itself(principal: Principal, agent: Agent) -> bool:
    return principal.agent_id == agent.id


def _worktrees(directory: StateDirectory, environment: Mapping[str, str]) -> Worktrees | None:
    """Return what keeps worktrees; None where git is missing, which only who asks for one is told."""
    try:
        return Worktrees(directory.worktrees, find_git(environment), time.time)
    except SetupError as error:
        _log.info("no_worktrees", reason=error.message)
        return None


async def _prepare_tmux(directory: StateDirectory) -> Tmux:
    terminal = terminal_name()
    write_private_file(directory.tmux_configuration, tmux.configuration(terminal).encode())
    if not os.environ.get("LC_ALL") and "utf" not in os.environ.get("LC_CTYPE", os.environ.get("LANG", "")).lower():
        os.environ["LC_CTYPE"] = "C.UTF-8"  # tmux answers in the encoding of its locale
    return await trio.to_thread.run_sync(find_tmux, directory.tmux_configuration)


def _listen(settings: Settings, directory: StateDirectory) -> list[trio.SocketListener]:
    remembered = directory.read_port() if settings.port == 0 else None
    listener = listen(settings.host, settings.port, remembered)
    port = listener.socket.getsockname()[1]
    if settings.port == 0 and port != remembered:
        directory.write_port(port)
    return [listener]


def _close(listeners: list[trio.SocketListener]) -> None:
    for listener in listeners:
        listener.socket.close()
