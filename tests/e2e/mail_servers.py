"""Real mail servers for a test: Postfix with postgrey, Exim and OpenSMTPD, each a process of its own on loopback.

They live in a copy of the small system that `make mail-servers` unpacks (chroot), under users that exist only there;
without root, in a user namespace. Nothing of the machine is changed, and all of it is gone after the ``async with``;
the servers also stop by themselves when the test run is killed, because somebody watches its end of a pipe.
"""

import asyncio
import os
import socket
import subprocess
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from contract.name_server import NameServer, naming
from e2e import mail_settings
from e2e.mail_settings import CASES, Case, Kind
from e2e.processes import until

UNPACKED: Final = Path(__file__).parents[2] / ".mail-servers"
_STOPS_WITHIN_S: Final = 10.0
_READY_WITHIN_S: Final = 20.0
_UNTIL_STDIN_CLOSES: Final = '"$@" & child=$!; cat > /dev/null; kill $child 2> /dev/null; wait $child'
_AS_ROOT: Final = () if os.geteuid() == 0 else ("unshare", "--user", "--map-root-user", "--map-auto")
_POSTFIX_QUEUES: Final = ("private", "public", "active", "incoming", "deferred", "defer", "maildrop", "hold")


@dataclass(frozen=True, slots=True)
class MailServers:
    """Where they listen, who knows their names, and what they have noted."""

    port: int
    resolver: str
    ipv6: bool
    logs: dict[str, Path]

    def said(self, server: str) -> str:
        """Its log so far. Without root it belongs to a user of the namespace, and is read there."""
        read = subprocess.run([*_AS_ROOT, "cat", str(self.logs[server])], capture_output=True, check=False)
        return read.stdout.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Program:
    """A command line and the numbers of its user and group, known only in the small system."""

    user: str
    words: tuple[str, ...]


@asynccontextmanager
async def mail_servers(folder: Path) -> AsyncIterator[MailServers]:
    """All of them, listening, with a name server that leads to them."""
    assert (UNPACKED / ".unpacked").exists(), "the mail servers are not there: run `make mail-servers`"
    ipv6 = has_ipv6()
    here = [case for case in CASES if ipv6 or case.kind is not Kind.IPV6]
    port, greylist_port = _free_port({case.ip for case in here}), _free_port({"127.0.0.1"})
    root = folder / "root"
    logs = {
        "postfix": root / "var/log/postfix.log",
        "exim": root / "var/log/exim4/mainlog",
        "opensmtpd": folder / "opensmtpd.out",
        "postgrey": folder / "postgrey.out",
    }
    async with AsyncExitStack() as stack:
        stack.callback(_as_root, "rm", "-rf", str(root))
        _furnish(root, port, greylist_port, ipv6=ipv6)
        names = await stack.enter_async_context(naming(NameServer(_records())))
        for name, program in _programs(greylist_port).items():
            await stack.enter_async_context(_running(folder / f"{name}.out", root, program))
        running = MailServers(port, names.address, ipv6, logs)
        await _listening(here, port, greylist_port, folder)
        yield running


