"""Host and Origin: our page and our scripts pass, everything else that a browser could be made to send does not."""

import re
from ipaddress import IPv6Address, ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orchestra.access import RequestFence, RequestKind
from orchestra.errors import ForbiddenError, SetupError

PORT = 8421
FENCE = RequestFence(["orchestra.internal", "fd00::7"], PORT, "http")
HTTPS = RequestFence(["orchestra.example"], 443, "https")

OURS = [b"127.0.0.1:8421", b"[::1]:8421", b"localhost:8421", b"orchestra.internal:8421", b"[fd00::7]:8421"]
OUR_ORIGINS = [b"http://" + authority for authority in OURS]

FOREIGN_HOSTS = [
    b"",
    b"evil.example",
    b"evil.example:8421",
    b"127.0.0.1",
    b"127.0.0.1:80",
    b"127.0.0.1:08421",
    b"127.0.0.1:8421:8421",
    b"127.0.0.1.:8421",
    b"127.0.0.1.evil.example:8421",
    b"127.evil.example:8421",
    b"127.0.0.2:8421",
    b"127.1:8421",
    b"2130706433:8421",
    b"0x7f000001:8421",
    b"0.0.0.0:8421",
    b"localhost.:8421",
    b"localhost.evil.example:8421",
    b"evillocalhost:8421",
    b"orchestra.internal.:8421",
    b"orchestra.internal.evil.example:8421",
    b"sub.orchestra.internal:8421",
    b"ok@127.0.0.1:8421",
    b"127.0.0.1:8421@evil.example",
    b"127.0.0.1:8421/",
    b" 127.0.0.1:8421",
    b"127.0.0.1:8421\x00",
    b"[::1",
    b"[::1]",
    b"::1:8421",
    b"[0:0:0:0:0:0:0:1]:8421",
    b"[::ffff:127.0.0.1]:8421",
    b"[::1%25eth0]:8421",
    b"\xff",
    b"\xff:8421",
    b"localho\xc5\xbft:8421",
    b"127.0.0.1:8421,evil.example",
]

FOREIGN_ORIGINS = [
    b"null",
    b"",
    b"http://evil.example",
    b"https://127.0.0.1:8421",
    b"ws://127.0.0.1:8421",
    b"HTTP://127.0.0.1:8421",
    b"http://LOCALHOST:8421",
    b"http://127.0.0.1:8421/",
    b"http://127.0.0.1:8421?",
    b"http://127.0.0.1:8421 http://evil.example",
    b"http:127.0.0.1:8421",
    b"//127.0.0.1:8421",
    b"127.0.0.1:8421",
    b"http://[",
    b"file://",
    b"chrome-extension://abcdefghijklmnop",
    *(b"http://" + host for host in FOREIGN_HOSTS),
]


def refused(headers: list[tuple[bytes, bytes]], kind: RequestKind, fence: RequestFence = FENCE) -> bool:
    """Say whether a request with `headers` is refused, and that it is for its origin."""
    try:
        fence.check_origin(headers, kind)
    except ForbiddenError as error:
        return error.code == "origin_not_allowed"
    return False


@pytest.mark.parametrize("host", [*OURS, b"LocalHost:8421", b"[FD00::7]:8421"])
def test_our_own_hosts_are_let_in(host: bytes) -> None:
    """Loopback and the configured names with our port; host names have no case (RFC 9110 4.2.3)."""
    FENCE.check_host([host])


@pytest.mark.parametrize("values", [[], *([host] for host in FOREIGN_HOSTS), [OURS[0], OURS[0]], [OURS[0], b"evil"]])
def test_any_other_host_is_refused(values: list[bytes]) -> None:
    """No Host, two of them, another name, port or spelling: DNS rebinding ends here."""
    with pytest.raises(ForbiddenError) as caught:
        FENCE.check_host(values)
    assert caught.value.code == "host_not_allowed"


