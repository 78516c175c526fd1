"""Which addresses a webhook may be sent to: public ones only, checked on the address that is dialled.

The list is A6.3 of the delivery requirements. `ipaddress.is_global` alone is not enough: some versions of Python
accept translated and tunnelled forms that carry a private IPv4 address inside.
"""

import ipaddress

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


class ForbiddenAddressError(OSError):
    """The receiver's name leads to an address that webhooks may not reach."""


def is_public(address: str) -> bool:
    """Whether a literal IP address may be dialled."""
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    return ip.is_global and not any(ip.version == network.version and ip in network for network in _DENIED)
