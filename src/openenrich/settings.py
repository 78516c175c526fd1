"""Every setting, read once into a frozen object; the process refuses to start when one is wrong.

Order: the defaults below (``config.default.toml`` documents each), then ``config.toml`` in the data folder, then
``OPENENRICH_<TABLE>_<KEY>`` variables. Vendors: ``OPENENRICH_VENDORS_<NAME>_API_KEY`` and ``..._BASE_URL``.
"""

import os
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from openenrich.core.contact import Field
from openenrich.core.ledger import Prices
from openenrich.core.waterfall import BuyCompany, BuyProfile, Policy, Stop

_PREFIX = "OPENENRICH_"


class SettingsProblemError(Exception):
    """A setting is wrong; the text names it and says what to write."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the configuration file."""


class Server(_Table, frozen=True):
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""


class Database(_Table, frozen=True):
    url: str = ""
    connections: int = 12


class Api(_Table, frozen=True):
    in_progress_response: Literal[400, 200] = 400
    phone_format: Literal["international", "e164"] = "international"
    custom_max_keys: int = 20
    slow_test_contact_s: float = 60.0
    insufficient_http_status: int = 402
    require_domain_without_linkedin: bool = False
    max_body_bytes: int = 5 * 1024 * 1024
    rate_limit_per_minute: int = 60
    concurrent_contacts: int = 100


class Price(_Table, frozen=True):
    work_email: float = 1
    personal_email: float = 3
    phone: float = 10


class History(_Table, frozen=True):
    days: float = 90


class Order(_Table, frozen=True):
    work_email: tuple[str, ...] = ()
    personal_email: tuple[str, ...] = ()
    phone: tuple[str, ...] = ()
    profile: tuple[str, ...] = ()
    company: tuple[str, ...] = ()


class Waterfall(_Table, frozen=True):
    stop_work_email: Stop = Stop.DELIVERABLE
    buy_profile: BuyProfile = BuyProfile.WITH_LINKEDIN
    buy_company: BuyCompany = BuyCompany.WITH_PROFILE
    contact_deadline_s: float = 90.0
    longest_wait_s: float = 30.0
    reuse_answers_days: float = 90
    gather_s: float = 0.05
    time_speed: float = 1.0
    order: Order = Order()


class Webhooks(_Table, frozen=True):
    allow_private: bool = False
    timeout_s: float = 15.0
    retry_after_s: tuple[float, ...] = (60.0, 60.0, 60.0, 60.0, 60.0)


class Verify(_Table, frozen=True):
    dns: str = ""
    domain_check: bool = True
    dns_timeout_s: float = 3.0
    smtp_port: int = 25
    opinions: int = 1
    smtp: Literal["auto", "off"] = "auto"
    helo: str = ""
    mail_from: str = ""
    allow_private: bool = False
    proxy: str = ""
    source_ip: str = ""
    per_second: float = 1.0
    connections_per_group: int = 2
    interactive_s: float = 20.0
    background_s: float = 120.0
    open_s: float = 60.0


class Worker(_Table, frozen=True):
    contacts_in_flight: int = 5000
    takeover_s: float = 10.0
    stop_grace_s: float = 8.0


class Log(_Table, frozen=True):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class VendorSettings(_Table, frozen=True):
    api_key: str = ""
    base_url: str = ""
    enabled: bool = True
    credit_price_usd: float | None = None


