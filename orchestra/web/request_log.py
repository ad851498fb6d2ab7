"""The daemon's log: one JSON object a line on stderr, and no credential in any of them.

The lines name paths without their queries to begin with; what looks like a credential all the same, in any value of
any line, is removed by the last net here. JSON escapes what a client sends, so that nothing forges a second line.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final, TextIO

import structlog

__all__ = ["MAX_LOGGED_PATH", "remove_secrets", "set_up_logging"]

MAX_LOGGED_PATH: Final = 256
"""Characters of a path that a line tells; the rest of 16 KiB is somebody's joke."""

REMOVED: Final = "[removed]"

_SECRET: Final = re.compile(
    r"eyJ[\w-]*\.[\w-]+\.?[\w-]*"  # a JSON Web Token, also one cut short
    r"|(?i:(?<=bearer )|(?<=bearer\t))\S+"
    r"|(?i:(?<=code=)|(?<=ticket=)|(?<=token=))[^\s&\"'#]+"
    r"|(?<![\w-])(?:login|ticket)-[\w-]{43}(?![\w-])"  # a one-time code
)


def set_up_logging(stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Send every line of structlog and of the standard library's loggers to `stream` (stderr) as JSON.

    Libraries are heard from `logging.WARNING` on, whatever `level` is.
    """
    target = stream or sys.stderr
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        remove_secrets,
    ]
    render = structlog.processors.JSONRenderer(ensure_ascii=True, default=repr)
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(target),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(level, logging.WARNING))


def remove_secrets(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Remove what looks like a credential from every value of `line` (structlog's form of a processor)."""
    return {name: _without_secrets(value) for name, value in line.items()}


def _without_secrets(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, dict):
        return {str(name): _without_secrets(held) for name, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_secrets(held) for held in value]
    return _SECRET.sub(REMOVED, value if isinstance(value, str) else repr(value))
