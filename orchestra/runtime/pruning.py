"""Pruning: has what is over and old removed, now and then, without holding anybody up."""

from collections.abc import Callable
from typing import Final, Protocol

import structlog
import trio

from orchestra.errors import UnavailableError

__all__ = ["OldRows", "prune_for_ever"]

PERIOD_S: Final = 3600.0
REST_S: Final = 0.1  # between two pieces: others write meanwhile
DAY_S: Final = 86400.0

_log = structlog.get_logger()


class OldRows(Protocol):
    """What pruning needs of a store."""

    async def prune(self, before_unix_s: float) -> int:
        """Remove one piece of what ended before a time; return how many rows went (0: nothing is left to remove)."""


async def prune_for_ever(rows: OldRows, keep_days: int, unix_s: Callable[[], float]) -> None:
    """Remove what ended more than `keep_days` days ago, once an hour; 0 keeps everything."""
    while keep_days:
        removed = 0
        try:
            while piece := await rows.prune(unix_s() - keep_days * DAY_S):
                removed += piece
                await trio.sleep(REST_S)
        except UnavailableError as error:
            _log.warning("not_pruned", reason=error.message)
        if removed:
            _log.info("pruned", rows=removed, keep_days=keep_days)
        await trio.sleep(PERIOD_S)
