"""The HTTP application as a whole: the page, the headers of every answer, health, OpenAPI, and what is not there."""

from pathlib import Path

from tests.web.served import serving
from tests.web.test_guard import Things


async def test_every_answer_carries_the_security_headers(page: Path, short_dir: Path) -> None:
    """Pages, files, JSON, refusals, faults: all have them, none says what serves them, none allows another origin."""
    things = Things()
    async with serving(short_dir, routes=things.routes(), page_directory=page) as served, served.client() as client:
        answers = [
            await client.get("/"),
            await client.get("/nowhere", headers={"Accept": "text/html"}),
            await client.get("/_next/static/a.js"),
            await client.get("/api/me", headers=served.bearer()),
            await client.get("/api/me"),
            await client.get("/api/fail", headers=served.bearer()),
            await client.get("/api/nowhere"),
            await client.post("/"),
            await client.get("/", headers={"Host": "evil.example"}),
            await client.get("/ws"),
            await client.head("/"),
        ]
        assert [answer.status_code for answer in answers] == [200, 404, 200, 200, 401, 500, 404, 405, 403, 426, 200]
        for answer in answers:
            assert "default-src" in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["cross-origin-opener-policy"] == "same-origin"
            assert answer.headers["cross-origin-resource-policy"] == "same-origin"
            assert answer.headers["x-request-id"]
            assert "server" not in answer.headers and "set-cookie" not in answer.headers
            assert not [name for name in answer.headers if name.startswith("access-control")]
            if answer.headers["content-type"] != "text/javascript; charset=utf-8":
                assert answer.headers["cache-control"] == "no-store"
        assert "Nothing here" in answers[1].text
        assert answers[7].headers["allow"] == "GET, HEAD"
        assert answers[9].headers["upgrade"] == "websocket"
