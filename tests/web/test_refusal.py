"""An answer by hand, and a parting that does not reset it away."""

import json

import trio

from orchestra.web.problem import Problem
from orchestra.web.refusal import new_request_id, part, refuse
from tests.web.served import IN_TIME_S, read_to_end
from tests.web.test_deadline_stream import connected

PROBLEM = Problem(401, "not_signed_in", "Sign in first.")


async def test_a_refusal_is_a_whole_answer() -> None:
    """Status line, headers of its status, security headers, and a body of the length that it says."""
    async with connected(1.0) as (ours, theirs):
        await refuse(ours, PROBLEM, "id-1", 0.05)
        await ours.aclose()
        head, _, body = (await read_to_end(theirs)).partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        assert lines[0] == "HTTP/1.1 401 Unauthorized"
        assert f"Content-Length: {len(body)}" in lines and 'WWW-Authenticate: Bearer realm="orchestra"' in lines
        assert "X-Request-Id: id-1" in lines and "Cache-Control: no-store" in lines
        assert json.loads(body)["code"] == "not_signed_in"


async def test_what_the_peer_still_sends_does_not_reset_the_answer() -> None:
    """A megabyte on its way when the refusal goes out is read away, and the answer arrives."""
    async with connected(1.0) as (ours, theirs), trio.open_nursery() as nursery:

        async def send() -> None:
            await theirs.send_all(bytes(1_000_000))
            await theirs.send_eof()

        nursery.start_soon(send)
        nursery.start_soon(refuse, ours, PROBLEM, "id-1", IN_TIME_S)
        with trio.fail_after(IN_TIME_S):
            assert (await read_to_end(theirs)).startswith(b"HTTP/1.1 401 ")


async def test_parting_from_a_peer_that_is_gone_is_no_error() -> None:
    """Nothing is raised, and nothing is waited for."""
    async with connected(1.0) as (ours, theirs):
        await theirs.aclose()
        with trio.fail_after(IN_TIME_S):
            await refuse(ours, PROBLEM, "id-1", IN_TIME_S)
            await part(ours, IN_TIME_S)
        await ours.aclose()
        await part(ours, IN_TIME_S)


def test_no_two_requests_share_an_id() -> None:
    """It has 64 random bits."""
    assert len({new_request_id() for _ in range(1000)}) == 1000
