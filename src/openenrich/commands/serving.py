"""`openenrich serve` and `openenrich work`: long-running processes that stop cleanly on SIGTERM and Ctrl-C."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
import uvicorn
from starlette.applications import Starlette

from openenrich.settings import Settings
from openenrich.wiring import Store, build_app, open_store, open_verifier, open_worker

log = structlog.get_logger()


class PortTakenError(Exception):
    """Another program listens there; the text says what to do."""


class _Server(uvicorn.Server):
    """Uvicorn, leaving signals to us: API and worker stop together."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(
    settings: Settings, host: str, port: int, workers_inside: int, *, as_json: bool, until_stdin_closes: bool
) -> None:
    """API and workers in one process, until told to stop."""
    listener = _listen(host, port)
    stopping = stop_on_signals(until_stdin_closes=until_stdin_closes)
    async with open_store(settings) as store:
        url = f"http://{host}:{listener.getsockname()[1]}"
        async with asyncio.TaskGroup() as group:
            group.create_task(_serve_http(settings, store, listener, stopping))
            for _ in range(workers_inside):
                group.create_task(_work(settings, store, stopping))
            _say_ready({"url": url}, f"OpenEnrich answers at {url}  (Ctrl-C stops it)", as_json=as_json)


async def work(settings: Settings, *, as_json: bool, until_stdin_closes: bool) -> None:
    """A worker only."""
    stopping = stop_on_signals(until_stdin_closes=until_stdin_closes)
    async with open_store(settings) as store, asyncio.TaskGroup() as group:
        group.create_task(_work(settings, store, stopping))
        _say_ready({"worker": True}, "Worker started (Ctrl-C stops it)", as_json=as_json)


async def _serve_http(settings: Settings, store: Store, listener: socket.socket, stopping: asyncio.Event) -> None:
    async with open_verifier(settings, store) as verifier:
        await _serve_app(build_app(settings, store, verifier.finding if verifier else None), listener, stopping)


async def _serve_app(app: Starlette, listener: socket.socket, stopping: asyncio.Event) -> None:
    config = uvicorn.Config(
        app,
        loop="none",
        http="httptools",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=75,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.set()
    await serving
    stopped.cancel()


async def _work(settings: Settings, store: Store, stopping: asyncio.Event) -> None:
    async with open_worker(settings, store, stopping) as worker:
        await worker.run()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # By its name: asyncio switches Nagle's algorithm off only on sockets that say that they are TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise cannot_listen(f"{host}:{port}", error) from error
    listener.listen(1024)
    return listener


def cannot_listen(place: str, error: BaseException) -> PortTakenError:
    """What the operating system said (a port beyond 65535 is refused before it is asked), and the remedy."""
    reason = getattr(error, "strerror", None) or "there is no such port"
    return PortTakenError(f"Cannot listen on {place} ({reason}): stop what uses it, or choose another with --port.")


def stop_on_signals(*, until_stdin_closes: bool) -> asyncio.Event:
    """An event that SIGTERM and Ctrl-C set, and the end of the parent where it holds our standard input."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    if until_stdin_closes:
        # The parent holds the other end: when it is gone, however it went, so are we.
        loop.add_reader(sys.stdin.fileno(), _stdin_changed, loop, stopping)
    return stopping


def _stdin_changed(loop: asyncio.AbstractEventLoop, stopping: asyncio.Event) -> None:
    with contextlib.suppress(OSError, ValueError):
        if os.read(sys.stdin.fileno(), 4096):
            return
    loop.remove_reader(sys.stdin.fileno())
    stopping.set()


def _say_ready(facts: dict[str, object], sentence: str, *, as_json: bool) -> None:
    sys.stdout.write((json.dumps(facts) if as_json else sentence) + "\n")
    sys.stdout.flush()
