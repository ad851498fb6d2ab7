"""Before anything is answered: Host and Origin of every request, and the one credential of a WebSocket."""

import time
from itertools import pairwise
from pathlib import Path

import pytest
import trio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trio_websocket import ConnectionClosed

from orchestra.web.limit import Limits
from tests.web.served import Served, serving
from tests.web.test_listener import client_frame, until
from tests.web.test_websocket import close_code, raw_websocket

PING = b"\x89\x00"

FOREIGN_HOSTS = [
    "evil.example",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.1:PORT.evil.example",
    "127.0.0.1.evil.example:PORT",
    "localhost.:PORT",
    "127.1:PORT",
    "0.0.0.0:PORT",
    "2130706433:PORT",
    "[::ffff:127.0.0.1]:PORT",
    "user@127.0.0.1:PORT",
    "127.0.0.1:PORT, evil.example",
    "",
]

FOREIGN_ORIGINS = [
    "null",
    "http://evil.example",
    "http://127.0.0.1:1",
    "http://127.0.0.1",
    "https://127.0.0.1:PORT",
    "http://localhost.evil.example:PORT",
    "http://127.evil.example:PORT",
    "http://127.0.0.1:PORT@evil.example",
    "http://ok@127.0.0.1:PORT",
    "HTTP://127.0.0.1:PORT",
    "http://127.0.0.1:PORT/",
    "http://127.0.0.1.:PORT",
    "http://[",
    "http://127.0.0.1:PORT http://evil.example",
    "",
]


def status(answer: bytes) -> int:
    """Return the status of the first answer."""
    return int(answer.split(b" ", 2)[1])


def problem_code(answer: bytes) -> str:
    """Return the code of a problem."""
    return answer.partition(b'"code":"')[2].partition(b'"')[0].decode()


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
async def test_a_foreign_host_is_refused(host: str, short_dir: Path) -> None:
    """DNS rebinding: whatever is asked for, under a name that is not ours the answer is 403."""
    async with serving(short_dir) as served:
        host = host.replace("PORT", str(served.port))
        for request in (served.request("GET", "/"), served.request("POST", "/auth/login"), served.upgrade()):
            answer = await served.raw(request.replace(f"Host: {served.host}".encode(), f"Host: {host}".encode()))
            assert (status(answer), problem_code(answer)) == (403, "host_not_allowed")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LocalHost", "[::1]"])
async def test_our_own_hosts_are_served(host: str, short_dir: Path) -> None:
    """The names of loopback with our port are ours, in any case."""
    async with serving(short_dir) as served:
        request = served.request().replace(served.host.encode(), f"{host}:{served.port}".encode())
        assert status(await served.raw(request)) == 200


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
async def test_a_foreign_origin_is_refused(origin: str, short_dir: Path) -> None:
    """Another site's page gets 403 for reading, changing and opening a WebSocket, and no CORS header."""
    async with serving(short_dir) as served:
        origin = origin.replace("PORT", str(served.port))
        requests = (
            served.request("GET", "/healthz", f"Origin: {origin}"),
            served.request("OPTIONS", "/api/agents", f"Origin: {origin}", "Access-Control-Request-Method: POST"),
            served.request("POST", "/auth/login", f"Origin: {origin}"),
            served.upgrade(origin=origin),
        )
        for request in requests:
            answer = await served.raw(request)
            assert (status(answer), problem_code(answer)) == (403, "origin_not_allowed")
            assert b"access-control" not in answer.lower()


async def test_what_browsers_say_about_themselves_is_held_against_them(short_dir: Path) -> None:
    """A WebSocket of a browser names its Origin and its mode; one that does not was made by something else."""
    async with serving(short_dir) as served:
        ours = f"Origin: {served.origin}"
        mode, site = "Sec-Fetch-Mode: ", "Sec-Fetch-Site: "
        assert status(await opened(served, served.upgrade(ours, f"{mode}websocket", f"{site}same-origin"))) == 101
        for headers in (
            (f"{mode}websocket", f"{site}same-origin"),
            (ours, f"{mode}websocket", f"{site}cross-site"),
            (ours, f"{mode}websocket", f"{site}same-site"),
            (ours, f"{mode}no-cors", f"{site}same-origin"),
        ):
            assert status(await served.raw(served.upgrade(*headers))) == 403


async def opened(served: Served, upgrade: bytes) -> bytes:
    """Return the first bytes of the answer to `upgrade`."""
    async with await served.connect() as stream:
        await stream.send_all(upgrade)
        return bytes(await stream.receive_some())


async def test_what_is_no_upgrade_is_told_so(short_dir: Path) -> None:
    """Another version, a key of another length, another method: refused before anything was upgraded."""
    async with serving(short_dir) as served:
        upgrade = served.upgrade()
        for wrong, expected in (
            (upgrade.replace(b"Version: 13", b"Version: 8"), 426),
            (upgrade.replace(b"Sec-WebSocket-Version: 13\r\n", b""), 426),
            (upgrade.replace(b"dGhlIHNhbXBsZSBub25jZQ==", b"c2hvcnQ="), 400),
            (upgrade.replace(b"dGhlIHNhbXBsZSBub25jZQ==", b"!"), 400),
            (upgrade.replace(b"HTTP/1.1", b"HTTP/1.0"), 426),
            (upgrade.replace(b"GET", b"POST"), 426),
            (upgrade.replace(b"\r\n\r\n", b"\r\nContent-Length: 1\r\n\r\n"), 426),
            (upgrade.replace(b"Connection: Upgrade", b"Connection: close"), 426),
            (upgrade.replace(b"/ws?", b"/WS?").replace(b"Upgrade\r\n", b"Upgrade, close\r\n"), 404),
        ):
            assert status(await served.raw(wrong)) == expected


