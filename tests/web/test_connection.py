"""Before anything is answered: Host and Origin of every request, and the one credential of a WebSocket."""

import time
from pathlib import Path

import pytest
import trio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trio_websocket import ConnectionClosed

from orchestra.access import ROLE_PERMISSIONS, Permission, Role
from orchestra.web.limit import Limits
from tests.web.served import Served, serving
from tests.web.test_listener import until

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


async def test_a_socket_opens_with_exactly_one_credential(short_dir: Path) -> None:
    """A ticket, a token in the query, or one in the header; none is 401, several are 400, bad ones 401."""
    async with serving(short_dir) as served:
        token, viewer = served.token(), ROLE_PERMISSIONS[Role.VIEWER]
        principal = served.sign_in.verify(token)

        def ticket(origin: str | None = None) -> str:
            return served.sign_in.new_ticket(principal, origin)

        bearer = f"Authorization: Bearer {token}"
        good = [
            served.upgrade(query=f"?token={token}"),
            served.upgrade(query=f"?token={served.token(viewer)}"),
            served.upgrade(query=f"?ticket={ticket()}"),
            served.upgrade(f"Origin: {served.origin}", query=f"?ticket={ticket(served.origin)}"),
            served.upgrade(bearer, query=""),
            served.upgrade(bearer, query="?x=y"),
        ]
        for upgrade in good:
            assert status(await opened(served, upgrade)) == 101
        used = ticket()
        assert status(await opened(served, served.upgrade(query=f"?ticket={used}"))) == 101
        bad = [
            (401, "not_signed_in", served.upgrade(query="")),
            (401, "not_signed_in", served.upgrade(f"Cookie: token={token}", query="")),
            (401, "token_invalid", served.upgrade(query="?token=")),
            (401, "token_invalid", served.upgrade(query="?token=garbage")),
            (401, "token_expired", served.upgrade(query=f"?token={served.token(issued_s_ago=700)}")),
            (401, "bad_authorization", served.upgrade(f"Authorization: Basic {token}", query="")),
            (401, "ticket_invalid", served.upgrade(query=f"?ticket={used}")),
            (401, "ticket_invalid", served.upgrade(query="?ticket=ticket-guess")),
            (401, "ticket_invalid", served.upgrade(f"Origin: {served.origin}", query=f"?ticket={ticket()}")),
            (400, "several_credentials", served.upgrade(query=f"?token={token}&ticket={ticket()}")),
            (400, "several_credentials", served.upgrade(bearer, query=f"?token={token}")),
            (400, "repeated_parameter", served.upgrade(query=f"?token={token}&token={token}")),
            (400, "bad_query", served.upgrade(query="?" + "&".join(f"a{n}=1" for n in range(9)))),
            (403, "permission_missing", served.upgrade(query=f"?token={served.token([])}")),
            (
                403,
                "permission_missing",
                served.upgrade(query=f"?token={served.token(set(Permission) - {Permission.SESSIONS_READ})}"),
            ),
        ]
        for expected, code, upgrade in bad:
            answer = await served.raw(upgrade)
            assert (status(answer), problem_code(answer)) == (expected, code)
            assert b"application/problem+json" in answer


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


async def test_one_person_has_so_many_sockets(short_dir: Path) -> None:
    """One more than `max_sockets_per_user` is 429 for this person, and none of another person's business."""
    async with serving(short_dir, limits=Limits(max_sockets_per_user=2)) as served:
        async with served.websocket(), served.websocket():
            answer = await served.raw(served.upgrade())
            assert (status(answer), problem_code(answer)) == (429, "too_many_sockets")
            async with served.websocket(f"?token={served.token(subject='local|bob')}"):
                pass
        await until(lambda: served.listener.statistics().connections == 0)
        async with served.bystander() as bystander:
            await bystander.is_well()


async def test_while_the_daemon_stops_nothing_new_begins(short_dir: Path) -> None:
    """A head that comes after the stop is told 503 and to come back."""
    async with serving(short_dir) as served, await served.connect() as stream:
        await stream.send_all(b"GET ")
        await until(lambda: served.listener.statistics().unready == 1)
        served.stop.set()
        await stream.send_all(served.request()[4:])
        assert status(bytes(await stream.receive_some())) == 503


