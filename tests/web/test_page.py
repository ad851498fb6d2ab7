"""The exported page: types, caching, compression, its own scripts, and nothing beside it."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest

from orchestra.web.page import load_page
from tests.web.served import serving


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
        assert (await client.get("/")).text == (page / "index.html").read_text()


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