async def test_while_the_daemon_stops_nothing_new_begins(short_dir: Path) -> None:
    """A head that comes after the stop is told 503 and to come back."""
    async with serving(short_dir) as served, await served.connect() as stream:
        await stream.send_all(b"GET ")
        await until(lambda: served.listener.statistics().unready == 1)
        served.stop.set()
        await stream.send_all(served.request()[4:])
        assert status(bytes(await stream.receive_some())) == 503


BYTES = st.one_of(
    st.binary(max_size=200),
    st.lists(
        st.sampled_from(
            [
                b"GET ",
                b"POST ",
                b"/ws",
                b"/",
                b" HTTP/1.1",
                b"\r\n",
                b"\n",
                b"Host: HOST\r\n",
                b"Content-Length: 5\r\n",
                b"Transfer-Encoding: chunked\r\n",
                b"Upgrade: websocket\r\nConnection: Upgrade\r\n",
                b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n",
                b"Authorization: Bearer TOKEN\r\n",
                b"\x81\x85\0\0\0\0hello",
                b"\xff",
                b"\0",
                b": ",
            ]
        ),
        max_size=12,
    ).map(b"".join),
)


async def test_random_bytes_harm_nobody(short_dir: Path) -> None:
    """Whatever is thrown at the port in whatever pieces, the bystander's echo comes back and no fault of ours shows."""
    async with serving(short_dir, limits=Limits(head_s=2.0, linger_s=0.02, close_s=0.2, body_s=0.2)) as served:
        async with served.bystander() as bystander:
            token = served.token().encode()

            async def throw(pieces: list[bytes]) -> None:
                stream = await served.connect()
                async with stream:
                    try:
                        for piece in pieces:
                            data = piece.replace(b"HOST", served.host.encode()).replace(b"TOKEN", token)
                            await stream.send_all(data)
                            await trio.lowlevel.checkpoint()
                    except trio.BrokenResourceError:
                        pass
                await bystander.is_well()

            deadline_s = time.monotonic() + 8
            for pieces in examples(st.lists(BYTES, max_size=5), 300):
                await throw(pieces)
                if time.monotonic() > deadline_s:
                    break
            await until(lambda: served.listener.statistics().connections == 1)
        assert not [line for line in served.log_lines() if line["level"] == "error"]


def examples(strategy: st.SearchStrategy[list[bytes]], count: int) -> list[list[bytes]]:
    """Return examples of `strategy`, which an async test then uses with a server that lives through all of them."""
    found: list[list[bytes]] = []

    @settings(max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def collect(example: list[bytes]) -> None:
        found.append(example)

    collect()
    return found


async def test_a_viewer_that_leaves_is_no_fault(short_dir: Path) -> None:
    """When a client closes, its viewer ends without a word of error, and its place is free."""
    async with serving(short_dir) as served:
        async with served.websocket() as viewer:
            await viewer.aclose(1001)
            with pytest.raises(ConnectionClosed):
                await viewer.get_message()
        await until(lambda: served.listener.statistics().connections == 0)
        assert {line["level"] for line in served.log_lines()} == {"info"}
        closed = [line for line in served.log_lines() if line["event"] == "websocket_closed"]
        assert closed[0]["code"] == 1001


async def test_a_peer_without_a_life_sign_is_given_up(short_dir: Path) -> None:
    """A peer that answers no ping is closed with 4408; one that answers stays for as long as it does."""
    limits = Limits(ping_s=0.05, life_s=0.3, linger_s=0.1)
    async with (
        serving(short_dir, limits=limits) as served,
        served.bystander() as bystander,
        raw_websocket(served) as silent,
    ):
        assert await close_code(silent) == 4408
        await bystander.is_well()


async def test_who_says_something_is_not_asked(short_dir: Path) -> None:
    """A peer whose words come more often than pings would is sent none; silent, it is asked soon, and again."""
    limits = Limits(ping_s=1.0, life_s=1.0, linger_s=0.1)
    async with serving(short_dir, limits=limits) as served, raw_websocket(served) as viewer:
        asked_s: list[float] = []

        async def listen() -> None:
            while data := await viewer.receive_some():
                if PING in data:
                    asked_s.append(trio.current_time())
                    await viewer.send_all(client_frame(0xA, b""))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(listen)
            over_s = trio.current_time() + 2.5 * limits.ping_s
            while trio.current_time() < over_s:
                await viewer.send_all(client_frame(0x1, b"x"))
                await trio.sleep(0.1)
            assert asked_s == []
            last_s = trio.current_time()
            await until(lambda: len(asked_s) > 2)
            nursery.cancel_scope.cancel()
        waits_s = [after - before for before, after in pairwise([last_s, *asked_s])]
        assert all(0.5 < wait_s < 3.0 for wait_s in waits_s), waits_s


async def test_a_word_in_between_is_enough(short_dir: Path) -> None:
    """Who answers no ping but says something else before its time is over stays."""
    limits = Limits(ping_s=0.2, life_s=0.4, linger_s=0.1)
    async with serving(short_dir, limits=limits) as served, raw_websocket(served) as viewer:
        for _ in range(5):
            with trio.fail_after(5):
                while PING not in await viewer.receive_some():
                    pass
            await viewer.send_all(client_frame(0x1, b"x"))
        assert await close_code(viewer) == 4408