def test_the_default_port_may_be_left_out() -> None:
    """RFC 9110: at port 443 `https://name` and `https://name:443` are the same, and browsers write the former."""
    for host in (b"orchestra.example", b"orchestra.example:443", b"127.0.0.1"):
        HTTPS.check_host([host])
    assert HTTPS.check_origin([(b"origin", b"https://orchestra.example")]) == "https://orchestra.example"
    assert refused([(b"origin", b"https://orchestra.example:443")], RequestKind.READ, HTTPS)
    assert refused([(b"origin", b"http://orchestra.example")], RequestKind.READ, HTTPS)
    with pytest.raises(ForbiddenError):
        HTTPS.check_host([b"orchestra.example:80"])


@pytest.mark.parametrize("kind", RequestKind)
@pytest.mark.parametrize("origin", OUR_ORIGINS)
def test_our_own_page_may_do_everything(origin: bytes, kind: RequestKind) -> None:
    """What a browser sends for our page passes, and the origin comes back for a ticket to be bound to."""
    mode = b"websocket" if kind is RequestKind.WEBSOCKET else b"cors"
    headers = [(b"Origin", origin), (b"Sec-Fetch-Site", b"same-origin"), (b"Sec-Fetch-Mode", mode)]
    assert FENCE.check_origin(headers, kind) == origin.decode()


@pytest.mark.parametrize("kind", RequestKind)
@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_any_other_origin_is_refused(origin: bytes, kind: RequestKind) -> None:
    """Whatever it resembles, whatever is asked for, with or without fetch metadata."""
    assert refused([(b"origin", origin)], kind)
    assert refused([(b"ORIGIN", origin), (b"sec-fetch-site", b"same-origin")], kind)


@pytest.mark.parametrize("kind", RequestKind)
def test_two_origins_are_refused(kind: RequestKind) -> None:
    """Even two equal ones: which of them counts must never be a question."""
    assert refused([(b"origin", OUR_ORIGINS[0])] * 2, kind)


@pytest.mark.parametrize("kind", RequestKind)
def test_a_script_sends_neither_and_passes(kind: RequestKind) -> None:
    """Without Origin and fetch metadata no browser is at work; the token decides."""
    assert FENCE.check_origin([(b"user-agent", b"curl/8")], kind) is None


@pytest.mark.parametrize("kind", [RequestKind.CHANGE, RequestKind.WEBSOCKET])
@pytest.mark.parametrize("header", [b"sec-fetch-site", b"Sec-Fetch-Mode", b"SEC-FETCH-DEST", b"sec-fetch-user"])
def test_a_browser_must_name_its_origin(kind: RequestKind, header: bytes) -> None:
    """One header that only browsers send is enough to be taken for one."""
    assert refused([(header, b"none")], kind)


@pytest.mark.parametrize("kind", [RequestKind.CHANGE, RequestKind.WEBSOCKET])
@pytest.mark.parametrize("site", [b"cross-site", b"same-site", b"", b"Same-Origin", b"\xff", b"same-origin, none"])
def test_a_request_that_another_site_caused_is_refused(kind: RequestKind, site: bytes) -> None:
    """Another port on this machine is same-site, not same-origin."""
    assert refused([(b"origin", OUR_ORIGINS[0]), (b"sec-fetch-site", site)], kind)


@pytest.mark.parametrize("mode", [b"no-cors", b"navigate", b"websocket", b""])
def test_a_change_comes_from_a_fetch_only(mode: bytes) -> None:
    """Forms and no-cors requests are what other sites can make without asking."""
    headers = [(b"origin", OUR_ORIGINS[0]), (b"sec-fetch-site", b"same-origin"), (b"sec-fetch-mode", mode)]
    assert refused(headers, RequestKind.CHANGE)


def test_a_websocket_comes_from_a_websocket_only() -> None:
    """An upgrade that calls itself something else is not one of a browser's."""
    assert refused([(b"origin", OUR_ORIGINS[0]), (b"sec-fetch-mode", b"cors")], RequestKind.WEBSOCKET)


