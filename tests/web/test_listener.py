"""The one port under attack: what one connection does never reaches another."""

import os
import resource
import socket
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import trio
from trio_websocket import ConnectionClosed, WebSocketConnection

from orchestra.access import PeerFence, Principal
from orchestra.web.limit import Limits
from tests.web.served import IN_TIME_S, Served, echo, serving

UPGRADE_END = "\r\n\r\n"


def with_host(served: Served, text: str) -> bytes:
    """Spell a request in which HOST stands for the authority, as latin-1."""
    return text.replace("HOST", served.host).encode("latin-1")


# security-reliability 6.1: each of these ended the process of hypercorn 0.18.0, as shipped.
FATAL = {
    "A1 one byte after the upgrade": lambda s: s.upgrade() + b"x",
    "A2 a subprotocol that is not ASCII": lambda s: s.upgrade("Sec-WebSocket-Protocol: \xff"),
    "A3 extensions that are not ASCII": lambda s: s.upgrade("Sec-WebSocket-Extensions: \xff"),
    "A4 a Host that is not ASCII": lambda _: b"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n",
    "A6 an upgrade with a chunked body": lambda s: s.upgrade("Transfer-Encoding: chunked") + b"0\r\n\r\n",
    "A7 a second request after the upgrade": lambda s: s.upgrade() + s.request(),
    "h2c with settings that are not base64": lambda s: s.request(
        "GET", "/", "Upgrade: h2c", "HTTP2-Settings: \xff!!"
    ).replace(b"Connection: close", b"Connection: Upgrade, HTTP2-Settings"),
}