def has_ipv6() -> bool:
    """Whether this machine has a loopback address of version 6."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind((mail_settings.IPV6_HOST, 0))
    except OSError:
        return False
    return True


def _records() -> dict[tuple[str, str], list[str]]:
    records = {(mail_settings.NULL_MX, "MX"): ["0 ."], (mail_settings.NULL_MX, "A"): [CASES[0].ip]}
    for case in CASES:
        records[case.domain, "MX"] = [f"10 {case.host}."]
        records[case.host, "AAAA" if case.kind is Kind.IPV6 else "A"] = [case.ip]
    return records


def _programs(greylist_port: int) -> dict[str, Program]:
    """Exim and postgrey need no root at all; the other two drop it for whatever speaks to strangers."""
    wait = f"--delay={mail_settings.GREYLISTED_FOR_S}"
    names = ("--user=postgrey", "--group=postgrey")
    return {
        "postgrey": Program("905:905", ("/usr/sbin/postgrey", f"--inet=127.0.0.1:{greylist_port}", wait, *names)),
        "postfix": Program("0:0", ("/usr/lib/postfix/sbin/master", "-d")),
        "exim": Program("902:902", ("/usr/sbin/exim4", "-bdf")),
        "opensmtpd": Program("0:0", ("/usr/sbin/smtpd", "-d", "-v", "-T", "smtp")),
    }


def _furnish(root: Path, port: int, greylist_port: int, *, ipv6: bool) -> None:
    """The copy of the system, with settings and the folders that the packages' own scripts would have made."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(UNPACKED / "root"), str(root)], check=True)
    texts = {
        "dev/null": "",
        "etc/passwd": mail_settings.PASSWD,
        "etc/group": mail_settings.GROUP,
        "etc/hosts": "127.0.0.1 localhost\n",
        "etc/postfix/main.cf": mail_settings.postfix_main(),
        "etc/postfix/master.cf": mail_settings.postfix_master(port, greylist_port, ipv6=ipv6),
        "etc/exim4/exim4.conf": mail_settings.exim(port),
        "etc/smtpd.conf": mail_settings.opensmtpd(port),
    }
    for place, text in texts.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text(text, encoding="utf-8")
    (root / "dev/null").chmod(0o666)
    _certify(root / "etc")
    (root / "tmp").mkdir()
    (root / "tmp").chmod(0o1777)
    postfix = root / "var/spool/postfix"
    owned = {
        "901": [root / "var/lib/postfix", *(postfix / name for name in _POSTFIX_QUEUES)],
        "902": [root / "var/spool/exim4", root / "var/log/exim4"],
        "905": [root / "var/lib/postgrey"],
        "0": [postfix, postfix / "pid", root / "var/log", root / "var/run", root / "var/lib/opensmtpd/empty"],
    }
    for owner, folders in owned.items():
        _own(owner, folders)


def _own(owner: str, folders: Iterable[Path]) -> None:
    places = [str(folder) for folder in folders]
    for place in places:
        Path(place).mkdir(parents=True, exist_ok=True)
    _as_root("chown", f"{owner}:{owner}", *places)


def _certify(folder: Path) -> None:
    """A certificate that nobody vouches for: mail is encrypted without asking."""
    key = rsa.generate_private_key(65537, 2048)  # OpenSMTPD has trouble with elliptic curves
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for file, data in {"mail.crt": certificate, "mail.key": secret, "mail.pem": secret + certificate}.items():
        (folder / file).write_bytes(data)
        (folder / file).chmod(0o600)
    _as_root("chown", "902:902", str(folder / "mail.pem"))  # Exim reads it under its own name


def _as_root(*command: str) -> None:
    subprocess.run([*_AS_ROOT, *command], check=True)


@asynccontextmanager
async def _running(log: Path, root: Path, program: Program) -> AsyncIterator[None]:
    """A program in the small system."""
    chroot = ("chroot", f"--userspec={program.user}", str(root), *program.words)
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *("sh", "-c", _UNTIL_STDIN_CLOSES, "sh", *_AS_ROOT, *chroot),
            stdin=PIPE,
            stdout=output,
            stderr=output,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"},
        )
    try:
        yield
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), _STOPS_WITHIN_S)
    except TimeoutError:
        process.kill()
        await process.wait()


async def _listening(here: Iterable[Case], port: int, greylist_port: int, folder: Path) -> None:
    try:
        await until(lambda: _answers("127.0.0.1", greylist_port), _READY_WITHIN_S, "postgrey")
        for case in here:
            await until(partial(_greets, case.ip, port), _READY_WITHIN_S, case.host)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{_last_words(folder)}") from None


def _last_words(folder: Path) -> str:
    return "\n".join(f"{log.name}: {log.read_text(errors='replace')[-2000:]}" for log in folder.glob("*.out"))


async def _answers(ip: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(ip, port)
    except OSError:
        return False
    writer.close()
    return True


async def _greets(ip: str, port: int) -> bool:
    """A whole session, so that the logs are complete when the test begins to count."""
    try:
        reader, writer = await asyncio.open_connection(ip, port)
    except OSError:
        return False
    writer.write(b"QUIT\r\n" if (await reader.readline()).startswith(b"220") else b"")
    goodbye = await reader.readline()
    writer.close()
    return goodbye.startswith(b"221")


def _free_port(addresses: Iterable[str]) -> int:
    """A port that is free on all of them."""
    while True:
        with ExitStack() as stack:
            port = 0
            try:
                for ip in addresses:
                    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
                    probe = stack.enter_context(socket.socket(family))
                    probe.bind((ip, port))
                    port = probe.getsockname()[1]
            except OSError:
                continue
            return port
