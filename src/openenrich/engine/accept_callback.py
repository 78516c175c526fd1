"""A vendor reports to us: whose job it is, whether the report is to be believed, and what is written.

A vendor that can be polled is not believed: its report wakes the contact, who reads. A vendor that only calls back
is believed because it knows the address, which nobody can guess, and because of its signature where it gives one.
Reports may come twice, early, late, or about several contacts at once; each answer is written once.
"""

import asyncio
import hashlib
import hmac
from dataclasses import dataclass

import structlog

from openenrich.core.billing import cost
from openenrich.core.vendor import SHAPE_ERRORS, Adapter, Callback, Found, NotFound, Refused, Reply, Style
from openenrich.engine.ports import CallbackBook, Catalogue, Clock, Heard, Keyring, OpenJob, Step

log = structlog.get_logger()

_EARLY_LOOKS = 20
_EARLY_LOOK_EVERY_S = 0.25


@dataclass(frozen=True, slots=True)
class Reception:
    """What hearing a report needs; one per server process."""

    catalogue: Catalogue
    book: CallbackBook
    keyring: Keyring
    clock: Clock


async def accept_callback(reception: Reception, vendor: str, purchase_id: int, callback: Callback) -> Heard:
    """Take a report about the purchase that its address belongs to, and about all others of the same job."""
    adapter = reception.catalogue.get(vendor)
    jobs = await _jobs(reception, vendor, purchase_id)
    if adapter is None or not jobs or not _has(adapter, jobs[0].operation):
        return Heard.UNKNOWN
    if not await _is_authentic(reception, adapter, jobs[0], callback):
        return Heard.NOT_AUTHENTIC
    if adapter.vendor.style_of(adapter.vendor.operation(jobs[0].operation)) is not Style.CALLBACK:
        await reception.book.wake([job.id for job in jobs], reception.clock.now())
        return Heard.TAKEN
    if jobs[0].step is Step.STARTED:
        return Heard.TOO_EARLY
    return await _believe(reception, adapter, jobs, callback)


def _has(adapter: Adapter, operation: str) -> bool:
    """Whether this version, as it is configured, still has that operation."""
    return any(item.name == operation for item in adapter.vendor.operations)


async def _jobs(reception: Reception, vendor: str, purchase_id: int) -> tuple[OpenJob, ...]:
    """A report may be faster than the answer to the question: wait a moment for that to be written."""
    jobs = await reception.book.jobs(vendor, purchase_id)
    for _ in range(_EARLY_LOOKS):
        if not jobs or jobs[0].step is not Step.STARTED:
            break
        await reception.clock.sleep(_EARLY_LOOK_EVERY_S)
        jobs = await reception.book.jobs(vendor, purchase_id)
    return jobs


async def _is_authentic(reception: Reception, adapter: Adapter, job: OpenJob, callback: Callback) -> bool:
    proof = adapter.vendor.callback_auth
    if proof is None:
        return True
    given = callback.headers.get(proof.header.lower(), "").encode()
    pool = await reception.keyring.pool(job.workspace_id, adapter.vendor.name)
    secrets = (key.secret for key in pool if key.label == job.key_label)
    return any(hmac.compare_digest(given, hashlib.sha256(secret.encode()).hexdigest().encode()) for secret in secrets)


async def _believe(reception: Reception, adapter: Adapter, jobs: tuple[OpenJob, ...], callback: Callback) -> Heard:
    """Write the answers that the report contains. Jobs that it leaves out go on waiting."""
    if adapter.read_callback is None:
        raise TypeError(f"{adapter.vendor.name} calls back but declares no read_callback()")
    try:
        replies = adapter.read_callback([job.vendor_job for job in jobs], callback)
    except SHAPE_ERRORS as error:
        log.warning("vendor.callback_unreadable", vendor=adapter.vendor.name, error=type(error).__name__)
        return Heard.UNREADABLE
    await asyncio.gather(
        *(_write(reception, adapter, job, replies[job.vendor_job]) for job in jobs if job.vendor_job in replies)
    )
    return Heard.TAKEN


async def _write(reception: Reception, adapter: Adapter, job: OpenJob, reply: Reply) -> None:
    """An answer also settles what was uncertain: the question had arrived, and here is what it bought."""
    if not isinstance(reply, Found | NotFound | Refused):
        return
    vendor = adapter.vendor
    step = Step.FAILED if isinstance(reply, Refused) else Step.DONE
    price = cost(vendor, vendor.operation(job.operation), reply)
    await reception.book.answer(job.id, step, reply, price, reception.clock.now())
