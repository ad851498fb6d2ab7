"""The HTTP application as a whole: the page, the headers of every answer, health, OpenAPI, and what is not there."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest
import trio
from openapi_spec_validator import validate

from orchestra.web.app import every_route
from orchestra.web.limit import Limits
from orchestra.web.page import load_page
from tests.web.served import ready, serving
from tests.web.test_guard import Things, code

SCRIPT = 'self.__next_f=self.__next_f||[];self.__next_f.push([0,"\u00fc"])'
INDEX = f"""<!DOCTYPE html><html><head><script src="/_next/static/a.js" async=""></script></head>
<body><script>{SCRIPT}</script><script type="module">
console.log(1)
</script></body></html>"""


@pytest.fixture
def page(short_dir: Path) -> Path:
    """Give a small page as Next.js exports it, with things around it that nobody must get."""
    directory = short_dir / "page"
    static = directory / "_next" / "static"
    static.mkdir(parents=True)
    (directory / "index.html").write_text(INDEX)
    (directory / "login.html").write_text(INDEX.replace("console", "window.console"))
    (directory / "404.html").write_text("<!DOCTYPE html><p>Nothing here</p>")
    (directory / "index.txt").write_text("flight data")
    (directory / "favicon.ico").write_bytes(b"\0\0")
    (static / "a.js").write_text("let a = 1;" * 1000)
    (static / "b.css").write_text("a { color: red }" * 100)
    (static / "c.woff2").write_bytes(b"wOF2" + bytes(2000))
    (directory / "secret.key").write_text("not a type of the page")
    (short_dir / "outside.txt").write_text("outside")
    (directory / "link.txt").symlink_to(short_dir / "outside.txt")
    (directory / ".hidden").write_text("hidden")
    return directory


async def test_the_page_is_served_as_it_was_exported(page: Path, short_dir: Path) -> None:
    """Every file has its type, `/login` is login.html, files named by content are kept, HTML never."""
    async with serving(short_dir, page_directory=page) as served, served.client() as client:
        for path, kind, cache in (
            ("/", "text/html; charset=utf-8", "no-store"),
            ("/login", "text/html; charset=utf-8", "no-store"),
            ("/index.txt", "text/plain; charset=utf-8", "no-cache"),
            ("/favicon.ico", "image/x-icon", "no-cache"),
            ("/_next/static/a.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
            ("/_next/static/b.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
            ("/_next/static/c.woff2", "font/woff2", "public, max-age=31536000, immutable"),
        ):
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
            assert answer.headers["cache-control"] == cache
        assert (await client.get("/")).text == INDEX


async def test_only_the_pages_own_scripts_run(page: Path, short_dir: Path) -> None:
    """The policy of each HTML file names the hashes of its own inline scripts and allows nothing else inline."""
    async with serving(short_dir, page_directory=page) as served, served.client() as client:
        for path in ("/", "/login"):
            answer = await client.get(path)
            policy = answer.headers["content-security-policy"]
            scripts = re.findall(r"<script(?: type=\"module\")?>(.*?)</script>", answer.text, re.DOTALL)
            assert len(scripts) == 2
            hashes = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts}
            assert set(re.findall(r"'sha256-([^']+)'", policy)) == hashes
            directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
            assert directives.pop("script-src").startswith("'self' 'sha256-")
            assert directives == {
                "default-src": "'self'",
                "connect-src": "'self'",
                "style-src": "'self' 'unsafe-inline'",
                "img-src": "'self' data:",
                "font-src": "'self'",
                "frame-ancestors": "'none'",
                "base-uri": "'none'",
                "form-action": "'self'",
            }


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


async def test_files_come_compressed_to_who_accepts_it(page: Path, short_dir: Path) -> None:
    """Gzip is used where it is named and not refused, each form has a tag of its own, and a tag saves the body."""
    async with serving(short_dir, page_directory=page) as served, served.client() as client:
        body = (page / "_next" / "static" / "a.js").read_bytes()
        plain = await client.get("/_next/static/a.js", headers={"Accept-Encoding": "br, gzip;q=0"})
        assert "content-encoding" not in plain.headers and plain.content == body
        async with client.stream("GET", "/_next/static/a.js", headers={"Accept-Encoding": "gzip, br"}) as packed:
            raw = b"".join([piece async for piece in packed.aiter_raw()])
        assert packed.headers["content-encoding"] == "gzip" and gzip.decompress(raw) == body
        assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
        assert packed.headers["etag"] != plain.headers["etag"]
        again = await client.get(
            "/_next/static/a.js",
            headers={"Accept-Encoding": "gzip", "If-None-Match": f'"x", W/{packed.headers["etag"]}'},
        )
        assert (again.status_code, again.content) == (304, b"")
        font = await client.get("/_next/static/c.woff2", headers={"Accept-Encoding": "gzip"})
        assert "content-encoding" not in font.headers


@pytest.mark.parametrize(
    "path",
    [
        "/../outside.txt",
        "/..%2foutside.txt",
        "/%2e%2e/outside.txt",
        "/_next/../../outside.txt",
        "/_next/%2e%2e/%2e%2e/outside.txt",
        "//etc/passwd",
        "/etc/passwd",
        "/..\\outside.txt",
        "/index.html%00.txt",
        "/link.txt",
        "/secret.key",
        "/.hidden",
        "/_next",
        "/_next/",
        "/%ff",
        "/%zz",
        "/index.html",
        "/login/",
        "/LOGIN",
    ],
)
async def test_nothing_but_the_page_can_be_reached(path: str, page: Path, short_dir: Path) -> None:
    """No spelling of a path leads out of the directory, to a link, or to a file that is not of the page."""
    async with serving(short_dir, page_directory=page) as served:
        answer = await served.raw(served.request("GET", path))
        assert answer.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 400 ")), answer
        assert b"outside" not in answer.partition(b"\r\n\r\n")[2]


async def test_without_a_page_it_is_said_how_to_build_it(short_dir: Path) -> None:
    """The daemon runs without its page, and its place says what to do, as strictly as any page."""
    async with serving(short_dir, page_directory=short_dir / "missing") as served, served.client() as client:
        answer = await client.get("/")
        assert answer.status_code == 200 and "nox -s serve" in answer.text
        assert "'sha256-" not in answer.headers["content-security-policy"]


def test_a_directory_that_is_no_page_is_refused(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than `MAX_PAGE_BYTES` is somebody's home directory: it is not read into memory."""
    monkeypatch.setattr("orchestra.web.page.MAX_PAGE_BYTES", 1000)
    with pytest.raises(ValueError, match="this is not the page"):
        load_page(page)


