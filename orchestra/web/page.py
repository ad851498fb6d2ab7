"""The web page: the exported files, held in memory, found by exact name.

What is not in the table is not there, so no path can lead out of the directory. Files are read and compressed once at
the start (about 2 MB); HTML carries a policy with the hashes of its own inline scripts.
"""

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Final

from orchestra.web.call import Answer
from orchestra.web.security_header import page_policy

__all__ = ["MAX_PAGE_BYTES", "Page", "PageFile", "load_page"]

MAX_PAGE_BYTES: Final = 64 * 1024 * 1024
"""More than this is not our page but somebody's home directory."""

_TYPES: Final = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".ico": "image/x-icon",
        ".jpg": "image/jpeg",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".map": "application/json",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
        ".woff": "font/woff",
        ".woff2": "font/woff2",
    }
)
_PACKED: Final = frozenset({".jpg", ".png", ".woff", ".woff2"})
_GZIP_LEVEL: Final = 6
_MIN_GZIP_BYTES: Final = 512
_NAMED_BY_CONTENT: Final = "/_next/static/"

_KEEP_FOREVER: Final = "public, max-age=31536000, immutable"
_ASK_EACH_TIME: Final = "no-cache"
_KEEP_NEVER: Final = "no-store"

_NOT_BUILT: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Orchestra: the page is not built</title></head>
<body style="font-family: sans-serif; max-width: 40rem; margin: 4rem auto; line-height: 1.5">
<h1>The page is not built</h1>
<p>The daemon runs, but it has no web page to show. In the repository, build it with</p>
<pre>nox -s serve</pre>
<p>which also starts the daemon again; or install Orchestra from a wheel, which brings the page along.</p>
</body></html>
"""


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file as it is served: `body` as it is, `packed` the same compressed, where that is worth it."""

    body: bytes = field(repr=False)
    packed: bytes | None = field(repr=False)
    media_type: str
    headers: Mapping[str, str]
    entity_tag: str

    def answer(self, *, accept_encoding: str, if_none_match: str) -> Answer:
        """Return the answer to a request with these two headers (empty where it has none)."""
        headers = dict(self.headers)
        packed = self.packed if _accepts_gzip(accept_encoding) else None
        if self.packed is not None:
            headers["Vary"] = "Accept-Encoding"
        # Two encodings are two representations with a tag each (RFC 9110, 8.8.3.3).
        tag = self.entity_tag if packed is None else f'{self.entity_tag[:-1]}-gzip"'
        headers["ETag"] = tag
        if tag in {candidate.strip().removeprefix("W/") for candidate in if_none_match.split(",")}:
            return Answer(HTTPStatus.NOT_MODIFIED, b"", self.media_type, headers)
        if packed is None:
            return Answer(HTTPStatus.OK, self.body, self.media_type, headers)
        return Answer(HTTPStatus.OK, packed, self.media_type, {**headers, "Content-Encoding": "gzip"})


@dataclass(frozen=True, slots=True)
class Page:
    """All files by the path that they are asked for: `/` is index.html, `/login` is login.html."""

    files: Mapping[str, PageFile]

    def find(self, path: str) -> PageFile | None:
        """Return the file for `path`, or None."""
        return self.files.get(path)


def load_page(directory: Path | None) -> Page:
    """Return the page in `directory`, or one that says how to build it where there is none.

    Reads and compresses everything: call it from a worker thread. Links out of the directory are left out.
    Raises `ValueError` when the directory holds more than `MAX_PAGE_BYTES`.
    """
    if directory is None or not (directory / "index.html").is_file():
        missing = _file("/index.html", _NOT_BUILT.encode())
        return Page(MappingProxyType({"/": missing, "/login": missing}))
    files: dict[str, PageFile] = {}
    room_bytes = MAX_PAGE_BYTES
    for name, path in _paths(directory):
        body = path.read_bytes()
        room_bytes -= len(body)
        if room_bytes < 0:
            msg = f"{directory} holds more than {MAX_PAGE_BYTES} bytes: this is not the page"
            raise ValueError(msg)
        files[_asked_for_as(name)] = _file(name, body)
    return Page(MappingProxyType(files))


def _paths(directory: Path) -> Iterator[tuple[str, Path]]:
    root = directory.resolve()
    for path in sorted(root.rglob("*")):
        if path.suffix in _TYPES and path.is_file() and path.resolve().is_relative_to(root):
            yield "/" + path.relative_to(root).as_posix(), path


def _asked_for_as(name: str) -> str:
    if name == "/index.html":
        return "/"
    return name.removesuffix("/index.html").removesuffix(".html")


def _file(name: str, body: bytes) -> PageFile:
    suffix = Path(name).suffix
    headers = {"Cache-Control": _ASK_EACH_TIME}
    if suffix == ".html":
        headers = {"Cache-Control": _KEEP_NEVER, "Content-Security-Policy": page_policy(body.decode())}
    elif name.startswith(_NAMED_BY_CONTENT):
        headers = {"Cache-Control": _KEEP_FOREVER}
    packed = None
    if suffix not in _PACKED and len(body) >= _MIN_GZIP_BYTES:
        packed = gzip.compress(body, _GZIP_LEVEL, mtime=0)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return PageFile(body, packed, _TYPES[suffix], MappingProxyType(headers), tag)


def _accepts_gzip(accept_encoding: str) -> bool:
    """Tell whether gzip is welcome (RFC 9110, 12.5.3): named, and not with a weight of zero."""
    for choice in accept_encoding.lower().split(","):
        coding, _, weight = choice.partition(";")
        if coding.strip() == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
