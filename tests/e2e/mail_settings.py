"""What the real mail servers of the tests are told: for each case an address of its own, for all of them one port.

Every server knows the same mailbox in each of its domains. The log of each one names the commands that it was sent.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAILBOX: Final = "maria.keller"
NULL_MX: Final = "null.test"
GREYLISTED_FOR_S: Final = 1
IPV6_HOST: Final = "::1"


class Kind(StrEnum):
    """How a host treats those who ask."""

    ORDINARY = "ordinary"
    CATCH_ALL = "any"
    GREYLISTING = "grey"
    TLS_ONLY = "tls"
    IPV6 = "six"
    TLS_OFFERED = "offered"
    LISTED = "listed"
    """OpenSMTPD's other way to know its users, which has other words for unknown ones."""


@dataclass(frozen=True, slots=True)
class Case:
    """One domain and the address of its mail host."""

    server: str
    kind: Kind
    ip: str

    @property
    def domain(self) -> str:
        return f"{self.kind}.{self.server}.test"

    @property
    def host(self) -> str:
        return f"mx.{self.domain}"

    @property
    def may_fail_at_tls(self) -> bool:
        """OpenSMTPD as built for Debian 12 offers encryption and cannot do it."""
        return self.server == "opensmtpd" and self.kind in {Kind.TLS_ONLY, Kind.TLS_OFFERED}


CASES: Final = (
    Case("postfix", Kind.ORDINARY, "127.0.77.11"),
    Case("postfix", Kind.CATCH_ALL, "127.0.77.12"),
    Case("postfix", Kind.GREYLISTING, "127.0.77.13"),
    Case("postfix", Kind.TLS_ONLY, "127.0.77.14"),
    Case("postfix", Kind.IPV6, IPV6_HOST),
    Case("exim", Kind.ORDINARY, "127.0.77.21"),
    Case("exim", Kind.CATCH_ALL, "127.0.77.22"),
    Case("exim", Kind.GREYLISTING, "127.0.77.23"),
    Case("exim", Kind.TLS_ONLY, "127.0.77.24"),
    Case("opensmtpd", Kind.ORDINARY, "127.0.77.31"),
    Case("opensmtpd", Kind.CATCH_ALL, "127.0.77.32"),
    Case("opensmtpd", Kind.LISTED, "127.0.77.33"),
    Case("opensmtpd", Kind.TLS_OFFERED, "127.0.77.34"),
    Case("opensmtpd", Kind.TLS_ONLY, "127.0.77.35"),
)


def cases(server: str, *, ipv6: bool = True) -> tuple[Case, ...]:
    """Those of one server; without IPv6 where the machine has none."""
    return tuple(case for case in CASES if case.server == server and (ipv6 or case.kind is not Kind.IPV6))


PASSWD: Final = """\
root:x:0:0::/:/bin/false
postfix:x:901:901::/:/bin/false
Debian-exim:x:902:902::/:/bin/false
opensmtpd:x:903:903::/:/bin/false
opensmtpq:x:904:904::/:/bin/false
postgrey:x:905:905::/:/bin/false
nobody:x:65534:65534::/:/bin/false
"""
GROUP: Final = """\
root:x:0:
postfix:x:901:
Debian-exim:x:902:
opensmtpd:x:903:
opensmtpq:x:904:
postgrey:x:905:
postdrop:x:906:
nogroup:x:65534:
"""

POSTFIX_MAIN: Final = """\
compatibility_level = 3.6
queue_directory = /var/spool/postfix
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
data_directory = /var/lib/postfix
mail_owner = postfix
setgid_group = postdrop
default_privs = nobody
maillog_file = /var/log/postfix.log
myhostname = mx.postfix.test
mydestination =
mynetworks =
inet_protocols = all
alias_maps =
alias_database =
local_recipient_maps =
smtpd_peername_lookup = no
smtpd_relay_restrictions = reject_unauth_destination
smtpd_tls_chain_files = /etc/mail.pem
smtpd_tls_security_level = may
tls_random_source =
in_flow_delay = 0
"""


def postfix_main() -> str:
    domains = ", ".join(f"{case.domain}=1" for case in cases("postfix"))
    mailboxes = ", ".join(f"{_postfix_key(case)}=1" for case in cases("postfix"))
    return (
        f"{POSTFIX_MAIN}virtual_mailbox_domains = inline:{{{domains}}}\nvirtual_mailbox_maps = inline:{{{mailboxes}}}\n"
    )


def _postfix_key(case: Case) -> str:
    return f"@{case.domain}" if case.kind is Kind.CATCH_ALL else f"{MAILBOX}@{case.domain}"


def postfix_master(port: int, greylist_port: int, *, ipv6: bool) -> str:
    """One service for each address, and the few others that take part in a conversation."""
    more = {
        Kind.GREYLISTING: f"-o smtpd_recipient_restrictions=check_policy_service,inet:127.0.0.1:{greylist_port}",
        Kind.TLS_ONLY: "-o smtpd_tls_security_level=encrypt",
    }
    lines = [
        f"{f'[{case.ip}]' if case.kind is Kind.IPV6 else case.ip}:{port} inet n - n - - smtpd {more.get(case.kind, '')}"
        for case in cases("postfix", ipv6=ipv6)
    ]
    return "\n".join(
        (
            *lines,
            "postlog unix-dgram n - n - 1 postlogd",
            "anvil unix - - n - 1 anvil",
            "rewrite unix - - n - - trivial-rewrite",
            "tlsmgr unix - - n 1000? 1 tlsmgr",
            "cleanup unix n - n - 0 cleanup",
            "",
        )
    )


EXIM: Final = """\
primary_hostname = mx.exim.test
local_interfaces = {addresses}
daemon_smtp_ports = {port}
spool_directory = /var/spool/exim4
log_file_path = /var/log/exim4/%slog
log_selector = +smtp_connection
pid_file_path = /var/spool/exim4/exim.pid
host_lookup =
rfc1413_query_timeout = 0s
tls_advertise_hosts = *
tls_certificate = /etc/mail.pem
acl_smtp_mail = sender
acl_smtp_rcpt = recipient
acl_smtp_predata = message
never_users = root
domainlist hosted = *.exim.test

begin acl
sender:
  deny    condition = ${{if eq{{$received_ip_address}}{{{tls}}}}}
          !encrypted = *
          message = 530 5.7.0 Must issue a STARTTLS command first
  accept
recipient:
  warn    logwrite = command RCPT
  deny    domains = ! +hosted
          message = relay not permitted
  require verify = recipient
  defer   domains = grey.exim.test
          !seen = -{wait}s / key=${{sender_host_address}}_${{sender_address}}_${{local_part}}@$domain
          message = 451 4.7.1 Greylisting in action, please come back later
  accept
message:
  warn    logwrite = command DATA
  accept

begin routers
known:
  driver = accept
  domains = +hosted
  condition = ${{if or{{{{eq{{$domain}}{{any.exim.test}}}}{{eq{{$local_part}}{{{mailbox}}}}}}}}}
  transport = nowhere

begin transports
nowhere:
  driver = appendfile
  file = /dev/null
  user = Debian-exim
"""


def exim(port: int) -> str:
    here = cases("exim")
    return EXIM.format(
        addresses=" : ".join(case.ip for case in here),
        port=port,
        tls=next(case.ip for case in here if case.kind is Kind.TLS_ONLY),
        wait=GREYLISTED_FOR_S,
        mailbox=MAILBOX,
    )


OPENSMTPD: Final = """\
pki mail cert "/etc/mail.crt"
pki mail key "/etc/mail.key"
table mailbox {{ "{mailbox}" = "nobody" }}
table everybody {{ "@" = "nobody" }}
table exact {{ "ordinary.opensmtpd.test", "offered.opensmtpd.test", "tls.opensmtpd.test" }}
table listed {{ "{mailbox}@listed.opensmtpd.test" }}
{listeners}
action "mailbox" maildir "/tmp" virtual <mailbox>
action "everybody" maildir "/tmp" virtual <everybody>
match from any for domain <exact> action "mailbox"
match from any for domain "any.opensmtpd.test" action "everybody"
match from any for domain "listed.opensmtpd.test" rcpt-to <listed> action "everybody"
"""


def opensmtpd(port: int) -> str:
    """Most listeners offer no encryption: the version of Debian 12 offers it and then fails."""
    tls = {Kind.TLS_ONLY: "tls-require pki mail", Kind.TLS_OFFERED: "tls pki mail"}
    listeners = "\n".join(
        f"listen on {case.ip} port {port} {tls.get(case.kind, '')} hostname {case.host}" for case in cases("opensmtpd")
    )
    return OPENSMTPD.format(mailbox=MAILBOX, listeners=listeners)
