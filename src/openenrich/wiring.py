"""The only place that builds concrete objects. Server, worker, commands and tests all start here."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import prometheus_client
from starlette.applications import Starlette

from openenrich.clock import SystemClock
from openenrich.core.money import DOLLAR, MicroUsd
from openenrich.core.vendor import Callback
from openenrich.core.verdict import DomainMail, Opinion
from openenrich.egress.client import VendorTransport, WebhookCourier, open_session, open_webhook_session
from openenrich.engine.accept_callback import Reception, accept_callback
from openenrich.engine.ask_vendor import open_desk
from openenrich.engine.check_address import AddressChecker
from openenrich.engine.enrich_contact import Terms, Workshop
from openenrich.engine.guess_address import AddressGuesser
from openenrich.engine.patience import Patience
from openenrich.engine.ports import Catalogue, Clock, DomainCheck, Heard, Pace, Transport
from openenrich.engine.throttle import Throttle
from openenrich.settings import Settings, SettingsProblemError
from openenrich.store import batches, workspaces
from openenrich.store.batches import Batches
from openenrich.store.callbacks import CallbackAddresses, StoredCallbacks
from openenrich.store.deliveries import StoredDeliveries
from openenrich.store.directory import DirectoryTransport
from openenrich.store.embedded import embedded_database
from openenrich.store.frontdoor import StoreFrontdoor
from openenrich.store.journal import PostgresJournal
from openenrich.store.mailboxes import StoredMailboxes
from openenrich.store.pace import PostgresPace
from openenrich.store.postgres import Pool, migrate, open_pool
from openenrich.store.reading import Reading
from openenrich.store.samples import StoredSamples
from openenrich.store.secrets import Vault, check_master_key, master_key
from openenrich.store.vendor_keys import StoredKeyring
from openenrich.store.workspaces import Workspaces
from openenrich.vendors._discover import VendorAdapter, discover
from openenrich.verify.dns import DomainChecker
from openenrich.verify.options import Options
from openenrich.verify.own import MailPatience, OwnMailVerifier
from openenrich.verify.smtp import Identity
from openenrich.verify.verifier import MailVerifier
from openenrich.web.api import create_app
from openenrich.web.callbacks import Hear
from openenrich.web.options import WebOptions
from openenrich.web.verification import Find
from openenrich.web.wire import V2Wire
from openenrich.worker import Worker

_SHORTEST_PATIENCE_S = 1.0
_SHORTEST_OPEN_S = 5.0


@dataclass(frozen=True, slots=True)
class Store:
    """The database side, ready to use."""

    pool: Pool
    vault: Vault
    workspaces: Workspaces
    batches: Batches
    reading: Reading
    journal: PostgresJournal
    keyring: StoredKeyring
    deliveries: StoredDeliveries
    frontdoor: StoreFrontdoor
    wire: V2Wire
    catalogue: dict[str, VendorAdapter]
    addresses: CallbackAddresses
    mailboxes: StoredMailboxes


@asynccontextmanager
async def open_store(settings: Settings, *, connections: int | None = None) -> AsyncIterator[Store]:
    """Open the database (starting the embedded one if that is set), bring it up to date, check the master key."""
    async with AsyncExitStack() as stack:
        url = settings.database.url or stack.enter_context(embedded_database(settings.home_path))
        pool = await stack.enter_async_context(open_pool(url, size=connections or settings.database.connections))
        await migrate(pool)
        vault = Vault(master_key(settings.home_path, settings.master_key or None))
        await check_master_key(pool, vault)
        yield build_store(settings, pool, vault)


def build_store(settings: Settings, pool: Pool, vault: Vault) -> Store:
    """Put the store's parts together on an open pool."""
    catalogue = vendors_on_offer(settings)
    wire = V2Wire(settings.api.phone_format)
    terms = batches.Terms(settings.prices(), settings.history_window())
    store_batches = Batches(pool, wire, terms)
    defaults = workspaces.Defaults(settings.api.rate_limit_per_minute, settings.api.concurrent_contacts)
    store_workspaces = Workspaces(pool, vault, defaults)
    reading = Reading(pool, store_batches, wire)
    return Store(
        pool=pool,
        vault=vault,
        workspaces=store_workspaces,
        batches=store_batches,
        reading=reading,
        journal=PostgresJournal(pool, store_batches, timedelta(days=settings.waterfall.reuse_answers_days)),
        keyring=StoredKeyring(pool, vault, catalogue, settings.vendor_keys()),
        deliveries=StoredDeliveries(pool, vault),
        frontdoor=StoreFrontdoor(pool, store_workspaces, store_batches, reading),
        wire=wire,
        catalogue=catalogue,
        addresses=CallbackAddresses(vault, settings.server.public_url),
        mailboxes=StoredMailboxes(pool, vault),
    )


