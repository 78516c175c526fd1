"""One connection to a mail server: the conversation as its script has it, by the order of a real server.

Whether a mailbox exists is the recipients' business; here is everything that comes before that question.
"""

import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from openenrich.sandbox.mail.certificate import server_context
from openenrich.sandbox.mail.desk import MailDesk
from openenrich.sandbox.mail.faults import MailFault
from openenrich.sandbox.mail.line import Line
from openenrich.sandbox.mail.script import Greylist, MailServer, Reply, SenderIs, Tls

_GARBAGE = b"\x00\xff\xfeHTTP/9.9 \x80\x81 garbage\r\n\x07\x07\x07\r\n" * 3
_OVERSIZED = "\n".join(["250-" + "x" * 60] * 2000)
_BANNERS: Mapping[MailFault, Reply] = {
    MailFault.CLOSING_BANNER: "421 4.3.2 {host} Service shutting down and closing transmission channel",
    MailFault.BUSY_BANNER: "450 4.3.2 {host} Service currently unavailable",
    MailFault.BLOCKLISTED: (
        "554 5.7.1 Service unavailable; Client host [{ip}] blocked using zen.spamhaus.org; "
        "https://www.spamhaus.org/query/ip/{ip}"
    ),
}


class HungUpError(Exception):
    """The server ends the session."""