MALFORMED = {
    "nothing like HTTP": lambda _: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "the preface of HTTP/2": lambda _: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "an upgrade to h2c": lambda s: s.request("GET", "/", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"),
    "HTTP/0.9": lambda _: b"GET /\r\n\r\n",
    "HTTP/3": lambda s: with_host(s, "GET / HTTP/3.0\r\nHost: HOST\r\n\r\n"),
    "bare line feeds": lambda s: with_host(s, "GET / HTTP/1.1\nHost: HOST\n\n"),
    "one bare line feed": lambda s: with_host(s, "GET / HTTP/1.1\r\nHost: HOST\nX: y\r\n\r\n"),
    "a bare carriage return": lambda s: with_host(s, "GET / HTTP/1.1\r\nHost: HOST\rX: y\r\n\r\n"),
    "a NUL": lambda s: with_host(s, "GET / HTTP/1.1\r\nHost: HOST\r\nX: \0\r\n\r\n"),
    "a folded header": lambda s: with_host(s, "GET / HTTP/1.1\r\nHost: HOST\r\nX: y\r\n z\r\n\r\n"),
    "a space before the colon": lambda s: with_host(s, "GET / HTTP/1.1\r\nHost: HOST\r\nX : y\r\n\r\n"),
    "a header without a name": lambda s: with_host(s, "GET / HTTP/1.1\r\nHost: HOST\r\n: y\r\n\r\n"),
    "a header without a colon": lambda s: with_host(s, "GET / HTTP/1.1\r\nHost: HOST\r\nX\r\n\r\n"),
    "a header that is not ASCII": lambda s: s.request("GET", "/", "X-Name: \xe9"),
    "a path that is not ASCII": lambda s: with_host(s, "GET /\xe9 HTTP/1.1\r\nHost: HOST\r\n\r\n"),
    "a fragment": lambda s: s.request("GET", "/#x"),
    "an absolute target": lambda s: s.request("GET", "http://evil.example/"),
    "an asterisk": lambda s: s.request("OPTIONS", "*"),
    "CONNECT": lambda s: s.request("CONNECT", "evil.example:443"),
    "two Hosts": lambda s: s.request("GET", "/", "Host: evil.example"),
    "no Host": lambda _: b"GET / HTTP/1.1\r\n\r\n",
    "two lengths": lambda s: s.request("POST", "/auth/login", "Content-Length: 3", body=b"{}"),
    "two lengths in one": lambda s: s.request("POST", "/auth/login", "Content-Length: 2, 2"),
    "a negative length": lambda s: s.request("POST", "/auth/login", "Content-Length: -1"),
    "a length of a thousand digits": lambda s: s.request("POST", "/auth/login", "Content-Length: " + "9" * 1000),
    "a length and a transfer encoding": lambda s: s.request(
        "POST", "/auth/login", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"
    ),
    "two credentials in the head": lambda s: s.request("GET", "/api/me", "Authorization: a", "Authorization: b"),
    "an expectation nobody meets": lambda s: s.request("POST", "/auth/login", "Expect: miracles"),
    "a lower-case method": lambda s: s.request("get", "/"),
    "an empty line first": lambda s: b"\r\n" + s.request(),
}


@pytest.mark.parametrize("name", [*FATAL, *MALFORMED])
async def test_a_malformed_request_harms_only_itself(name: str, short_dir: Path) -> None:
    """It is answered by a 400 in problem+json and the connection closes; somebody else's WebSocket notices nothing."""
    async with serving(short_dir) as served, served.bystander() as bystander:
        answer = await served.raw({**FATAL, **MALFORMED}[name](served))
        assert answer.startswith(b"HTTP/1.1 411 " if name.startswith("A6") else b"HTTP/1.1 400 ")
        assert b"application/problem+json" in answer and b"Connection: close" in answer
        assert b"erver:" not in answer
        await bystander.is_well()


async def test_a_body_of_unknown_length_is_asked_for_its_length(short_dir: Path) -> None:
    """Chunked bodies are refused with 411, as RFC 9112 section 6.3 allows: nobody has to agree on where they end."""
    async with serving(short_dir) as served, served.bystander() as bystander:
        answer = await served.raw(served.request("POST", "/auth/login", "Transfer-Encoding: chunked"), b"0\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 411 ")
        await bystander.is_well()


async def test_cookies_of_other_programs_are_no_fault(short_dir: Path) -> None:
    """Whatever another program on this host put into a cookie, the request is answered, and the cookie goes nowhere."""
    async with serving(short_dir) as served:
        assert (await served.raw(served.request("GET", "/healthz", "Cookie: n=\xff\xfe"))).startswith(b"HTTP/1.1 200 ")


async def test_a_head_that_is_too_big_is_refused(short_dir: Path) -> None:
    """More than 16 KiB of head, or more than 100 headers, is 431, however long the peer would go on."""
    async with serving(short_dir) as served, served.bystander() as bystander:
        long = served.request("GET", "/", "X-Long: " + "x" * 17_000)
        many = served.request("GET", "/", *(f"X-{number}: y" for number in range(101)))
        endless = with_host(served, "GET / HTTP/1.1\r\nHost: HOST\r\n") + b"X: " + b"y" * 1_000_000
        for head in (long, many, endless):
            assert (await served.raw(head)).startswith(b"HTTP/1.1 431 ")
        await bystander.is_well()


async def test_a_slow_head_ends_at_its_deadline(short_dir: Path) -> None:
    """A head that is not complete in time is 408, also when bytes keep coming."""
    async with serving(short_dir, limits=Limits(head_s=0.2, linger_s=0.1)) as served, served.bystander() as bystander:
        async with await served.connect() as stream, trio.open_nursery() as nursery:

            async def drip() -> None:
                await stream.send_all(b"GET / HTTP/1.1\r\n")
                while True:
                    await stream.send_all(b"X")
                    await trio.sleep(0.01)  # the drip itself is the attack

            nursery.start_soon(drip)
            with trio.fail_after(IN_TIME_S):
                assert (await stream.receive_some()).startswith(b"HTTP/1.1 408 ")
            nursery.cancel_scope.cancel()
        await bystander.is_well()


async def test_a_connection_that_says_nothing_is_closed(short_dir: Path) -> None:
    """Browsers connect ahead of need: such a connection ends without a word."""
    async with serving(short_dir, limits=Limits(head_s=0.1)) as served:
        assert await served.raw() == b""
        assert served.log_lines() == []


async def test_silent_connections_do_not_keep_others_out(short_dir: Path) -> None:
    """Past `max_unready` connections without a head the oldest of them is told 503, and a new one is served."""
    async with serving(short_dir, limits=Limits(max_unready=4, head_s=60.0)) as served:
        silent = [await served.connect() for _ in range(4)]
        await until(lambda: served.listener.statistics().unready == 4)
        for stream in silent[:2]:
            assert (await served.raw(served.request())).startswith(b"HTTP/1.1 200 ")
            with trio.fail_after(IN_TIME_S):
                assert (await stream.receive_some()).startswith(b"HTTP/1.1 503 ")
            silent.append(await served.connect())
            await until(lambda: served.listener.statistics().unready == 4)
        assert served.listener.statistics().turned_away == 2
        for stream in silent:
            await stream.aclose()


async def test_too_many_connections_are_told_so(short_dir: Path) -> None:
    """Past `max_connections` a new one is told 503, and those that are open go on."""
    async with serving(short_dir, limits=Limits(max_connections=1)) as served, served.bystander() as bystander:
        assert (await served.raw(served.request())).startswith(b"HTTP/1.1 503 ")
        await bystander.is_well()


async def test_without_descriptors_the_listener_waits(short_dir: Path) -> None:
    """When no descriptor is left to accept with, nothing spins and open connections live; later ones are served."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with serving(short_dir) as served, served.bystander() as bystander:
        client = socket.socket()
        client.setblocking(False)
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free_descriptor(), hard))
        try:
            with pytest.raises(BlockingIOError):
                client.connect(("127.0.0.1", served.port))
            await until(lambda: any(line["event"] == "no_descriptor" for line in served.log_lines()))
            await bystander.is_well()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        stream = trio.SocketStream(trio.socket.from_stdlib_socket(client))
        async with stream:
            await stream.send_all(served.request())
            with trio.fail_after(IN_TIME_S):
                assert (await stream.receive_some()).startswith(b"HTTP/1.1 200 ")
        assert len([line for line in served.log_lines() if line["event"] == "no_descriptor"]) < 20


async def test_a_foreign_peer_is_closed_before_a_byte_is_read(short_dir: Path) -> None:
    """From an address outside the fence nothing is read, parsed or answered."""
    async with serving(short_dir, peers=PeerFence(["10.0.0.0/8"])) as served:
        for attack in FATAL.values():
            assert await served.raw(attack(served)) == b""
        events = {line["event"] for line in served.log_lines()}
        assert events == {"peer_refused"}


async def test_a_stalled_reader_does_not_hold_up_the_stop(short_dir: Path) -> None:
    """A client that stops reading in a flood is cut when the daemon stops, which ends in time."""
    limits = Limits(close_s=0.3, linger_s=0.1, stop_s=0.5)
    async with serving(short_dir, limits=limits) as served, await served.connect() as stream:
        await stream.send_all(served.upgrade())
        assert (await stream.receive_some(200)).startswith(b"HTTP/1.1 101 ")
        await stream.send_all(client_frame(0x1, b"flood"))
        await until_blocked(stream)
        served.stop.set()
        with trio.fail_after(IN_TIME_S):
            await served.stopped.wait()


async def test_a_stalled_reader_loses_its_connection_after_the_send_deadline(short_dir: Path) -> None:
    """Without any progress for `send_s` the connection ends by itself; nobody else waits for it."""
    async with serving(short_dir, limits=Limits(send_s=0.3)) as served, served.bystander() as bystander:
        async with await served.connect() as stream:
            await stream.send_all(served.upgrade())
            assert (await stream.receive_some(200)).startswith(b"HTTP/1.1 101 ")
            await stream.send_all(client_frame(0x1, b"flood"))
            await until(lambda: served.listener.statistics().connections == 1)
        await bystander.is_well()


async def test_a_reset_in_a_flood_frees_the_loop(short_dir: Path) -> None:
    """A client that resets while the server sends in a loop ends that loop; others are served meanwhile."""
    async with serving(short_dir) as served, served.bystander() as bystander:
        stream = await served.connect()
        await stream.send_all(served.upgrade())
        assert (await stream.receive_some(200)).startswith(b"HTTP/1.1 101 ")
        await stream.send_all(client_frame(0x1, b"flood"))
        await stream.receive_some(65_536)
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        await stream.aclose()
        await bystander.is_well()
        await until(lambda: served.listener.statistics().connections == 1)


async def test_a_fault_of_ours_ends_one_viewer(short_dir: Path) -> None:
    """When a viewer's own code raises, that viewer is closed with 1011 and the fault is in the log."""
    async with serving(short_dir) as served, served.bystander() as bystander:
        async with served.websocket() as unlucky:
            await unlucky.send_message("die")
            with pytest.raises(ConnectionClosed) as closed:
                await unlucky.get_message()
            assert closed.value.reason.code == 1011
        await bystander.is_well()
        failed = [line for line in served.log_lines() if line["event"] == "viewer_failed"]
        assert len(failed) == 1 and "ZeroDivisionError" in failed[0]["exception"]


async def test_the_stop_says_1012_to_every_viewer(short_dir: Path) -> None:
    """When the daemon stops, viewers are told that it restarts, and everything ends well within 10 s."""
    async with serving(short_dir) as served, served.websocket() as first, served.websocket() as second:
        served.stop.set()
        for viewer in (first, second):
            with pytest.raises(ConnectionClosed) as closed:
                await viewer.get_message()
            assert closed.value.reason.code == 1012
        with trio.fail_after(IN_TIME_S):
            await served.stopped.wait()
        with pytest.raises(OSError, match="connect"):
            await served.connect()


async def test_the_stop_ends_connections_that_wait(short_dir: Path) -> None:
    """Idle kept-alive connections and silent ones do not hold up the stop."""
    async with (
        serving(short_dir, limits=Limits(stop_s=0.2)) as served,
        served.client() as client,
        await served.connect(),
    ):
        assert (await client.get("/healthz")).status_code == 200
        served.stop.set()
        with trio.fail_after(IN_TIME_S):
            await served.stopped.wait()


async def test_nothing_is_left_of_connections_that_ended(short_dir: Path) -> None:
    """After many connections of every kind there are no more descriptors and tasks than before."""
    async with serving(short_dir) as served:
        assert b" 200 " in await served.raw(served.request())
        await until(lambda: served.listener.statistics().connections == 0)
        before = lowest_free_descriptor(), tasks_alive()
        attacks = [*FATAL.values(), *MALFORMED.values()]
        async with trio.open_nursery() as nursery:
            for number in range(60):
                nursery.start_soon(served.raw, attacks[number % len(attacks)](served))
        for _ in range(20):
            assert b" 200 " in await served.raw(served.request())
            async with served.bystander() as bystander:
                await bystander.is_well()
        await until(lambda: served.listener.statistics().connections == 0)
        await until(lambda: lowest_free_descriptor() <= before[0] and tasks_alive() <= before[1])


def tasks_alive() -> int:
    """Return how many Trio tasks there are."""
    return trio.lowlevel.current_statistics().tasks_living


async def test_frames_leave_at_once_and_do_not_pile_up(short_dir: Path) -> None:
    """Nagle is off, and unsent bytes stay few, so that what is sent next is the newest state."""
    options: dict[str, int] = {}

    async def look(connection: WebSocketConnection, principal: Principal) -> None:
        stream = connection._stream._stream
        options["nodelay"] = stream.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            options["lowat"] = stream.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT)
        await echo(connection, principal)

    async with serving(short_dir, on_websocket=look) as served, served.bystander() as bystander:
        await bystander.is_well()
    assert options["nodelay"] == 1
    assert options.get("lowat", 16_384) == 16_384


