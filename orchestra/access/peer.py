"""Which network addresses may connect at all: a fence, never an identity."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

from orchestra.errors import SetupError

__all__ = ["LOOPBACK_NETWORKS", "PeerFence"]

LOOPBACK_NETWORKS: Final = ("127.0.0.0/8", "::1/128")
"""What is allowed when nothing is configured."""

_MAPPED: Final = IPv6Network("::ffff:0:0/96")
_Network: TypeAlias = IPv4Network | IPv6Network


class PeerFence:
    """The networks from which connections are taken; checked right after accept, before a byte is read.

    `networks` are CIDR blocks, and exactly those: with a list of one's own, loopback must be in it to be allowed.
    Raises `SetupError` (`bad_peer_network`) for anything else, host bits included.
    """

    def __init__(self, networks: Iterable[str] = ()) -> None:
        self._networks = tuple(_network(text) for text in (tuple(networks) or LOOPBACK_NETWORKS))

    def allows(self, address: str) -> bool:
        """Say whether a peer at `address` (as the socket gives it) may connect; what is not an IP address may not.

        IPv4-mapped IPv6 counts as the IPv4 address it is. 6to4 and NAT64 are not unwrapped: they name a host elsewhere
        that could choose the embedded address.
        """
        try:
            peer = _unmapped(ip_address(address))
        except ValueError:
            return False
        return any(peer in network for network in self._networks)


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _network(text: str) -> _Network:
    try:
        network = ip_network(text)
    except ValueError as error:
        raise SetupError("bad_peer_network", f"{text!r} is not a network such as 10.0.0.0/8: {error}.") from error
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        mapped = network.network_address.ipv4_mapped
        return ip_network((int(mapped or 0), network.prefixlen - _MAPPED.prefixlen))
    return network
