"""Where a webhook may be sent: to public addresses only, checked on the address that is dialled.

The list of addresses is A6.3 of the delivery requirements. `ipaddress.is_global` alone is not enough: some versions of
Python accept translated and tunnelled forms that carry a private IPv4 address inside.
"""

import ipaddress

from yarl import URL

_DENIED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10",
        "ff00::/8",
    )
)  # fmt: skip


_INTERNAL_PORTS = frozenset(
    {
        1433, 1521, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 4369, 5432, 5672, 5900, 5984, 6379, 6443, 7001, 8500,
        9042, 9092, 9200, 9300, 10250, 11211, 15672, 27017,
    }
)  # fmt: skip
"""Databases, queues, container and cluster control: a receiver of webhooks does not live there."""


class ForbiddenAddressError(OSError):
    """The receiver's name leads to an address that webhooks may not reach."""


def is_public(address: str) -> bool:
    """Whether a literal IP address may be dialled."""
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    return ip.is_global and not any(ip.version == network.version and ip in network for network in _DENIED)


def is_open_port(port: int) -> bool:
    """Whether a port may be dialled: the two of the web, and the high ones without the well-known services."""
    return port in {80, 443} or (port >= 1024 and port not in _INTERNAL_PORTS)


def receiver(url: str) -> URL:
    """The address that is dialled, parsed once. Raises `ForbiddenAddressError` for spellings meant to confuse."""
    if any(not character.isprintable() or character in " \\" for character in url):
        raise ForbiddenAddressError("forbidden address")
    try:
        target = URL(url)
    except ValueError:
        raise ForbiddenAddressError("forbidden address") from None
    named = target.scheme in {"http", "https"} and target.raw_host
    if not named or target.raw_user or target.raw_password or not _is_canonical(target.raw_host or ""):
        raise ForbiddenAddressError("forbidden address")
    return target


def _is_canonical(host: str) -> bool:
    """False for an IPv4 address in octal, hexadecimal, short or whole-number form."""
    last = host.rstrip(".").rpartition(".")[2].lower()
    if not (last.isdigit() or last.startswith("0x")):
        return True
    try:
        return str(ipaddress.IPv4Address(host)) == host
    except ValueError:
        return False
