"""Mail servers and a SOCKS5 proxy on loopback that say exactly what a test tells them to."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from openenrich.verify.dial import MailAddress

Words = str | bytes
Serve = Callable[["Session"], Awaitable[None]]


class Session:
    """One connection at the server's side."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: list[str]) -> None:
        self.reader = reader
        self.writer = writer
        self.heard = heard

    async def say(self, words: Words) -> None:
        """Text gets its line end; bytes are sent as they are."""
        self.writer.write(words if isinstance(words, bytes) else words.encode() + b"\r\n")
        await self.writer.drain()

    async def hear(self) -> str:
        """The next command, or "" when the client has gone."""
        command = (await self.reader.readline()).decode(errors="replace").removesuffix("\r\n")
        if command:
            self.heard.append(command)
        return command

    async def expect(self, *verbs: str) -> None:
        for verb in verbs:
            command = await self.hear()
            assert command.startswith(verb), command

    async def says_nothing(self, within_s: float) -> bool:
        """Whether the client keeps quiet for a moment."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                return not await self.reader.read(1)
        return True

    async def wait_for_the_end(self) -> None:
        while await self.hear():
            continue

    def reset(self) -> None:
        """Break the connection the hard way."""
        plug = self.writer.get_extra_info("socket")
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


class Server:
    """Where it listens, what it heard over all connections, and how many there were."""

    def __init__(self, host: str, port: int) -> None:
        self.address = MailAddress(host, port, "mx.test")
        self.heard: list[str] = []
        self.peers: list[str] = []
        self.ended = 0
        self.surprised: list[AssertionError] = []

    @property
    def verbs(self) -> list[str]:
        return [command.split()[0] for command in self.heard]


@asynccontextmanager
async def listening(*scripts: Serve, host: str = "127.0.0.1") -> AsyncIterator[Server]:
    """A server that plays one script for each connection, the last one for all others."""
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        server.peers.append(writer.get_extra_info("peername")[0])
        script = scripts[min(len(server.peers), len(scripts)) - 1]
        try:
            with suppress(ConnectionError, ssl.SSLError):
                await script(Session(reader, writer, server.heard))
        except AssertionError as error:
            server.surprised.append(error)
        finally:
            server.ended += 1
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            running.discard(task)

    listener = await asyncio.start_server(serve, host, 0)
    server = Server(*listener.sockets[0].getsockname()[:2])
    try:
        yield server
    finally:
        listener.close()
        for task in tuple(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    assert not server.surprised, server.surprised


def answering(
    replies: Mapping[str, Words] | None = None, *, banner: Words = "220 mx.test ESMTP", greeted: bool = False
) -> Serve:
    """An ordinary server; ``replies`` change what it says to commands that start that way."""
    said: dict[str, Words] = {"EHLO": "250 mx.test", "QUIT": "221 bye", **(replies or {})}

    async def serve(session: Session) -> None:
        if not greeted:
            await session.say(banner)
        while command := await session.hear():
            key = max((one for one in said if command.startswith(one)), key=len, default="")
            reply = said.get(key, "250 fine")
            await session.say(reply)
            if key == "QUIT" or reply[:3] in {"421", b"421"}:
                return

    return serve


def at_rcpt(reply: Words) -> Serve:
    return answering({"RCPT": reply})


def offering_tls(context: ssl.SSLContext | None, after: Serve, *, go: Words = "220 go ahead") -> Serve:
    """Offers STARTTLS; with a context it encrypts, and ``after`` plays the rest."""

    async def serve(session: Session) -> None:
        await session.say("220 mx.test ESMTP")
        await session.expect("EHLO")
        await session.say("250-mx.test\r\n250-PIPELINING\r\n250 STARTTLS")
        await session.expect("STARTTLS")
        await session.say(go)
        if context is not None:
            await session.writer.start_tls(context)
        await after(session)

    return serve


async def closes(session: Session) -> None:
    """Ends the connection in order."""


async def keeps_silent(session: Session) -> None:
    while await session.reader.read(4096):
        continue


def certificate(folder: Path) -> ssl.SSLContext:
    """A server's context with a certificate that nobody would trust: self-signed, for another name, and expired."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "elsewhere.test")])
    then = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(then)
        .not_valid_after(then + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    file = folder / "mail.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


class SocksProxy:
    """What a SOCKS5 proxy was told, and what it answers (0 is "connected")."""

    def __init__(self, code: int = 0, login: tuple[str, str] | None = None) -> None:
        self.code = code
        self.login = login
        self.told: list[tuple[str, int]] = []
        self.logins: list[tuple[str, str]] = []

    async def __call__(self, session: Session) -> None:
        reader = session.reader
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        await session.say(b"\x05\x02" if self.login else b"\x05\x00")
        if self.login and not await self._admits(session):
            return
        kind = (await reader.readexactly(4))[3]
        host = str(socket.inet_ntop(socket.AF_INET, await reader.readexactly(4))) if kind == 1 else "?"
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.told.append((host, port))
        await session.say(bytes([5, self.code, 0, 1]) + bytes(6))
        if self.code == 0:
            await _join(session, host, port)

    async def _admits(self, session: Session) -> bool:
        size = (await session.reader.readexactly(2))[1]
        user = (await session.reader.readexactly(size)).decode()
        word = (await session.reader.readexactly((await session.reader.readexactly(1))[0])).decode()
        self.logins.append((user, word))
        await session.say(b"\x01\x00" if (user, word) == self.login else b"\x01\x01")
        return (user, word) == self.login


async def _join(session: Session, host: str, port: int) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    copies = [_copy(session.reader, writer), _copy(reader, session.writer)]
    try:
        await asyncio.gather(*copies)
    finally:
        writer.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(4096):
        target.write(data)
    target.close()
