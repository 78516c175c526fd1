"""Reaching a mail server's address: directly or through a SOCKS5 proxy, from a chosen source address.

Promises a `Wire` or a `WireError`, and never looks up a name of the mail server: which addresses may be dialled is
decided where they are found. A proxy's own failure is kept apart from the server's.
"""

import asyncio
from typing import Final

import msgspec
from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError
from python_socks.async_.asyncio import Proxy

from openenrich.verify.smtp_failure import Trouble
from openenrich.verify.smtp_stream import Wire, WireError

_SOCKS: Final = {3: Trouble.UNREACHABLE, 4: Trouble.UNREACHABLE, 5: Trouble.REFUSED, 6: Trouble.UNREACHABLE}
"""The reply codes of RFC 1928 that speak of the server; all others speak of the proxy."""
_LONGEST_S: Final = 60.0


class MailAddress(msgspec.Struct, frozen=True):
    """Where to connect: the address that is dialled, and the host's name for TLS and for reports."""

    ip: str
    port: int
    name: str = ""


async def dial(target: MailAddress, *, proxy: str | None = None, source_ip: str | None = None) -> Wire:
    """Connect. Raises `WireError`; the caller limits the time. A proxy that is no SOCKS5 URL is a `ValueError`."""
    local = (source_ip, 0) if source_ip else None
    if proxy:
        return await _through(proxy, target, local)
    loop = asyncio.get_running_loop()
    try:
        _, wire = await loop.create_connection(Wire, target.ip, target.port, local_addr=local)
    except OSError as error:
        raise WireError(_trouble(error)) from None
    return wire


async def _through(proxy: str, target: MailAddress, local: tuple[str, int] | None) -> Wire:
    if not proxy.startswith("socks5://"):
        raise ValueError("the proxy of the mail verifier must be a socks5:// URL")
    loop = asyncio.get_running_loop()
    try:
        plug = await Proxy.from_url(proxy).connect(target.ip, target.port, timeout=_LONGEST_S, local_addr=local)
    except ProxyError as error:
        raise WireError(_SOCKS.get(error.error_code or 0, Trouble.PROXY)) from None
    except (ProxyConnectionError, ProxyTimeoutError, OSError):
        raise WireError(Trouble.PROXY) from None
    try:
        _, wire = await loop.create_connection(Wire, sock=plug)
    except BaseException:
        plug.close()
        raise
    return wire


def _trouble(error: OSError) -> Trouble:
    if isinstance(error, ConnectionRefusedError):
        return Trouble.REFUSED
    if isinstance(error, TimeoutError):
        return Trouble.TIMEOUT
    return Trouble.LOST if isinstance(error, ConnectionResetError) else Trouble.UNREACHABLE