def vendors_on_offer(settings: Settings) -> dict[str, VendorAdapter]:
    """All vendors that are not switched off, at the operator's prices. Experimental ones must be enabled by name."""
    known = discover()
    strange = sorted(set(settings.vendors) - set(known))
    if strange:
        raise SettingsProblemError(f"Setting vendors.{strange[0]}: there is no such vendor; see docs/vendors.md.")
    offered: dict[str, VendorAdapter] = {}
    for name, adapter in known.items():
        own = settings.vendors.get(name)
        if (own is None and adapter.vendor.experimental) or (own is not None and not own.enabled):
            continue
        price = own.credit_price_usd if own is not None else None
        tried = adapter if own is not None else _without_experiments(adapter)
        offered[name] = tried if price is None else _repriced(tried, MicroUsd(round(price * DOLLAR)))
    return offered


def _without_experiments(adapter: VendorAdapter) -> VendorAdapter:
    proven = tuple(operation for operation in adapter.vendor.operations if not operation.experimental)
    if len(proven) == len(adapter.vendor.operations):
        return adapter
    return dataclasses.replace(adapter, vendor=dataclasses.replace(adapter.vendor, operations=proven))


def _repriced(adapter: VendorAdapter, price: MicroUsd) -> VendorAdapter:
    return dataclasses.replace(adapter, vendor=dataclasses.replace(adapter.vendor, credit_price=price))


@asynccontextmanager
async def open_transport(
    settings: Settings, store: Store, own: OwnMailVerifier | None = None
) -> AsyncIterator[VendorTransport]:
    """The way out to vendors, and to those that answer inside the process."""
    inside: dict[str, Transport] = {
        "local://directory": DirectoryTransport(store.pool),
        "local://pattern": AddressGuesser(StoredSamples(store.pool), own or _NoVerifier()),
    }
    async with open_session() as session:
        yield VendorTransport(session, settings.vendor_base_urls(), inside)


@asynccontextmanager
async def open_worker(settings: Settings, store: Store, stopping: asyncio.Event) -> AsyncIterator[Worker]:
    """A worker on the store; it runs until ``stopping`` is set."""
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        receivers = await stack.enter_async_context(open_webhook_session(allow_private=settings.webhooks.allow_private))
        checker = open_checker(settings)
        stack.push_async_callback(checker.close)
        pace = PostgresPace(store.pool)
        own = own_verifier(settings, store, checker, pace)
        transport = await stack.enter_async_context(open_transport(settings, store, own))
        waterfall = settings.waterfall
        patience = max(waterfall.longest_wait_s / waterfall.time_speed, _SHORTEST_PATIENCE_S)
        throttle = Throttle(pace, clock, patience, waterfall.time_speed)
        catalogue: Catalogue = store.catalogue
        desk = open_desk(
            catalogue,
            store.journal,
            store.keyring,
            store.addresses,
            transport,
            throttle,
            Patience(clock, stopping, waterfall.time_speed),
            waterfall.gather_s,
        )
        domains: DomainCheck = checker if settings.verify.domain_check else _NoCheck()
        yield Worker(
            pool=store.pool,
            workshop=Workshop(
                desk,
                domains,
                AddressChecker(desk, own or _NoVerifier(), settings.verify.opinions),
                store.wire,
                _terms(settings),
            ),
            outbox=store.deliveries,
            mailboxes=store.mailboxes,
            own_verifier=own,
            courier=WebhookCourier(receivers, settings.webhooks.timeout_s),
            journal=store.journal,
            batches=store.batches,
            settings=settings,
            stopping=stopping,
        )


