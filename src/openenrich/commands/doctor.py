"""`openenrich doctor`: what works, what does not, and what to do about it."""

import asyncio
import smtplib
import socket
from datetime import UTC, datetime

import msgspec

from openenrich.core.vendor import NoKey
from openenrich.core.verdict import DomainMail
from openenrich.settings import Settings
from openenrich.store.postgres import DatabaseProblemError
from openenrich.store.secrets import MasterKeyProblemError
from openenrich.verify.dns import DomainChecker
from openenrich.wiring import Store, open_store

_CLOCK_TOLERANCE_S = 2.0
_MAIL_HOSTS = ("gmail-smtp-in.l.google.com", "mx1.mail.icloud.com")


class Finding(msgspec.Struct, frozen=True):
    """One check. ``good`` is false only for what stops OpenEnrich from doing its work."""

    check: str
    result: str
    remedy: str = ""
    good: bool = True


async def examine(settings: Settings) -> list[Finding]:
    """Every check, in the order in which trouble usually comes."""
    findings = [Finding("settings", "read and sound")]
    try:
        async with open_store(settings, connections=2) as store:
            findings += [
                Finding("database", await store.pool.fetchval("SELECT split_part(version(), ' on ', 1)")),
                Finding("master key", "fits the database"),
                await _clock(store),
                await _vendor_keys(store),
            ]
    except (DatabaseProblemError, MasterKeyProblemError) as problem:
        findings.append(Finding("database", "cannot be used", str(problem), good=False))
    findings.append(await _dns(settings))
    findings.append(await asyncio.to_thread(_port_25, settings.verify.smtp_port))
    findings.append(await asyncio.to_thread(_verifier, settings))
    return findings


async def _clock(store: Store) -> Finding:
    theirs: datetime = await store.pool.fetchval("SELECT clock_timestamp()")
    gap = abs((theirs - datetime.now(UTC)).total_seconds())
    if gap > _CLOCK_TOLERANCE_S:
        return Finding("clock", f"{gap:.1f} s apart from the database", "Run NTP on both machines.", good=False)
    return Finding("clock", f"agrees with the database within {gap * 1000:.0f} ms")


async def _vendor_keys(store: Store) -> Finding:
    vendors = sorted({key.vendor for key in await store.keyring.listed()})
    local = [name for name, adapter in store.catalogue.items() if isinstance(adapter.vendor.auth, NoKey)]
    if not vendors:
        remedy = "openenrich vendors set-key hunter, or look round with openenrich enrich FILE --sandbox"
        return Finding("vendor keys", f"none; only {', '.join(local)} can answer", remedy)
    return Finding("vendor keys", ", ".join(vendors))


async def _dns(settings: Settings) -> Finding:
    servers = [server.strip() for server in settings.verify.dns.split(",") if server.strip()]
    checker = DomainChecker(servers, settings.verify.dns_timeout_s)
    try:
        result = await checker.look("example.com")
    finally:
        await checker.close()
    if result is DomainMail.UNKNOWN:
        return Finding("DNS", "no answer", "Check the resolver, or set verify.dns; domains stay unknown until then.")
    return Finding("DNS", "answers")


def _verifier(settings: Settings) -> Finding:
    """Mail hosts look at who asks: the name must exist, and an address must have a reverse name that agrees."""
    verify = settings.verify
    if verify.smtp == "off" or not (verify.helo and verify.mail_from):
        remedy = "Set verify.helo and verify.mail_from; until then addresses stand on the finders' word alone."
        return Finding("mail verifier", "off", remedy)
    if verify.dns:
        return Finding("mail verifier", f"on, as {verify.helo}")
    try:
        addresses = {info[4][0] for info in socket.getaddrinfo(verify.helo, None)}
        names = {socket.gethostbyaddr(str(address))[0].lower() for address in addresses}
    except OSError:
        addresses, names = set(), set()
    if verify.helo.lower() not in names:
        remedy = f"Give {verify.helo} an address whose reverse name is {verify.helo}: many hosts refuse others."
        return Finding("mail verifier", f"on, as {verify.helo}, whose reverse name does not agree", remedy)
    return Finding("mail verifier", f"on, as {verify.helo}")


def _port_25(port: int) -> Finding:
    for host in _MAIL_HOSTS:
        try:
            with smtplib.SMTP(timeout=4) as mail:
                mail.connect(host, port)
        except (OSError, smtplib.SMTPException, socket.gaierror):
            continue
        return Finding("port 25", "open")
    return Finding("port 25", "closed", "Most clouds close it: verdicts rest on DNS and the vendors' claims.")
