"""Host names of companies: reads one out of what people type, and knows which hosts give mailboxes to everybody.

Whether a domain exists or receives mail is for ``verify``; here only its form is judged.
"""

import re
from functools import lru_cache
from typing import Final

import idna
from publicsuffixlist import PublicSuffixList

_SUFFIXES: Final = PublicSuffixList()
_SCHEME: Final = re.compile(r"(?:[a-z][a-z0-9+.-]*://|mailto:|//)", re.IGNORECASE)
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_USUAL: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_LAST_LABEL: Final = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
"""Never a number: that is how ``192.0.2.1`` is told from a name."""


def domain(text: str) -> str | None:
    """The host name in lower-case ASCII without ``www.``, out of a domain, a URL or an e-mail address."""
    if _is_canonical(text):
        return text
    host = _host(text)
    if not host or any(letter.isspace() for letter in host):
        return None
    ascii_host = _to_ascii(host)
    if ascii_host is None or not _is_host_name(ascii_host):
        return None
    return _without_www(ascii_host)


@lru_cache(maxsize=16_384)
def registrable(domain: str) -> str | None:
    """The part that somebody registered (``example.co.uk``); ``None`` for a public suffix itself."""
    return _SUFFIXES.privatesuffix(domain)


def is_free_mail(domain: str) -> bool:
    """A host where anybody can have a mailbox, so that an address there says nothing about the employer."""
    return domain in _FREE_MAIL or _FREE_MAIL_FAMILY.fullmatch(domain) is not None


def _is_canonical(text: str) -> bool:
    """Whether a look suffices to see that it is the result already; false says nothing."""
    usual = len(text) <= 253 and _USUAL.fullmatch(text) is not None
    return usual and not text.startswith("www.") and "xn--" not in text


def _host(text: str) -> str:
    address = _SCHEME.sub("", text.strip(), count=1) if _SCHEME.match(text.strip()) else text.strip()
    authority = re.split(r"[/?#\\]", address, maxsplit=1)[0]
    host = authority.rsplit("@", 1)[-1]
    return re.sub(r":\d*$", "", host).strip()


def _to_ascii(host: str) -> str | None:
    """The A-label form. Plain ASCII passes as it is: DNS allows names that IDNA refuses (``r3---x.example``)."""
    lowered = host.lower()
    if lowered.isascii() and "xn--" not in lowered:
        return lowered.removesuffix(".")
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        return None


def _is_host_name(host: str) -> bool:
    *labels, last = host.split(".")
    if not labels or len(host) > 253:
        return False
    return all(_LABEL.fullmatch(label) for label in labels) and _LAST_LABEL.fullmatch(last) is not None


def _without_www(host: str) -> str:
    # "www.com" is somebody's own name: the prefix goes only where a registrable name is left.
    while host.startswith("www.") and registrable(host.removeprefix("www.")):
        host = host.removeprefix("www.")
    return host


_FREE_MAIL_FAMILY: Final = re.compile(
    r"(?:yahoo|ymail|rocketmail|hotmail|outlook|live|windowslive|gmx|yandex|aol|protonmail|tutanota)"
    r"\.(?:com|[a-z]{2}|com?\.[a-z]{2})|gmx\.(?:net|org|info)"
)
"""Hosts with a branch per country."""

_FREE_MAIL_HOSTS: Final = """
    gmail.com googlemail.com
    msn.com passport.com
    icloud.com me.com mac.com
    aim.com
    proton.me pm.me tutamail.com tuta.com tuta.io keemail.me
    fastmail.com fastmail.fm hushmail.com hey.com mailbox.org posteo.de posteo.net runbox.com startmail.com
    zoho.com zohomail.com zohomail.eu mail.com email.com usa.com europe.com inbox.com lycos.com excite.com
    web.de freenet.de t-online.de arcor.de online.de mail.de email.de freemail.de
    mail.ru bk.ru inbox.ru list.ru internet.ru rambler.ru ya.ru ukr.net i.ua meta.ua tut.by
    qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com aliyun.com 139.com 189.cn 21cn.com
    naver.com daum.net hanmail.net nate.com
    orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr numericable.fr aliceadsl.fr club-internet.fr
    libero.it virgilio.it alice.it tin.it tiscali.it iol.it inwind.it fastwebnet.it email.it
    wp.pl o2.pl interia.pl interia.eu onet.pl op.pl vp.pl tlen.pl gazeta.pl poczta.onet.pl
    seznam.cz email.cz centrum.cz post.cz azet.sk centrum.sk freemail.hu citromail.hu abv.bg mail.bg
    telefonica.net terra.es sapo.pt uol.com.br bol.com.br terra.com.br ig.com.br globo.com
    bigpond.com bigpond.net.au optusnet.com.au iinet.net.au xtra.co.nz
    comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net juno.com
    optonline.net roadrunner.com netzero.net frontier.com centurylink.net windstream.net
    shaw.ca rogers.com sympatico.ca telus.net videotron.ca
    btinternet.com btopenworld.com sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk tiscali.co.uk
    bluewin.ch hispeed.ch skynet.be telenet.be ziggo.nl kpnmail.nl planet.nl home.nl hetnet.nl xs4all.nl
    telia.com tele2.se bredband.net comhem.se online.no broadpark.no stofanet.dk mail.dk kolumbus.fi elisanet.fi
    chello.at aon.at eircom.net otenet.gr in.gr mynet.com rediffmail.com indiatimes.com walla.com walla.co.il
"""

# The two invented hosts: the sandbox's people and the test contacts have their personal mailboxes there, because an
# address that nobody can own must still count as a personal one. ".test" is reserved and never resolves.
_FREE_MAIL: Final = frozenset(_FREE_MAIL_HOSTS.split()) | {"freemail.test", "postbox.test"}
