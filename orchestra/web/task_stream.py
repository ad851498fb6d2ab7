"""What happens to a task as server-sent events (HTML Living Standard, 9.2), until it is final."""

import json
from collections.abc import AsyncGenerator
from typing import Any, Final

import trio

from orchestra.delegation import FINAL, Event, TaskState
from orchestra.runtime.task_book import TaskBook

__all__ = ["EVENT_STREAM", "event_stream", "shown_event"]

EVENT_STREAM: Final = "text/event-stream"
MAX_WAITING_EVENTS: Final = 1000  # of one task, to one reader; who falls behind so far asks again from where it was
PAGE: Final = 200
LIFE_SIGN: Final = b": life sign\n\n"
LIFE_SIGN_S: Final = 15.0  # proxies close what says nothing for a minute


def shown_event(event: Event) -> dict[str, Any]:
    """Return an event as JSON values."""
    head = {"seq": event.seq, "unix_ms": event.unix_ms, "kind": event.kind, "agent_id": event.agent_id}
    return {**head, **event.data}


async def event_stream(book: TaskBook, task_id: int, after: int) -> AsyncGenerator[bytes]:
    """Yield what happened to a task after event `after`, and what happens, each once and in order.

    It ends with the event that makes the task final, or when its reader is too slow.
    """
    to_tell, happened = trio.open_memory_channel[Event](MAX_WAITING_EVENTS)

    def watch(event: Event) -> None:
        if event.task_id == task_id:
            try:
                to_tell.send_nowait(event)
            except trio.WouldBlock:
                to_tell.close()
                book.watchers.discard(watch)

    book.watchers.add(watch)
    try:
        while page := await book.ledger.events(task_id, after, PAGE):
            for event in page:
                yield _encoded(event)
                after = event.seq
        is_over = (await book.task(task_id)).is_final and not happened.statistics().current_buffer_used
        while not is_over:
            found = await _next(happened)
            if found is None:
                yield LIFE_SIGN
            elif found.seq > after:
                yield _encoded(found)
            is_over = found is not None and TaskState(found.data["state"]) in FINAL
    except trio.EndOfChannel:
        return
    finally:
        book.watchers.discard(watch)


async def _next(happened: trio.MemoryReceiveChannel[Event]) -> Event | None:
    """Return the next event, or None when it is time for a sign of life."""
    with trio.move_on_after(LIFE_SIGN_S):
        return await happened.receive()
    return None


def _encoded(event: Event) -> bytes:
    return f"id: {event.seq}\nevent: {event.kind}\ndata: {json.dumps(shown_event(event))}\n\n".encode()
