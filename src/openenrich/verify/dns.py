"""Whether a domain takes mail, by its own DNS alone: yes, no with the reason, or unknown.

What could not be found out is never kept and never becomes "no" (promise 5). Whether its mail hosts can be reached is
for those who go there.
"""

import random
from collections.abc import Sequence
from typing import Final

from openenrich.core.verdict import DomainMail
from openenrich.verify.resolver import Resolver
from openenrich.verify.routes import Outcome, Published, Reason, Routes

_REFUSALS: Final = {
    Reason.NXDOMAIN: DomainMail.NO_SUCH_DOMAIN,
    Reason.NULL_MX: DomainMail.NULL_MX,
    Reason.NO_MAIL_HOST: DomainMail.NO_MAIL_HOST,
}


class DomainChecker:
    """Implements `DomainCheck`. ``servers`` are ``host:port`` texts; none means the machine's own resolvers.

    ``routes`` are there for those who go on from here: they share the resolver and what it knows.
    """

    def __init__(self, servers: Sequence[str] = (), timeout_s: float = 3.0, *, allow_private: bool = False) -> None:
        self._resolver = Resolver(servers, try_s=timeout_s)
        self.routes = Routes(self._resolver, random.Random(), allow_private=allow_private)

    async def look(self, domain: str) -> DomainMail:
        return _read(await self.routes.published(domain))

    async def close(self) -> None:
        """End what is under way and release the resolver's sockets."""
        await self._resolver.close()


def _read(published: Published) -> DomainMail:
    if published.outcome is Outcome.TAKES_MAIL:
        return DomainMail.TAKES_MAIL
    if published.outcome is Outcome.NO_MAIL and published.reason is not None:
        return _REFUSALS.get(published.reason, DomainMail.UNKNOWN)
    return DomainMail.UNKNOWN
