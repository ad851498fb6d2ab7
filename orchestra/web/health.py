"""Is the daemon alive, and is it able to do its work: `/healthz` and `/readyz`."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final

import structlog
import trio

from orchestra.access import ANYONE
from orchestra.web.call import Answer, Call
from orchestra.web.route import Route

__all__ = ["OK", "Readiness", "health_routes"]

OK: Final = "ok"

READINESS_S: Final = 2.0
"""A check that has not answered by then is not ready."""

Readiness = Callable[[], Awaitable[Mapping[str, str]]]
"""The state of each thing that the daemon needs: `"ok"`, or what is wrong with it (which only the log gets to see)."""

_log = structlog.get_logger()


def health_routes(readiness: Readiness) -> list[Route]:
    """Return the two routes; both are open to anyone and therefore say `ok` or `unavailable` and nothing more."""

    async def alive(_call: Call) -> Answer:
        return Answer(body={"status": OK})

    async def ready(call: Call) -> Answer:
        states: Mapping[str, str] = {"readiness": "too slow"}
        with trio.move_on_after(READINESS_S):
            states = await readiness()
        faults = {name: state for name, state in states.items() if state != OK}
        if not faults:
            return Answer(body={"status": OK})
        _log.warning("not_ready", request_id=call.request_id, **faults)
        return Answer(HTTPStatus.SERVICE_UNAVAILABLE, {"status": "unavailable", "failing": sorted(faults)})

    return [
        Route("GET", "/healthz", ANYONE, alive, summary="Is the daemon alive", answer=dict[str, str]),
        Route("GET", "/readyz", ANYONE, ready, summary="Is the daemon able to work", answer=dict[str, str]),
    ]
