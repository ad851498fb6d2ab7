"""The HTTP application, made from the table of routes: the only file that knows Quart."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from quart_trio import QuartTrio

from orchestra.web.route import Route, refuse_duplicates

if TYPE_CHECKING:
    from orchestra.store.audit_log import AuditTrail
    from orchestra.web.sign_in import SignIn

__all__ = ["build_app"]


def build_app(
    routes: Sequence[Route],
    *,
    sign_in: "SignIn",
    audit: "AuditTrail",
    page_directory: Path | None,
    readiness: Callable[[], Awaitable[Mapping[str, str]]],
) -> QuartTrio:
    """Return the application that answers `routes`, sign-in, health, `/openapi.json` and the page.

    `readiness` gives the state of each thing that the daemon needs (`{"tmux": "ok", "store": "disk full"}`);
    `/readyz` is 503 unless every one is `"ok"`. Raises `ValueError` when two routes answer the same requests.
    """
    refuse_duplicates(routes)
    raise NotImplementedError
