"""One line of what a process says."""

import trio

__all__ = ["read_line"]


async def read_line(stdout: trio.abc.ReceiveStream) -> str:
    """Read up to the end of a line and no further; raise `EOFError` when the process goes away before."""
    data = b""
    while not data.endswith(b"\n"):
        piece = await stdout.receive_some(1)
        if not piece:
            raise EOFError("the process went away")
        data += piece
    return data.decode().strip()
