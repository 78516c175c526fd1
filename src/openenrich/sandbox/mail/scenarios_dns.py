"""Scenarios of the farm: what name servers say about a domain, routes to its mail hosts, and names of other scripts."""

from typing import Final

from openenrich.sandbox.dns import Trouble
from openenrich.sandbox.mail.scenario import (
    CATCH_ALL,
    DELIVERABLE,
    INVALID_DOMAIN,
    TARGET,
    UNKNOWN,
    Book,
    Host,
    Scenario,
    Verdict,
    domain_of,
    one,
    several,
)
from openenrich.sandbox.mail.style import script_of
from openenrich.sandbox.mail.styles import OPENSMTPD, POSTFIX

_SCRIPT: Final = script_of(POSTFIX)
_BOOK: Final = Book({TARGET: POSTFIX.accepted}, POSTFIX.unknown)
_GOOD: Final = Host(_SCRIPT, _BOOK)
_SIX: Final = Host(_SCRIPT, _BOOK, ipv6=True)
_NOBODY: Final = Host(None)


def _host(name: str, number: int = 1) -> str:
    return f"mx{number}.{domain_of(name)}"


def _troubled(name: str, trouble: Trouble, *, right: Verdict = UNKNOWN) -> Scenario:
    """A sound domain whose name server is not."""
    return several(name, right, {_host(name): _GOOD}, troubles={domain_of(name): trouble}, or_else=(UNKNOWN,))


DOMAINS: Final[tuple[Scenario, ...]] = (
    several("no_such_domain", INVALID_DOMAIN, {}),
    several("null_mx", INVALID_DOMAIN, {}, mx=("0 .",)),
    several("null_mx_with_an_address", INVALID_DOMAIN, {domain_of("null_mx_with_an_address"): _GOOD}, mx=("0 .",)),
    several("no_mail_host", INVALID_DOMAIN, {}, records={domain_of("no_mail_host"): {"TXT": ('"nothing here"',)}}),
    several("implicit_mx", DELIVERABLE, {domain_of("implicit_mx"): _GOOD}, mx=()),
    several("dangling_mx", INVALID_DOMAIN, {}, mx=("10 gone.dangling-mx.test.",)),
    several(
        "two_dangling_mx", INVALID_DOMAIN, {}, mx=("10 gone.two-dangling-mx.test.", "20 away.two-dangling-mx.test.")
    ),
    several(
        "mx_without_address",
        INVALID_DOMAIN,
        {},
        mx=("10 mx.mx-without-address.test.",),
        records={"mx.mx-without-address.test": {"TXT": ('"no address"',)}},
    ),
    several(
        "private_mx",
        INVALID_DOMAIN,
        {},
        mx=("10 mx.private-mx.test.",),
        records={"mx.private-mx.test": {"A": ("10.20.30.40",)}},
    ),
    several(
        "alias_as_mx",
        DELIVERABLE,
        {"real.alias-as-mx.test": _GOOD},
        mx=("10 alias.alias-as-mx.test.",),
        records={"alias.alias-as-mx.test": {"CNAME": ("real.alias-as-mx.test.",)}},
    ),
    several(
        "duplicate_mx",
        DELIVERABLE,
        {_host("duplicate_mx"): _GOOD},
        mx=("10 mx1.duplicate-mx.test.", "20 mx1.duplicate-mx.test.", "30 MX1.duplicate-mx.test."),
    ),
    several(
        "first_mx_is_down",
        DELIVERABLE,
        {_host("first_mx_is_down"): _NOBODY, _host("first_mx_is_down", 2): _GOOD},
        or_else=(CATCH_ALL,),
    ),
    several(
        "equal_preference",
        DELIVERABLE,
        {_host("equal_preference"): _GOOD, _host("equal_preference", 2): _GOOD},
        mx=("10 mx1.equal-preference.test.", "10 mx2.equal-preference.test."),
    ),
    several("all_mx_refuse_connections", UNKNOWN, {_host("all_mx_refuse_connections"): _NOBODY}),
    several("ipv6_only", DELIVERABLE, {_host("ipv6_only"): _SIX}),
    _troubled("servfail", Trouble.SERVFAIL),
    _troubled("dns_refused", Trouble.REFUSED),
    _troubled("dns_silent", Trouble.SILENT),
    _troubled("dnssec_bogus", Trouble.BOGUS),
    _troubled("truncated", Trouble.TRUNCATED, right=DELIVERABLE),
    _troubled("truncated_without_tcp", Trouble.UNREACHABLE_OVER_TCP),
    several(
        "mx_address_servfail",
        UNKNOWN,
        {_host("mx_address_servfail"): _GOOD},
        troubles={_host("mx_address_servfail"): Trouble.SERVFAIL},
    ),
)

SCRIPTS: Final[tuple[Scenario, ...]] = (
    several(
        "domain_of_other_letters",
        DELIVERABLE,
        {"mx.xn--mnchen-post-thb.test": _GOOD},
        domain="xn--mnchen-post-thb.test",
        shown="münchen-post.test",
    ),
    one("name_of_other_letters", DELIVERABLE, local="zoë.müller", smtputf8=True),
    one(
        "name_of_other_letters_not_taken",
        UNKNOWN,
        local="zoë.müller",
        style=OPENSMTPD,
        non_ascii="501 5.1.3 Recipient address syntax error",
    ),
)