@pytest.mark.parametrize("name", [b"sec-fetch-site", b"sec-fetch-mode"])
def test_doubled_fetch_metadata_is_refused(name: bytes) -> None:
    """Browsers send each once."""
    value = b"same-origin"
    assert refused([(b"origin", OUR_ORIGINS[0]), (name, value), (name, value)], RequestKind.CHANGE)


def test_following_a_link_to_our_page_is_reading() -> None:
    """A sign-in link in a mail or a chat opens: the answer is the same for everybody and nobody else can read it."""
    headers = [(b"sec-fetch-site", b"cross-site"), (b"sec-fetch-mode", b"navigate")]
    assert FENCE.check_origin(headers, RequestKind.READ) is None


def oracle(origin: bytes) -> bool:
    """Say by taking it apart (the fence compares it whole) whether `origin` is ours."""
    text = origin.decode("latin-1")
    found = re.fullmatch(r"http://(\[[0-9a-f:]+\]|[a-z0-9.]+):8421", text)
    if found is None:
        return False
    host = found[1]
    if host.startswith("["):
        address = IPv6Address(host[1:-1])
        return str(address) == host[1:-1] and address in {IPv6Address("::1"), IPv6Address("fd00::7")}
    if host[0].isdigit():
        return host == "127.0.0.1"
    return host in {"localhost", "orchestra.internal"}


PIECES = [b"http", b"https", b"://", b":", b"/", b"@", b".", b"[", b"]", b"127.0.0.1", b"::1", b"localhost", b"8421"]
PIECES += [b"evil.example", b"orchestra.internal", b"\xff", b"%", b"null", b"443", b" "]


@given(st.lists(st.sampled_from(PIECES), max_size=9).map(b"".join) | st.binary(max_size=40))
@example(b"http://localhost:8421")
@example(b"http://[::1]:8421")
def test_the_fence_agrees_with_an_oracle_that_takes_origins_apart(origin: bytes) -> None:
    """For every string built of the pieces that attacks are made of, and for every other one."""
    try:
        expected = oracle(origin)
    except ValueError:
        expected = False
    assert refused([(b"origin", origin)], RequestKind.WEBSOCKET) is not expected


@given(st.ip_addresses())
def test_an_address_is_ours_only_when_it_is_one_of_ours(address: object) -> None:
    """For all IP addresses: in 127/8 only 127.0.0.1 itself, in IPv6 only ::1 and the configured one."""
    literal = f"[{address}]" if ":" in str(address) else str(address)
    ours = ip_address(str(address)) in {ip_address("127.0.0.1"), ip_address("::1"), ip_address("fd00::7")}
    try:
        FENCE.check_host([f"{literal}:{PORT}".encode()])
        passed = True
    except ForbiddenError:
        passed = False
    assert passed is ours


@pytest.mark.parametrize(
    "name",
    [
        "",
        "http://name",
        "name:8421",
        "name/",
        "a b",
        "*.example",
        "*",
        "-name",
        "name-",
        "name.",
        ".name",
        "a..b",
        "ok@evil",
        "n\u00e4me",
        "[::1",
        "[name]",
        "fe80::1%eth0",
        "1:2",
        "x" * 254,
        "name\n",
    ],
)
def test_a_configured_name_that_is_none_stops_the_start(name: str) -> None:
    """Wildcards, ports, schemes and misspellings are told at the start, not found out later."""
    with pytest.raises(SetupError) as caught:
        RequestFence([name], PORT, "http")
    assert caught.value.code == "bad_host_name"


def test_configured_names_are_brought_into_the_form_that_browsers_send() -> None:
    """Upper case and long IPv6 are understood in the configuration, where a person writes them."""
    fence = RequestFence(["Orchestra.EXAMPLE", "FD00:0:0:0:0:0:0:8", "[fd00::9]", "10.1.2.3"], PORT, "https")
    for host in (b"orchestra.example:8421", b"[fd00::8]:8421", b"[fd00::9]:8421", b"10.1.2.3:8421"):
        fence.check_host([host])
        assert fence.check_origin([(b"origin", b"https://" + host)])