class Session:
    """Call `hold` once."""

    def __init__(self, line: Line, desk: MailDesk) -> None:
        self._line = line
        self._desk = desk
        self._script = desk.script
        self._faults = desk.faults()
        self._helo = ""
        self._sender: str | None = None
        self._utf8 = False
        self._asked = 0
        self._refused = 0
        self._host = desk.name
        self._commands: Mapping[str, Callable[[str], Awaitable[None]]] = {
            "EHLO": self._ehlo,
            "HELO": self._helo_only,
            "STARTTLS": self._starttls,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "RSET": self._rset,
            "NOOP": lambda _: self._say("250 2.0.0 Ok"),
            "VRFY": lambda _: self._say("252 2.5.0 Try to send it"),
            "DATA": self._data,
            "QUIT": self._quit,
        }

    async def hold(self) -> None:
        """Until either side ends it."""
        self._count("connections")
        with suppress(HungUpError, ConnectionError, ssl.SSLError):
            await self._open()
            while (command := await self._line.hear()) is not None:
                await self._answer(command)

    async def _open(self) -> None:
        """Banner, or the fault that takes its place."""
        if MailFault.DROP_CONNECT in self._faults:
            self._line.break_off()
            raise HungUpError
        if MailFault.SILENT in self._faults:
            await self._line.wait_for_the_end()
            raise HungUpError
        if MailFault.GARBAGE in self._faults:
            await self._line.send(_GARBAGE)
            await self._line.wait_for_the_end()
            raise HungUpError
        self._line.dripping = MailFault.DRIP in self._faults
        banner = next((_BANNERS[fault] for fault in _BANNERS if fault in self._faults), self._script.banner)
        await self._greet(banner)

    async def _greet(self, banner: Reply) -> None:
        lines = banner.split("\n")
        if self._script.split_banner:
            await self._say(lines[0], wait_s=0)
            lines = lines[1:]
        if self._script.banner_wait_s and await self._line.is_talked_to(self._script.banner_wait_s):
            await self._say("550 5.5.1 Protocol error", wait_s=0)
            raise HungUpError
        await self._say("\n".join(lines), wait_s=0)
        if not lines[-1].startswith("2"):
            raise HungUpError

    async def _answer(self, command: str) -> None:
        verb, _, rest = command.partition(" ")
        answer = self._commands.get(verb.upper())
        if answer is None:
            await self._say("502 5.5.2 Error: command not recognized")
        else:
            await answer(rest.strip())

    async def _ehlo(self, name: str) -> None:
        if not self._script.esmtp:
            await self._say("502 5.5.1 Command not implemented")
            return
        await self._welcome(name, self._offers())

    async def _helo_only(self, name: str) -> None:
        await self._welcome(name, ())

    async def _welcome(self, name: str, offers: tuple[str, ...]) -> None:
        if MailFault.DROP_HELO in self._faults:
            raise HungUpError
        if self._script.helo_reply:
            await self._say(self._script.helo_reply)
            return
        if not name:
            await self._say("501 5.5.4 Syntax: EHLO hostname")
            return
        self._helo, self._sender = name, None
        lines = ("{host}", *offers)
        await self._say("\n".join(f"250{' ' if line is lines[-1] else '-'}{line}" for line in lines))

    def _offers(self) -> tuple[str, ...]:
        offers = self._script.capabilities
        if self._may_encrypt and not self._line.encrypted:
            offers += ("STARTTLS",)
        return (*offers, "SMTPUTF8") if self._script.smtputf8 else offers

    @property
    def _may_encrypt(self) -> bool:
        return self._script.tls is not Tls.NONE or MailFault.TLS_BROKEN in self._faults

    async def _starttls(self, _rest: str) -> None:
        if not self._may_encrypt or self._line.encrypted:
            await self._say("502 5.5.1 Error: command not implemented")
        elif self._script.tls is Tls.DECLINED:
            await self._say("454 4.7.0 TLS not available due to local problem")
        else:
            await self._say("220 2.0.0 Ready to start TLS")
            await self._encrypt()

    async def _encrypt(self) -> None:
        if MailFault.TLS_BROKEN in self._faults:
            await self._line.send(_GARBAGE)
            raise HungUpError
        await self._line.start_tls(server_context())
        self._count("encrypted")
        self._helo, self._sender = "", None

    async def _mail(self, rest: str) -> None:
        self._count("mail")
        path = _path(rest, "FROM:")
        if not self._helo:
            await self._say("503 5.5.1 Error: send HELO/EHLO first")
        elif path is None:
            await self._say("501 5.1.7 Bad sender address syntax")
        elif self._script.tls is Tls.REQUIRED and not self._line.encrypted:
            await self._say(self._script.tls_reply)
        else:
            reply = self._refusal_of(path, at_mail=True) or self._script.mail_reply
            if reply.startswith("2"):
                self._sender, self._utf8 = path, "SMTPUTF8" in rest.upper().partition(">")[2]
            await self._say(reply, sender=path)
            self._hang_up_after(reply)

    def _refusal_of(self, sender: str, *, at_mail: bool, domain: str = "") -> Reply:
        rules = (rule for rule in self._script.senders if rule.at_mail is at_mail)
        return next((rule.reply for rule in rules if self._is(rule.who, sender, domain)), "")

    def _is(self, who: SenderIs, sender: str, domain: str) -> bool:
        own = sender.rpartition("@")[2].lower()
        match who:
            case SenderIs.NULL:
                return not sender
            case SenderIs.NAMED:
                return bool(sender)
            case SenderIs.OF_RECIPIENTS_DOMAIN:
                return bool(sender) and own == domain
            case SenderIs.OF_UNKNOWN_DOMAIN:
                return bool(sender) and not self._desk.state.knows_domain(own)
            case SenderIs.ANY:
                return True

    async def _rcpt(self, rest: str) -> None:
        address = _path(rest, "TO:")
        domain = (address or "").rpartition("@")[2].lower()
        server = self._desk.server_for(domain)
        self._host = server.name
        if self._sender is None:
            reply = "503 5.5.1 Error: need MAIL command"
        elif not address or not domain:
            reply = "501 5.1.3 Bad recipient address syntax"
        else:
            self._asked += 1
            reply = self._before_recipients(server, address, domain) or server.recipients(address)
            await self._desk.state.pace.sleep(server.script.rcpt_wait_s)
        await self._answer_recipient(server, address or "", reply)

    def _struck(self, server: MailServer) -> Reply:
        """What a fault or a limit says instead of an answer, or nothing."""
        most = 1 if MailFault.ONE_RCPT in self._faults else server.script.most_rcpt
        if MailFault.CLOSING in self._faults:
            return _BANNERS[MailFault.CLOSING_BANNER]
        if MailFault.OVERSIZED in self._faults:
            return _OVERSIZED + "\n250 2.1.5 Ok"
        return server.script.over_rcpt if self._asked > most else ""

    def _before_recipients(self, server: MailServer, address: str, domain: str) -> Reply:
        """What the session itself has against the question, or nothing."""
        script = server.script
        if struck := self._struck(server):
            return struck
        if script.tls is Tls.REQUIRED_BY_RCPT and not self._line.encrypted:
            return script.tls_reply
        if not address.isascii() and not self._utf8:
            return script.non_ascii
        if script.bare_helo and "." not in self._helo:
            return script.bare_helo
        refusal = self._refusal_of(self._sender or "", at_mail=False, domain=domain)
        return refusal or self._wait_for(server, address)

    def _wait_for(self, server: MailServer, address: str) -> Reply:
        rule = server.script.greylist
        if rule is None or not (rule.strangers or server.recipients(address).startswith("2")):
            return ""
        triplet = (server.name, self._line.client, self._sender or "", address.lower())
        left = self._desk.state.greylists.left_s(rule, triplet)
        return _told(rule, left) if left else ""

    async def _answer_recipient(self, server: MailServer, address: str, reply: Reply) -> None:
        self._desk.state.tally.rcpt(server.name, reply)
        self._refused += reply.startswith("5")
        await self._say(reply, recipient=address)
        self._hang_up_after(reply)
        if reply.startswith("5") and MailFault.DROP_AFTER_REFUSAL in self._faults:
            raise HungUpError
        if self._refused >= server.script.most_refusals:
            await self._say(server.script.over_refusals)
            raise HungUpError

    async def _rset(self, _rest: str) -> None:
        self._sender = None
        await self._say("250 2.0.0 Ok")

    async def _data(self, _rest: str) -> None:
        self._count("data")
        await self._say("554 5.5.1 Error: no message is taken here")

    async def _quit(self, _rest: str) -> None:
        self._count("quits")
        await self._say("221 2.0.0 Bye")
        raise HungUpError

    async def _say(
        self, reply: Reply, *, recipient: str = "", sender: str | None = None, wait_s: float | None = None
    ) -> None:
        await self._desk.state.pace.sleep(self._script.reply_wait_s if wait_s is None else wait_s)
        origin = (sender if sender is not None else self._sender) or ""
        local, _, domain = recipient.rpartition("@")
        holes = {
            "rcpt": recipient,
            "local": local,
            "dom": domain,
            "from": origin,
            "fromdom": origin.rpartition("@")[2],
            "helo": self._helo,
            "ip": self._line.client,
            "host": self._host,
            "id": f"{next(self._desk.state.numbers):06x}-7f",
        }
        await self._line.say(reply.format_map(holes))

    def _hang_up_after(self, reply: Reply) -> None:
        if reply.startswith("421"):
            raise HungUpError

    def _count(self, event: str) -> None:
        self._desk.state.tally.count(self._host, event)


def _path(text: str, keyword: str) -> str | None:
    """The address in ``FROM:<...>`` or ``TO:<...>``, perhaps empty; ``None`` when it is not one."""
    text = text.lstrip()
    if not text.upper().startswith(keyword):
        return None
    text = text[len(keyword) :].lstrip()
    return text[1 : text.index(">")] if text.startswith("<") and ">" in text else None


def _told(rule: Greylist, left_s: float) -> Reply:
    return rule.reply.replace("{seconds}", str(max(1, round(left_s))))
