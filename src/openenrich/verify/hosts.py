"""The mail hosts that are known (``hosts.toml`` beside this file), loaded once.

A wrong file stops the start-up: it belongs to the product, nobody edits it on the way.
"""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from openenrich.core.mail_hosts import MailHost, MailHosts


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    dated: str
    host: tuple[MailHost, ...]


def mail_host_of(mx: str) -> MailHost | None:
    """Whose mail host this is; ``None`` for all the hosts that nobody has written down."""
    return _hosts().owner(mx)


def known_mail_hosts() -> tuple[MailHost, ...]:
    """All of them, in the order of the file."""
    return _file().host


@cache
def _file() -> _File:
    text = files("openenrich.verify").joinpath("hosts.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _File)


@cache
def _hosts() -> MailHosts:
    return MailHosts.of(_file().host)
