"""What of the daemon's environment a program in a pane may see: a list of what is needed, never everything."""

from collections.abc import Mapping
from typing import Final

__all__ = ["pane_environment"]

_NAMES: Final = frozenset(
    {
        *("HOME", "PATH", "SHELL", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR"),
        *("EDITOR", "VISUAL", "PAGER", "LESS", "LS_COLORS", "DISPLAY", "WAYLAND_DISPLAY", "SSH_AUTH_SOCK"),
        # Without these no program gets through a company's proxy or trusts its certificates.
        *("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"),
    }
)
_PREFIXES: Final = ("LC_", "XDG_")


def pane_environment(daemon: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of `daemon` that a pane gets, with a UTF-8 locale and colours made sure of."""
    kept = {name: value for name, value in daemon.items() if name in _NAMES or name.startswith(_PREFIXES)}
    kept.setdefault("PATH", "/usr/local/bin:/usr/bin:/bin")
    kept.setdefault("SHELL", "/bin/sh")
    kept["COLORTERM"] = "truecolor"
    locale = kept.get("LC_ALL") or kept.get("LC_CTYPE") or kept.get("LANG") or ""
    if "utf-8" not in locale.lower() and "utf8" not in locale.lower():
        kept.pop("LC_ALL", None)
        kept["LC_CTYPE"] = "C.UTF-8"
    return kept