def build_app(settings: Settings, store: Store, find: Find | None = None) -> Starlette:
    """The HTTP application. ``find`` is the verifier's, where it is on."""
    api = settings.api
    options = WebOptions(
        in_progress_response=api.in_progress_response,
        phone_format=api.phone_format,
        custom_max_keys=api.custom_max_keys,
        max_body=api.max_body_bytes,
        insufficient_http_status=api.insufficient_http_status,
        require_domain_without_linkedin=api.require_domain_without_linkedin,
    )
    clock = SystemClock()
    metrics = prometheus_client.generate_latest
    return create_app(store.frontdoor, clock, options, metrics, _hearing(store, clock), find)


def _hearing(store: Store, clock: Clock) -> Hear:
    catalogue: Catalogue = store.catalogue
    reception = Reception(catalogue, StoredCallbacks(store.pool), store.keyring, clock)

    async def hear(vendor: str, token: str, callback: Callback) -> Heard:
        purchase_id = store.addresses.purchase_id(vendor, token)
        return Heard.UNKNOWN if purchase_id is None else await accept_callback(reception, vendor, purchase_id, callback)

    return hear


class _NoCheck:
    """Domains are not looked up: every answer is "unknown"."""

    async def look(self, domain: str) -> DomainMail:  # noqa: ARG002 - the port's signature
        return DomainMail.UNKNOWN


def open_checker(settings: Settings) -> DomainChecker:
    """Domains and routes; to be closed."""
    verify = settings.verify
    return DomainChecker(_servers(settings), verify.dns_timeout_s, allow_private=verify.allow_private)


@asynccontextmanager
async def open_verifier(settings: Settings, store: Store) -> AsyncIterator[OwnMailVerifier | None]:
    """Our own verifier for a process without a worker; ``None`` where it is off."""
    checker = open_checker(settings)
    try:
        yield own_verifier(settings, store, checker, PostgresPace(store.pool))
    finally:
        await checker.close()


def own_verifier(settings: Settings, store: Store, checker: DomainChecker, pace: Pace) -> OwnMailVerifier | None:
    """Our own conversations with mail hosts; ``None`` where the operator has not said under which name."""
    verify = settings.verify
    if verify.smtp == "off" or not (verify.helo and verify.mail_from):
        return None
    clock = SystemClock()
    options = Options(
        identity=Identity(verify.helo, verify.mail_from),
        secret=store.vault.seal(b"invented names"),
        port=verify.smtp_port,
        proxy=verify.proxy or None,
        source_ip=verify.source_ip or None,
        connections_per_group=verify.connections_per_group,
        per_second=verify.per_second,
        time_speed=settings.waterfall.time_speed,
    )
    verifier = MailVerifier(checker.routes, store.mailboxes, pace, clock, options)
    open_s = max(verify.open_s / settings.waterfall.time_speed, min(verify.open_s, _SHORTEST_OPEN_S))
    patience = MailPatience(verify.interactive_s, verify.background_s, open_s)
    return OwnMailVerifier(verifier, store.mailboxes, clock, patience)


class _NoVerifier:
    """Mail hosts are not asked."""

    async def look(self, address: str) -> Opinion | None:  # noqa: ARG002 - the port's signature
        return None


def _servers(settings: Settings) -> list[str]:
    return [server.strip() for server in settings.verify.dns.split(",") if server.strip()]


def _terms(settings: Settings) -> Terms:
    return Terms(
        policy=settings.policy(),
        prices=settings.prices(),
        contact_deadline_s=settings.waterfall.contact_deadline_s,
        slow_test_contact_s=settings.api.slow_test_contact_s,
        stop_grace_s=settings.worker.stop_grace_s,
    )
