"""Where a call may go: into the open internet, and into one's own network only where a host is allowed by name.

A webhook's address is written by people, and its name is resolved by others; without this, either could make the
service call what only it can reach.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

IP = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]  # the addresses of a host; raises OSError where there are none

_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # IPv4 addresses as seen from a network of IPv6 alone


class AddressRefusedError(OSError):
    """The host is at an address that may not be called."""


@dataclass(frozen=True)
class Host:
    """Whom to call, by name; `may_be_private` where the config allows it by that name."""

    name: str
    port: int
    may_be_private: bool


def addresses_of(host: Host, resolve: Resolve) -> list[str]:
    """Resolve a host and give its addresses, all of which may be called.

    Connect to these, not to the name: it might resolve to another address the next time. Raises AddressRefusedError
    where one of them may not be called, OSError where there is none.
    """
    addresses = list(resolve(host.name, host.port))
    allowed = _may_be_called_by_name if host.may_be_private else is_public
    refused = [address for address in addresses if not allowed(address)]
    if refused:
        kind = "that is never called" if host.may_be_private else "that is not on the internet"
        raise AddressRefusedError(f"{host.name} is at {refused[0]}, an address {kind}")
    return addresses


def is_public(address: str) -> bool:
    """Say whether an address is on the open internet, whatever way it is written.

    >>> [is_public(each) for each in ("1.1.1.1", "10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2606:4700::1")]
    [True, False, False, False, True]
    """
    ip = _meant(ipaddress.ip_address(address))
    of_a_site = isinstance(ip, IPv6Address) and ip.is_site_local
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or of_a_site)


def resolve(name: str, port: int) -> list[str]:
    """Give the addresses that this machine finds for a host. Raises OSError where there are none."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _may_be_called_by_name(address: str) -> bool:
    """Say whether an address may be called where its host was allowed by name.

    Link-local ones never: clouds hand out their machines' credentials at one of them.
    """
    ip = _meant(ipaddress.ip_address(address))
    return not (ip.is_multicast or ip.is_unspecified or ip.is_link_local)


def _meant(ip: IP) -> IP:
    """Give the IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _TRANSLATED:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip
