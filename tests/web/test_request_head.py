"""Heads: what passes is understood the same way by h11, and what does not raises a refusal and nothing else."""

import h11
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestra.web.problem import Refusal
from orchestra.web.request_head import MAX_HEAD_BYTES, RequestHead, find_head_end, parse_head

BROWSER = (
    b"POST /api/agents?x=1 HTTP/1.1\r\n"
    b"Host: 127.0.0.1:8421\r\n"
    b"Connection: keep-alive\r\n"
    b"Content-Length: 12\r\n"
    b"Authorization: Bearer abc\r\n"
    b"User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
    b"Content-Type: application/json\r\n"
    b"Accept:   */* \t\r\n"
    b"Sec-Fetch-Site: same-origin\r\n"
    b"Cookie: other=\xc3\xbc\r\n"
    b"X-Forwarded-For: 10.0.0.1\r\n"
    b"Forwarded: for=10.0.0.1\r\n"
    b"TE: trailers\r\n"
    b"\r\n"
)

PIECES = st.sampled_from(
    [
        b"GET ",
        b"POST ",
        b"/",
        b"/x?y=z",
        b" HTTP/1.1",
        b" HTTP/1.0",
        b"\r\n",
        b"\n",
        b"\r",
        b" ",
        b"\t",
        b":",
        b"Host: a",
        b"Content-Length: 3",
        b"Connection: close",
        b"Upgrade: h2c",
        b"X-A: b",
        b"\0",
        b"\xff",
        b"\r\n\r\n",
    ]
)


def test_a_browsers_head_is_read() -> None:
    """Names are in lower case, values trimmed, and the query is apart from the path."""
    head = parse_head(BROWSER)
    assert (head.method, head.path, head.query, head.body_bytes) == ("POST", "/api/agents", "x=1", 12)
    assert head.header("accept") == "*/*" and head.header("authorization") == "Bearer abc"
    assert head.header("x-nothing") is None


def test_what_is_passed_on_has_no_hop_no_cookie_and_no_proxy() -> None:
    """Whoever comes next sees our spelling, without the headers that somebody could misread."""
    lines = parse_head(BROWSER).encode().decode("ascii").split("\r\n")
    names = {line.partition(":")[0] for line in lines[1:] if line}
    assert lines[0] == "POST /api/agents?x=1 HTTP/1.1"
    assert names == {
        "host",
        "content-length",
        "authorization",
        "user-agent",
        "content-type",
        "accept",
        "sec-fetch-site",
    }


def test_an_upgrade_is_recognised_and_never_passed_on() -> None:
    """Only `Upgrade: websocket` together with `Connection: upgrade` asks for one; what is passed on never does."""
    upgrade = b"GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n\r\n"
    head = parse_head(upgrade)
    assert head.asks_for_websocket
    assert b"pgrade" not in head.encode()
    assert not parse_head(upgrade.replace(b"Connection: keep-alive, Upgrade\r\n", b"")).asks_for_websocket


@settings(deadline=None)
@given(st.lists(PIECES | st.binary(max_size=5), max_size=20).map(b"".join))
def test_any_bytes_are_a_head_or_a_refusal(data: bytes) -> None:
    """Nothing but a `Refusal` is raised; a head that passes is read alike by us again and by h11."""
    try:
        end = find_head_end(data)
        if not end:
            return
        head = parse_head(data[:end])
    except Refusal as refusal:
        refused_with = refusal.problem.status
    else:
        _agrees(head)
        return
    assert 400 <= refused_with < 500


@settings(deadline=None)
@given(
    st.sampled_from(["GET", "POST", "DELETE"]),
    st.text(st.characters(min_codepoint=0x24, max_codepoint=0x7E), max_size=30),
    st.dictionaries(
        st.from_regex(r"x-[a-z0-9]{1,8}", fullmatch=True),
        st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30),
        max_size=8,
    ),
    st.integers(0, 10**9),
)
def test_what_is_well_formed_passes(method: str, path: str, headers: dict[str, str], body_bytes: int) -> None:
    """Every head of the grammar is understood, whatever its values, and in the same way by h11."""
    lines = [f"{method} /{path} HTTP/1.1", "Host: a", *(f"{n}: {v}" for n, v in headers.items())]
    data = "\r\n".join([*lines, f"Content-Length: {body_bytes}", "", ""]).encode()
    head = parse_head(data[: find_head_end(data)])
    assert (head.method, head.target, head.body_bytes) == (method, f"/{path}", body_bytes)
    assert dict(head.headers) | {"host": "a"} == {
        **{name: value.strip() for name, value in headers.items()},
        "host": "a",
        "content-length": str(body_bytes),
    }
    _agrees(head)


@settings(deadline=None)
@given(st.integers(0, len(BROWSER)), st.integers(0, len(BROWSER)))
def test_where_a_head_is_cut_does_not_matter(first: int, second: int) -> None:
    """However it arrives, its end is found at the same place."""
    seen = 0
    for arrived in sorted({first, second, len(BROWSER)}):
        end = find_head_end(BROWSER[:arrived], seen)
        assert end == (len(BROWSER) if arrived == len(BROWSER) else 0)
        seen = arrived


def test_an_endless_head_is_refused_at_the_limit() -> None:
    """Not a byte more than the limit is waited for."""
    start = b"GET / HTTP/1.1\r\nX: "
    assert find_head_end(start + b"y" * (MAX_HEAD_BYTES - len(start))) == 0
    with pytest.raises(Refusal) as refused:
        find_head_end(start + b"y" * (MAX_HEAD_BYTES - len(start) + 1))
    assert refused.value.problem.status == 431


def _agrees(head: RequestHead) -> None:
    """Check that h11 reads from our spelling what we read from the client's."""
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(head.encode())
    event = connection.next_event()
    assert isinstance(event, h11.Request)
    assert event.method.decode() == head.method and event.target.decode() == head.target
    assert parse_head(head.encode()).headers == tuple((n.decode(), v.decode()) for n, v in event.headers)
    following = connection.next_event()
    assert (following is h11.NEED_DATA) if head.body_bytes else isinstance(following, h11.EndOfMessage)