async def test_health_and_readiness_tell_the_truth(short_dir: Path) -> None:
    """`/readyz` is 503 while something is wrong and names it; the reason stands in the log alone."""
    states = {"store": "ok", "tmux": "ok"}

    async def readiness() -> dict[str, str]:
        return states

    async with serving(short_dir, readiness=readiness) as served, served.client() as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        assert (await client.get("/readyz")).json() == {"status": "ok"}
        states["tmux"] = "no server running on /secret/path"
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json() == {"status": "unavailable", "failing": ["tmux"]}
        assert (await client.get("/healthz")).status_code == 200
        assert any("/secret/path" in str(line) for line in served.log_lines())


async def test_readiness_that_does_not_answer_is_none(short_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that hangs is not ready."""
    monkeypatch.setattr("orchestra.web.health.READINESS_S", 0.05)

    async def readiness() -> dict[str, str]:
        await trio.sleep_forever()
        return {}

    async with serving(short_dir, readiness=readiness) as served, served.client() as client:
        assert (await client.get("/readyz")).status_code == 503


async def test_the_document_describes_the_table(short_dir: Path) -> None:
    """`/openapi.json` is valid OpenAPI 3.1 and tells of every route, with the permission that the guard asks for."""
    things = Things()
    async with serving(short_dir, routes=things.routes()) as served, served.client() as client:
        document = (await client.get("/openapi.json")).json()
        validate(document)
        table = every_route(things.routes(), served.sign_in, ready)
        told = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
        assert told == {(route.method, route.path) for route in table}
        for route in table:
            operation = document["paths"][route.path][route.method.lower()]
            assert operation["x-permission"] == route.requirement.value
        posted = document["paths"]["/api/things"]["post"]
        assert posted["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Thing"}
        assert document["components"]["schemas"]["Thing"]["properties"]["rows"]["maximum"] == 500
        identities = [
            operation["operationId"] for methods in document["paths"].values() for operation in methods.values()
        ]
        assert len(set(identities)) == len(identities)


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
