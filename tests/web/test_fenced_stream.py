"""One connection, many requests: each head passes the fence, in its turn and in its time."""

from pathlib import Path

from orchestra.web.limit import Limits
from tests.web.served import serving
from tests.web.test_guard import code


async def test_one_connection_serves_many_requests(page: Path, short_dir: Path) -> None:
    """Kept alive, a connection answers request after request, each with its own head checked."""
    async with serving(short_dir, page_directory=page) as served, served.client() as client:
        for number in range(20):
            path, headers = (("/", {}), ("/api/me", served.bearer()), ("/api/nowhere", {}))[number % 3]
            answer = await client.get(path, headers=headers)
            assert answer.status_code == (200, 200, 404)[number % 3]
            posted = await client.post("/auth/login", json={"code": "x" * (number % 3 + 1)})
            assert posted.status_code in {401, 429}
        assert served.listener.statistics().peak_connections == 1
        refused = await client.get("/", headers={"Host": "evil.example"})
        assert (refused.status_code, code(refused)) == (403, "host_not_allowed")
        assert (await client.get("/")).status_code == 200


async def test_requests_sent_ahead_are_answered_in_order(short_dir: Path) -> None:
    """Pipelined requests are looked at one after the other; the first one that must not pass ends it."""
    async with serving(short_dir) as served, served.bystander() as bystander:
        keep = served.request("GET", "/healthz").replace(b"Connection: close\r\n", b"")
        answer = await served.raw(keep * 3 + served.request("GET", "/healthz"))
        assert answer.count(b"HTTP/1.1 200 ") == 4
        answer = await served.raw(keep + b"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n" + keep)
        assert answer.count(b"HTTP/1.1 200 ") == 1 and answer.count(b"HTTP/1.1 400 ") == 1
        answer = await served.raw(keep + served.upgrade() + served.request())
        assert answer.count(b"HTTP/1.1 200 ") == 2 and answer.count(b"HTTP/1.1 426 ") == 1
        assert b" 101 " not in answer
        await bystander.is_well()


async def test_a_later_request_has_its_own_deadline(short_dir: Path) -> None:
    """A second head that never ends is 408 in time; a connection that stays silent is closed in time."""
    limits = Limits(head_s=0.2, keep_alive_s=0.2, linger_s=0.05)
    async with serving(short_dir, limits=limits) as served:
        keep = served.request("GET", "/healthz").replace(b"Connection: close\r\n", b"")
        answer = await served.raw(keep + b"GET /healthz HT")
        assert answer.count(b"HTTP/1.1 200 ") == 1 and answer.count(b"HTTP/1.1 408 ") == 1
        answer = await served.raw(keep)
        assert answer.count(b"HTTP/1.1 ") == 1


async def test_a_body_that_does_not_come_is_given_up(short_dir: Path) -> None:
    """After `body_s` the answer is 408 and the connection closes."""
    async with serving(short_dir, limits=Limits(body_s=0.2, linger_s=0.05)) as served:
        request = served.request("POST", "/auth/login", "Content-Type: application/json", "Content-Length: 100")
        answer = await served.raw(request, b"{")
        assert answer.startswith(b"HTTP/1.1 408 ") and b"body_too_slow" in answer
