"""The mail servers of the world: which kind each host is, and what it says about each of the world's mailboxes."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from random import Random
from typing import Final

from openenrich.sandbox.companies import FREE_MAIL, MAIL_PROVIDERS, Company, Mail, Manner
from openenrich.sandbox.latency import Pace
from openenrich.sandbox.mail.desk import MailState
from openenrich.sandbox.mail.faults import MailFaultBoard
from openenrich.sandbox.mail.greylist import GreylistMemory
from openenrich.sandbox.mail.plausible import looks_like_a_name
from openenrich.sandbox.mail.script import Greylist, MailServer, Recipients, Reply, Script, Tls
from openenrich.sandbox.mail.style import Style, script_of
from openenrich.sandbox.mail.styles import (
    CPANEL,
    EXCHANGE,
    EXIM,
    GOOGLE,
    MICROSOFT,
    MIMECAST,
    OPENSMTPD,
    POSTFIX,
    PROOFPOINT,
    QMAIL,
    YAHOO,
)
from openenrich.sandbox.mail.styles_more import BARRACUDA, GMX, ICLOUD, OVH, TREND, YANDEX, ZOHO
from openenrich.sandbox.mail.tally import Tally
from openenrich.sandbox.world import Condition, Mailbox, World

PROVIDER_STYLES: Final[Mapping[str, Style]] = dict(
    zip(
        MAIL_PROVIDERS,
        (GOOGLE, MICROSOFT, GMX, MIMECAST, PROOFPOINT, BARRACUDA, TREND, ICLOUD, ZOHO, YANDEX, OVH),
        strict=True,
    )
)
FREE_STYLES: Final[Mapping[str, Style]] = dict(zip(FREE_MAIL, (GMX, YAHOO), strict=True))
OWN_STYLES: Final = (POSTFIX, EXIM, CPANEL, EXCHANGE, POSTFIX, OPENSMTPD, QMAIL)
"""What runs on a company's own host, by its number."""


def mail_state(world: World, pace: Pace) -> MailState:
    """Nothing heard yet. Domains of senders are not looked at in this world."""
    faults = MailFaultBoard(Random(f"{world.seed}/mail faults"))
    return MailState(pace, Tally(), faults, GreylistMemory(pace), count(0xA1B2C3), lambda _domain: True)


def style_of(company: Company) -> Style:
    return PROVIDER_STYLES.get(company.mail_host) or OWN_STYLES[company.id % len(OWN_STYLES)]


def mail_servers(world: World) -> tuple[MailServer, ...]:
    """Providers, hosts of private mailboxes, then the companies' own."""
    providers = [_provider(world, host, style) for host, style in PROVIDER_STYLES.items()]
    free = [_free(world, domain, style) for domain, style in FREE_STYLES.items()]
    own = [
        _own(world, company)
        for company in world.companies
        if company.mail is Mail.OK and company.mail_host not in MAIL_PROVIDERS
    ]
    return (*providers, *free, *own)


def _provider(world: World, host: str, style: Style) -> MailServer:
    domains = {item.domain for item in world.companies if item.mail_host == host and item.mail is Mail.OK}
    greylists = style is MIMECAST
    return MailServer(host, _script(style, greylists=greylists), _recipients(world, style), domains.__contains__)


def _own(world: World, company: Company) -> MailServer:
    style = style_of(company)
    greylists = company.manner is Manner.GREYLISTING
    script = _script(style, greylists=greylists, blocks=company.manner is Manner.BLOCKING and company.id % 2 == 0)
    return MailServer(company.mail_host, script, _recipients(world, style), company.domain.__eq__)


def _free(world: World, domain: str, style: Style) -> MailServer:
    recipients = _anybody(domain, style) if style is YAHOO else _recipients(world, style)
    return MailServer(f"mx.{domain}", _script(style), recipients, domain.__eq__)


def _script(style: Style, *, greylists: bool = False, blocks: bool = False) -> Script:
    return replace(
        script_of(style),
        banner=style.blocked_banner if blocks else style.banner,
        tls=Tls.NONE if style is QMAIL else Tls.OFFERED,
        greylist=Greylist(style.greylisted, style.greylist_s) if greylists else None,
    )


def _anybody(domain: str, style: Style) -> Recipients:
    return lambda address: style.accepted if address.lower().endswith(f"@{domain}") else style.not_hosted


def _recipients(world: World, style: Style) -> Recipients:
    """The truth about a mailbox in the words of ``style``, as far as its company lets it be told."""
    said = {
        Condition.FINE: style.accepted,
        Condition.NONE: style.unknown,
        Condition.DISABLED: style.disabled,
        Condition.FULL: style.full,
        Condition.FULL_FOR_NOW: style.full_for_now,
        Condition.THROTTLED: style.throttled,
    }

    def answer(address: str) -> Reply:
        local, _, domain = address.lower().rpartition("@")
        company = world.company_by_domain.get(domain)
        if (company is None or company.mail is not Mail.OK) and domain not in FREE_MAIL:
            return style.not_hosted
        if company is not None and company.manner is Manner.BLOCKING:
            return style.blocked
        if world.mailbox(address) is Mailbox.CATCH_ALL:
            return _taken_by_all(world, company, local, style, address)
        return said[world.condition(address)]

    return answer


def _taken_by_all(world: World, company: Company | None, local: str, style: Style, address: str) -> Reply:
    if company is None or company.manner is not Manner.SHAPE_FILTERED:
        return style.accepted
    known = world.condition(address) is not Condition.NONE
    return style.accepted if known or looks_like_a_name(local) else style.unknown