class Settings(_Table, frozen=True):
    """The whole configuration."""

    home: str = "~/.openenrich"
    master_key: str = ""
    server: Server = Server()
    database: Database = Database()
    api: Api = Api()
    price: Price = Price()
    history: History = History()
    waterfall: Waterfall = Waterfall()
    webhooks: Webhooks = Webhooks()
    verify: Verify = Verify()
    worker: Worker = Worker()
    log: Log = Log()
    vendors: dict[str, VendorSettings] = {}

    @property
    def home_path(self) -> Path:
        return Path(self.home).expanduser().absolute()

    def prices(self) -> Prices:
        """In thousandths of a credit."""
        price = self.price
        return Prices(*(round(1000 * value) for value in (price.work_email, price.personal_email, price.phone)))

    def policy(self) -> Policy:
        order = msgspec.structs.asdict(self.waterfall.order)
        preferred = {Field(name): tuple(vendors) for name, vendors in order.items() if vendors}
        own = self.waterfall
        return Policy(own.stop_work_email, own.buy_profile, own.buy_company, verify=True, order=preferred)

    def history_window(self) -> timedelta:
        return timedelta(days=self.history.days)

    def vendor_keys(self) -> dict[str, tuple[str, ...]]:
        """Keys per vendor; a comma separates the keys of a pool."""
        return {
            name: tuple(key.strip() for key in vendor.api_key.split(",") if key.strip())
            for name, vendor in self.vendors.items()
            if vendor.api_key.strip()
        }

    def vendor_base_urls(self) -> dict[str, str]:
        return {name: vendor.base_url for name, vendor in self.vendors.items() if vendor.base_url}


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read, merge and check. Raises `SettingsProblemError`."""
    env = dict(os.environ if environment is None else environment)
    home = Path(env.get(f"{_PREFIX}HOME") or Settings().home).expanduser()
    merged = _from_file(home / "config.toml")
    _overlay(merged, env)
    try:
        settings = msgspec.convert(merged, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsProblemError(f"Setting {_place(error)}: {_plain(error)}; see config.default.toml.") from error
    _check(settings)
    return settings


def environment_names() -> dict[str, tuple[str, ...]]:
    """Every variable and the path of the setting it overrides; vendors apart."""
    paths = _paths(Settings(), ())
    return {_PREFIX + "_".join(path).upper(): path for path in paths if path[0] != "vendors"}


def _paths(table: _Table, above: tuple[str, ...]) -> list[tuple[str, ...]]:
    paths: list[tuple[str, ...]] = []
    for name, value in msgspec.structs.asdict(table).items():
        paths += _paths(value, (*above, name)) if isinstance(value, _Table) else [(*above, name)]
    return paths


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsProblemError(f"{path} is not valid TOML: {error}.") from error


def _overlay(merged: dict[str, Any], env: Mapping[str, str]) -> None:
    known = environment_names()
    for name, value in env.items():
        if name in known:
            *tables, key = known[name]
            target = merged
            for table in tables:
                target = target.setdefault(table, {})
            target[key] = _parsed(tables, key, value)
        elif name.startswith(f"{_PREFIX}VENDORS_"):
            _overlay_vendor(merged, name, value)


def _overlay_vendor(merged: dict[str, Any], name: str, value: str) -> None:
    rest = name.removeprefix(f"{_PREFIX}VENDORS_").lower()
    for field in msgspec.structs.fields(VendorSettings):
        vendor, separator, _ = rest.rpartition(f"_{field.name}")
        if separator and rest.endswith(field.name) and vendor:
            merged.setdefault("vendors", {}).setdefault(vendor, {})[field.name] = value


def _parsed(tables: list[str], key: str, value: str) -> object:
    """Lists are written with commas in a variable; everything else is read by its type."""
    default = Settings()
    for table in tables:
        default = getattr(default, table)
    if isinstance(getattr(default, key), tuple):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _check(settings: Settings) -> None:
    positive = {
        "history.days": settings.history.days,
        "waterfall.contact_deadline_s": settings.waterfall.contact_deadline_s,
        "waterfall.time_speed": settings.waterfall.time_speed,
        "worker.contacts_in_flight": settings.worker.contacts_in_flight,
        "worker.takeover_s": settings.worker.takeover_s,
        "database.connections": settings.database.connections,
        "api.rate_limit_per_minute": settings.api.rate_limit_per_minute,
        "api.concurrent_contacts": settings.api.concurrent_contacts,
    }
    for name, number in positive.items():
        if number <= 0:
            raise SettingsProblemError(f"Setting {name} is {number}: it must be greater than zero.")
    for name, vendor in settings.vendors.items():
        parts = urlsplit(vendor.base_url)
        if vendor.base_url and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise SettingsProblemError(f"Setting vendors.{name}.base_url must be a http or https URL.")


def _place(error: msgspec.ValidationError) -> str:
    _, _, path = str(error).partition(" - at `$")
    return path.strip("`.") or "(top level)"


def _plain(error: msgspec.ValidationError) -> str:
    text, _, _ = str(error).partition(" - at `$")
    return text[0].lower() + text[1:]
