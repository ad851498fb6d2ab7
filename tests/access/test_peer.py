"""Which addresses may connect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.access import PeerFence
from orchestra.errors import SetupError


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("127.0.0.1", True),
        ("127.255.255.254", True),
        ("::1", True),
        ("0:0:0:0:0:0:0:1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:7f00:1", True),
        ("::1%lo", True),
        ("::ffff:8.8.8.8", False),
        ("::127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("fe80::1%eth0", False),
        ("10.0.0.1", False),
        ("128.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - a peer, not a place to listen
        ("::", False),
        ("", False),
        ("localhost", False),
        ("127.0.0.1:80", False),
        ("127.1", False),
        ("0127.0.0.1", False),
        ("2130706433", False),
    ],
)
def test_without_a_list_only_loopback_connects(address: str, allowed: bool) -> None:
    """Every spelling of loopback that a socket can give is loopback, and nothing else is."""
    assert PeerFence().allows(address) is allowed


def test_a_list_means_exactly_its_networks() -> None:
    """Loopback is not in a list that does not name it: no address is trusted for being near."""
    fence = PeerFence(["10.20.0.0/16", "fd00::/8"])
    for address in ("10.20.3.4", "::ffff:10.20.3.4", "fd12::1", "fd12::1%eth0"):
        assert fence.allows(address)
    for address in ("10.21.0.1", "127.0.0.1", "::1", "fe80::1"):
        assert not fence.allows(address)


def test_a_mapped_network_is_the_ipv4_network_it_maps() -> None:
    """`::ffff:10.0.0.0/104` is 10.0.0.0/8, however the peer's address is written."""
    fence = PeerFence(["::ffff:10.0.0.0/104"])
    assert fence.allows("10.9.9.9") and fence.allows("::ffff:10.9.9.9")
    assert not fence.allows("11.0.0.1") and not fence.allows("::10.9.9.9")


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_and_its_mapped_form_are_one(address: object) -> None:
    """A dual-stack socket gives the mapped form; the answer is the same for all addresses."""
    fence = PeerFence(["0.0.0.0/1", "192.168.0.0/16"])
    assert fence.allows(str(address)) is fence.allows(f"::ffff:{address}")


@given(st.text(max_size=50))
def test_any_text_is_an_answer_and_never_an_error(text: str) -> None:
    """What a strange socket family gives is simply not allowed."""
    assert PeerFence().allows(text) in {True, False}


@pytest.mark.parametrize("network", ["", "10.0.0.1/8", "10.0.0.0/33", "example", "10.0.0.0/8 ", "::/129", "0.0.0.0/-1"])
def test_a_bad_network_stops_the_start(network: str) -> None:
    """A fence that was meant differently must not go up."""
    with pytest.raises(SetupError) as caught:
        PeerFence(["127.0.0.0/8", network])
    assert caught.value.code == "bad_peer_network"
