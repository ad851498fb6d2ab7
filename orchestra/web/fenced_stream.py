"""What an HTTP server reads through: every request head on a connection passes the fence before it sees it.

The server behind gets one request at a time, in our spelling (`RequestHead.encode`), and never more bytes of a body
than its head announced. The next head is looked at when the answer before it is complete, so that a refusal stands in
its right place and nothing is ever pipelined.
"""

import math
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Final

import trio

from orchestra.errors import OrchestraError
from orchestra.web.deadline_stream import DeadlineStream
from orchestra.web.limit import Limits
from orchestra.web.problem import Problem, Refusal, problem_of
from orchestra.web.refusal import new_request_id, refuse
from orchestra.web.request_head import MAX_HEAD_BYTES, RequestHead, find_head_end, parse_head

__all__ = ["FencedStream"]

_RECEIVE_BYTES: Final = 16 * 1024


class FencedStream(DeadlineStream):
    """One HTTP connection behind the fence `judge`, which raises for a head that must not pass.

    Owned by its connection's task: that task calls `read_head` for the first request, then `let_pass`, then gives the
    stream to the server. `refused` is told each refusal with its request id and the head, where there is one.
    """

    def __init__(
        self,
        stream: trio.SocketStream,
        limits: Limits,
        judge: Callable[[RequestHead], None],
        refused: Callable[[Problem, str, RequestHead | None], None],
    ) -> None:
        super().__init__(stream, limits.send_s)
        self._limits = limits
        self._judge = judge
        self._refused = refused
        self._received = bytearray()
        self._head: RequestHead | None = None
        self._passing = b""
        self._body_left = 0
        self._answered = trio.Event()
        self._ends = False
        self._waiting = trio.CancelScope()

    @property
    def has_more(self) -> bool:
        """Tell whether the peer has sent more than the head."""
        return bool(self._received)

    async def read_head(self) -> RequestHead | None:
        """Return the next request's head, or None when the peer ends the connection before one is complete.

        Raises `Refusal` or an `OrchestraError` for a head that does not pass. It has `head_s` from its first byte.
        """
        if not self._received and not await self._receive():
            return None
        self._head = None
        with trio.move_on_after(self._limits.head_s) as in_time:
            self._head = await self._read_head()
        if in_time.cancelled_caught:
            raise self.head_too_slow()
        if self._head is not None:
            self._judge(self._head)
            at_most_bytes = self._limits.max_body_bytes_at(self._head.path)
            if self._head.body_bytes > at_most_bytes:
                too_big = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
                raise Refusal(too_big, "body_too_big", f"A body has at most {at_most_bytes} bytes.")
        return self._head

    def head_too_slow(self) -> Refusal:
        """Return what is said about a head that is not complete in time."""
        too_slow = HTTPStatus.REQUEST_TIMEOUT
        return Refusal(too_slow, "head_too_slow", f"The request's head took longer than {self._limits.head_s:g} s.")

    def let_pass(self, head: RequestHead) -> None:
        """Give `head` and the body that it announces to whoever reads next."""
        self._passing = head.encode()
        self._body_left = head.body_bytes
        self._answered = trio.Event()

    async def refuse(self, problem: Problem) -> None:
        """Answer the head just read with `problem` and part from the peer; whoever owns the stream then closes it."""
        request_id = new_request_id()
        self._refused(problem, request_id, self._head)
        await refuse(DeadlineStream(self._stream, self._send_s), problem, request_id, self._limits.linger_s)

    def answer_complete(self) -> None:
        """Note that the answer has been sent in full and the next request may be looked at."""
        self._answered.set()

    def end(self) -> None:
        """End what the server reads, since its last answer has been sent; of a body nobody wants `linger_s` is read."""
        self._ends = True
        if not self._body_left:
            self._waiting.cancel()
            return
        self._waiting.deadline = trio.current_time() + self._limits.linger_s
        with suppress(OSError):
            self._stream.socket.shutdown(trio.socket.SHUT_WR)

    def end_if_idle(self) -> None:
        """End what the server reads if it waits for a next request."""
        if self._answered.is_set() and not self._received:
            self.end()

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        """Return bytes of the present request; after them wait for the next one; nothing when there is none."""
        wanted = max_bytes or _RECEIVE_BYTES
        if not self._passing and self._body_left:
            return await self._receive_body(min(wanted, self._body_left))
        if not self._passing and not await self._next_request():
            return b""
        passed, self._passing = self._passing[:wanted], self._passing[wanted:]
        return passed

    async def _read_head(self) -> RequestHead | None:
        looked_at = 0
        while (end := find_head_end(self._received, looked_at)) == 0:
            looked_at = len(self._received)
            if not await self._receive():
                return None
        head = parse_head(bytes(self._received[:end]))
        del self._received[:end]
        return head

    async def _receive(self) -> bool:
        data = await self._stream.receive_some(_RECEIVE_BYTES)
        self._received += data
        return bool(data)

    async def _receive_body(self, wanted: int) -> bytes:
        data = bytes(self._received[:wanted])
        del self._received[: len(data)]
        if not data:
            with self._wait(self._limits.linger_s if self._ends else math.inf):
                data = bytes(await self._stream.receive_some(wanted))
        self._body_left -= len(data)
        return data

    async def _next_request(self) -> bool:
        """Wait for the next request and let it pass; False when there will be none."""
        head = None
        try:
            if await self._wait_answered() and await self._wait_begun():
                head = await self.read_head()
        except (Refusal, OrchestraError) as error:
            await self.refuse(problem_of(error))
        if head is None:
            return False
        self.let_pass(head)
        return True

    async def _wait_begun(self) -> bool:
        """Wait for the first byte of the next request, and say whether it came."""
        if not self._received and not self._ends:
            with self._wait(self._limits.keep_alive_s):
                await self._receive()
        return bool(self._received) and not self._ends

    async def _wait_answered(self) -> bool:
        """Wait until the answer is complete, and say so; False when the peer went away meanwhile."""
        with self._wait(math.inf):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._watch, nursery.cancel_scope)
                await self._answered.wait()
                nursery.cancel_scope.cancel()
        return self._answered.is_set() and not self._ends

    async def _watch(self, waiting: trio.CancelScope) -> None:
        """Read ahead as far as one head reaches; cancel `waiting` when the peer goes away."""
        with suppress(trio.BrokenResourceError, trio.ClosedResourceError):
            while len(self._received) < MAX_HEAD_BYTES:
                if not await self._receive():
                    break
            else:
                return
        waiting.cancel()

    def _wait(self, at_most_s: float) -> trio.CancelScope:
        """Return the scope of the wait that begins now, which `end` may cut short."""
        self._waiting = trio.CancelScope(deadline=trio.current_time() + at_most_s)
        if self._ends and not self._body_left:
            self._waiting.cancel()
        return self._waiting