async def test_no_credential_reaches_a_log(short_dir: Path) -> None:
    """Driven through every way in, right and wrong, no token, ticket or code is in the log or in the audit trail."""
    async with serving(short_dir) as served, served.client() as client:
        token = served.token()
        link_code = served.sign_in.new_login_link().partition("#code=")[2]
        ticket = (await client.post("/api/ws-tickets", headers={"Authorization": f"Bearer {token}"})).json()["ticket"]
        renewed = (await client.post("/auth/renew", headers={"Authorization": f"Bearer {token}"})).json()
        logged_in = (await client.post("/auth/login", json={"code": link_code})).json()
        canaries = [token, ticket, link_code, renewed["access_token"], logged_in["access_token"]]
        for canary in canaries:
            for path in ("/", "/api/me", "/nowhere", "/healthz", "/auth/login"):
                await client.get(f"{path}?token={canary}")
                await client.get(path, headers={"Authorization": canary, "Referer": f"http://x/?token={canary}"})
                await client.post(path, json={"code": canary, "token": canary})
                await client.request("PATCH", f"{path}?code={canary}")
            await client.get(f"/nowhere/{canary}")
            await served.raw(served.request("GET", f"/?ticket={canary}", f"X: {canary}\xff"))
            await served.raw(served.upgrade(query=f"?token={canary}&ticket={canary}"))
            await served.raw(served.upgrade(f"Authorization: {canary}", query=""))
            await opened(served, served.upgrade(query=f"?token={canary}"))
            await opened(served, served.upgrade(query=f"?ticket={canary}"))
        written = served.log.getvalue() + served.audit_path.read_text()
        assert len(served.log_lines()) > 100
        for canary in canaries:
            assert canary not in written
            for part in canary.split("."):
                assert part not in written


async def test_every_request_has_one_line_in_the_log(short_dir: Path) -> None:
    """Method, path without query, status, time, id and who; a client cannot forge a second line."""
    async with serving(short_dir) as served, served.client() as client:
        answer = await client.get("/api/me?x=secret", headers=served.bearer())
        await client.get("/a%0aFORGED%1b]0;title%07%e2%80%a8")
        await served.raw(b"nonsense\r\n\r\n")
        first, second, third = served.log_lines()
        assert first.pop("ms") < 5_000 and first.pop("timestamp")
        assert first == {
            "event": "request",
            "level": "info",
            "method": "GET",
            "path": "/api/me",
            "status": 200,
            "request_id": answer.headers["x-request-id"],
            "subject": f"{served.issuer.issuer}|local|ada",
        }
        assert second["status"] == 404 and "FORGED" in second["path"]
        assert third["status"] == 400 and third["method"] is None
        assert served.log.getvalue().isascii() and "\x1b" not in served.log.getvalue()


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
    async with serving(short_dir, limits=Limits(head_s=0.05, linger_s=0.01, close_s=0.05, body_s=0.05)) as served:
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


async def test_a_person_signs_in_and_opens_a_socket(short_dir: Path) -> None:
    """The way of the page: link, code, token, who am I, ticket, WebSocket, renewal."""
    async with serving(short_dir) as served, served.client(headers={"Origin": served.origin}) as client:
        assert (await client.get("/auth/config")).json() == {"issuer": served.issuer.issuer, "mode": "local"}
        assert (await client.get("/.well-known/jwks.json")).json() == served.issuer.jwks()
        link = served.sign_in.new_login_link()
        login = await client.post("/auth/login", json={"code": link.partition("#code=")[2]})
        assert login.status_code == 200 and set(login.json()) == {
            "access_token",
            "token_type",
            "expires_in_s",
            "expires_unix_s",
        }
        again = await client.post("/auth/login", json={"code": link.partition("#code=")[2]})
        assert again.status_code == 401
        bearer = {"Authorization": f"Bearer {login.json()['access_token']}"}
        me = (await client.get("/api/me", headers=bearer)).json()
        assert me["subject"] == "local|ada" and "sessions:read" in me["permissions"]
        ticket = await client.post("/api/ws-tickets", headers=bearer)
        assert ticket.status_code == 201 and ticket.json()["expires_in_s"] == 15
        query = f"?ticket={ticket.json()['ticket']}"
        async with served.websocket(query, extra_headers=[(b"Origin", served.origin.encode())]) as viewer:
            await viewer.send_message("hello")
            assert await viewer.get_message() == "hello"
        renewed = await client.post("/auth/renew", headers=bearer)
        assert renewed.status_code == 200 and renewed.json()["access_token"] != login.json()["access_token"]
        actions = [(record["action"], record["outcome"]) for record in served.audit_records()]
        assert actions == [
            ("sign_in.login", "ok"),
            ("sign_in.login", "refused"),
            ("sign_in.ticket", "begun"),
            ("sign_in.ticket", "ok"),
            ("sign_in.renew", "begun"),
            ("sign_in.renew", "ok"),
        ]


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
