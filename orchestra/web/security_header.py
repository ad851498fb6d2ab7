"""The headers that every answer carries, and the content security policy of a page (OWASP secure headers)."""

import base64
import hashlib
from collections.abc import Iterable
from html.parser import HTMLParser
from types import MappingProxyType
from typing import Final

__all__ = ["PLAIN_HEADERS", "inline_scripts", "page_policy"]

# Only a page is meant to be rendered: should a browser render a JSON answer all the same, it may do nothing.
_PLAIN_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

PLAIN_HEADERS: Final = MappingProxyType(
    {
        "Content-Security-Policy": _PLAIN_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
)
"""For every answer; a page replaces the policy by its own, a file of the page says how long it may be kept."""

_POLICY: Final = (
    "default-src 'self'; connect-src 'self'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


def page_policy(html: str) -> str:
    """Return the policy for `html`: its own inline scripts run, by their hashes (CSP level 3, 2.3.1), and no others."""
    hashes = sorted({_hash(script) for script in inline_scripts(html)})
    return _POLICY.format(hashes="".join(f" 'sha256-{digest}'" for digest in hashes))


def inline_scripts(html: str) -> Iterable[str]:
    """Return the text of every script element of `html` that does not name a file, as a browser would hash it."""
    found = _Scripts(convert_charrefs=False)
    found.feed(html.replace("\r\n", "\n").replace("\r", "\n"))  # as HTML's input stream is normalised (WHATWG 13.2.3.5)
    found.close()
    return found.texts


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")


class _Scripts(HTMLParser):
    """Collects the text of inline script elements; owned by `inline_scripts`."""

    texts: list[str]
    _inside: list[str] | None

    def reset(self) -> None:
        super().reset()
        self.texts = []
        self._inside = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and not any(name == "src" for name, _ in attrs):
            self._inside = []

    def handle_data(self, data: str) -> None:
        if self._inside is not None:
            self._inside.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._inside is not None:
            self.texts.append("".join(self._inside))
            self._inside = None