def lowest_free_descriptor() -> int:
    """Return the number that the next descriptor would get: the limit at which there is none."""
    descriptor = os.dup(0)
    os.close(descriptor)
    return descriptor


def client_frame(opcode: int, payload: bytes, *, finished: bool = True) -> bytes:
    """Return a masked frame as a client sends it (RFC 6455, 5.2)."""
    first = bytes([opcode | (0x80 if finished else 0)])
    if len(payload) < 126:
        size = bytes([0x80 | len(payload)])
    elif len(payload) < 65_536:
        size = bytes([0x80 | 126]) + struct.pack("!H", len(payload))
    else:
        size = bytes([0x80 | 127]) + struct.pack("!Q", len(payload))
    return first + size + b"\0\0\0\0" + payload


async def until(condition: Callable[[], bool]) -> None:
    """Wait until `condition()` holds."""
    with trio.fail_after(IN_TIME_S):
        while not condition():  # noqa: ASYNC110  # a count, a file, a log: nothing that could be waited for
            await trio.sleep(0.005)


async def until_blocked(stream: trio.SocketStream) -> None:
    """Wait until the server's send to `stream`, which nobody reads, makes no progress any longer."""
    last = -1
    with trio.fail_after(IN_TIME_S):
        while (now := unread_bytes(stream)) != last or now == 0:  # nothing tells that a peer waits
            last = now
            await trio.sleep(0.05)


def unread_bytes(stream: trio.SocketStream) -> int:
    """Return how many bytes wait in the kernel to be read."""
    import fcntl
    import termios

    return struct.unpack("i", fcntl.ioctl(stream.socket.fileno(), termios.FIONREAD, b"\0\0\0\0"))[0]
